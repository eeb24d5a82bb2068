#!/bin/sh
# What a report is: valid in its format whatever the names are, complete only if the sweep
# was, written whole or not at all.
. "$(dirname "$0")/lib.sh"

check()
{
    format=$1
    shift
    [ $format = text ] || "$here/check_report.py" $format "$@" >&2 || fail "$format: $*"
}

shop shop.db
run 1 scan -q --ledger ledger sqlite:shop.db
for format in $formats; do
    for language in en ja; do
        run 1 report -f $format -l $language ledger
        check $format out
        same "$(grep -c "$(printf '\033')" out)" 0 "control characters"
        # JSON Lines tell a script the names as they are.
        [ $format = jsonl ] ||
            same "$(grep -c "$(printf '\342\200\256')" out)" 0 "overrides of direction"
    done
done

# The events are those of the sweep itself, in whatever order.
run 1 scan -f jsonl --resume ledger sqlite:shop.db
grep '"event":"finding"' out | sort >told
run 1 report -f jsonl ledger
grep '"event":"finding"' out | sort >again
cmp told again || fail "the findings are others than the sweep's"
diff told again | head -n 4 >&2

# The format by the file's ending; mode, replacement, what may not be replaced.
umask 022
for pair in txt:Inventory html:DOCTYPE csv:record sarif:2.1.0 jsonl:summary; do
    echo old >"r.${pair%%:*}"
    run 1 report -o "r.${pair%%:*}" ledger
    has "r.${pair%%:*}" "${pair##*:}"
    same "$(stat -c %a "r.${pair%%:*}")" 600
    [ ! -s out ] && [ ! -s err ] || fail "something was printed"
done
run 1 report -f csv -o r.html ledger
has r.html record,target
run 2 report -o ledger ledger
has err 'it is the ledger itself'
ln -s ledger link
run 2 report -o link ledger
has err 'it is the ledger itself'
run 2 report -o . ledger
run 2 report -o nowhere/x ledger
run 1 report -o /dev/null ledger
run 2 report -o /dev/full ledger
has err 'no space left on the device'
echo old >kept.html
edit "UPDATE findings SET form = 'smoke' WHERE id = (SELECT max(id) FROM findings)"
run 2 report -o kept.html edited
same "$(cat kept.html)" old "a half-written report took its place"
same "$(find . -name '.cardsieve*' | wc -l)" 0 "something was left behind"
"$cardsieve" report -f csv ledger | head -n 1 >out
has out record,target

# The language is that of the locale.
LC_ALL=ja_JP.UTF-8 run 1 report ledger
has out 'カード情報の所在一覧'
LC_ALL=C LANG=ja_JP.UTF-8 run 1 report ledger
has out 'Inventory of payment card data'
run 1 report -l ja -f csv ledger
same "$(head -c 3 out | od -An -tx1 | tr -d ' ')" efbbbf "the byte order mark"
run 1 report -l en -f csv ledger
same "$(head -c 6 out)" record

# How many single findings.
run 1 report --findings 0 ledger
has_not out 'Single findings' '411111******1111'
run 1 report -f html --findings 2 ledger
has out '2 findings are listed here, and there are'
check html out
same "$(grep -c 'class="masked"' out)" 2
run 1 report -f csv --findings 0 ledger
has out '"finding"'

# Wrong arguments.
run 2 report
has err 'no ledger'
run 2 report ledger ledger
has err 'one ledger at a time'
run 2 report -f pdf ledger
run 2 report -l fr ledger
run 2 report --findings many ledger
run 2 report /nowhere/x
has err '/nowhere/x: '
run 2 report shop.db
has err 'it is no ledger of this program'
head -c 5000 /dev/urandom >noise
run 2 report noise
: >empty
run 2 report empty

# The status is that of the sweep.
sqlite3 clean.db "CREATE TABLE t(a); INSERT INTO t VALUES ('x')"
run 0 scan -q --ledger clean sqlite:clean.db
run 0 report clean
has out 'COMPLETE: Every row' 'No card data was found.'
run 0 report -f html clean
has out 'class="state good"' 'No card data was found.'
check html out
sqlite3 clean "UPDATE tables SET finished = NULL WHERE name = 't'"
run 2 report clean
has out 'INCOMPLETE' 'That proves nothing about the rest' 'it was not read to its end'
has_not out 'No card data was found.'

