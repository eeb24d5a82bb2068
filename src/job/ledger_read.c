#include <stdio.h>
#include <string.h>

#include "job/ledger_open.h"
#include "source/sql.h"

/* ---- columns ----------------------------------------------------------------------- */

static void read_counts(struct sql_query *query, struct ledger_sums *out)
{
    struct cell_counts *counts = &out->counts;
    counts->values = (uint64_t)sql_number(query, 0);
    counts->bytes = (uint64_t)sql_number(query, 1);
    counts->numbers = (uint64_t)sql_number(query, 2);
    counts->luhn = (uint64_t)sql_number(query, 3);
    counts->findings = (uint64_t)sql_number(query, 4);
    out->cards = (uint64_t)sql_number(query, 5);
    out->sensitive = (uint64_t)sql_number(query, 6);
}

static void read_text(struct sql_query *query, char *out, size_t capacity)
{
    struct bytes text = sql_bytes(query, 0);
    if (text.length >= capacity) { /* cut, but not inside of a character */
        text.length = capacity - 1;
        while (text.length > 0 && (text.at[text.length] & 0xC0) == 0x80)
            text.length--;
    }
    if (text.length > 0)
        memcpy(out, text.at, text.length);
    out[text.length] = '\0';
}

struct asked {
    enum ledger_query which;
    const char *text;
};

/* Runs a query of one row over a column. */
static sieve_status ask(struct ledger *ledger, const struct asked *asked, int64_t table,
                        size_t column, struct sql_query **out, int *has_row_out)
{
    sieve_status status = ledger_prepare(ledger, asked->which, asked->text, out);
    if (status != SIEVE_OK)
        return status;
    sql_bind_number(*out, 1, table);
    sql_bind_number(*out, 2, (int64_t)column);
    return sql_step(*out, has_row_out);
}

static const struct asked sums_asked = {
    LEDGER_COLUMN_SUMS,
    "SELECT c.\"values\", c.bytes, c.numbers, c.luhn, count(f.id),"
    " count(DISTINCT f.card), total(f.kind IN"
    " ('track1', 'track2', 'emv', 'security_code', 'pin_block'))"
    " FROM columns c LEFT JOIN findings f ON f.table_id = c.table_id"
    " AND f.number = c.number WHERE c.table_id = ?1 AND c.number = ?2",
};
static const struct asked brands_asked = {
    LEDGER_BRANDS,
    "SELECT group_concat(brand, ', ') FROM (SELECT brand FROM findings"
    " WHERE table_id = ?1 AND number = ?2 AND brand IS NOT NULL"
    " GROUP BY brand ORDER BY count(*) DESC, brand LIMIT 8)",
};
static const struct asked first_asked = {
    LEDGER_FIRST,
    "SELECT row FROM findings WHERE table_id = ?1 AND number = ?2"
    " ORDER BY range, id LIMIT 1",
};

static sieve_status read_column(struct ledger *ledger, int64_t table, size_t column,
                                struct ledger_sums *out)
{
    struct sql_query *query = NULL;
    int has_row = 0;
    sieve_status status = ask(ledger, &sums_asked, table, column, &query, &has_row);
    if (status == SIEVE_OK && has_row) {
        read_counts(query, out);
        sql_reset(query);
    }
    if (status != SIEVE_OK || out->counts.findings == 0)
        return status;
    status = ask(ledger, &brands_asked, table, column, &query, &has_row);
    if (status == SIEVE_OK && has_row) {
        read_text(query, out->brands, sizeof out->brands);
        sql_reset(query);
    }
    if (status == SIEVE_OK)
        status = ask(ledger, &first_asked, table, column, &query, &has_row);
    if (status == SIEVE_OK && has_row) {
        read_text(query, out->first_row, sizeof out->first_row);
        sql_reset(query);
    }
    return status;
}

sieve_status ledger_column_sums(struct ledger *ledger, int64_t table, size_t column,
                                struct ledger_sums *out)
{
    memset(out, 0, sizeof *out);
    ledger_lock(ledger);
    return ledger_unlock(ledger, read_column(ledger, table, column, out));
}

sieve_status ledger_verdict(struct ledger *ledger, int64_t table, size_t column,
                            const char *verdict, const char *reason)
{
    struct sql_query *query = NULL;
    ledger_lock(ledger);
    sieve_status status = ledger_prepare(ledger, LEDGER_VERDICT,
                                         "UPDATE columns SET verdict = ?3, reason = ?4"
                                         " WHERE table_id = ?1 AND number = ?2",
                                         &query);
    if (status == SIEVE_OK) {
        sql_bind_number(query, 1, table);
        sql_bind_number(query, 2, (int64_t)column);
        sql_bind_text(query, 3, verdict);
        sql_bind_text(query, 4, reason);
        status = ledger_finish(ledger, query);
    }
    return ledger_unlock(ledger, status);
}

