#!/bin/sh
# An SQLite database repaired by the plan and by --apply: only digits of what was planted
# are changed, nothing that others changed is overwritten, what is in the way is told, and
# a repair that is killed goes on.  KILLS: how often that is tried (3).
. "$(dirname "$0")/lib.sh"
command -v sqlite3 >/dev/null || exit 77

# plain FILE: every cell of every table, digits and stars of any width for one sign, a
# number and what it may become left out if it is said so
plain()
{
    sqlite3 "$1" "SELECT 'SELECT ''' || replace(name, '''', '''''') || ''', ' || (SELECT group_concat(
        'CASE typeof(\"' || replace(c.name, '\"', '\"\"') || '\") WHEN ''blob'' THEN CAST(\"' || replace(c.name, '\"', '\"\"')
        || '\" AS TEXT) ELSE \"' || replace(c.name, '\"', '\"\"') || '\" END', ', ') FROM pragma_table_info(t.name) c)
        || ' FROM \"' || replace(name, '\"', '\"\"') || '\" ORDER BY 1, 2, 3;' FROM sqlite_schema t WHERE type = 'table'
        AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search%' ORDER BY name" | sqlite3 "$1" |
        sed 's/[0-9*]/9/g; s/０\|１\|２\|３\|４\|５\|６\|７\|８\|９\|＊/9/g' | sort
}
# cards FILE: how many findings there are at any confidence, tables of deleted rows left out
cards()
{
    rm -f cards.ledger
    "$cardsieve" scan --format jsonl --ledger cards.ledger "sqlite:$1" --exclude-table 'search*' \
        --exclude-table 'sqlite_*' --exclude-table '*freed*' --exclude-table wallet 2>/dev/null | grep -c '"event":"finding"'
}

# ---- the plan of the demo's shop, to the letter -------------------------------------------
"$here/../../scripts/demo-shop" demo.db >/dev/null
run 1 mask --ledger demo.ledger --plan demo.sql sqlite:demo.db
sed 's/^-- Repair plan of cardsieve .*/-- Repair plan/' demo.sql >demo_plan.sql
cmp -s demo_plan.sql "$here/demo_plan.sql" || fail "the plan: $(diff demo_plan.sql "$here/demo_plan.sql" | head -n 5)"

# ---- every cell, before and after -----------------------------------------------------------
for encoding in UTF-8 UTF-16le; do
    shop shop.db $encoding
    plain shop.db >before
    cp shop.db copy.db
    rm -f ledger
    run 2 mask --ledger ledger --plan plan.sql --numeric zero sqlite:copy.db
    cmp -s shop.db copy.db || fail "$encoding: --plan changed the database"
    [ "$(stat -c %a plan.sql)" = 600 ] || fail "the plan is for everybody"
    no_clear_number plan.sql ledger out err
    grep -m 1 '^-- Batch' plan.sql | grep -q 'sensitive authentication data' || fail "sensitive data does not come first"
    sqlite3 copy.db <plan.sql >plan.out 2>&1
    planned=$(sed -n 's/^-- Rows in this plan: //p' plan.sql)
    grep -qx "rows updated: $planned of $planned" plan.out || fail "$encoding: $(cat plan.out)"
    [ "$(cards copy.db)" -eq 0 ] || fail "$encoding: after the plan there are findings"
    no_clear_number plan.out
    # The same by --apply, from the same ledger.
    cp shop.db applied.db
    rm -f applied.ledger
    run 2 mask --ledger applied.ledger --apply --yes --numeric zero sqlite:applied.db
    has out 'updated and looked at again: clean' 'VACUUM' 'full-text index'
    no_clear_number applied.ledger out err
    sqlite3 copy.db .dump >copy.sql
    sqlite3 applied.db .dump >applied.sql
    cmp -s copy.sql applied.sql || fail "$encoding: the plan and --apply do not do the same"
    # Numbers in columns of numbers have become 0; all else is as it was but for digits.
    plain applied.db >after
    diff before after >difference
    sqlite3 applied.db "SELECT count(*) FROM dtb_card WHERE card_no <> 0 OR security_code <> '***'" >count
    [ "$(cat count)" -eq 0 ] || fail "$encoding: dtb_card: $(cat count)"
    grep '^[<>]' difference | grep -v 'dtb_card|' | grep -v '^[<>] [^|]*|.*9999.*\||0\||9' >others
    [ ! -s others ] || fail "$encoding: more was changed: $(head -n 3 others)"
    sqlite3 applied.db "PRAGMA integrity_check; SELECT count(*) FROM dtb_order WHERE message LIKE 'カード ____-__**-****-____ で決済をお願いします'" >check
    printf 'ok\n60\n' | cmp -s - check || fail "$encoding: $(cat check)"
