#!/bin/sh
# The benchmark at toy size: the corpora are the same bytes as ever, the engine finds
# exactly the planted cards, and bench/run goes from end to end.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tools=$BUILD_DIR/bench
failed=0

"$tools/corpora" "$work/data" --size 300K --files 60 --card-every 10

# One line a corpus: its name, planted cards and checksum.
for truth in "$work"/data/*.truth; do
    name=$(basename "$truth" .truth)
    awk -v name="$name" '$1 == "cards" { cards = $2 } $1 == "checksum" { sum = $2 }
        END { print name, cards, sum }' "$truth"
done > "$work/checksums"
if ! diff "$SOURCE_DIR/bench/smoke.expected" "$work/checksums"; then
    echo "FAIL: the corpora are other bytes than before" >&2
    failed=1
fi

while read -r name cards _; do
    [ "$name" = tree ] && continue
    for kernel in cardsieve cardsieve-mask; do
        found=$("$tools/kernels" "$work/data/$name" 1 "$kernel" |
            sed 's/.*"count":\([0-9]*\).*/\1/')
        if [ "$found" != "$cards" ]; then
            echo "FAIL: $name: $kernel found $found, planted $cards" >&2
            failed=1
        fi
    done
done < "$work/checksums"

if [ -x "${CARDSIEVE:-}" ] && command -v python3 >/dev/null && command -v rg >/dev/null; then
    python3 "$SOURCE_DIR/bench/run" --no-build --build "$BUILD_DIR" --out "$work/out" \
        --size 300K --tree 60 --runs 1 --rounds 1 > "$work/table" || [ $? -eq 1 ]
    if grep 'findings .*MISSED' "$work/table"; then
        echo "FAIL: bench/run counts other findings than were planted" >&2
        failed=1
    fi
fi
exit $failed
