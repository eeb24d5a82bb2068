#include "source/myrepair.h"

#include <stdlib.h>

#include "base/wipe.h"

static struct myrepair *repair_of(struct repair *self)
{
    return (struct myrepair *)self;
}

/* The server may have given the transaction up by itself: then there is nothing left. */
static void roll_back(struct myrepair *repair)
{
    struct database_error unused;
    if (repair->is_open && mylink_do(repair->link, "ROLLBACK", &unused) != SIEVE_OK)
        repair->is_open = 0;
    repair->is_open = 0;
}

sieve_status myrepair_fail(struct myrepair *repair, sieve_status status,
                           const struct database_error *error)
{
    /* Locks: 1205; deadlocks: 1213; another commit came first: 1020. */
    repair->base.is_passing = status == SIEVE_E_IO && (strcmp(error->code, "1205") == 0 ||
                                                       strcmp(error->code, "1213") == 0 ||
                                                       strcmp(error->code, "1020") == 0);
    roll_back(repair);
    return status;
}

/* ---- transactions ------------------------------------------------------------------ */

static sieve_status myrepair_begin(struct repair *self, struct database_error *error)
{
    struct myrepair *repair = repair_of(self);
    sieve_status status = mylink_do(
        repair->link,
        repair->is_writing ? "START TRANSACTION"
                           : "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
        error);
    if (status != SIEVE_OK)
        return myrepair_fail(repair, status, error);
    repair->is_open = 1;
    return SIEVE_OK;
}

static sieve_status myrepair_end(struct repair *self, int is_commit,
                                 struct database_error *error)
{
    struct myrepair *repair = repair_of(self);
    sieve_status status = SIEVE_OK;
    *error = (struct database_error){.reason = NULL};
    if (repair->is_open && is_commit)
        status = mylink_do(repair->link, "COMMIT", error);
    if (status != SIEVE_OK)
        return myrepair_fail(repair, status, error);
    if (!is_commit)
        roll_back(repair);
    repair->is_open = 0;
    return SIEVE_OK;
}

/* ---- rows -------------------------------------------------------------------------- */

static void forget_row(struct myrepair *repair)
{
    wipe_free(repair->bytes, repair->byte_count);
    repair->bytes = NULL;
    repair->byte_count = 0;
}

static sieve_status make_room(struct myrepair *repair, size_t count)
{
    if (repair->cells && count <= repair->capacity)
        return SIEVE_OK;
    free(repair->cells);
    free(repair->numbers);
    repair->capacity = 0;
    repair->cells = calloc(count + 1, sizeof *repair->cells);
    repair->numbers = calloc(count + 1, 1);
    if (!repair->cells || !repair->numbers)
        return SIEVE_E_MEMORY;
    repair->capacity = count;
    return SIEVE_OK;
}

/* The row is kept: whoever is told of it asks more of this connection. */
struct fetching {
    struct myrepair *repair;
    const struct mytable *table;
    int has_row;
};

static sieve_status keep_row(const struct bytes *fields, void *context)
{
    struct fetching *fetching = context;
    struct myrepair *repair = fetching->repair;
    const struct mytable *table = fetching->table;
    size_t length = 1;
    size_t at = 0;
    size_t field = 0;
    forget_row(repair);
    for (size_t index = 0; index < table->table.column_count; index++)
        length += mytable_takes(table, index) ? fields[field++].length : 0;
    repair->bytes = malloc(length);
    if (!repair->bytes)
        return SIEVE_E_MEMORY;
    repair->byte_count = length;
    field = 0;
    for (size_t index = 0; index < table->table.column_count; index++) {
        const enum myform form = table->types[index].form;
        repair->cells[index] = (struct cell){.is_binary = form == MYFORM_BYTES};
        repair->numbers[index] =
            form == MYFORM_NUMBER || form == MYFORM_FLOAT || form == MYFORM_BITS;
        if (!mytable_takes(table, index))
            continue;
        const struct bytes value = mytype_plain(form, fields[field++]);
        if (!value.at)
            continue;
        memcpy(repair->bytes + at, value.at, value.length);
        repair->cells[index].bytes = bytes_of(repair->bytes + at, value.length);
        at += value.length;
    }
    fetching->has_row = 1;
    return SIEVE_OK;
}

static size_t count_fields(const struct mytable *table)
{
    size_t count = 0;
    for (size_t index = 0; index < table->table.column_count; index++)
        count += (size_t)mytable_takes(table, index);
    return count;
}

