#!/bin/sh
# Coded files: told by content, many members, nested, damaged, too large.
. "$(dirname "$0")/cli.sh"

for line in $(seq 2000); do
    echo "line $line of a log without anything in it"
done >log
echo "card $visa" >>log
printf 'second member, card %s\n' $jcb >second

pack()
{
    case $1 in
    lz4) lz4 -qc "$2" ;;
    zstd) zstd -qc "$2" ;;
    *) "$1" -c "$2" ;;
    esac
}

for coding in gzip zstd bzip2 xz lz4; do
    pack $coding log >one.$coding
    run 1 scan one.$coding
    has out "one.$coding|$coding:2001:6: Visa"

    # More than one member, one after the other.
    { pack $coding log; pack $coding second; } >two.$coding
    run 1 scan -f jsonl two.$coding
    has out '"line":2001' '"line":2002' '"findings":2,' '"complete":true'

    # Cut short: what there is is examined, and it is told.
    head -c $(($(wc -c <one.$coding) - 6)) one.$coding >cut.$coding
    "$cardsieve" scan cut.$coding >out 2>err
    has out "cut.$coding" "Not examined" "$coding data"

    # A damaged member is left out, the next one is examined.
    size=$(wc -c <one.$coding)
    { head -c $((size / 2)) one.$coding; head -c 64 /dev/zero | tr '\0' '\377'
      tail -c +$((size / 2 + 65)) one.$coding; pack $coding second; } >bad.$coding
    run 1 scan -f jsonl bad.$coding
    has out '"brand":"jcb"' "\"reason\":\"damaged $coding data\"" '"complete":false'

    # Something else behind it.
    { pack $coding log; echo "trailing words"; } >tail.$coding
    run 1 scan tail.$coding
    has out "something else behind $coding data"

    # From standard input too.
    "$cardsieve" scan -q - <one.$coding
    same $? 1 "$coding from standard input"
    cat one.$coding | "$cardsieve" scan -q -
    same $? 1 "$coding through a pipe"
done

# Zeros behind gzip data mean nothing.
{ gzip -c log; head -c 512 /dev/zero; } >padded.gz
run 1 scan padded.gz
has_not out "Not examined"

# Nested, up to a depth.
gzip -c log | xz -c | bzip2 -c | zstd -qc | gzip -c >five
run 1 scan five
has out 'five|gzip|zstd|bzip2|xz|gzip:2001:6: Visa'
gzip -c five >six
run 2 scan six
has out "six|gzip|gzip|zstd|bzip2|xz: too many codings on top of each other"

# The name says nothing.
cp one.xz innocent.txt
run 1 scan innocent.txt
cp log plain.gz
run 1 scan plain.gz
has out "plain.gz:2001"

# Bombs.
head -c 80000000 /dev/zero | gzip -9 >bomb.gz
run 0 scan bomb.gz
run 2 scan --max-ratio 100 bomb.gz
has out "it expands more times than --max-ratio allows"
run 2 scan --max-expanded 1M bomb.gz
has out "it expands to more than --max-expanded allows"
{ echo "card $visa"; cat log log log; } | gzip -c >early.gz
run 1 scan --max-expanded 1K early.gz
has out "--max-expanded" "Not examined"
# Decoders that need much memory: no more than they may, one at a time.
xz -8 -c log >large.xz
zstd -q --ultra -20 --long=25 -c <log >large.zst
for coded in large.xz large.zst; do
    run 2 scan --max-memory 8M $coded
    has out "it needs more memory than --max-memory allows"
    run 1 scan --max-memory 64M $coded
    has out "2001:6: Visa"
    run 1 scan $coded
    run 1 mask $coded
done
mkdir large
for copy in 1 2 3 4; do
    cp large.xz large/xz$copy
    cp large.zst large/zst$copy
done
run 1 scan -j4 -f jsonl large
has out '"findings":8,' '"complete":true'
xz -9 -c log >too_large.xz
run 2 scan too_large.xz
# Two such decoders on top of each other are too much.
xz -8 -c large.xz >twice.xz
run 2 scan twice.xz
has out "it needs more memory"

# What hides its content is never called clean.
hidden()
{
    run 2 scan "$1"
    has out "$1: $2"
    run 2 mask "$1"
    has err "$1: $2" "is hidden and cannot be masked"
    same "$(cat out)" "" "a masked $1"
}
printf 'PK\003\004 and so on' >hidden.zip
hidden hidden.zip "zip archive"
printf '7z\274\257\047\034and so on' >hidden.7z
hidden hidden.7z "7z archive"
printf 'Rar!\032\007\001\000and so on' >hidden.rar
hidden hidden.rar "rar archive"
printf 'MSCF\000\000\000\000 and so on' >hidden.cab
hidden hidden.cab "cab archive"
printf '\037\235\220and so on' >hidden.Z
hidden hidden.Z "compress (.Z) data"
printf 'LZIP\001and so on' >hidden.lz
hidden hidden.lz "lzip data"
printf '\211LZO\000\015\012\032\012and so on' >hidden.lzo
hidden hidden.lzo "lzo data"
printf 'PGDMP\001and so on' >hidden.dump
hidden hidden.dump "PostgreSQL dump in custom format"
printf '%%PDF-1.7\n1 0 obj <</Filter/FlateDecode>> stream\n' >hidden.pdf
hidden hidden.pdf "PDF with compressed streams"
printf '%%PDF-1.7\nplain text\n' >open.pdf
run 0 scan open.pdf
# ... and its raw bytes are looked at all the same.
printf 'PK\003\004 card %s' $visa >raw.zip
run 1 scan raw.zip
has out "raw.zip:1:" "Not examined"
gzip -c hidden.zip >zip.gz
run 2 scan zip.gz
has out "zip.gz|gzip: zip archive"
finish
