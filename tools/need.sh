#!/bin/sh
# Install the Debian package $2 if the program $1 is absent and we may; otherwise say so and go on. $3: the effect.
command -v "$1" >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing $2 …"
    sh "$(dirname "$0")/apt.sh" "$2" >/dev/null 2>&1 && exit 0
fi
echo "NOTE: $1 is not installed; $3. To install it: sudo apt-get install $2" >&2
