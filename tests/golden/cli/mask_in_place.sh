#!/bin/sh
# mask --in-place: what belongs to a file stays, and nothing clear is left.
. "$(dirname "$0")/cli.sh"

make()
{
    printf 'card %s\n' $visa >"$1"
}

make log
chmod 4750 log
touch -d '2020-01-02 03:04:05.678901234' log
command -v setfattr >/dev/null && setfattr -n user.note -v kept log 2>/dev/null &&
    attribute=1
command -v setfacl >/dev/null && setfacl -m u:65534:r log 2>/dev/null && list=1
[ "$(id -u)" -eq 0 ] && chown 12:34 log && chmod 4750 log
before=$(stat -c '%a %u %g %y %s' log)
inode=$(stat -c %i log)
run 1 mask --in-place log
same "$(cat log)" "card 411111******1111"
same "$(stat -c '%a %u %g %y %s' log)" "$before"
[ "$(stat -c %i log)" != "$inode" ] || fail "it was not replaced"
[ -z "${attribute-}" ] || same "$(getfattr --only-values -n user.note log 2>/dev/null)" kept
[ -z "${list-}" ] || getfacl -nc log 2>/dev/null | grep -q '^user:65534:r--' ||
    fail "the access control list is gone"
has err "log: 1 finding masked"

# Nothing to mask: it stays the very file.
inode=$(stat -c %i log)
run 0 mask -i log
same "$(stat -c %i log)" "$inode"

# Several, one of them missing.
make one
make two
run 2 mask -i one missing two
has err "missing: no such file or directory" "one: 1 finding" "two: 1 finding"
same "$(cat one two)" "$(printf 'card 411111******1111\ncard 411111******1111')"

# Coded files stay coded.
for coding in gzip zstd bzip2 xz lz4; do
    make plain
    case $coding in
    lz4) lz4 -qc plain ;;
    zstd) zstd -qc plain ;;
    *) $coding -c plain ;;
    esac >coded
    run 1 mask -i coded
    same "$(if [ $coding = lz4 ]; then lz4 -dqc <coded; else $coding -dc <coded; fi)" \
        "card 411111******1111" "$coding"
done
make plain
gzip -c plain | xz -c >nested
run 1 mask -i nested
same "$(xz -dc nested | gzip -dc)" "card 411111******1111"

# Other names would keep the clear data.
make hard
ln hard name
run 2 mask -i hard
has err "hard: it has other names" "--break-links"
same "$(cat hard)" "card $visa"
run 1 mask -i --break-links hard
same "$(cat hard)" "card 411111******1111"
same "$(cat name)" "card $visa"

# Links.
make target
ln -s target link
run 2 mask -i link
has err "link: it is a symbolic link" "--follow"
same "$(cat target)" "card $visa"
run 1 mask -i --follow link
[ -L link ] || fail "the link was replaced"
same "$(cat target)" "card 411111******1111"

# What cannot be replaced stays as it is.
mkdir closed
make closed/log
chmod 644 closed/log
chmod 755 . closed
[ "$(id -u)" -ne 0 ] || chown 65534 closed/log
chmod 555 closed
as_nobody "$cardsieve" mask -i closed/log >out 2>err
same $? 2
same "$(cat closed/log)" "card $visa"
chmod 755 closed
mkfifo fifo
run 2 mask -i fifo
has err "only regular files"
mkdir directory
run 2 mask -i directory
run 2 mask -i
run 2 mask -i -

# A full disk: the file is as it was.
if [ "$(id -u)" -eq 0 ] && mkdir small && mount -t tmpfs -o size=128k none small 2>/dev/null; then
    yes "card $visa" | head -c 100000 >small/log
    cp small/log copy
    run 2 mask -i small/log
    has err "small/log: no space left on the device"
    cmp small/log copy || fail "a full disk changed the file"
    same "$(ls -A small)" log
    umount small
fi

# It changes while it is masked: nothing is replaced.  Before and behind that time it
# may be masked, with the line or without; then it was not caught.
for try in $(seq 50); do
    yes "nothing but words in these lines" | head -c 60000000 >growing
    printf "\ncard %s\n" $visa >>growing
    "$cardsieve" mask -i growing 2>err &
    pid=$!
    sleep_up_to 100
    echo "one line more" >>growing
    wait $pid
    status=$?
    [ $status -eq 1 ] || break
done
same $status 2
has err "it changed while it was masked"
same "$(tail -n 2 growing)" "$(printf 'card %s\none line more' $visa)"
same "$(find . -name '.cardsieve*')" "" "left behind"
finish
