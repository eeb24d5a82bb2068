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

/* A part of a table: a range, or what is left of it from a value on. */
struct part {
    const struct table *table;
    const struct sqlite_plan *plan;
    uint64_t range;
    int has_from;
    int64_t from;
};

/* The first and the last range are open: what lies outside the ends that were seen
 * belongs to them, and so do values that are no numbers. */
static sieve_status make_bound_query(struct sqlite_reader *reader,
                                     const struct part *part, const char *select,
                                     struct sql_query **out)
{
    const struct sqlite_plan *plan = part->plan;
    const int has_begin = part->has_from || part->range > 0;
    const int has_end = part->range + 1 < part->table->range_count;
    struct buffer *text = &reader->text;
    text->length = 0;
    sieve_status status = sqlite_put(text, select);
    if (status == SIEVE_OK && has_begin)
        status = sqlite_put(text, " WHERE ");
    if (status == SIEVE_OK && has_begin)
        status = sqlite_put(text, plan->bound);
    if (status == SIEVE_OK && has_begin)
        status = sqlite_put(text, " >= ?1");
    if (status == SIEVE_OK && has_end)
        status = sqlite_put(text, has_begin ? " AND " : " WHERE ");
    if (status == SIEVE_OK && has_end)
        status = sqlite_put(text, plan->bound);
    if (status == SIEVE_OK && has_end)
        status = sqlite_put(text, " < ?2");
    if (status == SIEVE_OK)
        status = sql_prepare(reader->sql, buffer_bytes(text), out);
    if (status == SIEVE_OK && has_begin)
        sql_bind_number(*out, 1,
                        part->has_from ? part->from : sqlite_bound(plan, part->range));
    if (status == SIEVE_OK && has_end)
        sql_bind_number(*out, 2, sqlite_bound(plan, part->range + 1));
    return status;
}

static sieve_status make_query(struct sqlite_reader *reader, const struct part *part,
                               const char *select, struct sql_query **out)
{
    struct buffer *text = &reader->text;
    if (part->plan->bound)
        return make_bound_query(reader, part, select, out);
    text->length = 0;
    sieve_status status = sqlite_put(text, select);
    if (status == SIEVE_OK)
        status = sqlite_put_range(part->plan, part->range, text);
    return status == SIEVE_OK ? sql_prepare(reader->sql, buffer_bytes(text), out)
                              : status;
}

void sqlite_read_row(struct sql_query *query, const struct table *table, int at,
                     struct sqlite_reader *reader)
{
    for (size_t index = 0; index < table->column_count; index++) {
        const struct column *column = &table->columns[index];
        if (column->left_out && !column->is_key)
            reader->cells[index] = (struct cell){.is_binary = 0};
        else
            sqlite_read_cell(query, at++, reader->numbers[index], &reader->cells[index]);
    }
}

static const struct sqlite_plan *plan_of(const struct sqlite_database *database,
                                         const struct table *table)
{
    return &database->tables.plans[table - database->tables.tables];
}

/* What a range is read with. */
struct reading {
    struct sqlite_reader *reader;
    struct part part;
    on_row tell;
    void *context;
    struct database_error *error;
    uint64_t rows;
    int is_ours; /* it was the reading that failed, not who is told */
    int is_over; /* others should get their turn before the rest is read */
};

static sieve_status tell_row(struct reading *reading, struct sql_query *query)
{
    const struct sqlite_plan *plan = reading->part.plan;
    struct sqlite_reader *reader = reading->reader;
    char locator[SQLITE_NUMBER_MAX];
    const int has_locator = plan->has_locator;
    if (has_locator) {
        (void)number_signed_text(sql_number(query, 0), locator);
        reading->part.from = sql_number(query, 0);
    }
    sqlite_read_row(query, reading->part.table, plan->first, reader);
    const struct row row = {.cells = reader->cells,
                            .locator = has_locator ? locator : NULL};
    reading->rows++;
    return reading->tell(&row, reading->context);
}

/* How many rows are read between two looks at the clock. */
#define ROWS_BETWEEN 64u

static sieve_status read_rows(struct reading *reading, struct sql_query *query)
{
    struct sqlite_reader *reader = reading->reader;
    const struct sqlite_plan *plan = reading->part.plan;
    reading->is_over = 0;
    for (;;) {
        int has_row = 0;
        sieve_status status = sql_step(query, &has_row);
        reading->is_ours = status != SIEVE_OK;
        if (status != SIEVE_OK || !has_row)
            return status;
        if (atomic_load_explicit(&reader->is_cancelled, memory_order_relaxed))
            return SIEVE_STOPPED;
        status = tell_row(reading, query);
        if (status != SIEVE_OK)
            return status;
        if (plan->bound && plan->has_locator && reading->rows % ROWS_BETWEEN == 0 &&
            reading->part.from < INT64_MAX && sqlite_turn_is_over(reader)) {
            reading->is_over = 1;
            return SIEVE_OK;
        }
    }
}

/* In the transaction that is open, to the end of the range or of the turn. */
static sieve_status read_turn(struct reading *reading)
{
    struct sql_query *query = NULL;
    reading->is_ours = 1;
    sieve_status status =
        make_query(reading->reader, &reading->part, reading->part.plan->select, &query);
    if (status == SIEVE_OK)
        status = read_rows(reading, query);
    sql_done(query);
    if (status != SIEVE_OK && reading->is_ours)
        return sqlite_fail_sql(reading->error, status, reading->reader->sql);
    return status;
}

