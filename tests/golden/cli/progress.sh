#!/bin/sh
# Progress and statistics: on standard error, and only when asked for or on a terminal.
. "$(dirname "$0")/cli.sh"

# A run that takes some time: a FIFO that is fed slowly.
slowly()
{
    rm -f fifo
    mkfifo fifo
    (
        echo "card $visa"
        sleep 1.6
        echo "card $jcb"
    ) >fifo &
    "$cardsieve" "$@" >out 2>err
    status=$?
    wait
}

slowly scan --progress always -f jsonl fifo
same $status 1
has err " files, " " findings, " "/s"
has err "$(printf '\r\033[K')"
has_not out "$(printf '\033')"
slowly scan -f jsonl fifo
same "$(cat err)" ""
slowly mask --progress always -q fifo
same $status 1
has err "/s"
same "$(cat out)" "$(printf 'card 411111******1111\ncard 353011******0000')"
slowly mask -q fifo
same "$(cat err)" ""

# A short run tells nothing.
echo "card $visa" >file
run 1 scan --progress always file
has_not err "/s"

# Statistics.
run 1 scan --stats -s file
has err "bytes looked at" "candidates" "findings" "a second" " %"
has_not out "bytes looked at"
finish
