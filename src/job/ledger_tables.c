#include <time.h>

#include "job/ledger_open.h"
#include "source/sql.h"

/* One that no table of this session has taken: two names may be the same once what
 * could be a number in them is hidden. */
static sieve_status find_table(struct ledger *ledger, const struct ledger_table *table,
                               int64_t *id_out, int *is_cut_same_out)
{
    struct sql_query *query = NULL;
    int has_row = 0;
    sieve_status status =
        ledger_prepare(ledger, LEDGER_FIND_TABLE,
                       "SELECT id, cut IS ?4 FROM tables WHERE schema IS ?1"
                       " AND name = ?2 AND snapshot <> ?3 AND database IS ?5"
                       " ORDER BY id LIMIT 1",
                       &query);
    if (status != SIEVE_OK)
        return status;
    sql_bind_text(query, 1, table->schema);
    sql_bind_text(query, 2, table->name);
    sql_bind_number(query, 3, ledger->snapshot);
    sql_bind_text(query, 4, table->cut);
    sql_bind_text(query, 5, table->database);
    status = sql_step(query, &has_row);
    *id_out = has_row ? sql_number(query, 0) : 0;
    *is_cut_same_out = has_row && sql_number(query, 1);
    sql_reset(query);
    return status;
}

static sieve_status forget_table(struct ledger *ledger, int64_t id)
{
    static const char *const texts[] = {
        "DELETE FROM findings WHERE table_id = ?1",
        "DELETE FROM unexamined WHERE table_id = ?1",
        "DELETE FROM ranges WHERE table_id = ?1",
        "DELETE FROM keys WHERE table_id = ?1",
        ("UPDATE columns SET \"values\" = 0, bytes = 0, numbers = 0, luhn = 0, tier_a = "
         "0,"
         " \"distinct\" = 0, sketched = 0, verdict = NULL, reason = NULL"
         " WHERE table_id = ?1"),
    };
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < sizeof texts / sizeof texts[0]; index++) {
        struct sql_query *query = NULL;
        if (status == SIEVE_OK)
            status = sql_prepare(ledger->sql, bytes_of_text(texts[index]), &query);
        if (status == SIEVE_OK) {
            sql_bind_number(query, 1, id);
            status = ledger_finish(ledger, query);
        }
        sql_done(query);
    }
    return status;
}

sieve_status ledger_forget(struct ledger *ledger, int64_t table)
{
    ledger_lock(ledger);
    return ledger_unlock(ledger, forget_table(ledger, table));
}

static sieve_status put_table(struct ledger *ledger, const struct ledger_table *table,
                              int64_t *id)
{
    struct sql_query *query = NULL;
    sieve_status status = ledger_prepare(
        ledger, LEDGER_PUT_TABLE,
        "INSERT INTO tables(id, schema, name, cut, ranges, rows_expected, snapshot,"
        " database) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT(id) DO UPDATE SET"
        " cut = ?4, ranges = ?5, rows_expected = ?6, snapshot = ?7, rows = NULL,"
        " reason = NULL, finished = NULL",
        &query);
    if (status != SIEVE_OK)
        return status;
    if (*id == 0)
        *id = ++ledger->last_table;
    sql_bind_number(query, 1, *id);
    sql_bind_text(query, 2, table->schema);
    sql_bind_text(query, 3, table->name);
    sql_bind_text(query, 4, table->cut);
    sql_bind_count(query, 5, table->range_count);
    sql_bind_count(query, 6, table->rows);
    sql_bind_number(query, 7, ledger->snapshot);
    sql_bind_text(query, 8, table->database);
    return ledger_finish(ledger, query);
}

sieve_status ledger_table(struct ledger *ledger, const struct ledger_table *table,
                          int64_t *id_out)
{
    int64_t id = 0;
    int is_cut_same = 0;
    ledger_lock(ledger);
    sieve_status status = find_table(ledger, table, &id, &is_cut_same);
    if (status == SIEVE_OK && id != 0 && !is_cut_same)
        status = forget_table(ledger, id);
    if (status == SIEVE_OK)
        status = put_table(ledger, table, &id);
    if (status == SIEVE_OK)
        *id_out = id;
    return ledger_unlock(ledger, status);
}

