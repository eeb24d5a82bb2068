/* fuzz_ledger.c - a ledger that somebody edited: whatever its fields hold, a report is
 * made or a reason given, and a card number that was put into it does not come out.
 *
 * The input is a format and then edits: a field, a kind of value, a length, the value.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "job/inventory.h"
#include "job/ledger.h"
#include "source/sql.h"

/* A made number; its digits stand nowhere else. */
#define CANARY "4539148803436467"

static const char *const fields[] = {
    "run SET target",        "run SET options",        "run SET version",
    "run SET started",       "choices SET pattern",    "databases SET name",
    "databases SET reason",  "snapshots SET database", "tables SET schema",
    "tables SET name",       "tables SET rows",        "tables SET reason",
    "tables SET finished",   "tables SET ranges",      "columns SET name",
    "columns SET verdict",   "columns SET reason",     "columns SET \"values\"",
    "columns SET luhn",      "columns SET left_out",   "ranges SET rows",
    "ranges SET bytes",      "ranges SET finished",    "ranges SET range",
    "findings SET row",      "findings SET offset",    "findings SET length",
    "findings SET kind",     "findings SET brand",     "findings SET digits",
    "findings SET masked",   "findings SET form",      "findings SET confidence",
    "findings SET reasons",  "findings SET card",      "findings SET key",
    "findings SET table_id", "findings SET number",    "unexamined SET row",
    "unexamined SET reason", "unexamined SET number",  "tables SET database",
    "keys SET key",          "keys SET verdict",       "findings SET test_number",
};
#define FIELD_COUNT (sizeof fields / sizeof fields[0])

static char path[] = "/tmp/fuzz_ledger.XXXXXX";
static unsigned char *whole; /* the ledger as a sweep leaves it */
static size_t whole_length;

static void must(int is_so)
{
    if (!is_so)
        abort();
}

static void drop(void)
{
    unlink(path);
    free(whole);
}

static void fill(struct ledger *ledger)
{
    const struct ledger_table table = {NULL, "public", "orders", "cut", 1, 2};
    const struct ledger_range range = {.rows = 2, .bytes = 64, .started = 1700000000};
    const struct cell_counts counts = {.values = 2, .bytes = 64};
    const struct ledger_missed missed = {"{}", "", 1, 0, 0, "it is damaged", ""};
    struct ledger_finding found = {
        .row = "{\"id\":\"42\"}",
        .locator = "42",
        .card = 1,
        .finding = {.offset = 5,
                    .length = 16,
                    .digit_count = 16,
                    .kind = SIEVE_KIND_PAN,
                    .confidence = SIEVE_HIGH,
                    .shown = "411111******1111",
                    .reason_count = 1,
                    .reasons = {"range"}},
    };
    struct ledger_range in = range;
    const struct ledger_counts all = {.columns = &counts, .column_count = 1};
    must(ledger_put_choice(ledger, "table", "orders") == SIEVE_OK);
    must(ledger_database(ledger, "shop", NULL) == SIEVE_OK);
    must(ledger_begin_snapshot(ledger, "shop") == SIEVE_OK);
    must(ledger_table(ledger, &table, &in.table) == SIEVE_OK);
    must(ledger_column(ledger, in.table, 0, "memo", "TEXT", NULL) == SIEVE_OK);
    must(ledger_column(ledger, in.table, 1, "id", "INTEGER", "not asked for") ==
         SIEVE_OK);
    must(ledger_add(ledger, &in, &found) == SIEVE_OK);
    found.finding.kind = SIEVE_KIND_SECURITY_CODE;
    (void)snprintf(found.finding.shown, sizeof found.finding.shown, "***");
    found.key = "card.cvv";
    must(ledger_add(ledger, &in, &found) == SIEVE_OK);
    must(ledger_miss(ledger, &in, &missed) == SIEVE_OK);
    must(ledger_end_range(ledger, &in, &all) == SIEVE_OK);
    must(ledger_end_table(ledger, in.table, 2, NULL) == SIEVE_OK);
}

