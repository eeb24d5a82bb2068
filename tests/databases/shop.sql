-- shop.sql - a small shop as EC-CUBE keeps one, with cards in all the places where they
-- end up, and columns that only look like cards.  What was planted stands in
-- expected.planted: table, column, the row's key as JSON, the masked number.
--
-- The numbers are made here: a range's prefix, digits that depend on the row, Luhn.

CREATE TEMP TABLE digit AS
    WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < 15) SELECT i FROM k;
CREATE TEMP TABLE card AS
    WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < 600),
    body(n, text) AS (
        SELECT n, CASE n % 4 WHEN 0 THEN '453914' WHEN 1 THEN '541333' WHEN 2 THEN '355904'
                  ELSE '497010' END || printf('%09d', (n * 982451653 + 57885161) % 1000000000)
        FROM k)
    SELECT n, text || ((10 - (
        SELECT sum(CASE WHEN i % 2 = 0 THEN substr(text, i, 1)
                   WHEN substr(text, i, 1) > '4' THEN substr(text, i, 1) * 2 - 9
                   ELSE substr(text, i, 1) * 2 END) FROM digit) % 10) % 10) AS pan
    FROM body;

CREATE TEMP TABLE number AS
    WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < 3000) SELECT n FROM k;

-- ---- orders: memo and JSON ---------------------------------------------------------------

CREATE TABLE dtb_order (
    id INTEGER PRIMARY KEY, order_no TEXT, name01 TEXT, email TEXT, message TEXT, note TEXT,
    payment_total NUMERIC, create_date TEXT, UNIQUE (order_no));
INSERT INTO dtb_order
    SELECT n, printf('%08d', n), '山田', 'user' || n || '@example.com',
        CASE WHEN n % 50 = 0 THEN 'カード ' || (SELECT substr(pan, 1, 4) || '-' || substr(pan, 5, 4)
            || '-' || substr(pan, 9, 4) || '-' || substr(pan, 13) FROM card WHERE card.n = number.n / 50)
            || ' で決済をお願いします' ELSE '平日の午前に届けてください' END,
        NULL, n * 108, datetime(1700000000 + n * 61, 'unixepoch')
    FROM number;
INSERT INTO expected.planted
    SELECT 'dtb_order', 'message', json_object('id', printf('%d', n * 50)), pan FROM card WHERE n <= 60;

-- ---- sessions: PHP and JSON in a BLOB, WITHOUT ROWID ---------------------------------------

CREATE TABLE dtb_session (sess_id TEXT PRIMARY KEY, sess_data BLOB, sess_time INTEGER) WITHOUT ROWID;
INSERT INTO dtb_session
    SELECT printf('s%05d', n), CAST(CASE WHEN n % 100 = 0 THEN
            '_sf2|a:1:{s:7:"card_no";s:16:"' || (SELECT pan FROM card WHERE card.n = 100 + number.n / 100) || '";}'
        ELSE '_sf2|a:1:{s:4:"cart";i:' || n || ';}' END AS BLOB), 1700000000 + n
    FROM number;
INSERT INTO expected.planted
    SELECT 'dtb_session', 'sess_data', json_object('sess_id', printf('s%05d', (n - 100) * 100)), pan
    FROM card WHERE n BETWEEN 101 AND 130;

-- ---- a log of requests -----------------------------------------------------------------------

CREATE TABLE plg_payment_log (id INTEGER PRIMARY KEY AUTOINCREMENT, request TEXT, response TEXT);
INSERT INTO plg_payment_log (request, response)
    SELECT CASE WHEN n % 60 = 0 THEN json_object('amount', n, 'pan', (SELECT pan FROM card
            WHERE card.n = 150 + number.n / 60)) ELSE json_object('amount', n) END,
        '{"status":"ok","transaction":"' || lower(printf('%08x-%04x-4%03x-8%03x-%012x', n * 2654435761 % 4294967296,
            n, n % 4096, n * 7 % 4096, n * 1099511627 % 281474976710656)) || '"}'
    FROM number;
INSERT INTO expected.planted
    SELECT 'plg_payment_log', 'request', json_object('id', printf('%d', (n - 150) * 60)), pan
    FROM card WHERE n BETWEEN 151 AND 200;

-- ---- numbers as integers, codes, a composite key ------------------------------------------------

CREATE TABLE dtb_card (
    customer_id INTEGER, seq INTEGER, card_no INTEGER, security_code TEXT, expiry TEXT,
    PRIMARY KEY (customer_id, seq));
INSERT INTO dtb_card SELECT n, 1 + n % 3, CAST(pan AS INTEGER), printf('%03d', n % 1000), '12/27'
    FROM card WHERE n BETWEEN 201 AND 260;
INSERT INTO expected.planted
    SELECT 'dtb_card', 'card_no', json_object('customer_id', printf('%d', n), 'seq', printf('%d', 1 + n % 3)), pan
    FROM card WHERE n BETWEEN 201 AND 260;
