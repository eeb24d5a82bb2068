#!/bin/sh
# A ledger that somebody edited: no clear number comes out, what cannot be is refused, and
# what does not add up is not complete.
. "$(dirname "$0")/lib.sh"

shop shop.db
run 1 scan -q --ledger ledger sqlite:shop.db
clear=4539148803436467
spaced='4539 1488 0343 6467'
wide='４５３９１４８８０３４３６４６７'

# refused SQL: no report is made of it.
refused()
{
    edit "$@"
    run 2 report -f csv edited
    has err 'edited: it is damaged, or somebody edited it'
}

# hidden SQL: a report is made, and the middle of the number is not in it.
hidden()
{
    edit "$@"
    for format in $formats; do
        "$cardsieve" report -f $format -l ja edited >out.$format 2>err
        [ $? -le 1 ] || fail "$*: no report: $(cat err)"
        if grep -aEq '8[^0-9]{0,4}8[^0-9]{0,4}0[^0-9]{0,4}3[^0-9]{0,4}4[^0-9]{0,4}3' out.$format; then
            fail "$format shows a clear number after: $*"
        fi
    done
    cp out.$format out
    "$here/check_report.py" each out.html out.csv out.sarif out.jsonl >&2 || fail "$*"
}

for number in $clear "$spaced" "$wide" "card $clear" '&#52;539148803436467'; do
    hidden "UPDATE run SET target = '$number', version = '$number', options = options || ', $number'" \
        "UPDATE tables SET schema = '$number', name = '$number', reason = '$number', finished = NULL" \
        "UPDATE columns SET name = '$number', verdict = '$number', reason = '$number'" \
        "UPDATE columns SET left_out = '$number', type = '$number' WHERE name = 'stamp'" \
        "UPDATE findings SET row = '{\"$number\":\"$number\"}', locator = '$number', brand = '$number',
            reasons = '$number', rule = '$number'"
done
hidden "UPDATE findings SET row = '$clear'"
hidden "UPDATE findings SET masked = '$clear'"
hidden "UPDATE findings SET masked = '$clear', kind = 'rule'"
hidden "UPDATE findings SET masked = '$clear', kind = 'track2'"
has_not out 467
hidden "UPDATE findings SET masked = '453914880', kind = 'security_code'"
has_not out 453

# Texts that would break out of their format.
for text in '</td></tr></table><script>x</script>' '"}],"results":[{"evil":1}' '",=1+1,"' \
    '{"a":"b"},"evil":{"c":"d"}' '{"a":1}' '{"a":"\u00"}' '{"a' '\' '{{0}}' 'x] (y)'; do
    hidden "UPDATE findings SET row = '$text', reasons = '$text', brand = '$text'" \
        "UPDATE columns SET name = '$text', verdict = '$text', reason = '$text', left_out = '$text'" \
        "UPDATE tables SET name = '$text', schema = '$text', reason = '$text'" \
        "UPDATE run SET target = '$text', version = '$text'"
done
hidden "UPDATE findings SET row = CAST(x'7b22fffe22' AS TEXT)"
hidden "UPDATE columns SET name = CAST(x'00fffe0d0a1b5b324a' AS TEXT)"

# What cannot be.
refused "UPDATE findings SET form = 'smoke'"
refused "UPDATE findings SET kind = 'rumour'"
refused "UPDATE findings SET offset = -1"
refused "UPDATE findings SET offset = 'x'"
for field in offset length digits card; do
    refused "UPDATE findings SET $field = $clear"
done
refused "UPDATE ranges SET rows = $clear"
refused "UPDATE tables SET rows = $clear"
refused "UPDATE columns SET luhn = $clear, numbers = $clear, \"values\" = $clear"
hidden "UPDATE ranges SET bytes = $clear WHERE table_id = 1"
refused "UPDATE findings SET length = x'00'"
refused "UPDATE findings SET masked = ''"
refused "UPDATE findings SET masked = '4111111111111111111111111111'"
refused "UPDATE findings SET row = x'41'"
refused "UPDATE findings SET row = CAST(zeroblob(2000000) AS TEXT) WHERE kind = 'pan'"
refused "UPDATE findings SET card = -5"
refused "UPDATE ranges SET rows = -5"
refused "UPDATE ranges SET rows = 1e300"
refused "UPDATE ranges SET rows = 9223372036854775807, bytes = 9223372036854775807"
refused "UPDATE tables SET rows = -1"
refused "UPDATE tables SET rows = 'all'"
refused "UPDATE tables SET name = x'41' WHERE id = 1"
refused "UPDATE columns SET luhn = -1 WHERE name = 'memo'"
refused "DELETE FROM run"
refused "INSERT INTO run SELECT * FROM run"
refused "UPDATE run SET options = 'none'"
refused "UPDATE run SET started = 9e17"
refused "UPDATE ranges SET finished = -1"

# None of ours, though it looks like it.
edit "PRAGMA user_version = 99"
run 2 report edited
has err 'it is no ledger of this program'
edit "PRAGMA application_id = 1"
run 2 report edited
edit "DROP TABLE snapshots"
run 2 report edited
edit "DROP TABLE snapshots; CREATE VIEW snapshots AS WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL
    SELECT n + 1 FROM k) SELECT n AS number, n AS started FROM k"
run 2 report edited
edit "DROP TABLE snapshots; CREATE VIRTUAL TABLE snapshots USING fts5(number, started)"
run 2 report edited
edit "ALTER TABLE findings DROP COLUMN rule; ALTER TABLE findings RENAME COLUMN masked TO seen"
run 2 report edited
cp ledger edited
printf '\377\377\377\377\377\377\377\377' | dd of=edited bs=1 seek=9000 conv=notrunc 2>/dev/null
"$cardsieve" report edited >out 2>err
[ $? -le 2 ] || fail "a damaged ledger"
head -c 20000 ledger >edited
run 2 report edited

# Called complete, and not so.
claim()
{
    edit "$@"
    "$cardsieve" report edited >out 2>err
    has out INCOMPLETE
    "$cardsieve" report -f sarif edited >out
    has out '"complete":false'
}
claim "UPDATE ranges SET rows = rows - 1 WHERE rows > 1"
claim "DELETE FROM ranges WHERE table_id = 1"
claim "UPDATE tables SET rows = rows + 1"
claim "UPDATE tables SET rows = NULL"
claim "UPDATE tables SET finished = NULL"
claim "UPDATE tables SET ranges = 1000"
claim "UPDATE tables SET reason = 'x'"

# Findings of a range that never ended do not count, nor do those that chance explains.
run 1 report -f jsonl ledger
before=$(grep -c '"event":"finding"' out)
edit "CREATE TEMP TABLE more AS SELECT * FROM findings; UPDATE more SET id = NULL, range = 999" \
    "INSERT INTO findings SELECT * FROM more"
run 1 report -f jsonl edited
same "$(grep -c '"event":"finding"' out)" "$before"
edit "UPDATE columns SET verdict = 'id column, chance hits' WHERE name IN ('memo', 'sess')" \
    "UPDATE findings SET confidence = 'low' WHERE kind = 'pan' AND table_id = (SELECT id FROM tables WHERE name = 'orders')"
run 1 report edited
has out 'Chance hits, not counted: 3' 'orders.memo' 'Sensitive authentication data: 2'
has_not out 'orders.memo [id=1]: Visa'
finish