done

# ---- what is in the way --------------------------------------------------------------------
sqlite3 way.db <<'END'
CREATE TABLE checked (id INTEGER PRIMARY KEY, memo TEXT CHECK (memo NOT LIKE '%*%'));
INSERT INTO checked VALUES (1, '4111111111111111');
CREATE TABLE uniquely (id INTEGER PRIMARY KEY, pan TEXT UNIQUE);
INSERT INTO uniquely VALUES (1, '4111111111111111'), (2, '4111110000091111'), (3, '5555555555554444'), (4, '555555******4444');
CREATE TABLE wallet (pan TEXT PRIMARY KEY);
CREATE TABLE paid (id INTEGER PRIMARY KEY, pan TEXT REFERENCES wallet ON UPDATE CASCADE);
INSERT INTO wallet VALUES ('3530111333300000');
INSERT INTO paid VALUES (1, '3530111333300000');
CREATE TABLE wallet2 (pan TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO wallet2 VALUES ('4012888888881881');
CREATE TABLE wallet3 (pan TEXT PRIMARY KEY);
CREATE TABLE paid3 (id INTEGER PRIMARY KEY, pan TEXT REFERENCES wallet3);
INSERT INTO wallet3 VALUES ('4012888888881881');
INSERT INTO paid3 VALUES (1, '4012888888881881');
CREATE TABLE by_number (pan INTEGER PRIMARY KEY, memo TEXT);
INSERT INTO by_number VALUES (4012888888881881, 'x');
CREATE TABLE made_of (id INTEGER PRIMARY KEY, half TEXT, whole TEXT AS ('card ' || half) STORED, seen TEXT AS (half) VIRTUAL);
INSERT INTO made_of VALUES (1, '4012888888881881');
CREATE TABLE strictly (id INTEGER PRIMARY KEY, n INTEGER, t TEXT, b BLOB) STRICT;
INSERT INTO strictly VALUES (1, 4111111111111111, '4111111111111111', CAST('x4111111111111111' AS BLOB));
CREATE TABLE watched (id INTEGER PRIMARY KEY, memo TEXT, seen INTEGER DEFAULT 0);
INSERT INTO watched VALUES (1, '4111111111111111', 0), (2, '4111111111111111', 0);
CREATE TRIGGER watcher AFTER UPDATE OF memo ON watched BEGIN
    UPDATE watched SET seen = seen + 1 WHERE id = new.id;
    SELECT RAISE(ABORT, 'not this one') WHERE new.id = 2;
END;
CREATE TABLE documents (id INTEGER PRIMARY KEY, doc TEXT);
INSERT INTO documents VALUES (1, '{"card":4111111111111111,"a":[1,{"pan":"4111111111111111"}],"n":-12.5e3}');
CREATE TABLE broken (id INTEGER PRIMARY KEY, memo TEXT);
INSERT INTO broken VALUES (1, CAST(x'83e382ab20' || '4111111111111111' || x'00ff20' || '4111111111111111' || x'81' AS TEXT));
CREATE TABLE keyless (memo TEXT, at REAL);
INSERT INTO keyless VALUES ('4111111111111111', 4111111111111111.0);
CREATE TABLE "a ""b"" 'c'" ("d ""e"" 'f'" TEXT);
INSERT INTO "a ""b"" 'c'" VALUES ('it''s 4111111111111111');
CREATE TABLE lines (id INTEGER PRIMARY KEY, memo TEXT);
INSERT INTO lines SELECT 1, group_concat('４１１１１１１１１１１１１１１１', char(10)) FROM (WITH RECURSIVE k(n) AS
    (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < 400) SELECT n FROM k);
END
cp way.db way2.db
run 2 mask --ledger way.ledger --plan plan.sql sqlite:way.db
has plan.sql 'a CHECK constraint refuses the masked value' 'another row of the plan gets the same value' \
    'another row has the masked value already' 'its key holds a number' 'pan: another table refers to it by a foreign key (paid3)' \
    'watcher is a trigger that fires' 'paid is changed along by its foreign key' 'n: a number cannot hold a mask'
cp way.db planned.db
sqlite3 planned.db <plan.sql >plan.out 2>&1
grep -q 'not this one' plan.out || fail "the trigger did not refuse: $(cat plan.out)"
run 2 mask --resume way.ledger --apply --yes --numeric null sqlite:way.db
has out 'a trigger refuses the change' 'another row would have the same value' 'its key holds a number'
grep -q 'not this one' out err && fail "the database's words were shown"
for file in way planned; do
    sqlite3 $file.db "SELECT doc FROM documents; SELECT whole, seen FROM made_of; SELECT * FROM paid JOIN wallet USING (pan);
        SELECT id, seen FROM watched ORDER BY id; SELECT t, CAST(b AS TEXT) FROM strictly; SELECT hex(memo) FROM broken;
        SELECT * FROM \"a \"\"b\"\" 'c'\"; SELECT count(DISTINCT pan) FROM uniquely; SELECT memo FROM checked;
        SELECT length(memo), length(replace(memo, '＊＊＊＊＊＊', '')), instr(memo, '４１１１１１＊＊＊＊＊＊１１１１') FROM lines;
        PRAGMA foreign_key_check; PRAGMA integrity_check" >seen.out
    cat >wanted.out <<'END'
{"card":"411111******1111","a":[1,{"pan":"411111******1111"}],"n":-12.5e3}
card 401288******1881|401288******1881
1|353011******0000
1|1
2|0
411111******1111|x411111******1111
83E382AB203431313131312A2A2A2A2A2A3131313100FF203431313131312A2A2A2A2A2A3131313181
it's 411111******1111
4
4111111111111111
6799|4399|1
ok
END
    cmp -s seen.out wanted.out || fail "$file.db: $(diff wanted.out seen.out)"
done
[ "$(sqlite3 way.db 'SELECT at IS NULL, (SELECT n IS NULL FROM strictly) FROM keyless')" = '1|1' ] || fail "numbers: not NULL"
cp way2.db way3.db
run 2 mask --ledger way3.ledger --apply --yes --numeric skip --table keyless sqlite:way3.db
has out 'left as it is, as asked'
run 1 mask --ledger sad.ledger --apply --yes --style full --table documents sqlite:way3.db
[ "$(sqlite3 way3.db "SELECT doc ->> '\$.card' FROM documents")" = '****************' ] || fail "--style full"

# ---- what others changed since is not touched ------------------------------------------------
rm -f ledger
shop shop.db UTF-8
run 2 mask --ledger ledger --plan plan.sql sqlite:shop.db
sqlite3 shop.db "UPDATE dtb_order SET message = 'changed ' || message WHERE id = 50; DELETE FROM dtb_order WHERE id = 100;
    UPDATE dtb_order SET message = NULL WHERE id = 150; UPDATE dtb_order SET note = 'kept' WHERE id = 200"
sqlite3 shop.db <plan.sql >plan.out
for id in 50 100 150; do
    grep -qxF "changed by others, not touched: dtb_order {\"id\":\"$id\"}" plan.out || fail "$id: $(cat plan.out)"
done
[ "$(grep -c 'changed by others' plan.out)" -eq 3 ] || fail "not three rows: $(cat plan.out)"
[ "$(sqlite3 shop.db 'SELECT note FROM dtb_order WHERE id = 200')" = kept ] || fail "a note was lost"
run 2 mask --resume ledger --apply --yes sqlite:shop.db
[ "$(sqlite3 shop.db "SELECT count(*) FROM dtb_order WHERE id = 50 AND message LIKE 'changed カード ____-__**-****-____ で%'")" -eq 1 ] ||
    fail "a row that was changed and has its number still was not repaired"

# ---- a plan takes the place of a file, and of nothing else ---------------------------------------
mkfifo fifo
ln -s plan.sql link
for other in fifo link .; do
    run 2 mask --ledger other.ledger --plan $other sqlite:shop.db
    has err 'what is no regular file'
    [ ! -e other.ledger ] || fail "it was swept before it was told of $other"
done
[ -p fifo ] && [ -L link ] || fail 'a FIFO or a link was replaced'

# ---- killed ------------------------------------------------------------------------------------
sqlite3 many.db "CREATE TABLE many (id INTEGER PRIMARY KEY, memo TEXT, count INTEGER DEFAULT 0);
    CREATE TRIGGER counter AFTER UPDATE OF memo ON many BEGIN UPDATE many SET count = count + 1 WHERE id = new.id; END;
    INSERT INTO many(memo) SELECT 'PAN 4111111111111111' FROM (WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k
    WHERE n < 3000) SELECT n FROM k)"
