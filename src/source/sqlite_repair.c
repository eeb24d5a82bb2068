#include "source/sqlite_repair.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"

#define RESULT_COLUMNS_MAX 2000u /* of a query; SQLite's own limit */

static struct sqlite_repair *repair_of(struct repair *self)
{
    return (struct sqlite_repair *)self;
}

static sieve_status fail(struct sqlite_repair *repair, sieve_status status,
                         struct database_error *error)
{
    const char *constraint = sql_constraint(repair->sql);
    if (atomic_load(&repair->is_cancelled))
        return SIEVE_STOPPED;
    (void)sqlite_fail_sql(error, status, repair->sql);
    if (status == SIEVE_E_IO && constraint)
        error->reason = constraint;
    repair->base.is_passing = status == SIEVE_E_IO && sql_is_busy(repair->sql);
    return status;
}

/* ---- transactions ------------------------------------------------------------------ */

static sieve_status sqlite_begin(struct repair *self, struct database_error *error)
{
    struct sqlite_repair *repair = repair_of(self);
    *error = (struct database_error){.reason = NULL};
    sieve_status status =
        sql_run(repair->sql, repair->is_writing ? "BEGIN IMMEDIATE" : "BEGIN");
    if (status != SIEVE_OK)
        return fail(repair, status, error);
    repair->is_open = 1;
    return SIEVE_OK;
}

/* It may be undone by now: then there is nothing to be told. */
static void roll_back(struct sqlite_repair *repair)
{
    if (!repair->is_open || sql_run(repair->sql, "ROLLBACK") != SIEVE_OK)
        repair->is_open = 0;
    repair->is_open = 0;
}

static sieve_status sqlite_end(struct repair *self, int is_commit,
                               struct database_error *error)
{
    struct sqlite_repair *repair = repair_of(self);
    sieve_status status = SIEVE_OK;
    *error = (struct database_error){.reason = NULL};
    if (!repair->is_open)
        return SIEVE_OK;
    if (is_commit)
        status = sql_run(repair->sql, "COMMIT");
    if (status != SIEVE_OK)
        status = fail(repair, status, error);
    if (!is_commit || status != SIEVE_OK)
        roll_back(repair);
    repair->is_open = 0;
    return status;
}

/* ---- rows -------------------------------------------------------------------------- */

static sieve_status make_room(struct sqlite_repair *repair, size_t count)
{
    if (repair->cells && count <= repair->capacity)
        return SIEVE_OK;
    count += count == 0;
    free(repair->cells);
    free(repair->number_texts);
    free(repair->numbers);
    repair->capacity = 0;
    repair->cells = calloc(count, sizeof repair->cells[0]);
    repair->number_texts = calloc(count, sizeof repair->number_texts[0]);
    repair->numbers = calloc(count, sizeof repair->numbers[0]);
    if (!repair->cells || !repair->number_texts || !repair->numbers)
        return SIEVE_E_MEMORY;
    repair->capacity = count;
    return SIEVE_OK;
}

/* SELECT of one row; it is the first value that tells where it lies. */
static sieve_status make_select(struct sqlite_repair *repair, const struct table *table,
                                const struct repair_place *place)
{
    struct buffer *text = &repair->text;
    const char *rowid = place->locator ? sqlite_rowid_name(table) : NULL;
    text->length = 0;
    int number = 0;
    sieve_status status = sqlite_put(text, "SELECT ");
    if (status == SIEVE_OK)
        status = sqlite_put(text, rowid ? rowid : "NULL");
    for (size_t index = 0; index < table->column_count && status == SIEVE_OK; index++) {
        if (table->columns[index].left_out && !table->columns[index].is_key)
            continue;
        status = sqlite_put(text, ", ");
        if (status == SIEVE_OK)
            status = sql_append_name(text, table->columns[index].name);
    }
    if (status == SIEVE_OK)
        status = sqlite_put(text, " FROM main.");
    if (status == SIEVE_OK)
        status = sql_append_name(text, table->name);
    if (status == SIEVE_OK)
        status = sqlite_put(text, " WHERE ");
    if (status == SIEVE_OK && rowid)
        status = sqlite_put(text, rowid);
    for (size_t index = 0; index < table->column_count && status == SIEVE_OK && !rowid;
         index++) {
        if (!table->columns[index].is_key)
            continue;
        status = sqlite_put(text, number++ > 0 ? "=? AND " : "");
        if (status == SIEVE_OK)
            status = sql_append_name(text, table->columns[index].name);
    }
    return status == SIEVE_OK ? sqlite_put(text, "=?") : status;
}

