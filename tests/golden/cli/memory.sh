#!/bin/sh
# No input makes it large: the most it ever holds is looked at while it runs.
. "$(dirname "$0")/cli.sh"
case ${LSAN_OPTIONS-}${TSAN_OPTIONS-} in
*) grep -aq __asan_init "$cardsieve" && exit 77
   grep -aq __tsan_init "$cardsieve" && exit 77 ;;
esac

# peak LIMIT_KIB NAME ARGUMENT...: feeds standard input through a FIFO that stays open
# until the peak was read.
peak()
{
    limit=$1
    name=$2
    shift 2
    rm -f feed
    mkfifo feed
    "$cardsieve" "$@" <feed >out 2>err &
    pid=$!
    exec 3>feed
    cat >&3
    sleep 0.2
    kilobytes=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' /proc/$pid/status)
    exec 3>&-
    wait $pid
    [ "${kilobytes:-0}" -gt 0 ] && [ "${kilobytes:-0}" -le "$limit" ] ||
        fail "$name: $kilobytes KiB"
}

limit=65536
head -c 300000000 /dev/zero | peak $limit "zeros" scan -j4 -
head -c 50000000 /dev/urandom | peak $limit "garbage" scan -
yes "4111 1111 1111 1111 card" | head -c 20000000 | peak $limit "findings" scan -
yes "4111 1111 1111 1111 card" | head -c 20000000 | peak $limit "masking" mask
head -c 20000000 /dev/zero | tr '\0' 1 | peak $limit "digits" scan -s -
head -c 20000000 /dev/zero | tr '\0' 4 | peak $limit "digits masked" mask
yes "words and words" | head -c 50000000 | xz -6c | peak $limit "xz" scan -
yes "words and words" | head -c 50000000 | zstd -19 -qc | peak $limit "zstd" scan -
yes "words and words" | head -c 50000000 | bzip2 -c | gzip -c | peak $limit "nested" scan -
yes "words and words" | head -c 20000000 | xz -6c | peak $limit "xz masked" mask

# Two workers in one large file full of numbers.
yes "4111 1111 1111 1111 card" | head -c 40000000 >dense
mkfifo wait_here
# In a second it has used no time: it waits for the FIFO.
has_nothing_to_do()
{
    used=$(cut -d ' ' -f 14,15 "/proc/$1/stat")
    sleep 1
    [ "$used" != '0 0' ] && [ "$(cut -d ' ' -f 14,15 "/proc/$1/stat")" = "$used" ]
}
for format in text jsonl; do
    "$cardsieve" scan -j2 -f $format dense wait_here >out 2>err &
    pid=$!
    exec 3>wait_here
    until_true has_nothing_to_do $pid
    kilobytes=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' /proc/$pid/status)
    exec 3>&-
    wait $pid
    [ "${kilobytes:-0}" -gt 0 ] && [ "${kilobytes:-0}" -le $limit ] ||
        fail "dense, $format: $kilobytes KiB"
done

# A million distinct numbers and more.
awk 'BEGIN {
    for (i = 0; i < 1500000; i++) {
        number = sprintf("4%07d%07d", i * 7919 % 10000000, i * 104729 % 10000000)
        sum = 0
        for (k = 1; k <= 15; k++) {
            digit = substr(number, k, 1) * (k % 2 ? 2 : 1)
            sum += digit > 9 ? digit - 9 : digit
        }
        print number (10 - sum % 10) % 10
    }
}' | peak $limit "distinct numbers" scan -s -f jsonl -
has out '"cards_estimated":true'
finish