# A sample is never clean.
sqlite3 clean "UPDATE tables SET reason = 'only a sample of it was read'"
run 2 report clean
has out 'SAMPLE ONLY, INCOMPLETE'
has_not out 'No card data was found.' 'COMPLETE: Every row'
run 2 report -l ja -f html clean
has out '抽出検査のみ・不完全'
run 2 report -f sarif clean
has out '"sample":true' '"complete":false'
check sarif out
sqlite3 clean "DELETE FROM tables; DELETE FROM ranges; DELETE FROM columns"
run 0 report clean
has out 'COMPLETE: Every row'
sqlite3 clean "INSERT INTO databases VALUES ('second', 'no permission')"
run 2 report clean
has out 'INCOMPLETE: Of 2 databases, 1 were not read' '  second: no permission'
for format in html csv sarif jsonl; do
    run 2 report -f $format clean
    check $format out
    has out second
done
sqlite3 clean "DELETE FROM databases"
run 2 report clean
has out 'INCOMPLETE: The ledger tells of no database'
run 2 report -f jsonl clean
has out '"complete":false'

# What was asked for, and a value that could not be read.
sqlite3 part.db "CREATE TABLE one(a PRIMARY KEY, b); INSERT INTO one VALUES ('x', 'y'); CREATE TABLE two(a)"
run 0 scan -q --ledger part --table one sqlite:part.db
run 0 report part
has out 'Asked for only: table one'
run 1 scan -q --ledger kinds --kind pan,track2 --brand visa,jcb sqlite:shop.db
run 1 report kinds
has out 'Asked for only: kind pan, kind track2, brand visa, jcb'
sqlite3 part "INSERT INTO unexamined(table_id, range, number, row, rows, reason, code)
    SELECT id, 0, 1, '{\"a\":\"x\"}', 0, 'it is damaged', '' FROM tables WHERE name = 'one'"
run 2 report -l ja part
has out '不完全' 'one.b [a=x]: 壊れている'
for format in html csv sarif jsonl; do
    run 2 report -f $format part
    check $format out
    has out 'it is damaged'
done

# What became of rows that were repaired, and of one that could not be.
sqlite3 mend.db "CREATE TABLE t(id INTEGER PRIMARY KEY, pan TEXT CHECK (pan NOT LIKE '%*%'), memo TEXT)" \
    "INSERT INTO t VALUES (1, '4111111111111111', 'card 4111 1111 1111 1111'), (2, NULL, 'cvv=123')"
run 1 scan -q --ledger mend sqlite:mend.db
run 1 report mend
has_not out 'Repaired rows'
"$cardsieve" mask --resume mend --apply --yes >/dev/null 2>&1 </dev/null
run 1 report mend
has out 'Repaired rows' 't [id=1]: could not be repaired' 't [id=2]: updated and looked at again' \
    'Rows that could not be repaired: 1'
for format in html csv sarif jsonl; do
    run 1 report -f $format mend
    check $format out
done
run 1 report -f csv mend
has out '"repair","sqlite:mend.db"'

# Of a sweep that was killed, and while one is running.
sqlite3 large.db "CREATE TABLE t(a TEXT); WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k
    WHERE n < 300000) INSERT INTO t SELECT 'card 4111 1111 1111 1111, ' || n FROM k"
"$cardsieve" scan -q --rate 1M --ledger killed sqlite:large.db >/dev/null 2>&1 &
sweep=$!
until_true is_halfway killed
"$cardsieve" report killed >out 2>err
status=$?
[ $status -eq 1 ] || [ $status -eq 2 ] || fail "while it runs: status $status"
has out 'INCOMPLETE'
kill -KILL $sweep
wait $sweep 2>/dev/null
"$cardsieve" report -f html killed >out 2>err
has out 'INCOMPLETE' 'it was not read to its end'
check html out
"$cardsieve" scan -q --resume killed >/dev/null
run 1 report killed
has out 'COMPLETE: Every row' 'The sweep saw 2 snapshots' '300,000 of 300,000'
finish
