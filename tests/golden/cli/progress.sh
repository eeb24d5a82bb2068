#!/bin/sh
# Progress and statistics: on standard error, and only when asked for or on a terminal.
. "$(dirname "$0")/cli.sh"

# slowly UNTIL ARGUMENT...: a run that takes some time: the end of its FIFO comes after UNTIL.
slowly()
{
    enough=$1
    shift
    rm -f fifo
    mkfifo fifo
    "$cardsieve" "$@" >out 2>err &
    pid=$!
    exec 3>fifo
    echo "card $visa" >&3
    $enough
    echo "card $jcb" >&3
    exec 3>&-
    wait $pid
    status=$?
}
until_told()
{
    until_true grep -q '/s' err
}
# It would have told by then; where it is slow, it only has more time.
for_a_while()
{
    sleep 1.6
}

slowly until_told scan --progress always -f jsonl fifo
same $status 1
has err " files, " " findings, " "/s"
has err "$(printf '\r\033[K')"
has_not out "$(printf '\033')"
slowly for_a_while scan -f jsonl fifo
same "$(cat err)" ""
slowly until_told mask --progress always -q fifo
same $status 1
has err "/s"
same "$(cat out)" "$(printf 'card 411111******1111\ncard 353011******0000')"
slowly for_a_while mask -q fifo
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
