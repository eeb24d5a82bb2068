#include "source/sqlite_repair.h"

/* ---- trying ------------------------------------------------------------------------ */

/* A table of the same making in memory: what it refuses, the real one would. */
static sieve_status make_mirror(struct sqlite_repair *repair)
{
    static const char select[] = "SELECT 'CREATE TABLE temp.' || substr(sql, 14)"
                                 " FROM main.sqlite_schema WHERE type = 'table' AND"
                                 " name = ?1 AND upper(sql) LIKE 'CREATE TABLE %'";
    struct sql_query *query = NULL;
    int has_row = 0;
    sieve_status status = SIEVE_OK;
    if (status == SIEVE_OK)
        status = sql_prepare(repair->sql, bytes_of(select, sizeof select - 1), &query);
    if (status == SIEVE_OK) {
        sql_bind_text(query, 1, repair->examined.table->name);
        status = sql_step(query, &has_row);
    }
    if (status == SIEVE_OK && has_row)
        status = sql_run(repair->sql, sql_text(query, 0));
    sql_done(query);
    return status;
}

/* Statement in two parts around the name of the table in memory. */
static sieve_status run_on_mirror(struct sqlite_repair *repair, const char *before)
{
    struct buffer *text = &repair->text;
    text->length = 0;
    sieve_status status = sqlite_put(text, before);
    if (status == SIEVE_OK)
        status = sql_append_name(text, repair->examined.table->name);
    if (status == SIEVE_OK)
        status = buffer_append(text, bytes_of("", 1));
    return status == SIEVE_OK ? sql_run(repair->sql, (const char *)text->at) : status;
}

void sqlite_drop_mirror(struct sqlite_repair *repair)
{
    /* What is in memory ends with the connection at the latest. */
    if (repair->has_mirror && run_on_mirror(repair, "DROP TABLE temp.") != SIEVE_OK)
        repair->has_mirror = 0;
    repair->has_mirror = 0;
}

/* What is tried. */
struct attempt {
    struct sqlite_repair *repair;
    const struct repair_update *update;
    const struct table *table;
};

/* The column as it will be. */
static sieve_status put_new(const struct attempt *attempt, size_t column,
                            struct buffer *text)
{
    const struct change *change =
        repair_change_of(attempt->update->changes, attempt->update->count, column);
    return change ? sqlite_append_value(attempt->repair, attempt->update, change, text)
                  : sql_append_name(text, attempt->table->columns[column].name);
}

static int is_copied(const struct attempt *attempt, size_t column)
{
    const struct repair_column *examined = &attempt->repair->examined.columns[column];
    const char *left_out = attempt->table->columns[column].left_out;
    return !(examined->follows && !examined->about) &&
           (!left_out || strcmp(left_out, COLUMN_UNASKED) == 0);
}

/* INSERT INTO the mirror SELECT the row as it will be. */
static sieve_status put_copy(const struct attempt *attempt, struct buffer *text)
{
    const struct table *table = attempt->table;
    sieve_status status = sqlite_put(text, "INSERT INTO temp.");
    if (status == SIEVE_OK)
        status = sql_append_name(text, table->name);
    for (int half = 0; half < 2 && status == SIEVE_OK; half++) {
        const char *between = half ? ") SELECT " : "(";
        for (size_t column = 0; column < table->column_count && status == SIEVE_OK;
             column++) {
            if (!is_copied(attempt, column))
                continue;
            status = sqlite_put(text, between);
            if (status == SIEVE_OK)
                status = half ? put_new(attempt, column, text)
                              : sql_append_name(text, table->columns[column].name);
            between = ",";
        }
    }
    if (status == SIEVE_OK)
        status = sqlite_put(text, " FROM main.");
    if (status == SIEVE_OK)
        status = sql_append_name(text, table->name);
    return status == SIEVE_OK ? sqlite_append_guard(attempt->update, text) : status;
}

