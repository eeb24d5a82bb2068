#!/bin/sh
# A sweep of an SQLite shop: everything planted is found, under its key, and nothing else.
. "$(dirname "$0")/lib.sh"
command -v sqlite3 >/dev/null || exit 77

sweep()
{
    rm -f ledger
    run 1 scan --format jsonl --ledger ledger "$@"
    same_as_planted out
    no_clear_number out err ledger
    has out '"complete":true,"tables"'
    [ "$(stat -c %a ledger)" = 600 ] || fail "the ledger is for others to read"
}

shop shop.db UTF-8
sweep sqlite:shop.db
sweep -j1 sqlite:shop.db
sweep -j4 "sqlite:$PWD/shop.db"
cp out whole
# Every row of every table was read.
sqlite3 ledger "SELECT name FROM tables t WHERE rows IS NOT (SELECT sum(r.rows) FROM ranges r
    WHERE r.table_id = t.id)" >difference
[ ! -s difference ] || fail "rows are missing: $(cat difference)"

# Text.
rm ledger
run 1 scan --ledger ledger sqlite:shop.db
has out 'dtb_card.card_no [customer_id=201, seq=1]' 'card column: 60 findings' \
    'look_alikes.measure' 'id column, chance hits' '3,000 of 3,000 rows read' 'By table'
no_clear_number out err ledger
rm ledger
run 1 scan --quiet --ledger ledger sqlite:shop.db
rm ledger
run 1 scan --summary --ledger ledger sqlite:shop.db
has_not out 'dtb_card.card_no [customer_id=201, seq=1]: '

# Low findings of columns that are none stay to be asked for.
rm ledger
run 1 scan --format jsonl --min-confidence low --table look_alikes --ledger ledger sqlite:shop.db
has out '"confidence":"low"'
has_not out '"confidence":"medium"' '"confidence":"high"'

# Other encodings, page sizes, journals.
shop wide.db UTF-16le page_size=512
sweep sqlite:wide.db
shop wide.db UTF-16be page_size=65536 auto_vacuum=2
sweep sqlite:wide.db
shop wal.db UTF-8 journal_mode=wal
sweep sqlite:wal.db
[ ! -e wal.db-shm ] && [ ! -e wal.db-wal ] || fail "files were left beside a database nobody has open"

# A number only in the write-ahead log of a program that has it open.
{
    echo "PRAGMA wal_autocheckpoint = 0; INSERT INTO contact SELECT 'wal', 'PAN' || substr(body, 4, 16) || 'x' FROM contact LIMIT 1;"
    echo ".shell rm -f ledger; '$cardsieve' scan --format jsonl --ledger ledger sqlite:wal.db >out 2>err"
} | sqlite3 wal.db >/dev/null
has out '"row":{"code":"wal"}'

# Rows that were deleted stay in the file.
cp shop.db freed.db
sqlite3 freed.db "PRAGMA secure_delete = 0; CREATE TABLE gone AS SELECT body FROM contact; DROP TABLE gone;
    DELETE FROM dtb_order WHERE id > 100" >/dev/null
rm -f ledger
run 1 scan --format jsonl --ledger ledger sqlite:freed.db
[ "$(grep -c '"table":"(freed pages)","column":"bytes"' out)" -ge 68 ] || {
    fail "freed pages were not read"
    grep freed out >&2
}
has out '"row":{"place":"page '
no_clear_number out err ledger

# A path that a URI would misread.
mkdir 'a?b#c %41'
cp shop.db 'a?b#c %41/shop?mode=rw'
rm -f ledger
run 1 scan --format jsonl --ledger ledger 'sqlite:a?b#c %41/shop?mode=rw'
same_as_planted out

# What is chosen, and what is not there.
rm -f ledger
run 1 scan --format jsonl --table 'DTB_C*' --ledger ledger sqlite:shop.db
has out '"table":"dtb_card"'
has_not out '"table":"wallet"'
rm ledger
run 1 scan --format jsonl --table '"Order ""x""; drop"' --ledger ledger sqlite:shop.db
has out '"tables":1,'
rm ledger
run 1 scan --format jsonl --exclude-table 'dtb_*' --column pan --ledger ledger sqlite:shop.db
has out '"table":"wallet"'
has_not out '"column":"body"' '"table":"dtb_order"'
rm ledger
run 2 scan --table nothing --ledger ledger sqlite:shop.db
has err 'nothing: there is nothing of this name'
run 2 scan --column nothing --ledger ledger sqlite:shop.db
[ ! -e ledger ] || fail "a ledger was left by a run that could not be"

