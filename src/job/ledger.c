#include "job/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/reason.h"
#include "job/ledger_open.h"
#include "source/sql.h"

/* Nanoseconds of work that a kill may cost: each commit waits for the disk. */
#define COMMIT_EVERY 200000000u

void ledger_lock(struct ledger *ledger)
{
    pthread_mutex_lock(&ledger->lock);
}

sieve_status ledger_unlock(struct ledger *ledger, sieve_status status)
{
    pthread_mutex_unlock(&ledger->lock);
    return status;
}

static sieve_status begin(struct ledger *ledger)
{
    if (ledger->is_open)
        return SIEVE_OK;
    sieve_status status = sql_run(ledger->sql, "BEGIN IMMEDIATE");
    ledger->is_open = status == SIEVE_OK;
    return status;
}

sieve_status ledger_commit(struct ledger *ledger)
{
    if (!ledger->is_open)
        return SIEVE_OK;
    ledger->is_open = 0;
    ledger->committed = clock_now();
    return sql_run(ledger->sql, "COMMIT");
}

static sieve_status commit_if_due(struct ledger *ledger)
{
    return clock_now() - ledger->committed >= COMMIT_EVERY ? ledger_commit(ledger)
                                                           : SIEVE_OK;
}

sieve_status ledger_prepare(struct ledger *ledger, enum ledger_query which,
                            const char *text, struct sql_query **out)
{
    sieve_status status = SIEVE_OK;
    if (!ledger->queries[which])
        status = sql_prepare(ledger->sql, bytes_of_text(text), &ledger->queries[which]);
    *out = ledger->queries[which];
    return status;
}

sieve_status ledger_finish(struct ledger *ledger, struct sql_query *query)
{
    sieve_status status = begin(ledger);
    return status == SIEVE_OK ? sql_finish(query) : status;
}

sieve_status ledger_close(struct ledger *ledger)
{
    if (!ledger)
        return SIEVE_OK;
    sieve_status status = ledger->sql ? ledger_commit(ledger) : SIEVE_OK;
    for (size_t index = 0; index < LEDGER_QUERY_COUNT; index++)
        sql_done(ledger->queries[index]);
    sql_close(ledger->sql);
    pthread_mutex_destroy(&ledger->lock);
    free(ledger->path);
    free(ledger);
    return status;
}

const char *ledger_path(const struct ledger *ledger)
{
    return ledger->path;
}

uint64_t ledger_snapshots(struct ledger *ledger)
{
    return (uint64_t)ledger->snapshot;
}

/* ---- ranges ------------------------------------------------------------------------ */

static void join_reasons(const sieve_finding *finding, char *out, size_t capacity)
{
    size_t length = 0;
    out[0] = '\0';
    for (size_t index = 0; index < finding->reason_count; index++) {
        const size_t more = strlen(finding->reasons[index]);
        if (length + more + 2 > capacity)
            return;
        if (length > 0)
            out[length++] = ' ';
        memcpy(out + length, finding->reasons[index], more + 1);
        length += more;
    }
}

static void bind_finding(struct sql_query *query, const struct ledger_finding *found,
                         const char *reasons)
{
    const sieve_finding *finding = &found->finding;
    sql_bind_number(query, 3, (int64_t)found->column);
    sql_bind_text(query, 4, found->row);
    sql_bind_text(query, 5, found->locator);
    sql_bind_number(query, 6, (int64_t)finding->offset);
    sql_bind_number(query, 7, finding->length);
    sql_bind_text(query, 8, sieve_kind_name(finding->kind));
    sql_bind_text(query, 9, finding->brand ? finding->brand->name : NULL);
    sql_bind_number(query, 10, finding->digit_count);
    sql_bind_text(query, 11, finding->shown);
    sql_bind_text(query, 12, sieve_form_name(finding->form));
    sql_bind_text(query, 13, sieve_confidence_name(finding->confidence));
    sql_bind_text(query, 14, reasons);
    sql_bind_number(query, 15, finding->test_number);
    sql_bind_text(query, 16, finding->rule);
    if (found->card > 0)
        sql_bind_number(query, 17, (int64_t)found->card);
    else
        sql_bind_text(query, 17, NULL);
    sql_bind_text(query, 18, found->key);
    sql_bind_number(query, 19, found->is_whole);
}

sieve_status ledger_add(struct ledger *ledger, const struct ledger_range *range,
                        const struct ledger_finding *finding)
{
    char reasons[SIEVE_REASONS_MAX * 64];
    struct sql_query *query = NULL;
    join_reasons(&finding->finding, reasons, sizeof reasons);
    ledger_lock(ledger);
    sieve_status status =
        ledger_prepare(ledger, LEDGER_ADD,
                       "INSERT INTO findings VALUES(NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
                       " ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?13)",
                       &query);
    if (status == SIEVE_OK) {
        sql_bind_number(query, 1, range->table);
        sql_bind_number(query, 2, (int64_t)range->range);
        bind_finding(query, finding, reasons);
        status = ledger_finish(ledger, query);
    }
    return ledger_unlock(ledger, status);
}

