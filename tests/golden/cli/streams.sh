#!/bin/sh
# Standard input, FIFOs, /proc, empty files, files that change while they are read.
. "$(dirname "$0")/cli.sh"

echo "card $visa" | "$cardsieve" scan - >out 2>err
same $? 1
has out "-:1:6: Visa"
"$cardsieve" scan - </dev/null >out
same $? 0
echo "card $visa" >file
"$cardsieve" scan -f jsonl - <file >out
same $? 1
has out '"target":"-"'

# A FIFO that was named is read to its end.
mkfifo fifo
(sleep 0.2; echo "card $visa"; sleep 0.2; echo "card $jcb") >fifo &
run 1 scan -f jsonl fifo
has out '"findings":2,'
wait

# Files whose size says nothing.
run 0 scan /proc/self/status /proc/cpuinfo
has_not out "0 B"
: >empty
run 0 scan empty /dev/null

# Binary garbage is as good as any; not by chance, or one day it has the head of something.
seq 2000000 | gzip -c | tail -c +1000 | head -c 3000000 >garbage
printf '\ncard %s\n' $visa >>garbage
"$cardsieve" scan -f jsonl garbage >out 2>err
same $? 1
has out '"brand":"visa"'

# A file that grows while it is read is read to its end.
cat file file file >growing
(
    for line in $(seq 200); do
        cat file
        sleep 0.005
    done
) >>growing &
run 1 scan -q growing
wait

# One that became shorter was not examined.  It takes minutes to read; whoever has not
# begun yet sees no more than a short file.
for try in $(seq 20); do
    truncate -s 256G shrinking
    "$cardsieve" scan -j1 shrinking >out 2>err &
    pid=$!
    sleep_up_to $((200 * try))
    truncate -s 1M shrinking
    wait $pid
    status=$?
    [ $status -eq 0 ] || break
done
same $status 2
has out "it became shorter while it was read"

# Devices that were named.
run 0 scan /dev/null
finish
