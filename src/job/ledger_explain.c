#include "job/ledger_explain.h"

#include "job/ledger_open.h"
#include "source/sql.h"

/* Columns, and the keys inside of them, by their whole names; the last of these are what
 * was asked for. */
static const char text[] =
    "SELECT e.name, c.type, c.left_out, CASE WHEN e.verdict IS NULL AND e.key IS NOT NULL"
    " AND c.verdict IS NOT NULL THEN 'clean' ELSE e.verdict END, e.effect, e.neighbours, "
    "t.reason,"
    " t.rows, (SELECT total(rows) FROM ranges r WHERE r.table_id = t.id), t.id, c.number,"
    " e.key, (SELECT count(*) FROM findings f WHERE f.table_id = t.id"
    " AND f.number = c.number AND (e.key IS NULL OR f.key = e.key)"
    " AND f.confidence <> f.found_confidence)"
    " FROM (SELECT table_id, number, NULL AS key, verdict, effect, neighbours,"
    " (SELECT coalesce(database || '.', '') || coalesce(schema || '.', '') || x.name"
    " FROM tables x WHERE x.id = table_id) || '.' || name AS name FROM columns"
    " UNION ALL SELECT k.table_id, k.number, k.key, k.verdict, k.effect, k.neighbours,"
    " (SELECT coalesce(database || '.', '') || coalesce(schema || '.', '') || x.name"
    " FROM tables x WHERE x.id = k.table_id) || '.' || (SELECT y.name FROM columns y"
    " WHERE y.table_id = k.table_id AND y.number = k.number) || '.' || k.key"
    " FROM keys k) e JOIN tables t ON t.id = e.table_id"
    " JOIN columns c ON c.table_id = e.table_id AND c.number = e.number"
    " WHERE e.name = ?1 OR substr(e.name, -length(?1) - 1) = '.' || ?1"
    " ORDER BY t.id, c.number, e.key";

static sieve_status tell_one(struct ledger *ledger, struct sql_query *query,
                             on_account tell, void *context)
{
    const int is_inside = sql_kind(query, 11) != SQL_NULL;
    struct column_account account = {
        .name = sql_text(query, 0),
        .type = sql_text(query, 1),
        .left_out = sql_text(query, 2),
        .verdict = sql_text(query, 3),
        .effect = sql_text(query, 4),
        .neighbours = sql_text(query, 5),
        .incomplete = sql_text(query, 6),
        .is_inside = is_inside,
        .rows =
            sql_kind(query, 7) == SQL_NULL ? UINT64_MAX : (uint64_t)sql_number(query, 7),
        .rows_read = (uint64_t)sql_number(query, 8),
        .lowered = (uint64_t)sql_number(query, 12),
    };
    const struct ledger_place place = {
        sql_number(query, 9),
        (size_t)sql_number(query, 10),
        is_inside ? sql_text(query, 11) : NULL,
    };
    sieve_status status = ledger_sums_of(ledger, &place, &account.sums);
    return status == SIEVE_OK ? tell(&account, context) : status;
}

sieve_status ledger_explain(const char *path, const char *name, on_account tell,
                            void *context, const char **reason_out)
{
    struct ledger *ledger = NULL;
    struct sql_query *query = NULL;
    int has_row = 0;
    sieve_status status = ledger_look(path, &ledger, reason_out);
    if (status != SIEVE_OK)
        return status;
    status = sql_prepare(ledger->sql, bytes_of(text, sizeof text - 1), &query);
    if (status == SIEVE_OK)
        sql_bind_text(query, 1, name);
    while (status == SIEVE_OK) {
        status = sql_step(query, &has_row);
        if (status != SIEVE_OK || !has_row)
            break;
        status = tell_one(ledger, query, tell, context);
    }
    if (status != SIEVE_OK)
        *reason_out =
            status == SIEVE_E_MEMORY ? "not enough memory" : sql_reason(ledger->sql);
    sql_done(query);
    (void)ledger_close(ledger);
    return status;
}