"$cardsieve" scan --quiet --ledger swept.ledger sqlite:many.db
cp swept.ledger swept.bak
cp many.db many.bak
# go_on PAUSE
ledger=killed.ledger
go_on()
{
    "$cardsieve" mask --resume "$ledger" --apply --yes --pause "$1" sqlite:many.db >out 2>err &
    child=$!
}
is_halfway_repaired()
{
    [ "$(sqlite3 many.db 'SELECT count(*) BETWEEN 1 AND 2999 FROM many WHERE count = 1' 2>/dev/null)" = 1 ]
}
kills=0
tries=0
while [ $tries -lt "${KILLS:-3}" ]; do
    tries=$((tries + 1))
    cp many.bak many.db
    cp swept.ledger killed.ledger
    starts=0
    while :; do
        starts=$((starts + 1))
        # On a quick disk it would be over before it can be killed.
        go_on 10ms
        # Once in the middle, and then when it comes.
        if [ $starts -eq 1 ]; then
            halt "$child" is_halfway_repaired
        else
            sleep_up_to $((150 * starts + 10 * starts * starts))
        fi
        kill -9 "$child" 2>/dev/null && kills=$((kills + 1))
        wait "$child" 2>/dev/null
        status=$?
        [ $status -gt 128 ] || break
    done
    [ $status -le 1 ] || fail "killed: status $status: $(cat err)"
    [ "$(sqlite3 many.db "SELECT count(*) FROM many WHERE memo = 'PAN 411111******1111' AND count = 1")" -eq 3000 ] ||
        fail "killed: $(sqlite3 many.db 'SELECT memo, count, count(*) FROM many GROUP BY 1, 2')"
    [ "$(sqlite3 killed.ledger "SELECT count(*) FROM repairs WHERE state = 'updated'")" -eq 3000 ] ||
        fail "killed: $(sqlite3 killed.ledger 'SELECT state, count(*) FROM repairs GROUP BY 1')"
