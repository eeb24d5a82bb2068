-- columns.sql - columns of 20,000 rows that are cards, whatever they are called, and columns
-- that only look like it, in tables and inside of documents.

CREATE TEMP TABLE digit AS
    WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < 15) SELECT i FROM k;
CREATE TEMP TABLE number AS
    WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < 20000) SELECT n FROM k;
CREATE TEMP TABLE card AS
    SELECT n, text || ((10 - (
        SELECT sum(CASE WHEN i % 2 = 0 THEN substr(text, i, 1)
                   WHEN substr(text, i, 1) > '4' THEN substr(text, i, 1) * 2 - 9
                   ELSE substr(text, i, 1) * 2 END) FROM digit) % 10) % 10) AS pan
    FROM (SELECT n, CASE n % 4 WHEN 0 THEN '453914' WHEN 1 THEN '541333' WHEN 2 THEN '355904'
              ELSE '497010' END || printf('%09d', (n * 982451653 + 57885161) % 1000000000) AS text
          FROM number);

-- Cards under names that say nothing, that say so, and that say something else.
CREATE TABLE cards (id INTEGER PRIMARY KEY, x TEXT, card_no TEXT, order_id TEXT);
INSERT INTO cards SELECT n, pan, pan, pan FROM card;

-- Nothing but look-alikes, some of them in a range of tier A.
CREATE TABLE look_alikes (
    id INTEGER PRIMARY KEY, x16 INTEGER, mixed16 TEXT, scattered16 INTEGER, jan TEXT,
    epoch_ms INTEGER, epoch_us INTEGER, uuid TEXT, phones TEXT, shop TEXT, note TEXT);
INSERT INTO look_alikes SELECT n, 4539140000000000 + n,
    CASE n % 3 WHEN 0 THEN '4539' WHEN 1 THEN '5413' ELSE '3559' END
        || printf('%012d', n * 982451653 % 1000000000000),
    4000000000000000 + n * 7919 * 104729 % 1000000000000000,
    '49' || printf('%011d', n * 7919 * 31 % 100000000000), 1700000000000 + n * 977,
    1700000000000000 + n * 977123,
    lower(printf('%08x-%04x-4%03x-8%03x-%012x', n * 2654435761 % 4294967296, n, n % 4096,
        n * 7 % 4096, n * 1099511627 % 281474976710656)),
    printf('090-%04d-%04d 03-%04d-%04d', n * 7 % 10000, n * 31 % 10000, n * 3 % 10000, n % 10000),
    '4539' || printf('%012d', n % 100 * 982451967 % 1000000000000),
    'none' FROM number;

-- Documents: each key is a column of its own.
CREATE TABLE payments (id INTEGER PRIMARY KEY, payload TEXT);
INSERT INTO payments SELECT n, json_object('aa', 4539140000000000 + n, 'items', json('[{"n":1}]'),
    'card', json_object('number', CASE WHEN n % 10 = 0 THEN pan END, 'exp_date', '12/27'))
    FROM card WHERE n <= 5000;
-- Of a hundred numbers 19 pass: of as many rows that is no chance, of a hundred it is.
CREATE TABLE visits (id INTEGER PRIMARY KEY, doc TEXT);
INSERT INTO visits SELECT n, json_object('place', '4539' || printf('%012d', n % 100 * 982451967 % 1000000000000))
    FROM number WHERE n <= 5000;
CREATE TABLE sessions (id INTEGER PRIMARY KEY, data TEXT);
INSERT INTO sessions SELECT n, CASE n % 3
    WHEN 0 THEN '_sf2|a:1:{s:5:"order";a:1:{i:0;s:16:"' || pan || '";}}'
    WHEN 1 THEN 'x=1&pay%5Bpan%5D=' || pan || '&y=2'
    ELSE '"bb"=>"' || pan || '", "cc"=>NULL' END FROM card WHERE n <= 300;

-- A weak name of a code: beside a card's column it is one, beside none it is not.
CREATE TABLE beside (id INTEGER PRIMARY KEY, card_no TEXT, expiry TEXT, cid TEXT);
INSERT INTO beside SELECT n, pan, '12/27', printf('%03d', n % 1000) FROM card WHERE n <= 50;
CREATE TABLE alone (id INTEGER PRIMARY KEY, name TEXT, cid TEXT);
INSERT INTO alone SELECT n, 'n' || n, printf('%03d', n % 1000) FROM card WHERE n <= 50;

-- Few of them, beside an expiry date: too few to call it chance.
CREATE TABLE few (id INTEGER PRIMARY KEY, no1 INTEGER, expiry TEXT);
INSERT INTO few SELECT n, CASE WHEN n = 7 THEN CAST((SELECT pan FROM card WHERE n = 7) AS INTEGER)
    ELSE 4539140000000001 + n * 10 END, '12/27' FROM number WHERE n <= 30;
CREATE TABLE few_alone AS SELECT id, no1 FROM few;

-- In a column of identifiers: what does not stand alone in its value is no chance.
CREATE TABLE noted (id INTEGER PRIMARY KEY, ref16 TEXT);
INSERT INTO noted SELECT n, CASE WHEN n = 77 THEN 'PAN' || (SELECT pan FROM card WHERE n = 77)
    ELSE 4539140000000000 + n END FROM number WHERE n <= 2000;

-- A key that could be a number is hidden, and keys without end are bounded.
CREATE TABLE keyed (id INTEGER PRIMARY KEY, doc TEXT);
INSERT INTO keyed SELECT n, json_object('k' || n, pan, 'no ' || pan, pan) FROM card WHERE n <= 400;

-- Under a key that says something else: not found, and named for it.
CREATE TABLE misnamed (id INTEGER PRIMARY KEY, doc TEXT);
INSERT INTO misnamed SELECT n, json_object('order_id', pan, 'imei', '35209900176148' || n % 10) FROM card WHERE n <= 100;

-- A key that may be NULL names no row.
CREATE TABLE nullable (code TEXT PRIMARY KEY, body TEXT);
INSERT INTO nullable SELECT NULL, pan FROM card WHERE n <= 2;
