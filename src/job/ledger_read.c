#include <stdio.h>
#include <string.h>

#include "job/columns.h"
#include "job/ledger_open.h"
#include "report/named.h"
#include "source/sql.h"

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

/* What a row's strings lie in. */
struct strings {
    char reasons[SIEVE_REASONS_MAX * 64];
    char rule[128];
};

/* A finding that became low has the word of what made it so. */
static void add_chance(sieve_finding *finding, const char *found_confidence)
{
    sieve_confidence found;
    if (finding->reason_count < SIEVE_REASONS_MAX &&
        named_confidence(bytes_of_text(found_confidence), &found) &&
        finding->confidence < found)
        finding->reasons[finding->reason_count++] = COLUMN_CHANCE_REASON;
}

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
    finding->brand = named_brand(ruleset, sql_text(query, 6));
    (void)snprintf(finding->shown, sizeof finding->shown, "%.23s", sql_text(query, 8));
    (void)snprintf(strings->reasons, sizeof strings->reasons, "%.767s",
                   sql_text(query, 11));
    (void)snprintf(strings->rule, sizeof strings->rule, "%.127s", sql_text(query, 13));
    named_reasons(strings->reasons, finding);
    finding->rule = strings->rule[0] ? strings->rule : NULL;
    if (!named_kind(bytes_of_text(sql_text(query, 5)), &finding->kind) ||
        !named_form(bytes_of_text(sql_text(query, 9)), &finding->form) ||
        !named_confidence(bytes_of_text(sql_text(query, 10)), &finding->confidence))
        return 0;
    if (sql_kind(query, 15) != SQL_NULL)
        out->key = sql_text(query, 15);
    out->is_whole = (int)sql_number(query, 16);
    add_chance(finding, sql_text(query, 17));
    return 1;
}

/* Those of sensitive data, or the others. */
static sieve_status tell_findings(struct ledger *ledger, int64_t table, int is_sensitive,
                                  const sieve_ruleset *ruleset, on_ledger_finding tell,
                                  void *context)
{
    struct sql_query *query = NULL;
    struct strings strings;
    struct ledger_finding finding;
    int has_row = 0;
    sieve_status status = ledger_prepare(
        ledger, LEDGER_FINDINGS,
        "SELECT number, row, locator, offset, length, kind, brand, digits, masked, form,"
        " confidence, reasons, test_number, rule, card, key, is_whole, found_confidence"
        " FROM findings WHERE table_id = ?1 AND (kind IN " LEDGER_SENSITIVE ") = ?2"
        " ORDER BY range, id",
        &query);
    if (status == SIEVE_OK) {
        sql_bind_number(query, 1, table);
        sql_bind_number(query, 2, is_sensitive);
    }
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
    return status;
}

/* Under the lock all the while: who is told may not come back to the ledger. */
sieve_status ledger_findings(struct ledger *ledger, int64_t table,
                             const sieve_ruleset *ruleset, on_ledger_finding tell,
                             void *context)
{
    ledger_lock(ledger);
    sieve_status status = tell_findings(ledger, table, 1, ruleset, tell, context);
    if (status == SIEVE_OK)
        status = tell_findings(ledger, table, 0, ruleset, tell, context);
    return ledger_unlock(ledger, status);
}