/* How many rows the range has in the state that the transaction sees. */
static sieve_status check_count(struct reading *reading)
{
    struct sql_query *query = NULL;
    int has_row = 0;
    const struct part whole = {.table = reading->part.table,
                               .plan = reading->part.plan,
                               .range = reading->part.range};
    sieve_status status =
        make_query(reading->reader, &whole, reading->part.plan->count, &query);
    if (status == SIEVE_OK)
        status = sql_step(query, &has_row);
    const uint64_t count = has_row ? (uint64_t)sql_number(query, 0) : 0;
    sql_done(query);
    if (status != SIEVE_OK)
        return sqlite_fail_sql(reading->error, status, reading->reader->sql);
    return count == reading->rows
               ? SIEVE_OK
               : sqlite_fail(reading->error, SIEVE_E_CORRUPT,
                             "the rows that were read are not those it has");
}

static sieve_status read_range(struct reading *reading)
{
    struct sqlite_reader *reader = reading->reader;
    sieve_status status = sqlite_turn_begin(reader, reading->error);
    const uint64_t state = reader->base.state;
    if (status != SIEVE_OK)
        return status;
    status = read_turn(reading);
    while (status == SIEVE_OK && reading->is_over) {
        reading->part.has_from = 1;
        reading->part.from++;
        sqlite_turn_end(reader);
        status = sqlite_turn_begin(reader, reading->error);
        if (status != SIEVE_OK)
            return status;
        if (reader->base.state != state) {
            status = sqlite_fail(reading->error, SIEVE_E_STATE, SQLITE_CHANGED);
            reading->error->is_moved = 1;
            reader->moves++;
        } else {
            status = read_turn(reading);
        }
    }
    const struct sqlite_database *database =
        (const struct sqlite_database *)reader->base.database;
    if (status == SIEVE_OK)
        reader->moves = 0;
    if (status == SIEVE_OK && database->is_taken_in_turns)
        status = check_count(reading);
    sqlite_turn_end(reader);
    return status;
}

/* What is no table: bytes of the file, or of one beside it. */
static sieve_status read_bytes(struct reading *reading)
{
    struct sqlite_reader *reader = reading->reader;
    const struct sqlite_database *database =
        (const struct sqlite_database *)reader->base.database;
    const struct part *part = &reading->part;
    if (part->plan->companion)
        return sqlite_read_beside(database->path, part->plan, part->range, reading->tell,
                                  reading->context, &reader->is_cancelled);
    sieve_status status = sqlite_turn_begin(reader, reading->error);
    if (status != SIEVE_OK)
        return status;
    status = sqlite_read_freed(database->descriptor, part->plan, part->range,
                               reading->tell, reading->context, &reader->is_cancelled);
    sqlite_turn_end(reader);
    return status;
}

sieve_status sqlite_reader_read(struct reader *self, const struct table *table,
                                uint64_t range, on_row tell, void *context,
                                struct database_error *error)
{
    struct sqlite_reader *reader = reader_of(self);
    const struct sqlite_database *database =
        (const struct sqlite_database *)self->database;
    const struct sqlite_plan *plan = plan_of(database, table);
    struct reading reading = {.reader = reader,
                              .part = {.table = table, .plan = plan, .range = range},
                              .tell = tell,
                              .context = context,
                              .error = error};
    *error = (struct database_error){.reason = NULL};
    sieve_status status = make_room(reader, table->column_count);
    if (status != SIEVE_OK)
        return sqlite_fail(error, status, "not enough memory");
    if (plan->select && self->on_missed)
        return sqlite_read_careful(reader, table, range, tell, context, error);
    if (plan->select)
        status = read_range(&reading);
    if (plan->select) {
        /* Only rows with a rowid can be read around. */
        error->is_partial = (status == SIEVE_E_CORRUPT || status == SIEVE_E_IO) &&
                            reading.is_ours && plan->bound && plan->has_locator;
        return status;
    }
    status = read_bytes(&reading);
    return status == SIEVE_E_IO && !error->reason
               ? sqlite_fail(error, status, "it could not be read")
               : status;
}

static sieve_status count_row(const struct row *row, void *context)
{
    (void)row;
    ++*(uint64_t *)context;
    return SIEVE_OK;
}

/* Of freed pages, in the same way as they are read. */
static sieve_status count_freed(struct sqlite_reader *reader, const struct table *table,
                                uint64_t *rows_out, struct database_error *error)
{
    uint64_t rows = 0;
    sieve_status status = SIEVE_OK;
    for (uint64_t range = 0; range < table->range_count && status == SIEVE_OK; range++)
        status = sqlite_reader_read(&reader->base, table, range, count_row, &rows, error);
    *rows_out = rows;
    return status;
}

sieve_status sqlite_reader_count(struct reader *self, const struct table *table,
                                 uint64_t *rows_out, struct database_error *error)
{
    struct sqlite_reader *reader = reader_of(self);
    const struct sqlite_database *database =
        (const struct sqlite_database *)self->database;
    const struct sqlite_plan *plan = plan_of(database, table);
    int64_t count = 0;
    *rows_out = UINT64_MAX;
    /* Each range was counted in its turn; a file beside it may grow at any time. */
    if (database->is_taken_in_turns || plan->companion)
        return SIEVE_OK;
    if (plan->page_size > 0)
        return count_freed(reader, table, rows_out, error);
    sieve_status status = sql_read_number(reader->sql, plan->count, &count);
    if (status != SIEVE_OK)
        return sqlite_fail_sql(error, status, reader->sql);
    if (database->is_alone && !sqlite_is_unchanged(database))
        return sqlite_fail(error, SIEVE_E_STATE, SQLITE_CHANGED);
    *rows_out = (uint64_t)count;
    return SIEVE_OK;
}
