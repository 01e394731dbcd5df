#!/bin/sh
# Install the Debian package $1, as root. One at a time: several targets of make may ask at once.
exec 9>"${TMPDIR:-/tmp}/apt-get-of-$(id -u).lock"
! command -v flock >/dev/null || flock 9
apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1"
