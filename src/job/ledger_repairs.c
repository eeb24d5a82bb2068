#include "job/ledger_repairs.h"

#include <string.h>
#include <time.h>

#include "job/columns.h"
#include "job/ledger_open.h"
#include "source/sql.h"

static const char *const states[] = {
    [STATE_PENDING] = "pending", [STATE_SENT] = "sent",       [STATE_UPDATED] = "updated",
    [STATE_CHANGED] = "changed", [STATE_FOLLOWS] = "follows", [STATE_LEFT] = "left",
};

#define SENSITIVE "('track1', 'track2', 'emv', 'security_code', 'pin_block')"

/* ---- entering ---------------------------------------------------------------------- */

static const char layout[] =
    "CREATE TABLE IF NOT EXISTS repairs(id INTEGER PRIMARY KEY,"
    " table_id INTEGER NOT NULL, row TEXT NOT NULL, locator TEXT NOT NULL,"
    " findings INTEGER NOT NULL, sensitive INTEGER NOT NULL, state TEXT NOT NULL,"
    " reason TEXT, moved TEXT, finished INTEGER, snapshot INTEGER NOT NULL);"
    "CREATE INDEX IF NOT EXISTS repairs_row ON repairs(table_id, row);"
    "CREATE INDEX IF NOT EXISTS findings_row ON findings(table_id, row);"
    "DELETE FROM repairs WHERE state NOT IN ('updated', 'sent')";

/* What chance explains is low, and that is no finding unless it was asked for. */
static const char enter[] =
    "INSERT INTO repairs(table_id, row, locator, findings, sensitive, state, snapshot)"
    " SELECT f.table_id, f.row, coalesce(f.locator, ''), count(*),"
    " max(f.kind IN " SENSITIVE "), 'pending', ?1 FROM findings f"
    " JOIN ranges g ON g.table_id = f.table_id AND g.range = f.range"
    " WHERE (?2 OR f.confidence <> 'low')"
    " AND NOT EXISTS (SELECT 1 FROM repairs r WHERE r.table_id = f.table_id"
    " AND r.row = f.row AND r.locator = coalesce(f.locator, '')"
    " AND r.snapshot >= g.snapshot)"
    " GROUP BY f.table_id, f.row, f.locator"
    " ORDER BY max(f.kind IN " SENSITIVE ") DESC, f.table_id, min(f.id)";

sieve_status ledger_repairs_begin(struct ledger *ledger, sieve_confidence least)
{
    struct sql_query *query = NULL;
    ledger_lock(ledger);
    sieve_status status = ledger_commit(ledger);
    if (status == SIEVE_OK)
        status = sql_run(ledger->sql, layout);
    if (status == SIEVE_OK)
        status = sql_prepare(ledger->sql, bytes_of(enter, sizeof enter - 1), &query);
    if (status == SIEVE_OK) {
        sql_bind_number(query, 1, ledger->snapshot);
        sql_bind_number(query, 2, least == SIEVE_LOW);
        status = sql_finish(query);
    }
    sql_done(query);
    return ledger_unlock(ledger, status);
}

/* ---- rows -------------------------------------------------------------------------- */

static const char next[] =
    "SELECT id, table_id, row, locator, coalesce(moved, ''), findings, sensitive,"
    " state = 'sent' FROM repairs WHERE id > ?1 AND state IN ('pending', 'sent')"
    " ORDER BY id LIMIT ?2";

static struct ledger_repair read_repair(struct sql_query *query)
{
    return (struct ledger_repair){
        .id = sql_number(query, 0),
        .table = sql_number(query, 1),
        .row = sql_text(query, 2),
        .locator = sql_text(query, 3),
        .moved = sql_text(query, 4),
        .findings = (uint64_t)sql_number(query, 5),
        .is_sensitive = sql_number(query, 6) != 0,
        .is_sent = sql_number(query, 7) != 0,
    };
}

sieve_status ledger_repairs_next(struct ledger *ledger, int64_t after, unsigned limit,
                                 on_ledger_repair tell, void *context)
{
    struct sql_query *query = NULL;
    int64_t table = 0;
    int is_sensitive = 0;
    int has_row = 0;
    ledger_lock(ledger);
    sieve_status status = ledger_prepare(ledger, LEDGER_REPAIRS_NEXT, next, &query);
    if (status == SIEVE_OK) {
        sql_bind_number(query, 1, after);
        sql_bind_number(query, 2, (int64_t)limit);
    }
    for (int is_first = 1; status == SIEVE_OK; is_first = 0) {
        status = sql_step(query, &has_row);
        if (status != SIEVE_OK || !has_row)
            break;
        const struct ledger_repair repair = read_repair(query);
        if (is_first) {
            table = repair.table;
            is_sensitive = repair.is_sensitive;
        }
        if (repair.table != table || repair.is_sensitive != is_sensitive)
            break;
        status = tell(&repair, context);
    }
    if (query)
        sql_reset(query);
    return ledger_unlock(ledger, status);
}

sieve_status ledger_repair_state(struct ledger *ledger, int64_t id,
                                 enum repair_state state, const char *reason,
                                 const char *moved)
{
    struct sql_query *query = NULL;
    ledger_lock(ledger);
    sieve_status status =
        ledger_prepare(ledger, LEDGER_REPAIR_STATE,
                       "UPDATE repairs SET state = ?2, reason = ?3,"
                       " moved = coalesce(?4, moved), finished = ?5 WHERE id = ?1",
                       &query);
    if (status == SIEVE_OK) {
        sql_bind_number(query, 1, id);
        sql_bind_text(query, 2, states[state]);
        sql_bind_text(query, 3, reason);
        sql_bind_text(query, 4, moved);
        sql_bind_number(query, 5, (int64_t)time(NULL));
        status = ledger_finish(ledger, query);
    }
    return ledger_unlock(ledger, status);
}

