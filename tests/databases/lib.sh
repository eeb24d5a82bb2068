# lib.sh - what the tests of databases share; beside the command's own cli.sh.
. "$(dirname "$0")/common.sh"
TMPDIR=$(fast_directory)
export TMPDIR
. "$(dirname "$0")/../golden/cli/cli.sh"
here=$(cd "$(dirname "$0")" && pwd)

# shop FILE ENCODING [PRAGMA...]: makes the shop, and expected.db beside it.
shop()
{
    file=$1 encoding=$2
    shift 2
    rm -f "$file" expected.db
    {
        echo "PRAGMA encoding = '$encoding';"
        for pragma; do echo "PRAGMA $pragma;"; done
        echo "ATTACH 'expected.db' AS expected;"
        echo "CREATE TABLE expected.planted(place, field, row, pan);"
        echo "CREATE TABLE expected.codes(place, field, row);"
        echo "BEGIN;"
        cat "$here/shop.sql"
        echo "COMMIT;"
    } | sqlite3 "$file" >/dev/null || fail "the shop could not be made"
    # In UTF-8 whatever the shop is in.
    sqlite3 expected.db .dump >expected.sql
    rm expected.db
    sqlite3 expected.db <expected.sql
    rm expected.sql
}

# lines FILE: a query over the objects of a JSON Lines file.
lines()
{
    echo "(SELECT value AS line FROM json_each('[' || replace(rtrim(readfile('$1'), char(10)), char(10), ',') || ']'))"
}

# same_as_planted FILE: what was found in it is what was planted, no more and no less.
same_as_planted()
{
    sqlite3 expected.db >difference <<END
CREATE TEMP TABLE found AS SELECT line ->> '\$.table' AS place, line ->> '\$.column' AS field,
    json(line -> '\$.row') AS row, line ->> '\$.masked' AS masked, line ->> '\$.kind' AS kind,
    line ->> '\$.confidence' AS confidence FROM $(lines "$1") WHERE line ->> '\$.event' = 'finding'
    AND line ->> '\$.table' <> 'search_data'; -- the index of words, which cuts what they begin with
SELECT 'missing', place, field, row FROM planted p WHERE NOT EXISTS (SELECT 1 FROM found f
    WHERE f.place = p.place AND f.field = p.field AND f.row = json(p.row)
    AND f.masked = substr(p.pan, 1, 6) || '******' || substr(p.pan, 13));
SELECT 'missing code', place, field, row FROM codes p WHERE NOT EXISTS (SELECT 1 FROM found f
    WHERE f.place = p.place AND f.field = p.field AND f.row = json(p.row) AND f.kind = 'security_code');
SELECT 'not planted', place, field, row, masked, confidence FROM found f WHERE NOT EXISTS (
    SELECT 1 FROM planted p WHERE f.place = p.place AND f.field = p.field AND f.row = json(p.row))
    AND NOT EXISTS (SELECT 1 FROM codes p
    WHERE f.place = p.place AND f.field = p.field AND f.row = json(p.row)) LIMIT 50;
SELECT 'twice', place, field, row, count(*) FROM found GROUP BY place, field, row, masked HAVING count(*) > 1;
END
    [ ! -s difference ] || {
        fail "$1 is not what was planted:"
        head -n 40 difference >&2
    }
}

# no_clear_number FILE...: none of the planted numbers stands in them.
no_clear_number()
{
    sqlite3 expected.db "SELECT pan FROM planted" >numbers
    for file; do
        if grep -aqF -f numbers "$file"; then
            fail "$file holds a clear number"
        fi
    done
    rm numbers
}