sieve_status ledger_cards(struct ledger *ledger, uint64_t *out)
{
    int64_t most = 0;
    ledger_lock(ledger);
    sieve_status status = sql_read_number(
        ledger->sql, "SELECT coalesce(max(card), 0) FROM findings", &most);
    if (status == SIEVE_OK)
        *out = (uint64_t)most;
    return ledger_unlock(ledger, status);
}

/* ---- findings ---------------------------------------------------------------------- */

static int kind_of(const char *name, sieve_kind *out)
{
    for (unsigned kind = 0; kind < SIEVE_KIND_COUNT; kind++) {
        if (strcmp(name, sieve_kind_name((sieve_kind)kind)) == 0) {
            *out = (sieve_kind)kind;
            return 1;
        }
    }
    return 0;
}

static int form_of(const char *name, sieve_form *out)
{
    for (unsigned form = 0; form < SIEVE_FORM_COUNT; form++) {
        if (strcmp(name, sieve_form_name((sieve_form)form)) == 0) {
            *out = (sieve_form)form;
            return 1;
        }
    }
    return 0;
}

static int confidence_of(const char *name, sieve_confidence *out)
{
    static const sieve_confidence levels[] = {SIEVE_LOW, SIEVE_MEDIUM, SIEVE_HIGH};
    for (size_t index = 0; index < sizeof levels / sizeof levels[0]; index++) {
        if (strcmp(name, sieve_confidence_name(levels[index])) == 0) {
            *out = levels[index];
            return 1;
        }
    }
    return 0;
}

static const sieve_brand *brand_of(const sieve_ruleset *ruleset, const char *name)
{
    const sieve_brand *brand = NULL;
    for (size_t index = 0; (brand = sieve_ruleset_brand(ruleset, index)) != NULL;
         index++) {
        if (strcmp(brand->name, name) == 0)
            break;
    }
    return brand;
}

/* Parts the words in place. */
static void part_reasons(char *words, sieve_finding *finding)
{
    finding->reason_count = 0;
    while (*words && finding->reason_count < SIEVE_REASONS_MAX) {
        finding->reasons[finding->reason_count++] = words;
        words += strcspn(words, " ");
        if (*words)
            *words++ = '\0';
    }
}

/* What a row's strings lie in. */
struct strings {
    char reasons[SIEVE_REASONS_MAX * 64];
    char rule[128];
};

static int read_finding(struct sql_query *query, const sieve_ruleset *ruleset,
                        struct strings *strings, struct ledger_finding *out)
{
    sieve_finding *finding = &out->finding;
    memset(out, 0, sizeof *out);
    out->column = (size_t)sql_number(query, 0);
    out->row = sql_text(query, 1);
    out->locator = sql_text(query, 2);
    out->card = (uint64_t)sql_number(query, 14);
    finding->offset = (uint64_t)sql_number(query, 3);
    finding->length = (uint32_t)sql_number(query, 4);
    finding->digit_count = (uint8_t)sql_number(query, 7);
    finding->test_number = (uint8_t)sql_number(query, 12);
    finding->brand = brand_of(ruleset, sql_text(query, 6));
    (void)snprintf(finding->shown, sizeof finding->shown, "%.23s", sql_text(query, 8));
    (void)snprintf(strings->reasons, sizeof strings->reasons, "%.767s",
                   sql_text(query, 11));
    (void)snprintf(strings->rule, sizeof strings->rule, "%.127s", sql_text(query, 13));
    part_reasons(strings->reasons, finding);
    finding->rule = strings->rule[0] ? strings->rule : NULL;
    return kind_of(sql_text(query, 5), &finding->kind) &&
           form_of(sql_text(query, 9), &finding->form) &&
           confidence_of(sql_text(query, 10), &finding->confidence);
}

/* Under the lock all the while: who is told may not come back to the ledger. */
sieve_status ledger_findings(struct ledger *ledger, int64_t table,
                             const sieve_ruleset *ruleset, on_ledger_finding tell,
                             void *context)
{
    struct sql_query *query = NULL;
    struct strings strings;
    struct ledger_finding finding;
    int has_row = 0;
    ledger_lock(ledger);
    sieve_status status = ledger_prepare(
        ledger, LEDGER_FINDINGS,
        "SELECT number, row, locator, offset, length, kind, brand, digits, masked, form,"
        " confidence, reasons, test_number, rule, card FROM findings"
        " WHERE table_id = ?1 ORDER BY range, id",
        &query);
    if (status == SIEVE_OK)
        sql_bind_number(query, 1, table);
    while (status == SIEVE_OK) {
        status = sql_step(query, &has_row);
        if (status != SIEVE_OK || !has_row)
            break;
        status = read_finding(query, ruleset, &strings, &finding)
                     ? tell(&finding, context)
                     : SIEVE_E_CORRUPT;
    }
    if (query)
        sql_reset(query);
    return ledger_unlock(ledger, status);
}
