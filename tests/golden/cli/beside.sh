#!/bin/sh
# What a file carries beside its content: names, comments and extra fields of gzip, frames
# that decoders skip, names and headers in tar and zip, what stands behind the end.
. "$(dirname "$0")/cli.sh"

# gzip FLAGS: a member with these fields in its header; the fields come from stdin.
member()
{
    printf '\037\213\010\'"$1"'\0\0\0\0\0\377'
    cat
    printf 'nothing here\n' | gzip -nc | tail -c +11
}

frame() # 21 bytes
{
    printf '\123\052\115\030\025\0\0\0card %s' $visa
}

printf 'card %s.csv\0' $visa | member 010 >name.gz
printf 'first\ncard %s\0' $visa | member 020 >comment.gz
printf '\031\0AB\025\0card %s' $visa | member 004 >extra.gz
printf '\004\0AB\0\0name\0card %s\0' $visa | member 034 >all.gz
{ printf 'line\ncard %s\n' $jcb | gzip -c; cat comment.gz; cat name.gz; } >many.gz
{ printf 'plain\0' | member 010; } >clean.gz
gzip -nc name.gz >inner.gz
frame >skip.zst
{ printf 'card %s\n' $jcb | zstd -qc; frame; } >behind.zst
{ printf 'card %s\n' $jcb | lz4 -qc; frame; } >behind.lz4

run 1 scan -f jsonl name.gz
has out '"path":["#1","gzip head"],"codings":["gzip"],"offset":15,"length":16,"line":1,' \
    '"findings":1,' '"bytes":13,' '"complete":true'
run 1 scan name.gz
has out "name.gz|gzip (gzip head #1):1:16: Visa"
run 1 scan -f jsonl comment.gz
has out '"path":["#1","gzip head"]' '"offset":21,"length":16,"line":2,"column":6'
for item in extra.gz all.gz inner.gz; do
    run 1 scan -f jsonl $item
    has out '"path":["#1","gzip head"]' '"findings":1,' '"complete":true'
done
run 1 scan -f jsonl many.gz
has out '"path":["#2","gzip head"]' '"path":["#3","gzip head"]' '"path":[]' \
    '"line":2,"column":6,"kind":"pan","brand":"jcb"' '"findings":3,' '"cards":2,'
run 1 scan -f jsonl skip.zst
has out '"path":["#1","zstd skippable frame"]' '"offset":13,' '"complete":true'
run 1 scan -f jsonl behind.zst
has out '"path":["#2","zstd skippable frame"]' '"findings":2,' '"complete":true'
run 1 scan -f jsonl behind.lz4
has out '"path":["#2","lz4 skippable frame"]' '"findings":2,' '"complete":true'
run 0 scan clean.gz
cat many.gz | "$cardsieve" scan --summary -f jsonl - >out
has out '"findings":3,'
"$cardsieve" scan -q - <name.gz
same $? 1 "quiet"

# A header that is cut is examined as far as it goes, and the rest is told.
head -c 40 comment.gz >cut.gz
run 1 scan -f jsonl cut.gz
has out '"path":["#1","gzip head"]' '"complete":false'

# A long one, in pieces.
{ head -c 700000 /dev/zero | tr '\0' x; printf ' card %s\0' $visa; } | member 020 >long.gz
run 1 scan -f jsonl long.gz
has out '"offset":700016,' '"findings":1,'

# A mask leaves it out, counts it, and then nothing is found.
for item in name.gz comment.gz extra.gz all.gz many.gz inner.gz skip.zst behind.zst behind.lz4; do
    run 1 mask $item -o masked
    run 0 scan -f jsonl masked
    cp $item inside
    run 1 mask --in-place inside
    same "$(cksum <inside)" "$(cksum <masked)" "$item"
done
has err "2 findings"

# tar shows its names and headers as they are.
mkdir tree
echo nothing >"tree/card $visa.txt"
tar -cf plain.tar tree
long=$(printf '%0150d' 0 | tr 0 d)
echo nothing >"tree/$long card $visa"
tar --format=pax --pax-option="comment=card $jcb" -cf pax.tar tree
tar --format=gnu -cf gnu.tar tree
for item in plain pax gnu; do
    run 1 scan -f jsonl $item.tar
    has out '"brand":"visa"' '"complete":true'
    gzip -nc $item.tar >$item.tgz
    run 1 scan -f jsonl $item.tgz
    has out '"brand":"visa"' '"complete":true'
done
has_not out '"brand":"jcb"'
run 1 scan -f jsonl pax.tar
has out '"brand":"jcb"'

# zip is not opened, so it never counts as examined; its names and comments are seen.
{ printf 'PK\003\004'; head -c 26 /dev/zero; printf 'card %s.txt' $visa; } >name.zip
{ printf 'PK\005\006'; head -c 16 /dev/zero; printf '\025\0card %s' $jcb; } >comment.zip
for item in name.zip comment.zip; do
    run 1 scan -f jsonl $item
    has out '"findings":1,' '"complete":false' "zip archive"
done

# What is behind the end and no padding is told of.
for coding in gzip bzip2 xz zstd; do
    { echo nothing | $coding -c; printf 'card %s' $visa; } >tail.$coding
    run 2 scan -f jsonl tail.$coding
    has out "something else behind $coding data" '"complete":false'
done
{ echo nothing | xz -c; head -c 8 /dev/zero; } >padded.xz
run 0 scan padded.xz

finish