done
echo "$tries repairs, $kills kills"
[ $kills -ge $tries ] || fail "$kills kills"
cp many.bak many.db
# Interrupted: what was committed stays, and it goes on.
ledger=swept.ledger
go_on 30ms
halt "$child" is_halfway_repaired
kill -TERM "$child"
kill -CONT "$child"
wait "$child"
status=$?
done_rows=$(sqlite3 many.db 'SELECT count(*) FROM many WHERE count = 1')
[ "$done_rows" -gt 0 ] && [ "$done_rows" -lt 3000 ] || fail "interrupted: $done_rows rows"
[ $status -eq 2 ] || fail "interrupted: status $status"
run 1 mask --resume swept.ledger --apply --yes sqlite:many.db
[ "$(sqlite3 many.db 'SELECT count(*) FROM many WHERE count = 1')" -eq 3000 ] || fail "not gone on with"

# ---- locked, and in WAL mode -----------------------------------------------------------------
sqlite3 wal.db "PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES ('PAN 4111111111111111')" >/dev/null
run 1 mask --ledger wal.ledger --apply --yes sqlite:wal.db
[ "$(sqlite3 wal.db 'PRAGMA journal_mode; SELECT a FROM t')" = "wal
PAN 411111******1111" ] || fail "WAL: $(sqlite3 wal.db 'PRAGMA journal_mode; SELECT a FROM t')"
# secure_delete: nothing is left in the file itself.
grep -aq 4111111111111111 wal.db && fail "the number is still in the file"
# Locked all the while: nothing is changed, and it can be gone on with.
printf 'BEGIN IMMEDIATE;\n.shell %s mask --resume swept.ledger --apply --yes sqlite:many.db >out 2>err; echo $? >status\n' "$cardsieve" >script
cp many.bak many.db
cp swept.bak swept.ledger
sqlite3 many.db <script >/dev/null
[ "$(cat status)" -eq 2 ] || fail "locked: status $(cat status)"
has err 'another program has it locked'
[ "$(sqlite3 many.db 'SELECT sum(count) FROM many')" -eq 0 ] || fail "locked: it was changed"
finish