static sieve_status put_range(struct ledger *ledger, const struct ledger_range *range)
{
    struct sql_query *query = NULL;
    sieve_status status =
        ledger_prepare(ledger, LEDGER_PUT_RANGE,
                       "INSERT INTO ranges VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)", &query);
    if (status != SIEVE_OK)
        return status;
    sql_bind_number(query, 1, range->table);
    sql_bind_number(query, 2, (int64_t)range->range);
    sql_bind_number(query, 3, (int64_t)range->rows);
    sql_bind_number(query, 4, (int64_t)range->bytes);
    sql_bind_number(query, 5, (int64_t)range->started);
    sql_bind_number(query, 6, (int64_t)time(NULL));
    sql_bind_number(query, 7, ledger->snapshot);
    return ledger_finish(ledger, query);
}

static void bind_counts(struct sql_query *query, const struct cell_counts *counts)
{
    const uint64_t numbers[] = {
        counts->values, counts->bytes,    counts->numbers,  counts->luhn,
        counts->tier_a, counts->sketched, counts->distinct,
    };
    for (int index = 0; index < (int)(sizeof numbers / sizeof numbers[0]); index++)
        sql_bind_number(query, 3 + index, (int64_t)numbers[index]);
}

static sieve_status put_counts(struct ledger *ledger, int64_t table, size_t column,
                               const struct cell_counts *counts)
{
    struct sql_query *query = NULL;
    sieve_status status = ledger_prepare(
        ledger, LEDGER_PUT_COUNTS,
        "UPDATE columns SET \"values\" = \"values\" + ?3, bytes = bytes + ?4,"
        " numbers = numbers + ?5, luhn = luhn + ?6, tier_a = tier_a + ?7,"
        " sketched = sketched + ?8, \"distinct\" = max(\"distinct\", ?9)"
        " WHERE table_id = ?1 AND number = ?2",
        &query);
    if (status != SIEVE_OK)
        return status;
    sql_bind_number(query, 1, table);
    sql_bind_number(query, 2, (int64_t)column);
    bind_counts(query, counts);
    return ledger_finish(ledger, query);
}

static sieve_status put_key_counts(struct ledger *ledger, int64_t table,
                                   const struct ledger_key_counts *counts)
{
    struct sql_query *query = NULL;
    sieve_status status = ledger_prepare(
        ledger, LEDGER_PUT_KEY_COUNTS,
        "INSERT INTO keys(table_id, number, \"values\", bytes, numbers, luhn, tier_a,"
        " sketched, \"distinct\", key) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
        " ON CONFLICT DO UPDATE SET \"values\" = \"values\" + ?3, bytes = bytes + ?4,"
        " numbers = numbers + ?5, luhn = luhn + ?6, tier_a = tier_a + ?7,"
        " sketched = sketched + ?8, \"distinct\" = max(\"distinct\", ?9)",
        &query);
    if (status != SIEVE_OK)
        return status;
    sql_bind_number(query, 1, table);
    sql_bind_number(query, 2, (int64_t)counts->column);
    bind_counts(query, &counts->counts);
    sql_bind_text(query, 10, counts->key);
    return ledger_finish(ledger, query);
}

sieve_status ledger_end_range(struct ledger *ledger, const struct ledger_range *range,
                              const struct ledger_counts *counts)
{
    ledger_lock(ledger);
    sieve_status status = put_range(ledger, range);
    for (size_t column = 0; column < counts->column_count && status == SIEVE_OK;
         column++) {
        if (counts->columns[column].values > 0)
            status = put_counts(ledger, range->table, column, &counts->columns[column]);
    }
    for (size_t index = 0; index < counts->key_count && status == SIEVE_OK; index++)
        status = put_key_counts(ledger, range->table, &counts->keys[index]);
    if (status == SIEVE_OK)
        status = commit_if_due(ledger);
    return ledger_unlock(ledger, status);
}

static sieve_status drop(struct ledger *ledger, const struct ledger_range *range,
                         enum ledger_query which, const char *text)
{
    struct sql_query *query = NULL;
    sieve_status status = ledger_prepare(ledger, which, text, &query);
    if (status != SIEVE_OK)
        return status;
    sql_bind_number(query, 1, range->table);
    sql_bind_number(query, 2, (int64_t)range->range);
    return ledger_finish(ledger, query);
}

sieve_status ledger_drop_range(struct ledger *ledger, const struct ledger_range *range)
{
    ledger_lock(ledger);
    sieve_status status = drop(ledger, range, LEDGER_DROP,
                               "DELETE FROM findings WHERE table_id = ?1 AND range = ?2");
    if (status == SIEVE_OK)
        status = drop(ledger, range, LEDGER_DROP_MISSED,
                      "DELETE FROM unexamined WHERE table_id = ?1 AND range = ?2");
    return ledger_unlock(ledger, status);
}
