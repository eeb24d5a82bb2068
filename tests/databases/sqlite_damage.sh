#!/bin/sh
# Damaged pages of an SQLite file: what is lost is named, all around it is read.
. "$(dirname "$0")/lib.sh"
command -v sqlite3 >/dev/null || exit 77

make()
{
    rm -f shop.db* ledger
    sqlite3 shop.db "PRAGMA journal_mode = $1;
        CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT, memo TEXT);
        WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < 5000)
        INSERT INTO orders SELECT n, 'card 4111111111111111', hex(zeroblob(100)) || ' row' || n || ' ' FROM k;
        UPDATE orders SET memo = hex(zeroblob(15000)) || ' middle ' || hex(zeroblob(15000)) WHERE id = 4000;
        CREATE TABLE well (memo TEXT); INSERT INTO well VALUES ('card 5555555555554444');" >/dev/null
}
# page_of TEXT: the number of the page it stands on, from 0.
page_of()
{
    echo $(($(grep -aobF "$1" shop.db | head -n 1 | cut -d: -f1) / 4096))
}
damage()
{
    printf '\377\377\377\377\377\377\377\377' | dd of=shop.db bs=4096 seek="$1" conv=notrunc 2>/dev/null
}
for mode in DELETE WAL; do
    make $mode
    # A page of rows, and one of a long value.
    damage "$(page_of ' row1000 ')"
    damage "$(page_of ' middle ')"
    run 1 scan --format jsonl --ledger ledger sqlite:shop.db
    grep '"event":"unexamined".*"table":"orders"' out >missed
    has missed '"column":"memo","row":{"id":"4000"},"reason":"it is damaged"' ' to '
    [ "$(wc -l <missed)" -eq 3 ] || fail "$mode: $(cat missed)"
    found=$(grep -c '"event":"finding".*"table":"orders","column":"note"' out)
    [ "$found" -gt 4950 ] && [ "$found" -lt 5000 ] || fail "$mode: $found of 5000 found"
    # Rows that are named and rows that were found are all rows.
    lost=$(sed -n 's/.*"rowid":"\([0-9]*\) to \([0-9]*\)".*/\2 - \1 + 1/p' missed)
    [ $((found + ($lost))) -eq 5000 ] || fail "$mode: $found found, $lost lost"
    [ "$(grep -c '"event":"finding".*"row":{"id":"4000"}' out)" -eq 1 ] || fail "$mode: the rest of a row"
    [ "$(grep -c '"event":"finding".*"table":"well"' out)" -eq 1 ] || fail "$mode: the other table"
    has out '"event":"summary"' '"complete":false'
    [ "$(sqlite3 ledger 'SELECT count(*) FROM unexamined')" -eq 2 ] || fail "$mode: the ledger"
done

# An index of texts that are kept nowhere is not examined, and says so.
rm -f shop.db* ledger
sqlite3 shop.db "CREATE VIRTUAL TABLE words USING fts5(body, content=''); INSERT INTO words(rowid, body) VALUES(1, 'nothing')" ||
    finish
run 2 scan --format jsonl --ledger ledger sqlite:shop.db
has out '"event":"unexamined","target":"sqlite:shop.db","path":[],"table":"words"'

# ---- what is computed when it is read ----------------------------------------------------
# A number that only the sum of two columns is; where it cannot be computed the rest is read.
sqlite3 computed.db "CREATE TABLE computed (id INTEGER PRIMARY KEY, a TEXT, b TEXT, n INTEGER,
    pan TEXT AS (a || b) VIRTUAL);
    INSERT INTO computed(id, a, b, n) VALUES (1, '41111111', '11111111', 7),
    (2, '', '', -9223372036854775808), (3, '55555555', '55554444', 0);
    ALTER TABLE computed ADD COLUMN memo TEXT AS (abs(n)) VIRTUAL" || fail 'no such table'
run 1 scan --format jsonl --ledger computed.ledger sqlite:computed.db
[ "$(grep -c '"event":"finding".*"column":"pan"' out)" -eq 2 ] || fail "not computed: $(cat out)"
has out '"rows":3,"rows_read":3' 'it cannot be read or computed' '"column":"memo"'
finish
