# lib.sh - what the tests of reports share; beside the command's own cli.sh.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../databases/common.sh"
TMPDIR=$(fast_directory)
export TMPDIR
. "$here/../cli/cli.sh"
command -v sqlite3 >/dev/null || exit 77
command -v python3 >/dev/null || exit 77
SOURCE_DATE_EPOCH=1767225600
TZ=Asia/Tokyo
export SOURCE_DATE_EPOCH TZ

formats='text html csv sarif jsonl'

# shop FILE: tables of people who name things badly, one of them on purpose.
shop()
{
    rm -f "$1"
    {
        cat <<'SQL'
CREATE TABLE orders (id INTEGER PRIMARY KEY, memo TEXT, sess TEXT, stamp INTEGER);
INSERT INTO orders VALUES (1, 'card 4111 1111 1111 1111', 'card_no=3530111333300000&cvv=123', 1),
    (2, 'nothing', NULL, 2), (3, 'カード番号：４２４２－４２４２－４２４２－４２４２', 'cvv=999', 3);
CREATE TABLE "<script>alert(1)</script>" ("<img src=x onerror=alert(2)>" TEXT PRIMARY KEY, "a&amp;'""" TEXT);
INSERT INTO "<script>alert(1)</script>" VALUES ('<b>"x" & ''y''</b>', 'card 5555555555554444');
CREATE TABLE "=cmd|'/C calc'!A0" ("=1+1" TEXT PRIMARY KEY, "@sum" TEXT);
INSERT INTO "=cmd|'/C calc'!A0" VALUES ('=HYPERLINK("x")', 'card 5555555555554444');
CREATE TABLE "受注" ("会員番号" TEXT PRIMARY KEY, "＝備考" TEXT);
INSERT INTO "受注" VALUES ('あ', 'card 378282246310005');
CREATE TABLE hooks (id INTEGER PRIMARY KEY, body TEXT);
INSERT INTO hooks VALUES (7, '{"card":{"number":"4111111111111111","cvc":"123"},"<i>":"=x"}'), (8, '{"a":1}');
CREATE TABLE "[x](https://e.example/{0})" ("]" TEXT PRIMARY KEY, "{1}" TEXT);
INSERT INTO "[x](https://e.example/{0})" VALUES ('[y](z)', 'card 4012888888881881');
SQL
        printf 'CREATE TABLE "rtl \342\200\256live" ("tab\tcr\r\001" TEXT PRIMARY KEY, "nl\nx" TEXT);'
        printf 'INSERT INTO "rtl \342\200\256live" VALUES (char(9, 13, 27, 8238, 10), '
        printf "'card 4012888888881881');\n"
    } | sqlite3 "$1" || fail "the shop could not be made"
}

# steady LEDGER: what differs from run to run and from version to version is set.
steady()
{
    sqlite3 "$1" <<'SQL' || fail "the ledger could not be set"
DELETE FROM tables WHERE name = '(freed pages)' AND id NOT IN (SELECT table_id FROM findings);
DELETE FROM columns WHERE table_id NOT IN (SELECT id FROM tables);
DELETE FROM ranges WHERE table_id NOT IN (SELECT id FROM tables);
UPDATE run SET started = 1767222000, version = '1.2.3';
UPDATE ranges SET started = 1767222000, finished = 1767223600, bytes = 1000;
UPDATE columns SET reason = 'this is the arithmetic' WHERE reason IS NOT NULL;
UPDATE columns SET verdict = 'text with cards' WHERE verdict NOT IN ('clean');
UPDATE keys SET reason = 'this is the arithmetic' WHERE reason IS NOT NULL;
UPDATE keys SET verdict = 'card column' WHERE verdict NOT IN ('clean');
UPDATE findings SET reasons = 'range luhn';
SQL
}

# edit SQL...: a fresh copy of the ledger, edited, lies in `edited`.
edit()
{
    cp ledger edited
    { echo 'PRAGMA synchronous = 0;'; printf '%s;\n' "$@"; } | sqlite3 edited || fail "not edited: $*"
}
