#!/bin/sh
# mask as a filter: same length, at once, to the end.
. "$(dirname "$0")/cli.sh"

printf 'a\ncard 4111 1111 1111 1111 b\nno newline %s' $jcb >log
"$cardsieve" mask <log >masked 2>err
same $? 1
printf 'a\ncard 4111 11** **** 1111 b\nno newline 353011******0000' >expected
cmp masked expected || fail "masked otherwise"
has err "2 findings masked"
"$cardsieve" mask -q <masked >again 2>err
same $? 0
cmp masked again || fail "masking twice is not masking once"
same "$(cat err)" ""
"$cardsieve" mask --style last4 <log 2>/dev/null | grep -q '^card \*\*\*\* \*\*\*\* \*\*\*\* 1111 b$' ||
    fail "--style last4"
"$cardsieve" mask --style full --mask-char '#' <log 2>/dev/null |
    grep -q '^card #### #### #### #### b$' || fail "--style full --mask-char"

# Tokens: the same for the same number and key.
head -c 32 /dev/urandom >key
chmod 600 key
for try in 1 2; do
    "$cardsieve" mask --style token --key-file key <log >token$try 2>err
    same $? 1
done
cmp token1 token2 || fail "tokens differ"
same "$(wc -c <token1)" "$(wc -c <log)"
has_not token1 1111
chmod 644 key
run 2 mask --style token --key-file key
has err "others may use the key file"
printf short >short
chmod 600 short
run 2 mask --style token --key-file short
has err "shorter than 16 bytes"
run 2 mask --style token
has err "needs --key-file"
run 2 mask --key-file key
run 2 mask --style nonsense
run 2 mask --mask-char 7
run 2 mask --min-confidence urgent
"$cardsieve" mask -q --brand jcb --kind pan -c high <log >only_jcb
has only_jcb "4111 1111 1111 1111" "353011******0000"
printf '\364\361\361\361\361\361\361\361\361\361\361\361\361\361\361\361' >host
"$cardsieve" mask -q <host >host.out
cmp -s host host.out || fail "EBCDIC without being asked"
"$cardsieve" mask -q --form ebcdic <host >host.out
cmp -s host host.out && fail "EBCDIC was not masked"
same "$(wc -c <host.out)" 16

# A line leaves at once: the next one is not waited for.
mkfifo in out_pipe
"$cardsieve" mask -q --flush-after 10m <in >out_pipe &
pid=$!
exec 3>in 4<out_pipe
echo "card $visa here" >&3
IFS= read -r line <&4
same "$line" "card 411111******1111 here"
exec 3>&-
exec 4<&-
wait $pid
# What may go on in the next line leaves after a while; a line that has not ended waits,
# so a number whose writer paused is found.
"$cardsieve" mask -q --flush-after 50ms <in >out_pipe &
pid=$!
exec 3>in 4<out_pipe
echo "card 4111 1111" >&3
IFS= read -r line <&4
same "$line" "card 4111 1111"
printf 'card 4111 11' >&3
sleep 0.3
printf '11 1111 1111\npan%%3' >&3
sleep 0.2
printf 'D%s\n' $visa >&3
IFS= read -r line <&4
same "$line" "card 4111 11** **** 1111"
IFS= read -r line <&4
same "$line" "pan%3D411111******1111"
exec 3>&- 4<&-
wait $pid
# A prompt leaves without a line end if it is asked for.
"$cardsieve" mask -q --flush-after 100ms --flush-unfinished <in >out_pipe &
pid=$!
exec 3>in 4<out_pipe
printf 'a prompt> ' >&3
same "$(dd bs=1 count=10 <&4 2>/dev/null)" "a prompt> "
exec 3>&- 4<&-
wait $pid

# SIGTERM: nothing that a logger took is lost, be it read already or not.
mkfifo in2
"$cardsieve" mask -q --flush-after 10m <in2 >left &
pid=$!
exec 3>in2
echo ready >&3
while ! [ -s left ]; do sleep 0.02; done
kill -STOP $pid
i=0
while [ $i -lt 500 ]; do
    echo "card $visa line $i"
    i=$((i + 1))
done >&3
printf 'card %s' $visa >&3
kill -TERM $pid
kill -CONT $pid
wait $pid
same $? 1 "SIGTERM"
exec 3>&-
same "$(grep -c '^card 411111\*\*\*\*\*\*1111 line' left)" 500
same "$(tail -n 1 left)" "card 411111******1111"

# A closed pipe is success, a full disk is none.
yes "card $visa" | head -n 100000 >many
("$cardsieve" mask -q <many; echo $? >status) | head -n 1 >out
same "$(cat status)" 1
"$cardsieve" mask <many >/dev/full 2>err
same $? 2
has err "standard output: no space left on the device"

# Input and output may not be the same file.
cp log loop
"$cardsieve" mask <loop >>loop 2>err
same $? 2
cmp log loop || fail "the loop changed"
finish
