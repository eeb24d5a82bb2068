#!/bin/sh
# SIGINT and SIGTERM end a scan tidily; no core is ever written.
. "$(dirname "$0")/cli.sh"

echo "card $visa" >file
mkfifo fifo

interrupt()
{
    "$cardsieve" scan -f jsonl "$@" >out 2>err &
    pid=$!
    # This waits until it has opened the other end.
    exec 3>fifo
    kill -TERM $pid
    wait $pid
    status=$?
    exec 3>&-
}

interrupt fifo
same $status 2 "interrupted, nothing found"
has out '"reason":"interrupted"' '"complete":false' '"interrupted":true'
interrupt -j1 file fifo
same $status 1 "interrupted, something found"
has out '"event":"finding"' '"interrupted":true'
# Who reads the file may be late: then it was stopped before.
for try in $(seq 20); do
    "$cardsieve" scan -f jsonl -j3 file fifo >out 2>err &
    pid=$!
    exec 3>fifo
    sleep_up_to $((100 * try))
    kill -TERM $pid
    wait $pid
    status=$?
    exec 3>&-
    [ $status -ne 1 ] || break
done
same $status 1

# What it had read before is judged.
"$cardsieve" scan -f jsonl fifo >out 2>err &
pid=$!
exec 3>fifo
# More than a pipe holds that was widened: when it is written, the beginning was read.
{ echo "card $visa"; head -c 8000000 /dev/zero | tr '\0' '\n'; } >&3
kill -INT $pid 2>/dev/null
kill -TERM $pid
wait $pid
same $? 1
exec 3>&-

# No core dumps, and nobody else looks inside.
"$cardsieve" scan fifo >out 2>err &
pid=$!
exec 3>fifo
grep -q '^Max core file size *0 *0 ' /proc/$pid/limits || fail "core dumps are on"
kill $pid
wait $pid
exec 3>&-
finish
