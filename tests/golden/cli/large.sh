#!/bin/sh
# A large file has the same findings whoever shares it; a line may be as long as it likes.
. "$(dirname "$0")/cli.sh"

# Some 30 MB, in lines that begin with letters and lines that begin with digits.
awk -v visa=$visa -v jcb=$jcb 'BEGIN {
    for (i = 1; i <= 400000; i++) {
        if (i % 997 == 0)
            printf "card %s and then 3530 1113 3330 0000 end\n", visa
        else if (i % 2)
            printf "order %d came at %d and was sent to somebody somewhere\n", i, i * 7
        else
            printf "%d.%d.%d.%d GET /items/%d HTTP/1.1 200\n", i % 256, i % 7, 1, 2, i
    }
}' >large

answer()
{
    "$cardsieve" scan "$@" large 2>err | sed -e 's/"seconds":.*//' -e 's/, [0-9.]* s: /, /'
}
for format in jsonl text; do
    answer -j1 --format $format >one
    for workers in 2 3 8; do
        answer -j$workers --format $format >many
        cmp -s one many || fail "-j$workers differs from -j1 in $format"
    done
    answer -j1 --summary --format $format >one
    answer -j3 --summary --format $format >many
    cmp -s one many || fail "--summary: -j3 differs from -j1 in $format"
done
answer -j1 --format jsonl >one
has one '"findings":802,"cards":2,'
same "$(sed -n 's/.*"line":\([0-9]*\),"column":6,.*/\1/p' one | tail -n 1)" 399797

# As a stream it is the same.
"$cardsieve" scan -f jsonl - <large | sed -e 's/"target":"-"/"target":"large"/' \
    -e 's/"seconds":.*//' >many
cmp -s one many || fail "as a stream it differs"
gzip -1c large | "$cardsieve" scan -f jsonl - | sed -e 's/"target":"-"/"target":"large"/' \
    -e 's/"codings":\["gzip"\],//' -e 's/"seconds":.*//' >many
cmp -s one many || fail "coded it differs"

# One line of 4 GiB, as a file and through a pipe.  Under a sanitizer a smaller one does.
size=4294967296
grep -aq -e __asan_init -e __tsan_init "$cardsieve" && size=268435456
truncate -s $size line
printf ' card %s' $visa >>line
for workers in 1 4; do
    run 1 scan -j$workers -f jsonl line
    has out "\"offset\":$((size + 6))," "\"line\":1,\"column\":$((size + 7))," \
        "\"bytes\":$((size + 22)),"
done
"$cardsieve" scan -f jsonl - <line >out
has out "\"line\":1,\"column\":$((size + 7)),"
finish
