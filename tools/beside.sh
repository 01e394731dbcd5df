#!/bin/sh
# Run two commands at once; the words of the second are shown when both have ended.
# usage: beside.sh COMMAND COMMAND
words=$(mktemp)
trap 'rm -f "$words"' EXIT
sh -c "$2" > "$words" 2>&1 &
sh -c "$1"
first=$?
wait $!
second=$?
cat "$words"
exit $((first || second))