INSERT INTO expected.codes
    SELECT 'dtb_card', 'security_code', json_object('customer_id', printf('%d', n), 'seq', printf('%d', 1 + n % 3))
    FROM card WHERE n BETWEEN 201 AND 260;

-- ---- odd names, a number as a real, a table without a key ---------------------------------------

CREATE TABLE "Order ""x""; drop" ("a ""b"" column" TEXT, r REAL);
INSERT INTO "Order ""x""; drop" SELECT CASE WHEN n % 2 THEN pan END, CASE WHEN n % 2 = 0 THEN CAST(pan AS REAL) END
    FROM card WHERE n BETWEEN 261 AND 280;
INSERT INTO expected.planted
    SELECT 'Order "x"; drop', CASE WHEN n % 2 THEN 'a "b" column' ELSE 'r' END,
        json_object('rowid', printf('%d', n - 260)), pan
    FROM card WHERE n BETWEEN 261 AND 280;

CREATE TABLE 決済ログ (番号 INTEGER PRIMARY KEY, 内容 TEXT);
INSERT INTO 決済ログ SELECT n, 'ﾕｰｻﾞｰ番号は' || pan || 'です' FROM card WHERE n BETWEEN 281 AND 300;
INSERT INTO expected.planted
    SELECT '決済ログ', '内容', json_object('番号', printf('%d', n)), pan FROM card WHERE n BETWEEN 281 AND 300;

-- ---- a number as a key: its row is named by the masked number -------------------------------------

CREATE TABLE wallet (pan TEXT PRIMARY KEY, owner TEXT) WITHOUT ROWID;
INSERT INTO wallet SELECT pan, 'u' || n FROM card WHERE n BETWEEN 301 AND 310;
INSERT INTO expected.planted
    SELECT 'wallet', 'pan', json_object('pan', substr(pan, 1, 6) || '******' || substr(pan, 13)), pan
    FROM card WHERE n BETWEEN 301 AND 310;

-- ---- named by a unique index; rowid taken by a column ----------------------------------------------

CREATE TABLE contact (code TEXT NOT NULL, body TEXT);
CREATE UNIQUE INDEX contact_code ON contact (code);
INSERT INTO contact SELECT 'c' || n, 'PAN' || pan || 'EXP' FROM card WHERE n BETWEEN 311 AND 320;
INSERT INTO expected.planted
    SELECT 'contact', 'body', json_object('code', 'c' || n), pan FROM card WHERE n BETWEEN 311 AND 320;

CREATE TABLE taken (rowid TEXT, body ANY);
INSERT INTO taken SELECT 'mine', pan FROM card WHERE n BETWEEN 321 AND 325;
INSERT INTO expected.planted
    SELECT 'taken', 'body', json_object('rowid', printf('%d', n - 320)), pan FROM card WHERE n BETWEEN 321 AND 325;

-- ---- full text: what it keeps is in its shadow tables -----------------------------------------------

CREATE VIRTUAL TABLE search USING fts5(body);
INSERT INTO search SELECT 'card ' || pan FROM card WHERE n BETWEEN 331 AND 333;
INSERT INTO expected.planted
    SELECT 'search_content', 'c0', json_object('id', printf('%d', n - 330)), pan FROM card WHERE n BETWEEN 331 AND 333;

-- ---- a name that says something else, and is wrong ------------------------------------------------------

CREATE TABLE mixed_up (id INTEGER PRIMARY KEY, order_id INTEGER);
INSERT INTO mixed_up SELECT n, CAST(pan AS INTEGER) FROM card WHERE n BETWEEN 341 AND 380;
INSERT INTO expected.planted
    SELECT 'mixed_up', 'order_id', json_object('id', printf('%d', n)), pan FROM card WHERE n BETWEEN 341 AND 380;

-- ---- only look-alikes ----------------------------------------------------------------------------------

CREATE TABLE look_alikes (
    order_id INTEGER PRIMARY KEY, measure INTEGER, jan TEXT, epoch_ms INTEGER, uuid TEXT,
    phone TEXT, slip TEXT, snowflake INTEGER, trace TEXT, price REAL);
INSERT INTO look_alikes
    SELECT 4539140000000000 + n * 13, 4000000000000000 + n * 7919 * 104729 % 1000000000000000,
        '49' || printf('%011d', n * 7919 * 31 % 100000000000), 1700000000000 + n * 977,
        lower(printf('%08x-%04x-4%03x-8%03x-%012x', n * 2654435761 % 4294967296, n, n % 4096,
            n * 7 % 4096, n * 1099511627 % 281474976710656)),
        printf('090-%04d-%04d', n * 7 % 10000, n * 31 % 10000),
        printf('%012d', n * 104729 * 13), 7000000000000000000 + n * 4194304,
        lower(printf('%016x%016x', n * 1442695040888963407, n * 6364136223846793005)), n * 1.08
    FROM number;
CREATE VIEW everything AS SELECT * FROM dtb_card;
