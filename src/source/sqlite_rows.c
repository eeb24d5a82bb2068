#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/number.h"
#include "source/sqlite.h"

static struct sqlite_reader *reader_of(struct reader *self)
{
    return (struct sqlite_reader *)self;
}

void sqlite_reader_free(struct reader *self)
{
    struct sqlite_reader *reader = reader_of(self);
    if (!self)
        return;
    sql_close(reader->sql);
    free(reader->cells);
    free(reader->numbers);
    buffer_done(&reader->text);
    free(reader);
}

static sieve_status make_room(struct sqlite_reader *reader, size_t count)
{
    if (reader->cells && reader->numbers && count <= reader->capacity)
        return SIEVE_OK;
    count += count == 0;
    free(reader->cells);
    free(reader->numbers);
    reader->capacity = 0;
    reader->cells = calloc(count, sizeof reader->cells[0]);
    reader->numbers = calloc(count, sizeof reader->numbers[0]);
    if (!reader->cells || !reader->numbers)
        return SIEVE_E_MEMORY;
    reader->capacity = count;
    return SIEVE_OK;
}

void sqlite_reader_cancel(struct reader *self)
{
    struct sqlite_reader *reader = reader_of(self);
    atomic_store(&reader->is_cancelled, 1);
    sql_interrupt(reader->sql);
}

/* ---- rows -------------------------------------------------------------------------- */

/* A whole number as one: "4.1e15" and "4111.0" would hide what it is. */
static size_t real_text(double value, char out[SQLITE_NUMBER_MAX])
{
    if (fabs(value) < 9e18 && value >= -9e18 && floor(value) >= value)
        return number_signed_text((int64_t)value, out);
    int length = snprintf(out, SQLITE_NUMBER_MAX, "%.17g", value);
    return length > 0 ? (size_t)length : 0;
}

void sqlite_read_cell(struct sql_query *query, int at, char text[SQLITE_NUMBER_MAX],
                      struct cell *out)
{
    *out = (struct cell){.is_binary = 0};
    switch (sql_kind(query, at)) {
    case SQL_NULL:
        break;
    case SQL_INTEGER:
        out->is_number = 1;
        out->number = sql_number(query, at);
        out->bytes = bytes_of("", 0);
        break;
    case SQL_REAL:
        out->bytes = bytes_of(text, real_text(sql_real(query, at), text));
        break;
    case SQL_BLOB:
        out->is_binary = 1;
        out->bytes = sql_bytes(query, at);
        break;
    case SQL_TEXT:
        out->bytes = sql_bytes(query, at);
        break;
    }
    if (!out->bytes.at && sql_kind(query, at) != SQL_NULL)
        out->bytes = bytes_of("", 0);
}

static sieve_status put(struct buffer *out, const char *text)
{
    return buffer_append(out, bytes_of_text(text));
}

/* The first and the last range are open: what lies outside the ends that were seen
 * belongs to them, and so do values that are no numbers. */
static sieve_status make_query(struct sqlite_reader *reader, const struct table *table,
                               const struct sqlite_plan *plan, uint64_t range,
                               struct sql_query **out)
{
    const int has_begin = range > 0;
    const int has_end = range + 1 < table->range_count;
    struct buffer *text = &reader->text;
    text->length = 0;
    sieve_status status = put(text, plan->select);
    if (status == SIEVE_OK && has_begin)
        status = put(text, " WHERE ");
    if (status == SIEVE_OK && has_begin)
        status = put(text, plan->bound);
    if (status == SIEVE_OK && has_begin)
        status = put(text, " >= ?1");
    if (status == SIEVE_OK && has_end)
        status = put(text, has_begin ? " AND " : " WHERE ");
    if (status == SIEVE_OK && has_end)
        status = put(text, plan->bound);
    if (status == SIEVE_OK && has_end)
        status = put(text, " < ?2");
    if (status == SIEVE_OK)
        status = sql_prepare(reader->sql, buffer_bytes(text), out);
    if (status == SIEVE_OK && has_begin)
        sql_bind_number(*out, 1, sqlite_bound(plan, range));
    if (status == SIEVE_OK && has_end)
        sql_bind_number(*out, 2, sqlite_bound(plan, range + 1));
    return status;
}

