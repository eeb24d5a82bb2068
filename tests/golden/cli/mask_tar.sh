#!/bin/sh
# Archives whose headers hold numbers: their checksums are right again when the names are
# masked.  What cannot be made right is refused.
. "$(dirname "$0")/cli.sh"

masked=411111******1111
mkdir -p tree/cards
echo "card $visa" >tree/plain.txt
echo "nothing" >"tree/card $visa.txt"
echo "card $jcb" >"tree/cards/PAN$visa-and-a-name-of-more-than-a-hundred-bytes-so-that-the-archive-needs-a-longer-place-for-it.log"
ln -s "card $visa.txt" tree/link
ln -s "PAN$visa-and-a-target-of-more-than-a-hundred-bytes-so-that-the-archive-needs-a-longer-place-for-it.log" tree/long
ln tree/plain.txt "tree/hard $visa"
: >"tree/empty $visa"

head -c 32 /dev/urandom >key
chmod 600 key

# checked ARCHIVE: GNU tar and libarchive list and extract it, and no number is in it.
checked()
{
    run 0 scan -q "$1"
    for reader in "tar" "bsdtar" "cmake -E tar"; do
        command -v "${reader%% *}" >/dev/null || continue
        rm -rf extracted
        mkdir extracted
        archive=$PWD/$1
        (cd extracted && $reader xf "$archive" 2>../errors) ||
            fail "$reader does not extract $1: $(cat errors)"
        [ -s errors ] && fail "$reader complains about $1: $(cat errors)"
        same "$(cat "extracted/tree/plain.txt")" "card $masked" "$reader of $1"
        same "$(cat "extracted/tree/card $masked.txt")" "nothing" "$reader of $1"
        same "$(readlink extracted/tree/link)" "card $masked.txt" "$reader of $1"
        [ -e "extracted/tree/empty $masked" ] || fail "$reader lost a file of $1"
        find extracted -name "*$visa*" | grep -q . && fail "$reader: a clear name in $1"
    done
}

# every FORMAT: as a filter in all cuts, to a file, in place, and coded.
every()
{
    size=$(wc -c <"$1.tar")
    "$cardsieve" mask -q <"$1.tar" >filtered.tar
    same $? 1 "$1 as a filter"
    checked filtered.tar
    same "$(wc -c <filtered.tar)" "$size" "the length of $1"
    dd if="$1.tar" bs=700 status=none | "$cardsieve" mask -q >piped.tar
    cmp filtered.tar piped.tar || fail "$1 through a pipe is something else"
    run 1 mask "$1.tar" -o output.tar
    cmp filtered.tar output.tar || fail "$1 with --output is something else"
    gzip -c "$1.tar" >coded.tgz
    run 1 mask --in-place coded.tgz
    gzip -dc coded.tgz | cmp - filtered.tar || fail "$1 inside gzip is something else"
    cp "$1.tar" placed.tar
    run 1 mask --in-place placed.tar
    cmp filtered.tar placed.tar || fail "$1 in place is something else"
    run 0 mask --in-place placed.tar
    "$cardsieve" mask -q --style full --mask-char X <"$1.tar" >full.tar
    tar tf full.tar >list 2>&1 || fail "$1 in full: $(cat list)"
    has list "card XXXXXXXXXXXXXXXX.txt"
    "$cardsieve" mask -q --style token --key-file key <"$1.tar" >token.tar
    tar tf token.tar >list 2>&1 || fail "$1 with tokens: $(cat list)"
    has_not list $visa "Skipping"
}

for format in gnu oldgnu pax ustar v7; do
    if [ $format = v7 ] || [ $format = ustar ]; then
        mv tree/long tree/cards/*.log .
    fi
    tar --format=$format -cf $format.tar tree
    [ $format = ustar ] && mv long tree && mv ./*.log tree/cards
    every $format
done
mv long tree
mv ./*.log tree/cards
if command -v bsdtar >/dev/null; then
    for format in pax gnutar; do
        bsdtar --format $format -cf bsd.tar tree
        every bsd
    done
fi
same "$("$cardsieve" mask -q <gnu.tar | tar tf - 2>&1 | grep -cF "$masked")" 4 "a pipe"

# A header whose checksum was wrong before is none of our business.
cp gnu.tar damaged.tar
printf 7 | dd of=damaged.tar bs=1 seek=660 conv=notrunc status=none
"$cardsieve" mask -q <damaged.tar >damaged.masked
for archive in damaged.tar damaged.masked; do
    tail -c +661 $archive | head -c 8 >sum.$archive
    tar tf $archive 2>/dev/null | wc -l >count.$archive
done
cmp sum.damaged.tar sum.damaged.masked || fail "a wrong checksum was touched"
same "$(cat count.damaged.tar)" "$(cat count.damaged.masked)" "members that are read"

# What carries checksums of its own content, alone and in an archive.
mkdir sealed
printf 'REDIS0011 card %s' $visa >sealed/dump.rdb
cp sealed/dump.rdb dump.rdb
run 2 mask dump.rdb -o out.rdb
has err "dump.rdb: Redis dump: a number in it cannot be masked without breaking its checksums"
[ -e out.rdb ] && fail "a broken dump was written"
run 2 mask --in-place dump.rdb
cmp dump.rdb sealed/dump.rdb || fail "the dump was replaced"
"$cardsieve" mask <dump.rdb >/dev/null 2>err
same $? 2
run 1 scan dump.rdb
tar -cf sealed.tar sealed
cp sealed.tar kept.tar
run 2 mask --in-place sealed.tar
has err "a number in a member of the archive cannot be masked"
cmp sealed.tar kept.tar || fail "the archive was replaced"
# ... and without a number in it it stops nobody.
printf 'REDIS0011 nothing' >sealed/dump.rdb
echo "card $visa" >sealed/other
tar -cf sealed.tar sealed
run 1 mask --in-place sealed.tar
run 0 mask sealed/dump.rdb -o out.rdb
cmp out.rdb sealed/dump.rdb || fail "something changed"
finish
