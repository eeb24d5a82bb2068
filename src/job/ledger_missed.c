/* ledger_missed.c - databases, rows and values that could not be read. */
#include "job/ledger_open.h"
#include "source/sql.h"

sieve_status ledger_database(struct ledger *ledger, const char *name, const char *reason)
{
    struct sql_query *query = NULL;
    ledger_lock(ledger);
    sieve_status status = ledger_prepare(ledger, LEDGER_PUT_DATABASE,
                                         "INSERT INTO databases VALUES(?1, ?2)"
                                         " ON CONFLICT(name) DO UPDATE SET reason = ?2",
                                         &query);
    if (status == SIEVE_OK) {
        sql_bind_text(query, 1, name);
        sql_bind_text(query, 2, reason);
        status = ledger_finish(ledger, query);
    }
    return ledger_unlock(ledger, status);
}

sieve_status ledger_miss(struct ledger *ledger, const struct ledger_range *range,
                         const struct ledger_missed *missed)
{
    struct sql_query *query = NULL;
    ledger_lock(ledger);
    sieve_status status = ledger_prepare(ledger, LEDGER_MISS,
                                         "INSERT INTO unexamined(table_id, range, "
                                         "number, row, locator, rows, reason, code)"
                                         " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                                         &query);
    if (status == SIEVE_OK) {
        sql_bind_number(query, 1, range->table);
        sql_bind_number(query, 2, (int64_t)range->range);
        sql_bind_count(query, 3, missed->has_column ? missed->column : UINT64_MAX);
        sql_bind_text(query, 4, missed->row);
        sql_bind_text(query, 5, missed->locator);
        sql_bind_count(query, 6, missed->rows);
        sql_bind_text(query, 7, missed->reason);
        sql_bind_text(query, 8, missed->code);
        status = ledger_finish(ledger, query);
    }
    return ledger_unlock(ledger, status);
}

sieve_status ledger_missed_sum(struct ledger *ledger, int64_t table,
                               struct ledger_missed_sums *out)
{
    struct sql_query *query = NULL;
    int has_row = 0;
    *out = (struct ledger_missed_sums){.are_rows_known = 1};
    ledger_lock(ledger);
    sieve_status status =
        ledger_prepare(ledger, LEDGER_MISSED_SUM,
                       "SELECT count(*), coalesce(sum(rows), 0), count(*) = count(rows)"
                       " FROM unexamined WHERE table_id = ?1",
                       &query);
    if (status == SIEVE_OK) {
        sql_bind_number(query, 1, table);
        status = sql_step(query, &has_row);
    }
    if (status == SIEVE_OK && has_row) {
        out->count = (uint64_t)sql_number(query, 0);
        out->rows = (uint64_t)sql_number(query, 1);
        out->are_rows_known = sql_number(query, 2) != 0;
        sql_reset(query);
    }
    return ledger_unlock(ledger, status);
}

/* Under the lock all the while: who is told may not come back to the ledger. */
sieve_status ledger_missed(struct ledger *ledger, int64_t table, on_ledger_missed tell,
                           void *context)
{
    struct sql_query *query = NULL;
    int has_row = 0;
    ledger_lock(ledger);
    sieve_status status =
        ledger_prepare(ledger, LEDGER_MISSED,
                       "SELECT number, row, locator, rows, reason, code FROM unexamined"
                       " WHERE table_id = ?1 ORDER BY range, id",
                       &query);
    if (status == SIEVE_OK)
        sql_bind_number(query, 1, table);
    while (status == SIEVE_OK) {
        status = sql_step(query, &has_row);
        if (status != SIEVE_OK || !has_row)
            break;
        const struct ledger_missed missed = {
            .row = sql_text(query, 1),
            .locator = sql_text(query, 2),
            .has_column = sql_kind(query, 0) != SQL_NULL,
            .column = (size_t)sql_number(query, 0),
            .rows = sql_kind(query, 3) == SQL_NULL ? UINT64_MAX
                                                   : (uint64_t)sql_number(query, 3),
            .reason = sql_text(query, 4),
            .code = sql_text(query, 5),
        };
        status = tell(&missed, context);
    }
    if (query)
        sql_reset(query);
    return ledger_unlock(ledger, status);
}
