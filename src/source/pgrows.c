#include "source/pgrows.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/number.h"

/* Bytes of the numbers of one row as text: 1,600 columns of the longest would be more,
 * but no row of the server is as long. */
#define NUMBERS_MAX (16u << 20)

/* One statement whose rows come. */
struct reading {
    struct pgrows *rows;
    const struct pgtable *table;
    struct bytes *fields;
    struct cell *cells; /* one a column */
    size_t *columns;    /* which column a field is */
    size_t field_count; /* without the place of the row */
    struct buffer text; /* numbers of the row */
};

/* Makes room for all numbers of the row at once: a buffer that grows would move. */
static sieve_status reserve_numbers(struct reading *reading, const struct bytes *fields)
{
    size_t room = 0;
    for (size_t index = 0; index < reading->field_count; index++)
        room += pgbinary_room(reading->table->decodings[reading->columns[index]],
                              fields[index]);
    reading->text.length = 0;
    return buffer_reserve(&reading->text, room);
}

static void fill_cells(struct reading *reading, const struct bytes *fields)
{
    char *room = (char *)reading->text.at;
    for (size_t index = 0; index < reading->field_count; index++) {
        const size_t column = reading->columns[index];
        struct cell *cell = &reading->cells[column];
        const enum pgdecoding decoding = reading->table->decodings[column];
        cell->bytes = fields[index];
        cell->is_number = 0;
        if (!fields[index].at || decoding < PGDECODE_JSONB)
            continue;
        if (pgbinary_integer(decoding, fields[index], &cell->number)) {
            cell->is_number = 1;
            cell->bytes.length = 0;
        } else {
            cell->bytes = pgbinary_text(decoding, fields[index], room);
            room += cell->bytes.at == (unsigned char *)room ? cell->bytes.length : 0;
        }
    }
}

static sieve_status write_locator(struct reading *reading, const struct bytes *fields,
                                  char out[NUMBER_TEXT_MAX + 1])
{
    if (reading->table->has_ctid)
        return pgbinary_locator(fields[0], out);
    out[0] = '#';
    (void)number_text(reading->rows->row_count, out + 1);
    return SIEVE_OK;
}

/* Of a large object or a log: what it is of, where it begins, its bytes. */
enum {
    PART_START = 1,
    PART_BYTES = 2,
    PART_COLUMNS = 3
};

static int is_part(const struct reading *reading)
{
    const struct table *table = &reading->table->table;
    return (table->kind == TABLE_LARGE || table->kind == TABLE_LOG) &&
           table->column_count == PART_COLUMNS;
}

static size_t part_lead(const struct reading *reading)
{
    return is_part(reading) && reading->cells[PART_START].number > 0 ? LARGE_PART_BESIDE
                                                                     : 0;
}

static size_t part_tail(const struct reading *reading)
{
    if (!is_part(reading))
        return 0;
    const size_t own = part_lead(reading) + LARGE_PART_LENGTH;
    const size_t length = reading->cells[PART_BYTES].bytes.length;
    return length > own ? length - own : 0;
}

static sieve_status take_row(const struct bytes *fields, void *context)
{
    struct reading *reading = context;
    struct pgrows *rows = reading->rows;
    char locator[NUMBER_TEXT_MAX + 1];
    rows->row_count++;
    if (!rows->on_row)
        return SIEVE_OK;
    sieve_status status = write_locator(reading, fields, locator);
    if (status != SIEVE_OK)
        return status;
    fields += reading->table->has_ctid;
    status = reserve_numbers(reading, fields);
    if (status != SIEVE_OK)
        return status;
    fill_cells(reading, fields);
    const struct row row = {
        .cells = reading->cells,
        .locator = locator,
        .is_rest = rows->is_rest,
        .lead = part_lead(reading),
        .tail = part_tail(reading),
    };
    return rows->on_row(&row, rows->context);
}

static sieve_status reading_init(struct reading *reading, struct pgrows *rows,
                                 const struct pgtable *table)
{
    const size_t columns = table->table.column_count;
    *reading = (struct reading){.rows = rows, .table = table};
    buffer_init(&reading->text, NUMBERS_MAX);
    reading->fields = calloc(columns + 1, sizeof *reading->fields);
    reading->cells = calloc(columns + 1, sizeof *reading->cells);
    reading->columns = calloc(columns + 1, sizeof *reading->columns);
    if (!reading->fields || !reading->cells || !reading->columns)
        return SIEVE_E_MEMORY;
    for (size_t index = 0; index < columns; index++) {
        reading->cells[index].is_binary = table->decodings[index] == PGDECODE_BYTES;
        if (table->decodings[index] != PGDECODE_NONE)
            reading->columns[reading->field_count++] = index;
    }
    return SIEVE_OK;
}

static void reading_done(struct reading *reading)
{
    /* The length is that of no number: all of the capacity may have held one. */
    reading->text.length = reading->text.capacity;
    buffer_done(&reading->text);
    free(reading->fields);
    free(reading->cells);
    free(reading->columns);
}

sieve_status pgrows_read(struct pgrows *rows, const struct pgtable *table,
                         const struct pgspan *span, struct database_error *error)
{
    struct pgsession *session = rows->session;
    struct reading reading;
    *error = (struct database_error){.reason = "out of memory"};
    sieve_status status = reading_init(&reading, rows, table);
    const struct pgtaker taker = {reading.fields, reading.field_count + table->has_ctid,
                                  take_row, &reading};
    if (status == SIEVE_OK)
        status = pgsession_begin(session, 1);
    if (status == SIEVE_OK)
        status = pgtable_append_copy(table, span, &session->sql);
    if (status == SIEVE_OK)
        status = pgtable_append_check(table, &session->sql);
    if (status == SIEVE_OK)
        status = pgsession_run(session, &taker, error);
    reading_done(&reading);
    return status;
}

sieve_status pgrows_read_range(struct pgrows *rows, const struct pgtable *table,
                               uint64_t range, struct database_error *error)
{
    const struct pgspan span = pgtable_span(table, range);
    return pgrows_read(rows, table, &span, error);
}
