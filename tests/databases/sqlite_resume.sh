#!/bin/sh
# A sweep that is killed again and again and goes on each time finds what one that was
# left alone finds.  KILLS: how many there are to be (50); a sweep is killed until it ends
# by itself.
. "$(dirname "$0")/lib.sh"
command -v sqlite3 >/dev/null || exit 77

shop shop.db UTF-8
# A table of many ranges, with holes between its keys.
sqlite3 shop.db <<'END'
CREATE TEMP TABLE owned AS SELECT row_number() OVER (ORDER BY pan) - 1 AS place, pan FROM wallet;
CREATE TABLE archive (id INTEGER PRIMARY KEY, body TEXT);
INSERT INTO archive SELECT n * 1000 + i, hex(zeroblob(220)) || CASE WHEN n % 40 = 0 AND i = 0
    THEN ' card ' || (SELECT pan FROM owned WHERE place = n / 40 % 10) ELSE '' END
    FROM (WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < 3000) SELECT n FROM k),
    (WITH RECURSIVE k(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM k WHERE i < 29) SELECT i FROM k);
-- Without rowids, by keys of every kind; borders must not show a key.
CREATE TABLE by_text (k TEXT PRIMARY KEY, body) WITHOUT ROWID;
CREATE TABLE by_bytes (k BLOB, n INT, body, PRIMARY KEY (k DESC, n DESC)) WITHOUT ROWID;
CREATE TABLE by_tenant (tenant INT, name TEXT COLLATE NOCASE, body, PRIMARY KEY (tenant, name)) WITHOUT ROWID;
CREATE TABLE by_card (pan TEXT PRIMARY KEY, body) WITHOUT ROWID;
CREATE TEMP TABLE k AS WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < 40000)
    SELECT n, hex(zeroblob(120)) || CASE WHEN n % 500 = 0
    THEN ' card ' || (SELECT pan FROM owned WHERE place = n / 500 % 10) ELSE '' END AS body FROM k;
INSERT INTO by_text SELECT 'it''s キー' || n, body FROM k;
INSERT INTO by_bytes SELECT CAST('u' || n % 7 AS BLOB), n, body FROM k;
INSERT INTO by_tenant SELECT n % 3 - 1, 'Key' || n, body FROM k;
INSERT INTO by_card SELECT (SELECT pan FROM owned WHERE place = n % 10) || ' ' || n, '' FROM k WHERE n < 30;
INSERT INTO by_card SELECT 4539000000000000 + n * 15838, body FROM k;
END

# findings FILE: without the ordinals, which count within one run.
findings()
{
    grep '"event":"finding"' "$1" | sed 's/,"card":[0-9a-z]*}$/}/' | sort
}

run 1 scan --format jsonl --ledger whole.ledger sqlite:shop.db
findings out >whole
[ "$(grep -c '"table":"archive"' whole)" -eq 75 ] || fail "archive: $(grep -c '"table":"archive"' whole)"
[ "$(sqlite3 whole.ledger "SELECT ranges FROM tables WHERE name = 'archive'")" -gt 3 ] ||
    fail "it has too few ranges"
for table in by_text by_bytes by_tenant by_card; do
    [ "$(sqlite3 whole.ledger "SELECT t.ranges > 3 AND max(r.rows) < 25000 AND sum(r.rows) = t.rows AND t.rows >= 40000
        FROM tables t JOIN ranges r ON r.table_id = t.id WHERE t.name = '$table'")" = 1 ] ||
        fail "$table is not cut: $(sqlite3 whole.ledger "SELECT ranges, cut FROM tables WHERE name = '$table'")"
    [ "$table" = by_card ] || [ "$(grep -c "\"finding\".*\"table\":\"$table\",\"column\":\"body\"" whole)" -eq 80 ] ||
        fail "$table: $(grep -c "\"finding\".*\"table\":\"$table\"" whole) findings"
done
no_clear_number whole.ledger
sqlite3 whole.ledger "SELECT name, cut FROM tables WHERE name LIKE 'by_%' AND (cut NOT LIKE 'keys %'
    OR substr(cut, 1, instr(cut, ';')) GLOB '*[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]*')" >borders
[ ! -s borders ] || fail "borders that show a key: $(cat borders)"

