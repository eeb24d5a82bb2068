#!/bin/sh
# bench/databases from end to end at toy size: every sweep is complete and finds what was
# planted, all rows are read.  Rates are not judged here.
set -eu

for program in python3 sqlite3; do
    if ! command -v "$program" >/dev/null; then
        echo "SKIPPED: $program is not installed" >&2
        exit 77
    fi
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
python3 "$SOURCE_DIR/bench/databases" --no-build --build "$BUILD_DIR" --out "$work" \
    --size 4M --text 2M --runs 1 >"$work/table" 2>"$work/err" || [ $? -eq 1 ] || {
    cat "$work/table" "$work/err" >&2
    exit 1
}
cat "$work/table"
python3 - "$work/databases.json" <<'END'
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    results = json.load(file)["databases"]
rows = set()
for result in results:
    assert result["planted"] > 0, result
    for pair in result["pairs"]:
        assert pair["findings"] == result["planted"] and pair["complete"], result
        rows.add(pair["rows"])
assert results and len(rows) == 1, (len(results), rows)
END
