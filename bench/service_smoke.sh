#!/bin/sh
# bench/service from end to end in a few seconds: every part runs, and each answer counts
# the cards that were planted.  Rates are not judged here.
set -eu

PATH=$PATH:/usr/sbin
for program in python3 wrk nginx; do
    if ! command -v "$program" >/dev/null; then
        echo "SKIPPED: $program is not installed" >&2
        exit 77
    fi
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$SOURCE_DIR/bench/service" --smoke --no-build --build "$BUILD_DIR" \
    --out "$work/out" > "$work/table" || {
    cat "$work/table" >&2
    exit 1
}
cat "$work/table"
grep -q 'more or fewer than planted .* reached' "$work/table"