static void bind_place(struct sql_query *query, const struct repair_place *place)
{
    if (place->locator)
        sql_bind_text(query, 1, place->locator);
    for (size_t index = 0; index < place->key_count && !place->locator; index++)
        sql_bind_bytes(query, (int)index + 1, place->key[index]);
}

static void read_row(struct sqlite_repair *repair, struct sql_query *query,
                     const struct table *table)
{
    int at = 1;
    for (size_t index = 0; index < table->column_count; index++) {
        const struct column *column = &table->columns[index];
        repair->cells[index] = (struct cell){.is_binary = 0};
        repair->numbers[index] = 0;
        if (column->left_out && !column->is_key)
            continue;
        const enum sql_kind kind = sql_kind(query, at);
        repair->numbers[index] = kind == SQL_INTEGER || kind == SQL_REAL;
        struct cell *cell = &repair->cells[index];
        char *text = repair->number_texts[index];
        sqlite_read_cell(query, at++, text, cell);
        if (cell->is_number) {
            cell->is_number = 0;
            cell->bytes = bytes_of(text, number_signed_text(cell->number, text));
        }
    }
}

static sieve_status sqlite_fetch(struct repair *self, const struct table *table,
                                 const struct repair_place *place, on_repair_row tell_row,
                                 void *context, struct database_error *error)
{
    struct sqlite_repair *repair = repair_of(self);
    struct sql_query *query = NULL;
    int has_row = 0;
    *error = (struct database_error){.reason = "not enough memory"};
    if (sqlite_taken(table) + 1 >= RESULT_COLUMNS_MAX)
        return sqlite_fail(error, SIEVE_E_LIMIT, "it has too many columns");
    sieve_status status = make_room(repair, table->column_count);
    if (status == SIEVE_OK)
        status = make_select(repair, table, place);
    if (status == SIEVE_OK)
        status = sql_prepare(repair->sql, buffer_bytes(&repair->text), &query);
    if (status == SIEVE_OK) {
        bind_place(query, place);
        status = sql_step(query, &has_row);
    }
    if (status != SIEVE_OK) {
        sql_done(query);
        return fail(repair, status, error);
    }
    if (has_row) {
        read_row(repair, query, table);
        const struct repair_row row = {repair->cells, repair->numbers, place->locator,
                                       NULL};
        status = tell_row(&row, context);
    }
    sql_done(query);
    return status;
}

/* ---- updates ----------------------------------------------------------------------- */

static sieve_status sqlite_update(struct repair *self, struct bytes statement,
                                  char locator_out[REPAIR_LOCATOR_MAX],
                                  uint64_t *rows_out, struct database_error *error)
{
    struct sqlite_repair *repair = repair_of(self);
    struct sql_query *query = NULL;
    *error = (struct database_error){.reason = "not enough memory"};
    sieve_status status = sql_prepare(repair->sql, statement, &query);
    if (status == SIEVE_OK)
        status = sql_finish(query);
    if (status == SIEVE_OK) {
        *rows_out = (uint64_t)sql_changes(repair->sql);
        locator_out[0] = '\0'; /* it lies where it lay */
    }
    sql_done(query);
    if (status == SIEVE_OK)
        return SIEVE_OK;
    status = fail(repair, status, error);
    roll_back(repair);
    return status;
}

/* ---- life -------------------------------------------------------------------------- */

static void sqlite_cancel(struct repair *self)
{
    struct sqlite_repair *repair = repair_of(self);
    atomic_store(&repair->is_cancelled, 1);
    sql_interrupt(repair->sql);
}