kills=0
sweeps=0
while [ $kills -lt "${KILLS:-50}" ]; do
    sweeps=$((sweeps + 1))
    rm -f ledger ledger-journal
    set -- --ledger ledger sqlite:shop.db
    tries=0
    while :; do
        "$cardsieve" scan --format jsonl -j2 --rate 150M "$@" >out 2>err &
        id=$!
        tries=$((tries + 1))
        # Random, and later each time, so that it ends, however slow it is.
        sleep_up_to $((100 + 150 * tries + 5 * tries * tries))
        if kill -9 $id 2>/dev/null; then
            kills=$((kills + 1))
        fi
        wait $id 2>/dev/null
        status=$?
        [ $status -gt 128 ] || break
        # Killed before there was a ledger, or a whole one: begin anew.
        if [ "$(sqlite3 ledger 'SELECT count(*) FROM snapshots' 2>/dev/null || echo 0)" -gt 0 ]; then
            set -- --resume ledger
        else
            rm -f ledger ledger-journal
        fi
    done
    [ $status -eq 1 ] || {
        fail "status $status after $tries tries"
        cat err >&2
    }
    findings out >resumed
    cmp -s whole resumed || {
        fail "after $tries tries the findings differ:"
        diff whole resumed | head >&2
    }
    no_clear_number out err ledger
    has out '"complete":true'
    # Every range once.
    sqlite3 ledger "SELECT name FROM tables t WHERE rows IS NOT (SELECT sum(r.rows) FROM ranges r
        WHERE r.table_id = t.id) OR ranges <> (SELECT count(*) FROM ranges r WHERE r.table_id = t.id)" >difference
    [ ! -s difference ] || fail "rows are missing: $(cat difference)"
done
echo "$sweeps sweeps, $kills kills"

# A resumed sweep says how many snapshots it saw, and is of its own target and options.
run 1 scan --resume ledger
has out 'Read in ' ' snapshots'
cp shop.db other.db
run 2 scan --resume ledger sqlite:other.db
rm other.db
has err 'it is of another target'
run 2 scan --resume ledger --min-confidence low
has err 'it was begun with other options'
run 2 scan --resume shop.db
has err 'it is no ledger of this program'
run 2 scan --resume nowhere
run 2 scan --ledger ledger sqlite:shop.db
has err 'it exists'

# Interrupted: what was read whole stays, and it tells how to go on.
sweep()
{
    rm -f "./$name"
    # A shell lets its background ignore the signal.
    env --default-signal=INT "$cardsieve" scan --format jsonl --rate "$1" --ledger "./$name" \
        sqlite:shop.db >out 2>err &
    child=$!
}
interrupted()
{
    name=$1
    catch sweep '20M 5M 1M' is_halfway "./$name"
    kill -INT "$child"
    kill -CONT "$child"
    wait "$child"
    [ $? -le 2 ] || fail "an interrupt is no end"
    has out '"event":"summary"' '"interrupted":true'
}
interrupted other.ledger
grep -qx 'go on with: cardsieve scan --resume ./other.ledger' err || fail "no hint: $(cat err)"
run 1 scan --format jsonl --resume other.ledger
has out '"complete":true'
has_not err 'go on with'
# A shell takes the name as it is written; it hides a number and shows no control character.
for name in "it's \$HOME of \`mine\`.ledger" 'plain=1,2'; do
    interrupted "$name"
    rest=$(sed -n 's/^go on with: cardsieve //p' err)
    eval "set -- $rest"
    [ $# -eq 3 ] || fail "$name: '$rest' is no command"
    run 1 "$1" --format jsonl "$2" "$3"
    has out '"complete":true'
done
interrupted "4111111111111111 $(printf '\033').ledger"
grep -q "^go on with: cardsieve scan --resume './[^0-9]*411111[^0-9]*1111 .x1b.ledger'\$" err ||
    fail "not as it should be: $(cat -v err)"
no_clear_number err
has_not err 4111111111111111
# A sample is never clean.
run 1 scan --sample 10 --table archive --ledger sample sqlite:shop.db
has out 'only a sample of it was read'

# What was cut in another way is read anew; what is new is read.
sqlite3 shop.db "DELETE FROM archive WHERE id > 100; CREATE TABLE late(a); INSERT INTO late SELECT 'PAN' || pan FROM wallet LIMIT 1"
run 1 scan --format jsonl --resume ledger
has out '"table":"late"' '"complete":true,"cards_estimated":true' '"targets":1,'
finish
