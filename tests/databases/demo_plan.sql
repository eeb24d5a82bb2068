-- Repair plan
--
-- Target: sqlite:demo.db
-- Ledger: demo.ledger
--
-- Takes the digits of card numbers and of sensitive authentication data out of
-- the rows below, and nothing else.  Each UPDATE is guarded: a row that was
-- changed since this plan was made is not touched, and told at the end.
--
-- Serves PCI DSS v4 requirements 3.2.1 (keep as little as possible), 3.3.1 (no
-- sensitive authentication data after authorisation), 3.5.1 (stored numbers
-- unreadable), and non-retention under the Credit Card Security Guidelines of
-- Japan (クレジットカード・セキュリティガイドライン, 非保持化).  It limits damage;
-- by itself it makes nobody non-retaining.
--
-- Rows with findings: 7
-- Rows in this plan: 7
-- Transactions: 3
-- Run it with: sqlite3 FILE <PLAN
--
-- Findings by table and column, sensitive authentication data first:
--   dtb_session sess_data: 2, of these sensitive authentication data: 1
--   dtb_order message: 2
--   plg_payment_log request: 4
--
-- Conflicts: none
--
-- Afterwards:
--   Free pages and the write-ahead log may still hold the numbers:
--     PRAGMA wal_checkpoint(TRUNCATE); VACUUM; ANALYZE;
--     (VACUUM needs room for a second copy of the file for a while.)
--   Full-text indexes keep words of old rows until they are rebuilt.
--   Backups and copies of the file hold the numbers: replace or destroy them.
--   Then scan again.

PRAGMA busy_timeout=10000;
PRAGMA secure_delete=ON;
PRAGMA foreign_keys=ON;
CREATE TEMP TABLE cardsieve_repair(number INTEGER PRIMARY KEY, name TEXT, updated INTEGER CHECK (updated IN (0, 1)));

-- Batch 1: dtb_session; sensitive authentication data
BEGIN IMMEDIATE;
UPDATE main."dtb_session" SET "sess_data"=CAST((substr("sess_data",1,47)||x'2a2a2a2a2a2a'||substr("sess_data",54,21)||x'2a2a2a'||substr("sess_data",78)) AS BLOB) WHERE "sess_id"='s42' AND typeof("sess_data")='blob' AND length("sess_data")=80 AND hex(substr("sess_data",42,16)) GLOB '3335333031313[0-9]3[0-9]3[0-9]3[0-9]3[0-9]3[0-9]30303030' AND hex(substr("sess_data",75,3)) GLOB '3[0-9]3[0-9]3[0-9]';
INSERT INTO temp.cardsieve_repair VALUES(1, 'dtb_session {"sess_id":"s42"}', changes());
COMMIT;

-- Batch 2: dtb_order
BEGIN IMMEDIATE;
UPDATE main."dtb_order" SET "message"=(substr("message",1,13)||'＊＊'||substr("message",16,1)||'＊＊＊＊'||substr("message",21)) WHERE rowid=731 AND typeof("message")='text' AND length("message")=39 AND substr("message",7,19) GLOB '４１１１?１１[０-９][０-９]?[０-９][０-９][０-９][０-９]?１１１１';
INSERT INTO temp.cardsieve_repair VALUES(2, 'dtb_order {"id":"731"}', changes());
UPDATE main."dtb_order" SET "message"=(substr("message",1,13)||'**'||substr("message",16,1)||'****'||substr("message",21)) WHERE rowid=1200 AND typeof("message")='text' AND length("message")=31 AND substr("message",7,19) GLOB '5555 55[0-9][0-9] [0-9][0-9][0-9][0-9] 4444';
INSERT INTO temp.cardsieve_repair VALUES(3, 'dtb_order {"id":"1200"}', changes());
COMMIT;

-- Batch 3: plg_payment_log
BEGIN IMMEDIATE;
UPDATE main."plg_payment_log" SET "request"=(substr("request",1,29)||'******'||substr("request",36)) WHERE rowid=500 AND typeof("request")='text' AND length("request")=41 AND substr("request",24,16) GLOB '411111[0-9][0-9][0-9][0-9][0-9][0-9]1111';
INSERT INTO temp.cardsieve_repair VALUES(4, 'plg_payment_log {"id":"500"}', changes());
UPDATE main."plg_payment_log" SET "request"=(substr("request",1,30)||'******'||substr("request",37)) WHERE rowid=1000 AND typeof("request")='text' AND length("request")=42 AND substr("request",25,16) GLOB '411111[0-9][0-9][0-9][0-9][0-9][0-9]1111';
INSERT INTO temp.cardsieve_repair VALUES(5, 'plg_payment_log {"id":"1000"}', changes());
UPDATE main."plg_payment_log" SET "request"=(substr("request",1,30)||'******'||substr("request",37)) WHERE rowid=1500 AND typeof("request")='text' AND length("request")=42 AND substr("request",25,16) GLOB '411111[0-9][0-9][0-9][0-9][0-9][0-9]1111';
INSERT INTO temp.cardsieve_repair VALUES(6, 'plg_payment_log {"id":"1500"}', changes());
UPDATE main."plg_payment_log" SET "request"=(substr("request",1,30)||'******'||substr("request",37)) WHERE rowid=2000 AND typeof("request")='text' AND length("request")=42 AND substr("request",25,16) GLOB '411111[0-9][0-9][0-9][0-9][0-9][0-9]1111';
INSERT INTO temp.cardsieve_repair VALUES(7, 'plg_payment_log {"id":"2000"}', changes());
COMMIT;

SELECT 'rows updated: ' || CAST(total(updated) AS INTEGER) || ' of ' || 7 FROM temp.cardsieve_repair;
SELECT 'changed by others, not touched: ' || name FROM temp.cardsieve_repair WHERE updated = 0;
DROP TABLE temp.cardsieve_repair;