/* SELECT a row that has already what a unique key would get. */
static sieve_status put_twins(const struct attempt *attempt,
                              const struct repair_unique *unique, struct buffer *text)
{
    const struct table *table = attempt->table;
    sieve_status status = sqlite_put(text, "SELECT count(*) FROM main.");
    if (status == SIEVE_OK)
        status = sql_append_name(text, table->name);
    for (size_t index = 0; index < unique->column_count && status == SIEVE_OK; index++) {
        const size_t column = unique->columns[index];
        status = sqlite_put(text, index == 0 ? " WHERE " : " AND ");
        if (status == SIEVE_OK)
            status = sql_append_name(text, table->columns[column].name);
        if (status == SIEVE_OK)
            status = sqlite_put(text, "=(SELECT ");
        if (status == SIEVE_OK)
            status = put_new(attempt, column, text);
        if (status == SIEVE_OK)
            status = sqlite_put(text, " FROM main.");
        if (status == SIEVE_OK)
            status = sql_append_name(text, table->name);
        if (status == SIEVE_OK)
            status = sqlite_append_guard(attempt->update, text);
        if (status == SIEVE_OK)
            status = sqlite_put(text, ")");
    }
    return status == SIEVE_OK ? buffer_append(text, bytes_of("", 1)) : status;
}

static sieve_status try_uniques(const struct attempt *attempt, const char **obstacle_out)
{
    struct sqlite_repair *repair = attempt->repair;
    const struct repair_table *examined = &repair->examined;
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < examined->unique_count && status == SIEVE_OK;
         index++) {
        int64_t twins = 0;
        if (!repair_changes_unique(attempt->update->changes, attempt->update->count,
                                   &examined->uniques[index]))
            continue;
        repair->text.length = 0;
        status = put_twins(attempt, &examined->uniques[index], &repair->text);
        if (status == SIEVE_OK)
            status = sql_read_number(repair->sql, (const char *)repair->text.at, &twins);
        if (twins > 0)
            *obstacle_out = REPAIR_HAS_TWIN;
    }
    return status;
}

static sieve_status try_copy(const struct attempt *attempt, const char **obstacle_out)
{
    struct sqlite_repair *repair = attempt->repair;
    struct sql_query *query = NULL;
    repair->text.length = 0;
    sieve_status status = put_copy(attempt, &repair->text);
    if (status == SIEVE_OK)
        status = sql_prepare(repair->sql, buffer_bytes(&repair->text), &query);
    if (status == SIEVE_OK)
        status = sql_finish(query);
    sql_done(query);
    if (status == SIEVE_OK && sql_changes(repair->sql) == 0)
        *obstacle_out = "its row cannot be told from others without its number";
    else if (status == SIEVE_E_IO && sql_constraint(repair->sql))
        *obstacle_out = sql_constraint(repair->sql);
    if (*obstacle_out)
        status = SIEVE_OK;
    return status;
}

static sieve_status try_in_mirror(const struct attempt *attempt,
                                  const char **obstacle_out)
{
    struct sqlite_repair *repair = attempt->repair;
    if (!repair->was_mirrored)
        repair->has_mirror = make_mirror(repair) == SIEVE_OK;
    repair->was_mirrored = 1;
    /* A table that uses what only its application has is not made: the repair itself
     * will tell. */
    if (!repair->has_mirror)
        return SIEVE_OK;
    sieve_status status = try_copy(attempt, obstacle_out);
    sieve_status emptied = run_on_mirror(repair, "DELETE FROM temp.");
    return status == SIEVE_OK ? emptied : status;
}

static int has_odd_blob(const struct attempt *attempt)
{
    const struct repair_update *update = attempt->update;
    for (size_t index = 0; index < update->count; index++) {
        const struct cell *cell = &update->row->cells[update->changes[index].column];
        if (attempt->repair->is_utf16 && update->changes[index].kind == CHANGE_MASK &&
            cell->is_binary && cell->bytes.length % 2 == 1)
            return 1;
    }
    return 0;
}

sieve_status sqlite_check(struct repair *self, const struct repair_update *update,
                          const char **obstacle_out, struct database_error *error)
{
    const struct attempt attempt = {(struct sqlite_repair *)self, update,
                                    update->table->table};
    *obstacle_out = NULL;
    *error = (struct database_error){.reason = "not enough memory"};
    if (has_odd_blob(&attempt)) {
        *obstacle_out = "in a file of UTF-16 a blob of an odd length cannot be changed";
        return SIEVE_OK;
    }
    sieve_status status = try_in_mirror(&attempt, obstacle_out);
    if (status == SIEVE_OK && !*obstacle_out)
        status = try_uniques(&attempt, obstacle_out);
    return status == SIEVE_OK ? SIEVE_OK
                              : sqlite_fail_sql(error, status, attempt.repair->sql);
}