static void sqlite_repair_free(struct repair *self)
{
    struct sqlite_repair *repair = repair_of(self);
    if (!self)
        return;
    sqlite_examined_done(repair);
    sql_close(repair->sql);
    buffer_done(&repair->text);
    free(repair->cells);
    free(repair->number_texts);
    free(repair->numbers);
    free(repair);
}

static const char *const aftercare[] = {
    "Free pages and the write-ahead log may still hold the numbers:",
    "  PRAGMA wal_checkpoint(TRUNCATE); VACUUM; ANALYZE;",
    "  (VACUUM needs room for a second copy of the file for a while.)",
    "Full-text indexes keep words of old rows until they are rebuilt.",
    "Backups and copies of the file hold the numbers: replace or destroy them.",
    "Then scan again.",
    NULL,
};

static const struct repair_script script = {
    .how = "sqlite3 FILE <PLAN",
    .prologue = "PRAGMA busy_timeout=10000;\n"
                "PRAGMA secure_delete=ON;\n"
                "PRAGMA foreign_keys=ON;\n"
                "CREATE TEMP TABLE cardsieve_repair(number INTEGER PRIMARY KEY,"
                " name TEXT, updated INTEGER CHECK (updated IN (0, 1)));\n",
    .begin = "BEGIN IMMEDIATE;\n",
    .before = "",
    .between = ";\nINSERT INTO temp.cardsieve_repair VALUES(",
    .behind = ", changes());\n",
    .commit = "COMMIT;\n",
    .epilogue =
        "SELECT 'rows updated: ' || CAST(total(updated) AS INTEGER) || ' of ' || ",
    .ending =
        " FROM temp.cardsieve_repair;\n"
        "SELECT 'changed by others, not touched: ' || name FROM temp.cardsieve_repair"
        " WHERE updated = 0;\n"
        "DROP TABLE temp.cardsieve_repair;\n",
    .aftercare = aftercare,
};

static const struct repair_ops sqlite_repair_ops = {
    .script = &script,
    .examine = sqlite_examine,
    .begin = sqlite_begin,
    .end = sqlite_end,
    .fetch = sqlite_fetch,
    .append_update = sqlite_append_update,
    .check = sqlite_check,
    .update = sqlite_update,
    .cancel = sqlite_cancel,
    .free = sqlite_repair_free,
};

sieve_status sqlite_repair(struct database *self, int is_writing, struct repair **out,
                           struct database_error *error)
{
    struct sqlite_database *database = (struct sqlite_database *)self;
    const char *reason = NULL;
    int64_t is_utf16 = 0;
    /* A transaction of ours that still reads would keep our own from being committed. */
    sql_close(database->first);
    database->first = NULL;
    struct sqlite_repair *repair = calloc(1, sizeof *repair);
    if (!repair)
        return sqlite_fail(error, SIEVE_E_MEMORY, "not enough memory");
    repair->base.ops = &sqlite_repair_ops;
    repair->database = database;
    repair->is_writing = is_writing;
    buffer_init(&repair->text, REPAIR_UPDATE_MAX);
    sieve_status status = sql_open(database->path,
                                   is_writing        ? SQL_REPAIR
                                   : database->watch ? SQL_READ
                                                     : SQL_READ_IDLE,
                                   &repair->sql, &reason);
    if (status != SIEVE_OK) {
        sqlite_repair_free(&repair->base);
        return sqlite_fail(error, status, reason);
    }
    status = sql_read_number(
        repair->sql, "SELECT encoding <> 'UTF-8' FROM pragma_encoding", &is_utf16);
    repair->is_utf16 = (int)is_utf16;
    /* Rows are tried in a table in memory; the file itself was opened to be read. */
    if (status == SIEVE_OK && !is_writing)
        status = sql_run(repair->sql, "PRAGMA query_only=0; PRAGMA temp_store=2");
    if (status != SIEVE_OK) {
        status = sqlite_fail_sql(error, status, repair->sql);
        sqlite_repair_free(&repair->base);
        return status;
    }
    *out = &repair->base;
    return SIEVE_OK;
}
