#!/bin/sh
# mask FILE -o OUT: whole or not at all.
. "$(dirname "$0")/cli.sh"

printf 'card %s\n' $visa >log
chmod 640 log
run 1 mask log -o out.log
same "$(cat out.log)" "card 411111******1111"
same "$(stat -c %a out.log)" 640
same "$(cat log)" "card $visa"
has err "log: 1 finding masked"
echo nothing >clean
run 0 mask clean --output clean.out
cmp clean clean.out || fail "a clean copy differs"
echo older >out.log
run 1 mask -o out.log log
same "$(cat out.log)" "card 411111******1111"
"$cardsieve" mask -q -o from_stdin - <log
same $? 1
same "$(cat from_stdin)" "card 411111******1111"
same "$("$cardsieve" mask -q log)" "card 411111******1111" "to standard output"

# Devices are written to.
run 1 mask log -o /dev/null
run 2 mask log -o /dev/full
has err "/dev/full: no space left on the device"

# What does not go together.
run 2 mask log clean
run 2 mask log clean -o both
run 2 mask log -o x -i
run 2 mask log -o log
has err "use --in-place"
run 2 mask log -o missing/out
has err "missing/out: no such file or directory"
mkdir directory
run 2 mask log -o directory
run 2 mask directory -o x
run 2 mask missing -o x
[ ! -e x ] || fail "an output without an input"
ln -s out.log link
run 2 mask log -o link

# Damaged input gives no output.
gzip -c log >log.gz
head -c 20 log.gz >cut.gz
run 2 mask cut.gz -o cut.out
has err "cut.gz: gzip data that ends too early"
[ ! -e cut.out ] || fail "an output of damaged input"

# A full disk.
if [ "$(id -u)" -eq 0 ] && mkdir small && mount -t tmpfs -o size=64k none small 2>/dev/null; then
    yes "card $visa" | head -c 1000000 >many
    run 2 mask many -o small/out
    has err "small/out: no space left on the device"
    same "$(ls -A small)" "" "left behind on a full disk"
    umount small
fi

# SIGTERM leaves nothing.
mkfifo fifo
"$cardsieve" mask fifo -o never 2>err &
pid=$!
exec 3>fifo
# More than a pipe holds that was widened: when it is written, the beginning was read.
{ echo "card $visa"; head -c 8000000 /dev/zero | tr '\0' '\n'; } >&3
kill $pid
wait $pid
same $? 2
exec 3>&-
[ ! -e never ] || fail "a partial output"
has err "interrupted; nothing was replaced"
same "$(find . -name '.cardsieve*')" "" "left behind"
finish