static void read_row(struct sql_query *query, const struct table *table, int at,
                     struct cell *cells, char (*numbers)[SQLITE_NUMBER_MAX])
{
    for (size_t index = 0; index < table->column_count; index++) {
        const struct column *column = &table->columns[index];
        if (column->left_out && !column->is_key)
            cells[index] = (struct cell){.is_binary = 0};
        else
            sqlite_read_cell(query, at++, numbers[index], &cells[index]);
    }
}

static const struct sqlite_plan *plan_of(const struct sqlite_database *database,
                                         const struct table *table)
{
    return &database->tables.plans[table - database->tables.tables];
}

/* *is_ours_out is 1 if it was the reading that failed, not who is told. */
static sieve_status read_rows(struct sqlite_reader *reader, struct sql_query *query,
                              const struct table *table, on_row tell, void *context,
                              int *is_ours_out)
{
    const struct sqlite_database *database =
        (const struct sqlite_database *)reader->base.database;
    const struct sqlite_plan *plan = plan_of(database, table);
    char locator[SQLITE_NUMBER_MAX];
    struct cell *cells = reader->cells;
    char(*numbers)[SQLITE_NUMBER_MAX] = reader->numbers;
    if (!cells || !numbers)
        return SIEVE_E_MEMORY;
    for (;;) {
        int has_row = 0;
        sieve_status status = sql_step(query, &has_row);
        *is_ours_out = status != SIEVE_OK;
        if (status != SIEVE_OK || !has_row)
            return status;
        if (atomic_load_explicit(&reader->is_cancelled, memory_order_relaxed))
            return SIEVE_STOPPED;
        const int has_locator = plan->has_locator;
        if (has_locator)
            (void)number_signed_text(sql_number(query, 0), locator);
        read_row(query, table, plan->first, cells, numbers);
        const struct row row = {.cells = cells, .locator = has_locator ? locator : NULL};
        status = tell(&row, context);
        if (status != SIEVE_OK)
            return status;
    }
}

sieve_status sqlite_reader_read(struct reader *self, const struct table *table,
                                uint64_t range, on_row tell, void *context,
                                struct database_error *error)
{
    struct sqlite_reader *reader = reader_of(self);
    const struct sqlite_database *database =
        (const struct sqlite_database *)self->database;
    const struct sqlite_plan *plan = plan_of(database, table);
    struct sql_query *query = NULL;
    int is_ours = 1;
    *error = (struct database_error){.reason = NULL};
    sieve_status status = make_room(reader, table->column_count);
    if (status != SIEVE_OK)
        return sqlite_fail(error, status, "not enough memory");
    if (plan->page_size > 0) {
        status = sqlite_read_freed(database->path, plan, range, tell, context,
                                   &reader->is_cancelled);
        return status == SIEVE_E_IO ? sqlite_fail(error, status, "it could not be read")
                                    : status;
    }
    status = make_query(reader, table, plan, range, &query);
    if (status == SIEVE_OK)
        status = read_rows(reader, query, table, tell, context, &is_ours);
    sql_done(query);
    if (status != SIEVE_OK && is_ours)
        return sqlite_fail_sql(error, status, reader->sql);
    return status;
}

static sieve_status count_row(const struct row *row, void *context)
{
    (void)row;
    ++*(uint64_t *)context;
    return SIEVE_OK;
}

sieve_status sqlite_reader_count(struct reader *self, const struct table *table,
                                 uint64_t *rows_out, struct database_error *error)
{
    struct sqlite_reader *reader = reader_of(self);
    const struct sqlite_database *database =
        (const struct sqlite_database *)self->database;
    const struct sqlite_plan *plan = plan_of(database, table);
    uint64_t rows = 0;
    int64_t count = 0;
    sieve_status status = SIEVE_OK;
    if (plan->page_size > 0) {
        for (uint64_t range = 0; range < table->range_count && status == SIEVE_OK;
             range++)
            status = sqlite_read_freed(database->path, plan, range, count_row, &rows,
                                       &reader->is_cancelled);
        if (status != SIEVE_OK)
            return sqlite_fail(error, status, "it could not be read");
        *rows_out = rows;
        return SIEVE_OK;
    }
    status = sql_read_number(reader->sql, plan->count, &count);
    if (status != SIEVE_OK)
        return sqlite_fail_sql(error, status, reader->sql);
    if (!database->watch && !sqlite_is_unchanged(database))
        return sqlite_fail(error, SIEVE_E_STATE, SQLITE_CHANGED);
    *rows_out = (uint64_t)count;
    return SIEVE_OK;
}