static sieve_status myrepair_fetch(struct repair *self, const struct table *table,
                                   const struct repair_place *place, on_repair_row tell,
                                   void *context, struct database_error *error)
{
    struct myrepair *repair = repair_of(self);
    struct statement *statement = &repair->statement;
    struct fetching fetching = {.repair = repair,
                                .table = repair->find(repair->database, table)};
    const struct mytable *from = fetching.table;
    const struct mytaker taker = {count_fields(from), keep_row, &fetching};
    size_t key = 0;
    *error = (struct database_error){.reason = "out of memory"};
    if (from->key.count == 0 || place->locator)
        return SIEVE_OK; /* a row without a key cannot be found again */
    sieve_status status = make_room(repair, table->column_count);
    if (status != SIEVE_OK)
        return status;
    statement_begin(statement);
    statement_put(statement, "SELECT ");
    mytable_put_columns(from, statement);
    mytable_put_from(from, NULL, 0, statement);
    for (size_t index = 0; index < table->column_count && key < place->key_count;
         index++) {
        if (!table->columns[index].is_key)
            continue;
        statement_put(statement, key == 0 ? " WHERE " : " AND ");
        myupdate_put_key(from, index, place->key[key++], 1, statement);
    }
    statement_put(statement, " LIMIT 1");
    status = mylink_run(repair->link, statement, &taker, error);
    if (status != SIEVE_OK)
        return myrepair_fail(repair, status, error);
    if (fetching.has_row) {
        const struct repair_row row = {repair->cells, repair->numbers, NULL, NULL};
        status = tell(&row, context);
    }
    forget_row(repair);
    return status;
}

/* ---- updates ----------------------------------------------------------------------- */

static sieve_status myrepair_update(struct repair *self, struct bytes text,
                                    char locator_out[REPAIR_LOCATOR_MAX],
                                    uint64_t *rows_out, struct database_error *error)
{
    struct myrepair *repair = repair_of(self);
    statement_begin(&repair->statement);
    statement_put_bytes(&repair->statement, text);
    sieve_status status = mylink_run(repair->link, &repair->statement, NULL, error);
    if (status != SIEVE_OK)
        return myrepair_fail(repair, status, error);
    *rows_out = mylink_changed(repair->link);
    locator_out[0] = '\0'; /* its key names it still */
    return SIEVE_OK;
}

/* ---- life -------------------------------------------------------------------------- */

static void myrepair_cancel(struct repair *self)
{
    mylink_cancel(repair_of(self)->link);
}

static void myrepair_free(struct repair *self)
{
    struct myrepair *repair = repair_of(self);
    if (!self)
        return;
    forget_row(repair);
    myexamined_done(repair);
    mylink_close(repair->link);
    statement_done(&repair->statement);
    free(repair->cells);
    free(repair->numbers);
    free(repair);
}

static const char *const aftercare[] = {
    "InnoDB's pages, its redo and undo logs and the binary logs may still hold the "
    "numbers:",
    "  OPTIMIZE TABLE ...; ANALYZE TABLE ... PERSISTENT FOR ALL; PURGE BINARY LOGS ...;",
    "  (OPTIMIZE needs room for a second copy of the table for a while.)",
    "mysql.column_stats, the general log and the slow log keep values until they are "
    "emptied.",
    "Replicas follow through the binary log; look at one of them too.",
    "Backups and dumps hold the numbers: replace or destroy them.",
    "Then scan again.",
    NULL,
};

static const struct repair_script script = {
    .how = "mariadb --default-character-set=utf8mb4 DATABASE <PLAN",
    .prologue = "SET NAMES utf8mb4;\n"
                "SET SESSION sql_mode='NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES';\n"
                "SET SESSION innodb_lock_wait_timeout=10;\n"
                "CREATE TEMPORARY TABLE cardsieve_repair(number bigint PRIMARY KEY,"
                " name text, updated int, CHECK (updated IN (0, 1)));\n",
    .begin = "START TRANSACTION;\n",
    .before = "",
    .between = ";\nINSERT INTO cardsieve_repair VALUES(",
    .behind = ", ROW_COUNT());\n",
    .commit = "COMMIT;\n",
    .epilogue = "SELECT concat('rows updated: ', COALESCE(sum(updated), 0), ' of ', ",
    .ending = ") FROM cardsieve_repair;\n"
              "SELECT concat('changed by others, not touched: ', name)"
              " FROM cardsieve_repair WHERE updated = 0;\n"
              "DROP TEMPORARY TABLE cardsieve_repair;\n",
    .aftercare = aftercare,
};

static const struct repair_ops myrepair_ops = {
    .script = &script,
    .examine = myexamine,
    .begin = myrepair_begin,
    .end = myrepair_end,
    .fetch = myrepair_fetch,
    .append_update = myupdate_append,
    .check = mycheck,
    .update = myrepair_update,
    .cancel = myrepair_cancel,
    .free = myrepair_free,
};

sieve_status myrepair_new(struct mylink *link, const void *database,
                          const struct mytable *(*find)(const void *database,
                                                        const struct table *table),
                          int is_writing, struct repair **out)
{
    struct myrepair *repair = calloc(1, sizeof *repair);
    if (!repair) {
        mylink_close(link);
        return SIEVE_E_MEMORY;
    }
    repair->base.ops = &myrepair_ops;
    repair->link = link;
    repair->database = database;
    repair->find = find;
    repair->is_writing = is_writing;
    statement_init(&repair->statement);
    mycatalog_init(&repair->memory, NULL, NULL);
    *out = &repair->base;
    return SIEVE_OK;
}
