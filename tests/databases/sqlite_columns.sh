#!/bin/sh
# Columns are judged as a whole, and keys inside of their values like columns: cards are
# high whatever their column is called, look-alikes are neither medium nor high.
. "$(dirname "$0")/lib.sh"
command -v sqlite3 >/dev/null || exit 77

sqlite3 made.db <"$here/columns.sql" || fail 'the columns could not be made'

# count WHERE: findings of the ledger.
count()
{
    sqlite3 ledger "SELECT count(*) FROM findings f JOIN tables t ON t.id = f.table_id
        JOIN columns c ON c.table_id = f.table_id AND c.number = f.number WHERE $1"
}
expect()
{
    [ "$(count "$2")" -eq "$1" ] || fail "$(count "$2") findings, expected $1: $2"
}
verdict()
{
    got=$(sqlite3 ledger "SELECT $4.verdict FROM columns c JOIN tables t ON t.id = c.table_id
        LEFT JOIN keys k ON k.table_id = c.table_id AND k.number = c.number AND k.key = '${5-}'
        WHERE t.name = '$2' AND c.name = '$3'")
    [ "$got" = "$1" ] || fail "$2.$3 ${5-}: '$got', expected '$1'"
}

run 1 scan --format jsonl -j 2 --ledger ledger sqlite:made.db

# Cards, whatever their column is called.
for column in x card_no order_id; do
    verdict 'card column' cards $column c
    expect 20000 "t.name = 'cards' AND c.name = '$column' AND f.confidence = 'high'"
done
[ "$(sqlite3 ledger "SELECT sum(r.rows) FROM ranges r JOIN tables t ON t.id = r.table_id
    WHERE t.name = 'cards'")" -eq 20000 ] || fail 'not all rows of the cards were read'
[ "$(sqlite3 ledger "SELECT rows FROM tables WHERE name = 'cards'")" -eq 20000 ] || fail 'rows'
distinct=$(sqlite3 ledger 'SELECT "distinct" FROM columns c JOIN tables t ON t.id = c.table_id
    WHERE t.name = '"'cards' AND c.name = 'x'")
[ "$distinct" -gt 17000 ] && [ "$distinct" -lt 23000 ] || fail "$distinct distinct values of 20,000"

# Look-alikes: none is medium or high, in the ledger or told.
expect 0 "t.name = 'look_alikes' AND f.confidence <> 'low'"
[ "$(count "t.name = 'look_alikes'")" -gt 1000 ] || fail 'no look-alike looks alike'
has_not out '"event":"finding","target":"sqlite:made.db","path":[],"table":"look_alikes"'
for column in x16 mixed16 scattered16 shop; do
    verdict 'id column, chance hits' look_alikes $column c
done
verdict clean look_alikes uuid c
verdict clean look_alikes note c

# Documents.
verdict 'id column, chance hits' payments payload k aa
verdict 'card column' payments payload k card.number
verdict 'id column, chance hits' visits doc k place
expect 500 "t.name = 'payments' AND f.key = 'card.number' AND f.confidence = 'high'"
expect 0 "t.name = 'payments' AND f.key = 'aa' AND f.confidence <> 'low'"
[ "$(count "t.name = 'payments' AND f.key = 'aa'")" -gt 100 ] || fail 'no chance hit in a document'
expect 0 "t.name = 'payments' AND f.key IS NULL"
has out '"table":"payments","column":"payload","row":{"id":"10"},"key":"card.number"' \
    '{"column":"payload","key":"card.number","verdict":"card column","findings":500,"cards":500' \
    '{"column":"payload","key":"aa","verdict":"id column, chance hits"'
has_not out '"key":"aa","offset"'
for key in _sf2.order pay.pan bb; do
    expect 100 "t.name = 'sessions' AND f.key = '$key' AND f.confidence = 'high'"
done

# A weak name.
expect 50 "t.name = 'beside' AND c.name = 'cid' AND f.kind = 'security_code'"
expect 0 "t.name = 'alone'"

# Neighbours.
verdict 'id column, chance hits' few_alone no1 c
[ "$(sqlite3 ledger "SELECT verdict FROM columns c JOIN tables t ON t.id = c.table_id
    WHERE t.name = 'few' AND c.name = 'no1'")" = 'text with cards' ] || fail 'a neighbour was not heard'
has out 'near it: the expiry date (expiry)'

# What does not stand alone.
verdict 'id column, chance hits' noted ref16 c
expect 1 "t.name = 'noted' AND f.confidence = 'high'"
has out '"table":"noted","column":"ref16","row":{"id":"77"},"offset":3'

# Keys, each with a number of its own as a key, as a name and as a value.
[ "$(sqlite3 ledger "SELECT count(DISTINCT key) FROM keys k JOIN tables t ON t.id = k.table_id
    WHERE t.name = 'keyed'")" -eq 256 ] || fail 'keys are not bounded'
expect 1200 "t.name = 'keyed'"
sqlite3 made.db "SELECT pan FROM (SELECT x AS pan FROM cards)" >numbers
for file in out err ledger; do
    if grep -aqF -f numbers "$file"; then fail "$file holds a clear number"; fi
done

# What is not told because of its name is not clean.
expect 0 "t.name = 'misnamed'"
has out '"event":"unexamined","target":"sqlite:made.db","path":[],"table":"misnamed","column":"doc.order_id"'
has_not out '"doc.imei"'

# NULL names no row.
has out '"row":{"code":null,"rowid":"1"}' '"row":{"code":null,"rowid":"2"}'

# The ledger's sums are those of the report.
told=$(grep -c '"event":"finding"' out)
expect "$told" "f.confidence <> 'low'"
has out "\"findings\":$told,"

# With nothing else in it the sweep is not complete; asked for little, it finds them.
rm ledger
run 2 scan --table misnamed --ledger ledger sqlite:made.db
has out 'misnamed.doc.order_id: its numbers are valid but its name lowers them'
run 2 report --lang en ledger
has out 'keys inside of it hold valid numbers that their names lower'
run 2 scan --resume ledger sqlite:made.db
has out 'misnamed.doc.order_id: its numbers are valid but its name lowers them'
rm ledger
run 1 scan --min-confidence low --table misnamed --ledger ledger sqlite:made.db
has_not out 'its name lowers them'

# Only chance hits: nothing was found, unless little is asked for.
rm ledger
run 0 scan --table look_alikes --ledger ledger sqlite:made.db
has out 'id column, chance hits' 'nothing found'
rm ledger
run 1 scan --format jsonl --min-confidence low --table look_alikes --ledger ledger sqlite:made.db
has out '"confidence":"low","reasons":["range","luhn","bare","chance"]'
has_not out '"confidence":"medium"' '"confidence":"high"'

# The text: sensitive data first, several rows, keys below their column.
rm ledger
run 1 scan --summary --ledger ledger sqlite:made.db
sed -n '/^By column/,$p' out | sed -n 2p | grep -q 'beside.cid \[id=1; id=2; id=3\]' || {
    fail 'sensitive data is not the first in the list'
    cat out >&2
}
has out 'payments.payload.card.number [id=10; id=20; id=30]' 'card column: 500 findings, 500 cards'

# The arithmetic.
run 1 patterns explain --ledger ledger cards.x
has out 'verdict                     card column' '20,000 of 20,000 cards' \
    'right check digit         20,000; chance gives 2000.0' 'probability by chance       < 1e-99' \
    'and in a tier A range     20,000' 'rows read                   20,000 of 20,000'
run 0 patterns explain --ledger ledger look_alikes.shop
has out 'id column, chance hits' 'they come again and again' 'low: chance explains'
run 1 patterns explain --ledger ledger --lang ja payments.payload.card.number
has out 'カード番号の列' '偶然である確率'
run 1 patterns explain --ledger ledger few.no1
has out 'near it                     the expiry date (expiry)'
run 2 patterns explain --ledger ledger nothing.there
has err 'the ledger has no column of this name'
run 2 patterns explain --ledger ledger
run 2 patterns explain --ledger nowhere cards.x
run 2 patterns explain --ledger made.db cards.x
has err 'it is no ledger'

# Of several runs: distinct things are at least so many; lowered is what all of it says.
sweep()
{
    rm -f ledger
    "$cardsieve" scan --quiet -j 1 --rate "$1" --ledger ledger sqlite:made.db >/dev/null 2>&1 </dev/null &
    child=$!
}
catch sweep '4M 1M' is_halfway
kill -KILL "$child"
wait "$child" 2>/dev/null
run 1 scan --format jsonl --resume ledger sqlite:made.db
expect "$told" "f.confidence <> 'low'"
expect 0 "t.name = 'look_alikes' AND f.confidence <> 'low'"
[ "$(grep -c '"event":"finding"' out)" -eq "$told" ] || fail 'a resumed sweep found something else'
finish
