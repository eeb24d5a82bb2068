#!/bin/sh
# Text for people: one line each, tables, what was not examined; never a clear number.
. "$(dirname "$0")/cli.sh"

printf 'one\ncard=4111 1111 1111 1111 cvv=123 order=%s\n' $jcb >shop.log
cp shop.log other.log
run 1 scan shop.log other.log missing
has out "shop.log:2:6: Visa 411111******1111 high (" "By brand" "By file" \
    "Not examined" "missing: no such file or directory" "the answer is incomplete"
has_not out 4111111111111111 "4111 1111 1111 1111" $jcb "cvv=123"
has out "test number" "card=411111******1111"

# The excerpt shows words, and no control character.
printf 'beep \007 \033[31mcard %s\033[0m end\n' $visa >control
run 1 scan control
has out 'beep \x07 \x1b[31mcard 411111******1111\x1b[0m end'
has_not out "$(printf '\033')"

# In an excerpt every other long number is hidden, and in a restricted scan all digits.
printf 'card %s ref 1234567890123456 on 2026-01-31\n' $visa >ref
run 1 scan ref
has out "on 2026-01-31"
has_not out 1234567890123456 123456
run 1 scan --kind pan shop.log
has_not out "cvv=123" $jcb
run 1 scan --brand visa ref
has_not out "2026"

# Colour only if asked for or on a terminal; NO_COLOR is obeyed.
has_not out "$(printf '\033')"
run 1 scan --color always ref
has out "$(printf '\033[1;31m411111******1111\033[0m')"
if command -v script >/dev/null; then
    TERM=xterm script -qec "'$cardsieve' scan ref" /dev/null >terminal </dev/null
    has terminal "$(printf '\033[1;31m')"
    NO_COLOR=1 TERM=xterm script -qec "'$cardsieve' scan --progress=never ref" /dev/null \
        >terminal </dev/null
    has_not terminal "$(printf '\033')"
fi

# The summary alone.
run 1 scan --summary shop.log other.log
has_not out "shop.log:2"
has out "By brand" "  shop.log"
finish