sieve_status ledger_cut(struct ledger *ledger, const struct ledger_table *table,
                        char **out)
{
    struct sql_query *query = NULL;
    int has_row = 0;
    *out = NULL;
    ledger_lock(ledger);
    sieve_status status =
        sql_prepare(ledger->sql,
                    bytes_of_text("SELECT cut FROM tables WHERE schema IS ?1"
                                  " AND name = ?2 AND database IS ?3 AND cut IS NOT NULL"
                                  " ORDER BY id LIMIT 1"),
                    &query);
    if (status == SIEVE_OK) {
        sql_bind_text(query, 1, table->schema);
        sql_bind_text(query, 2, table->name);
        sql_bind_text(query, 3, table->database);
        status = sql_step(query, &has_row);
    }
    if (status == SIEVE_OK && has_row) {
        *out = strdup(sql_text(query, 0));
        status = *out ? SIEVE_OK : SIEVE_E_MEMORY;
    }
    sql_done(query);
    return ledger_unlock(ledger, status);
}

sieve_status ledger_column(struct ledger *ledger, int64_t table, size_t column,
                           const char *name, const char *type, const char *left_out)
{
    struct sql_query *query = NULL;
    ledger_lock(ledger);
    sieve_status status = ledger_prepare(
        ledger, LEDGER_PUT_COLUMN,
        "INSERT INTO columns(table_id, number, name, type, left_out)"
        " VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET name = ?3, type = ?4,"
        " left_out = ?5",
        &query);
    if (status == SIEVE_OK) {
        sql_bind_number(query, 1, table);
        sql_bind_number(query, 2, (int64_t)column);
        sql_bind_text(query, 3, name);
        sql_bind_text(query, 4, type);
        sql_bind_text(query, 5, left_out);
        status = ledger_finish(ledger, query);
    }
    return ledger_unlock(ledger, status);
}

sieve_status ledger_done(struct ledger *ledger, int64_t table, unsigned char *done,
                         uint64_t range_count)
{
    struct sql_query *query = NULL;
    int has_row = 0;
    ledger_lock(ledger);
    sieve_status status = ledger_prepare(
        ledger, LEDGER_DONE, "SELECT range FROM ranges WHERE table_id = ?1", &query);
    if (status == SIEVE_OK)
        sql_bind_number(query, 1, table);
    while (status == SIEVE_OK) {
        status = sql_step(query, &has_row);
        if (status != SIEVE_OK || !has_row)
            break;
        uint64_t range = (uint64_t)sql_number(query, 0);
        if (range < range_count)
            done[range] = 1;
    }
    return ledger_unlock(ledger, status);
}

sieve_status ledger_sums(struct ledger *ledger, int64_t table, uint64_t *rows_out,
                         uint64_t *bytes_out)
{
    struct sql_query *query = NULL;
    int has_row = 0;
    ledger_lock(ledger);
    sieve_status status = ledger_prepare(ledger, LEDGER_SUMS,
                                         "SELECT total(rows), total(bytes) FROM ranges"
                                         " WHERE table_id = ?1",
                                         &query);
    if (status == SIEVE_OK) {
        sql_bind_number(query, 1, table);
        status = sql_step(query, &has_row);
    }
    if (status == SIEVE_OK) {
        *rows_out = (uint64_t)sql_number(query, 0);
        *bytes_out = (uint64_t)sql_number(query, 1);
        sql_reset(query);
    }
    return ledger_unlock(ledger, status);
}

sieve_status ledger_end_table(struct ledger *ledger, int64_t table, uint64_t rows,
                              const char *reason)
{
    struct sql_query *query = NULL;
    ledger_lock(ledger);
    sieve_status status =
        ledger_prepare(ledger, LEDGER_END_TABLE,
                       "UPDATE tables SET rows = ?2, reason = ?3,"
                       " finished = CASE WHEN ?3 IS NULL THEN ?4 END WHERE id = ?1",
                       &query);
    if (status == SIEVE_OK) {
        sql_bind_number(query, 1, table);
        sql_bind_count(query, 2, rows);
        sql_bind_text(query, 3, reason);
        sql_bind_number(query, 4, (int64_t)time(NULL));
        status = ledger_finish(ledger, query);
    }
    return ledger_unlock(ledger, status);
}