sieve_status ledger_repairs_keep(struct ledger *ledger)
{
    ledger_lock(ledger);
    return ledger_unlock(ledger, ledger_commit(ledger));
}

sieve_status ledger_repair_low(struct ledger *ledger, int64_t id, on_ledger_low tell,
                               void *context)
{
    struct sql_query *query = NULL;
    int has_row = 0;
    ledger_lock(ledger);
    sieve_status status =
        ledger_prepare(ledger, LEDGER_REPAIR_LOW,
                       "SELECT f.number, f.masked FROM repairs r JOIN findings f"
                       " ON f.table_id = r.table_id AND f.row = r.row"
                       " AND coalesce(f.locator, '') = r.locator"
                       " WHERE r.id = ?1 AND f.confidence = 'low' LIMIT 1000",
                       &query);
    if (status == SIEVE_OK)
        sql_bind_number(query, 1, id);
    while (status == SIEVE_OK) {
        status = sql_step(query, &has_row);
        if (status != SIEVE_OK || !has_row)
            break;
        status = tell((size_t)sql_number(query, 0), sql_text(query, 1), context);
    }
    if (query)
        sql_reset(query);
    return ledger_unlock(ledger, status);
}

sieve_status ledger_is_chance(struct ledger *ledger, int64_t table, size_t column,
                              int *out)
{
    static const char text[] = "SELECT 1 FROM columns WHERE table_id = ?1"
                               " AND number = ?2 AND verdict IS ?3";
    struct sql_query *query = NULL;
    ledger_lock(ledger);
    sieve_status status =
        sql_prepare(ledger->sql, bytes_of(text, sizeof text - 1), &query);
    if (status == SIEVE_OK) {
        sql_bind_number(query, 1, table);
        sql_bind_number(query, 2, (int64_t)column);
        sql_bind_text(query, 3, column_verdict_name(COLUMN_CHANCE));
        status = sql_step(query, out);
    }
    sql_done(query);
    return ledger_unlock(ledger, status);
}

/* ---- sums -------------------------------------------------------------------------- */

sieve_status ledger_repairs_sums(struct ledger *ledger, struct repair_sums *out)
{
    static const char text[] = "SELECT state, count(*), total(findings), total(sensitive)"
                               " FROM repairs GROUP BY state";
    struct sql_query *query = NULL;
    int has_row = 0;
    *out = (struct repair_sums){.rows = 0};
    ledger_lock(ledger);
    sieve_status status =
        sql_prepare(ledger->sql, bytes_of(text, sizeof text - 1), &query);
    while (status == SIEVE_OK) {
        status = sql_step(query, &has_row);
        if (status != SIEVE_OK || !has_row)
            break;
        const uint64_t rows = (uint64_t)sql_number(query, 1);
        out->rows += rows;
        out->findings += (uint64_t)sql_number(query, 2);
        out->sensitive += (uint64_t)sql_number(query, 3);
        for (size_t state = 0; state <= STATE_LEFT; state++) {
            if (strcmp(states[state], sql_text(query, 0)) == 0)
                out->states[state] = rows;
        }
    }
    sql_done(query);
    return ledger_unlock(ledger, status);
}

sieve_status ledger_repairs_groups(struct ledger *ledger, enum repair_state state,
                                   on_repair_group tell, void *context)
{
    struct sql_query *query = NULL;
    int has_row = 0;
    ledger_lock(ledger);
    sieve_status status = ledger_prepare(
        ledger, LEDGER_REPAIRS_LEFT,
        "SELECT table_id, reason, row, count(*), total(findings), sensitive, min(id)"
        " FROM repairs WHERE state = ?1 GROUP BY table_id, reason, sensitive"
        " ORDER BY sensitive DESC, min(id)",
        &query);
    if (status == SIEVE_OK)
        sql_bind_text(query, 1, states[state]);
    while (status == SIEVE_OK) {
        status = sql_step(query, &has_row);
        if (status != SIEVE_OK || !has_row)
            break;
        const char *reason = sql_text(query, 1);
        const struct repair_group group = {
            .table = sql_number(query, 0),
            .reason = *reason ? reason : NULL,
            .row = sql_text(query, 2),
            .rows = (uint64_t)sql_number(query, 3),
            .findings = (uint64_t)sql_number(query, 4),
            .is_sensitive = sql_number(query, 5) != 0,
        };
        status = tell(&group, context);
    }
    if (query)
        sql_reset(query);
    return ledger_unlock(ledger, status);
}

sieve_status ledger_repairs_columns(struct ledger *ledger, on_repair_column tell,
                                    void *context)
{
    static const char text[] =
        "SELECT f.table_id, f.number, count(*), total(f.kind IN " SENSITIVE ")"
        " FROM findings f JOIN repairs r ON r.table_id = f.table_id AND r.row = f.row"
        " AND r.locator = coalesce(f.locator, '') AND r.state <> 'updated'"
        " GROUP BY f.table_id, f.number ORDER BY total(f.kind IN " SENSITIVE
        ") > 0 DESC, f.table_id, f.number";
    struct sql_query *query = NULL;
    int has_row = 0;
    ledger_lock(ledger);
    sieve_status status =
        sql_prepare(ledger->sql, bytes_of(text, sizeof text - 1), &query);
    while (status == SIEVE_OK) {
        status = sql_step(query, &has_row);
        if (status != SIEVE_OK || !has_row)
            break;
        status =
            tell(sql_number(query, 0), (size_t)sql_number(query, 1),
                 (uint64_t)sql_number(query, 2), (uint64_t)sql_number(query, 3), context);
    }
    sql_done(query);
    return ledger_unlock(ledger, status);
}
