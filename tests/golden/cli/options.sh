#!/bin/sh
# --help, the man page and the parser know the same options.
. "$(dirname "$0")/cli.sh"
page=${SOURCE_DIR:?}/src/cli/cardsieve.1

# options_of COMMAND: its options as --help tells them, "-x" and "--name".
options_of()
{
    "$cardsieve" "$1" --help |
        sed -n -e 's/^  \(-.\), \(--[a-z0-9-]*\).*/\1\n\2/p' -e 's/^      \(--[a-z0-9-]*\).*/\1/p' |
        sort
}

# The man page has a section for each command, `.Ss Options of COMMAND`, with rows
# `.It Fl x , Fl -name Ns = Ns Ar VALUE`.
documented()
{
    awk -v name="$1" '
        /^\.S[sh] / { inside = ($0 == ".Ss Options of " name) }
        inside && /^\.It Fl/ {
            for (i = 2; i <= NF; i++)
                if ($(i - 1) == "Fl") print "-" $i
        }' "$page" | sort
}

for command in scan mask patterns report; do
    options_of $command >table
    documented $command >manual
    cmp -s table manual || {
        fail "$command: --help and the man page differ:"
        diff table manual >&2
    }
    [ -s table ] || fail "$command: no options"
done
if command -v mandoc >/dev/null; then
    mandoc -Tlint -Wwarning "$page" >lint || {
        fail "mandoc:"
        cat lint >&2
    }
fi

# Every way to write an option.
printf 'card %s\n' $visa >log
for words in "-f jsonl" "-fjsonl" "--format jsonl" "--format=jsonl" "-sf jsonl" "-sfjsonl"; do
    # shellcheck disable=SC2086  # words
    run 1 scan $words log
    has out '"event":"summary"'
done
run 1 scan log -f jsonl
has out '"event":"finding"'
cp log ./-q
run 1 scan -- -q
has out "-q:1:6"
run 1 scan -f jsonl -f text log
has out "By brand"

# Units.
run 2 scan --max-expanded 12X log
run 2 scan --max-expanded '' log
run 1 scan --max-expanded 2G --max-ratio 0 --max-memory 50M log
run 2 mask --flush-after 5 log
run 2 mask --flush-after 5h log
run 1 mask --flush-after 5s log
finish
