#!/bin/sh
# Every format in every language, byte by byte.  After a change that is meant:
#
#     UPDATE=1 tests/golden/report/golden.sh build/debug/cardsieve
. "$(dirname "$0")/lib.sh"

shop shop.db
run 1 scan -q -j1 --ledger ledger sqlite:shop.db
steady ledger
# One that was not read to its end, and one with identifiers that pass by chance.
sqlite3 ledger "UPDATE findings SET confidence = 'low' WHERE number = (SELECT number FROM columns c
    WHERE c.name = '{1}' AND c.table_id = findings.table_id); UPDATE tables SET reason = 'permission denied', rows = NULL, finished = NULL
    WHERE name = '受注'; UPDATE columns SET verdict = 'id column, chance hits', \"values\" = 40,
    numbers = 40, luhn = 4 WHERE name = '{1}'"
for format in $formats; do
    for language in en ja; do
        run 1 report --format $format --lang $language --title 'Audit <1>' ledger
        name=expected.$language.$format
        if [ "${UPDATE-}" ]; then
            cp out "$here/$name"
        elif ! cmp -s "$here/$name" out; then
            fail "$name: the report is another"
            diff -u "$here/$name" out | head -n 40 >&2
        fi
    done
done
finish
