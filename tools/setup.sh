#!/bin/sh
# Make the virtual environment $2 with the interpreter $1 and install the project into it.
# TORCH=cpu takes PyTorch's builds for processors: those for graphics cards, the default on Linux, bring gigabytes.
set -eu
python=$1 venv=$2
case "${TORCH:-}" in
    "") index= ;;
    cpu) index="--extra-index-url https://download.pytorch.org/whl/cpu" ;;
    *) echo "TORCH=$TORCH is unknown. Give TORCH=cpu, or leave it out." >&2; exit 1 ;;
esac
command -v "$python" >/dev/null || python=python3
"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || {
    echo "Python 3.11, 3.12 or 3.13 is needed and $python is another version. Say which to use: make PYTHON=/path/to/python3.11 …" >&2
    exit 1
}
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        sh "$(dirname "$0")/apt.sh" python3-venv
    else
        echo "$python cannot make virtual environments. Run: sudo apt-get install python3-venv" >&2
        exit 1
    fi
fi
echo "Setting up $venv (a few minutes the first time) …"
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
install() { "$venv/bin/pip" install --disable-pip-version-check --quiet --constraint constraints.txt "$@"; }
# PyTorch goes first: the pinned version then satisfies all that depends on it.
# shellcheck disable=SC2086 # the index is two words or none
install $index torch==2.13.0
install --editable '.[dev]'