# A plan reads no rows.
run 2 scan --dry-run sqlite:shop.db
has out 'dtb_order: about 3,0' 'this was a plan, nothing was read' ' would be read, in some 1 second if it comes at '
run 2 scan --dry-run --format jsonl sqlite:shop.db
has out '"plan":true' '"seconds_about":1'
[ "$(ls ./*.ledger 2>/dev/null | wc -l)" -eq 0 ] || fail "a plan has a ledger"

# Without a name the ledger lies in the working directory.
run 1 scan sqlite:shop.db
[ "$(ls ./cardsieve-*.ledger | wc -l)" -eq 1 ] || fail "no ledger of its own"

# What is none.
run 2 scan --ledger ledger sqlite:nowhere.db
has err 'sqlite:nowhere.db: no such file'
head -c 5000 /dev/urandom >noise.db
run 2 scan --ledger ledger sqlite:noise.db
has err 'it is no SQLite database, or encrypted'
run 2 scan --ledger ledger sqlite:.
run 2 scan sqlite:shop.db sqlite:wal.db
has err 'databases are swept one at a time'
: >empty.db
run 0 scan --ledger ledger sqlite:empty.db

# A page that is damaged ends its table, not the run.
cp shop.db damaged.db
sqlite3 damaged.db "CREATE TABLE zzz(a); INSERT INTO zzz SELECT 'PAN' || pan FROM wallet"
page=$(sqlite3 damaged.db "SELECT rootpage FROM sqlite_schema WHERE name = 'dtb_session'")
size=$(sqlite3 damaged.db 'PRAGMA page_size')
printf '\377\377\377\377' | dd of=damaged.db bs=1 seek=$(((page - 1) * size)) conv=notrunc 2>/dev/null
rm -f ledger
run 1 scan --format jsonl --ledger ledger sqlite:damaged.db
has out '"event":"unexamined"' '"table":"dtb_session","reason":"it is damaged"' '"table":"zzz"' \
    '"complete":false,"tables"'

# As many columns as there may be: there is no room for the rowid.
{
    printf 'CREATE TABLE wide (c0'
    seq -f ', c%.0f' -s '' 1 1999
    printf "); INSERT INTO wide (c1999) VALUES ('PAN4539148803436467');"
} | sqlite3 columns.db
rm -f ledger
run 1 scan --format jsonl --ledger ledger sqlite:columns.db
has out '"column":"c1999"' '"complete":true,"tables"'

# Columns that a function of SQLite computes.
sqlite3 made.db "CREATE TABLE t(id INTEGER PRIMARY KEY, body TEXT,
    pan TEXT AS (json_extract(body, '\$.pan')), kept TEXT AS (json_extract(body, '\$.pan')) STORED);
    INSERT INTO t(body) VALUES (json_object('pan', '41111111' || '11111111'))"
rm -f ledger3
run 1 scan --format jsonl --ledger ledger3 sqlite:made.db
has out '"column":"body"' '"column":"pan"' '"column":"kept"' '"complete":true,"tables"'

# Locked by a program that will not let go.
printf 'BEGIN EXCLUSIVE;\n.shell %s scan --ledger ledger2 sqlite:columns.db 2>err; echo $? >status\n' "$cardsieve" |
    sqlite3 columns.db >/dev/null
[ "$(cat status)" -eq 2 ] || fail "a locked database: status $(cat status)"
has err 'sqlite:columns.db: another program has it locked'

# An application may go on writing to a database in WAL mode.
slow_sweep()
{
    rm -f ledger
    "$cardsieve" scan --quiet --rate "$1" --ledger ledger sqlite:wal.db >/dev/null 2>&1 &
    child=$!
}
catch slow_sweep '100K 20K' is_halfway
kill -CONT "$child"
sqlite3 wal.db ".timeout 100000" "CREATE TABLE IF NOT EXISTS meanwhile(a); INSERT INTO meanwhile VALUES (1)" ||
    fail "the application was locked out"
is_over "$child" && fail "the application was locked out until the sweep was over"
kill -TERM "$child" # a job in the background is born deaf to INT
wait "$child"
finish