static void make_whole(void)
{
    struct ledger *ledger = NULL;
    const char *reason = NULL;
    must(close(mkstemp(path)) == 0);
    unlink(path);
    must(ledger_create(path, "postgresql:///shop", "confidence medium", &ledger,
                       &reason) == SIEVE_OK);
    fill(ledger);
    must(ledger_close(ledger) == SIEVE_OK);
    FILE *file = fopen(path, "rb");
    must(file != NULL && fseek(file, 0, SEEK_END) == 0);
    whole_length = (size_t)ftell(file);
    rewind(file);
    whole = malloc(whole_length);
    must(whole && fread(whole, 1, whole_length, file) == whole_length);
    fclose(file);
    atexit(drop);
}

static void restore(void)
{
    FILE *file = fopen(path, "wb");
    must(file && fwrite(whole, 1, whole_length, file) == whole_length);
    must(fclose(file) == 0);
}

/* One edit; what SQLite refuses is no edit. */
static void edit(struct sql *sql, size_t field, unsigned kind, struct bytes value)
{
    char text[96];
    struct sql_query *query = NULL;
    int64_t number = 0;
    (void)snprintf(text, sizeof text, "UPDATE %s = %s", fields[field % FIELD_COUNT],
                   kind == 2 ? "CAST(?1 AS BLOB)" : "?1");
    must(sql_prepare(sql, bytes_of_text(text), &query) == SIEVE_OK);
    memcpy(&number, value.at, value.length < 8 ? value.length : 8);
    if (kind == 0 || kind == 2)
        sql_bind_bytes(query, 1, value);
    else if (kind == 1)
        sql_bind_number(query, 1, number);
    else
        sql_bind_text(query, 1, NULL);
    (void)!sql_finish(query);
    sql_done(query);
}

static void edit_all(const uint8_t *data, size_t size)
{
    struct sql *sql = NULL;
    const char *reason = NULL;
    must(sql_open(path, SQL_WRITE, &sql, &reason) == SIEVE_OK);
    must(sql_run(sql, "PRAGMA synchronous = 0") == SIEVE_OK);
    while (size >= 3) {
        const size_t length = data[2] < size - 3 ? data[2] : size - 3;
        edit(sql, data[0], data[1] % 4, bytes_of(data + 3, length));
        data += 3 + length;
        size -= 3 + length;
    }
    sql_close(sql);
}

/* 1 if the number stands there by itself. */
static int is_shown(const char *text, size_t length)
{
    const size_t digits = sizeof CANARY - 1;
    for (size_t at = 0; at + digits <= length; at++) {
        if (memcmp(text + at, CANARY, digits) != 0)
            continue;
        const int before = at > 0 && text[at - 1] >= '0' && text[at - 1] <= '9';
        const int after =
            at + digits < length && text[at + digits] >= '0' && text[at + digits] <= '9';
        /* \xb4 is one byte that is no digit. */
        const int is_escape = at > 2 && text[at - 3] == '\\' && text[at - 2] == 'x';
        if (!before && !after && !is_escape)
            return 1;
    }
    return 0;
}

static void report(enum inventory_format format)
{
    static char text[1 << 20];
    const struct inventory_plan plan = {
        .ledger = path, .format = format, .style = {LANGUAGE_JA, 10}};
    struct inventory_outcome outcome;
    FILE *file = tmpfile();
    must(file != NULL);
    inventory_outcome_init(&outcome);
    const sieve_status status = job_inventory(&plan, fileno(file), &outcome);
    must(status == SIEVE_OK || outcome.reason != NULL);
    inventory_outcome_done(&outcome);
    rewind(file);
    const size_t length = fread(text, 1, sizeof text, file);
    fclose(file);
    must(!is_shown(text, length));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!whole)
        make_whole();
    if (size == 0)
        return 0;
    restore();
    edit_all(data + 1, size - 1);
    report((enum inventory_format)(data[0] % 5));
    return 0;
}
