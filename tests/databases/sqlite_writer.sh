#!/bin/sh
# A database that an application writes to all the while: the application is never told
# that it is locked, and what it did not touch is found whole.
. "$(dirname "$0")/lib.sh"
command -v sqlite3 >/dev/null || exit 77

sqlite3 shop.db <<'END'
CREATE TABLE archive (id INTEGER PRIMARY KEY, body TEXT);
INSERT INTO archive SELECT n, hex(zeroblob(250)) || CASE WHEN n % 1000 = 0 THEN ' card 4111111111111111' ELSE '' END
    FROM (WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < 120000) SELECT n FROM k);
CREATE TABLE sessions (id INTEGER PRIMARY KEY, body TEXT);
CREATE TABLE pairs (a TEXT, b INT, body TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;
INSERT INTO pairs SELECT 'k' || id, id, body FROM archive WHERE id <= 20000;
END

# write_on: commits until it is told to stop; its complaints go to a file.
write_on()
{
    while [ ! -e stop ]; do
        echo "INSERT INTO sessions(body) VALUES(hex(randomblob(20)));"
        echo "DELETE FROM sessions WHERE id < (SELECT max(id) FROM sessions) - 5;"
        sleep 0.01
    done | sqlite3 -cmd '.timeout 100000' shop.db >writer.out 2>&1
}
written()
{
    sqlite3 -cmd '.timeout 100000' shop.db 'SELECT coalesce(max(id), 0) FROM sessions'
}
has_written_since()
{
    [ "$(written)" -gt "$1" ]
}

for jobs in 1 3; do
    rm -f stop ledger
    before=$(written)
    write_on &
    writer=$!
    until_true has_written_since "$before"
    before=$(written)
    run 1 scan --format jsonl --progress always -j $jobs --rate 20M --ledger ledger sqlite:shop.db
    # How far it is: done of all, findings, a rate, the time that is left.
    grep -aqE '[0-9.]+ MiB of [0-9.]+ MiB, [0-9]/[0-9] tables, [0-9]+/[0-9]+ ranges, [0-9]+ findings, [0-9.]+ MiB/s, [0-9]+:[0-9][0-9] left' err ||
        fail "no word of how far it is: $(tr '\r' '\n' <err | tail -n 3)"
    touch stop
    wait $writer
    [ ! -s writer.out ] || fail "-j$jobs: the application was told: $(head -n 3 writer.out)"
    commits=$(($(written) - before))
    [ $commits -gt 5 ] || fail "only $commits commits"
    has out '"event":"summary"' '"complete":true'
    [ "$(grep -c '"event":"finding".*"table":"archive"' out)" -eq 120 ] || fail 'the archive is not found whole'
    [ "$(grep -c '"event":"finding".*"table":"pairs"' out)" -eq 20 ] || fail 'the pairs are not found whole'
    has out '"table":"archive","rows":120000,"rows_read":120000'
    # It says in how many states it saw the file, and of each range in which.
    snapshots=$(sed -n 's/.*"snapshots":\([0-9]*\).*/\1/p' out | tail -n 1)
    [ "$snapshots" -gt 1 ] || fail "$snapshots snapshots"
    [ "$(sqlite3 ledger 'SELECT count(DISTINCT snapshot) FROM ranges')" -gt 1 ] || fail 'all ranges of one snapshot'
done

# In WAL mode nobody waits, and all is of one snapshot.
sqlite3 shop.db 'PRAGMA journal_mode = WAL' >/dev/null
rm -f stop ledger
before=$(written)
write_on &
writer=$!
until_true has_written_since "$before"
run 1 scan --format jsonl -j 2 --ledger ledger sqlite:shop.db
touch stop
wait $writer
[ ! -s writer.out ] || fail "WAL: the application was told: $(head -n 3 writer.out)"
has out '"complete":true' '"snapshots":1'

# ---- the files beside it ---------------------------------------------------------------
rm -f shop.db* ledger
sqlite3 shop.db 'PRAGMA journal_mode = WAL; PRAGMA secure_delete = 1; CREATE TABLE orders (id INTEGER PRIMARY KEY, memo TEXT)' >/dev/null
# The log stays as long as somebody has it open.
mkfifo hold
sqlite3 shop.db >/dev/null <hold &
holder=$!
exec 9>hold
echo "INSERT INTO orders VALUES(1, 'card 4111111111111111'); UPDATE orders SET memo = 'gone ' || hex(zeroblob(100));" >&9
is_overwritten()
{
    [ "$(sqlite3 -cmd '.timeout 100000' shop.db "SELECT memo LIKE 'gone %' FROM orders")" = 1 ]
}
until_true is_overwritten
[ -s shop.db-wal ] || fail 'there is no write-ahead log'
run 1 scan --format jsonl --ledger ledger sqlite:shop.db
[ "$(grep -c '"event":"finding".*"table":"(write-ahead log)"' out)" -ge 1 ] || fail 'what was overwritten is not found in the log'
[ "$(grep -c '"event":"finding".*"table":"orders"' out)" -eq 0 ] || fail 'it is not in the table'
exec 9>&-
wait $holder
rm -f shop.db* ledger
sqlite3 shop.db "PRAGMA journal_mode = PERSIST; PRAGMA secure_delete = 1; CREATE TABLE orders (id INTEGER PRIMARY KEY, memo TEXT);
    INSERT INTO orders VALUES(1, 'card 4111111111111111'); UPDATE orders SET memo = 'gone ' || hex(zeroblob(100));" >/dev/null
[ -s shop.db-journal ] || fail 'there is no journal'
run 1 scan --format jsonl --ledger ledger sqlite:shop.db
has out '"table":"(rollback journal)"'
[ "$(grep -c '"event":"finding".*"table":"(rollback journal)"' out)" -eq 1 ] || fail 'what was overwritten is not found in the journal'
# Behind the page stands a random sum, which may read as digits or letters.
for sum in 7777 ABCD; do
    rm -f ledger
    printf %s $sum | dd of=shop.db-journal bs=1 seek=$((512 + 4 + 4096)) conv=notrunc status=none
    run 1 scan --format jsonl --ledger ledger sqlite:shop.db
    [ "$(grep -c '"event":"finding".*"table":"(rollback journal)"' out)" -eq 1 ] || fail "not found before the sum $sum"
done
finish
