/* pgcareful.c - narrowing down what of a range cannot be read.
 *
 * Rows that were pushed cannot be taken back, and a COPY that fails has sent some: so
 * each part is read twice, first to nobody.  A part that fails is halved, down to a
 * block, then its rows, then the columns of a row.
 */
#include "source/pgcareful.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Each step halves: as many as a table can have blocks, or rows, in bits. */
#define PARTS_MAX 128

/* More than this in one range is no damage here and there. */
#define MISSED_MAX 4096u

/* Rows that a block can have: every row has a pointer of four bytes, and a head. */
#define BLOCK_ROWS_MAX 2048u

#define LOCATOR_MAX 48

struct careful {
    struct pgrows *rows;
    const struct pgtable *table;
    struct pgtable part; /* with fewer columns read */
    const struct reader *reader;
    struct database_error *error; /* why the whole cannot go on */
    unsigned missed;
    unsigned *offsets; /* of the rows of a block */
    size_t offset_count;
};

/* Reads a part to nobody.  SIEVE_OK with *is_well_out 0 if something of it fails. */
static sieve_status probe(struct careful *careful, const struct pgtable *table,
                          const struct pgspan *span, int *is_well_out,
                          struct database_error *why)
{
    struct pgrows nobody = {.session = careful->rows->session};
    sieve_status status = pgrows_read(&nobody, table, span, why);
    *is_well_out = status == SIEVE_OK;
    if (status == SIEVE_E_IO && why->is_partial)
        return SIEVE_OK;
    if (status != SIEVE_OK)
        *careful->error = *why;
    return status;
}

static sieve_status push(struct careful *careful, const struct pgtable *table,
                         const struct pgspan *span)
{
    if (!table->has_ctid)
        careful->rows->row_count = span->begin;
    return pgrows_read(careful->rows, table, span, careful->error);
}

static sieve_status miss(struct careful *careful, const struct missed *missed)
{
    if (++careful->missed > MISSED_MAX) {
        *careful->error = *missed->error;
        return SIEVE_E_IO;
    }
    return careful->reader->on_missed(missed, careful->reader->missed_context);
}

static void write_locator(const struct careful *careful, const struct pgspan *span,
                          char out[LOCATOR_MAX])
{
    const unsigned long long begin = span->begin;
    if (!careful->table->has_ctid)
        (void)snprintf(out, LOCATOR_MAX, "#%llu", begin + 1);
    else if (span->offset > 0)
        (void)snprintf(out, LOCATOR_MAX, "(%llu,%u)", begin, span->offset);
    else if (span->end == PGSPAN_OPEN)
        (void)snprintf(out, LOCATOR_MAX, "(%llu,*) and behind", begin);
    else
        (void)snprintf(out, LOCATOR_MAX, "(%llu,*)", begin);
}

static sieve_status miss_span(struct careful *careful, const struct pgspan *span,
                              uint64_t rows, const struct database_error *why)
{
    char locator[LOCATOR_MAX];
    write_locator(careful, span, locator);
    const struct missed missed = {
        .locator = locator, .column = MISSED_ROW, .rows = rows, .error = why};
    return miss(careful, &missed);
}

/* ---- one row ----------------------------------------------------------------------- */

/* Only the key is read, and the column; MISSED_ROW: none. */
static void choose_columns(struct careful *careful, size_t column)
{
    for (size_t index = 0; index < careful->table->table.column_count; index++) {
        const int is_read = careful->table->columns[index].is_key || index == column;
        careful->part.decodings[index] =
            is_read ? careful->table->decodings[index] : (uint8_t)PGDECODE_NONE;
    }
}

struct lost_value {
    struct careful *careful;
    size_t column;
    const struct database_error *why;
};

static sieve_status miss_value(const struct row *row, void *context)
{
    const struct lost_value *lost = context;
    const struct missed missed = {.cells = row->cells,
                                  .locator = row->locator,
                                  .column = lost->column,
                                  .error = lost->why};
    return miss(lost->careful, &missed);
}

/* The row was pushed with its key; a value more of it. */
static sieve_status read_value(struct careful *careful, const struct pgspan *span,
                               size_t column)
{
    struct database_error why;
    int is_well = 0;
    choose_columns(careful, column);
    sieve_status status = probe(careful, &careful->part, span, &is_well, &why);
    if (status != SIEVE_OK)
        return status;
    if (is_well) {
        careful->rows->is_rest = 1;
        status = push(careful, &careful->part, span);
        careful->rows->is_rest = 0;
        return status;
    }
    struct lost_value lost = {careful, column, &why};
    struct pgrows key = {.session = careful->rows->session,
                         .on_row = miss_value,
                         .context = &lost,
                         .row_count = span->begin};
    choose_columns(careful, MISSED_ROW);
    return pgrows_read(&key, &careful->part, span, careful->error);
}

/* A row that cannot be sent as a whole. */
static sieve_status read_values(struct careful *careful, const struct pgspan *span)
{
    const struct table *table = &careful->table->table;
    struct database_error why;
    int is_well = 0;
    choose_columns(careful, MISSED_ROW);
    sieve_status status = probe(careful, &careful->part, span, &is_well, &why);
    if (status == SIEVE_OK && !is_well)
        return miss_span(careful, span, 1, &why);
    if (status == SIEVE_OK)
        status = push(careful, &careful->part, span);
    const uint64_t count = careful->rows->row_count;
    for (size_t index = 0; index < table->column_count && status == SIEVE_OK; index++) {
        if (careful->table->decodings[index] != PGDECODE_NONE &&
            !careful->table->columns[index].is_key)
            status = read_value(careful, span, index);
    }
    careful->rows->row_count = count; /* the rest of a row is no row */
    return status;
}

static sieve_status read_row(struct careful *careful, const struct pgspan *span)
{
    struct database_error why;
    int is_well = 0;
    sieve_status status = probe(careful, careful->table, span, &is_well, &why);
    if (status != SIEVE_OK)
        return status;
    return is_well ? push(careful, careful->table, span) : read_values(careful, span);
}

/* ---- one block --------------------------------------------------------------------- */

static sieve_status note_offset(const struct row *row, void *context)
{
    struct careful *careful = context;
    const char *comma = strchr(row->locator, ',');
    if (!comma || careful->offset_count == BLOCK_ROWS_MAX)
        return SIEVE_E_CORRUPT;
    careful->offsets[careful->offset_count++] = (unsigned)strtoul(comma + 1, NULL, 10);
    return SIEVE_OK;
}

/* Its rows one by one; if not even their places can be told, all are lost. */
static sieve_status read_block(struct careful *careful, const struct pgspan *span)
{
    struct database_error why;
    struct pgrows places = {
        .session = careful->rows->session, .on_row = note_offset, .context = careful};
    memset(careful->part.decodings, PGDECODE_NONE, careful->table->table.column_count);
    careful->offset_count = 0;
    sieve_status status = pgrows_read(&places, &careful->part, span, &why);
    if (status == SIEVE_E_IO && why.is_partial)
        return miss_span(careful, span, UINT64_MAX, &why);
    if (status != SIEVE_OK)
        *careful->error = why;
    for (size_t index = 0; index < careful->offset_count && status == SIEVE_OK; index++) {
        const struct pgspan row = {span->begin, span->begin + 1, careful->offsets[index]};
        status = read_row(careful, &row);
    }
    return status;
}

/* ---- all of the range -------------------------------------------------------------- */

static sieve_status take_count(const struct row *row, void *context)
{
    (void)row;
    ++*(uint64_t *)context;
    return SIEVE_OK;
}

/* Where the last part ends: how many rows come, if they have no places. */
static sieve_status find_end(struct careful *careful, const struct pgspan *span,
                             uint64_t *end_out)
{
    uint64_t count = 0;
    struct pgrows counting = {
        .session = careful->rows->session, .on_row = take_count, .context = &count};
    *end_out = careful->table->table.range_count * careful->table->blocks_per_range;
    if (careful->table->has_ctid) {
        if (*end_out <= span->begin)
            *end_out = span->begin + 1;
        return SIEVE_OK;
    }
    /* None of the columns: a row of no fields each. */
    memset(careful->part.decodings, PGDECODE_NONE, careful->table->table.column_count);
    sieve_status status = pgrows_read(&counting, &careful->part, span, careful->error);
    *end_out = count > 0 ? count : 1;
    return status;
}

static sieve_status read_part(struct careful *careful, const struct pgspan *span,
                              struct pgspan *stack, size_t *depth)
{
    struct database_error why;
    int is_well = 0;
    sieve_status status = probe(careful, careful->table, span, &is_well, &why);
    if (status != SIEVE_OK)
        return status;
    if (is_well)
        return push(careful, careful->table, span);
    if (span->end == PGSPAN_OPEN)
        return miss_span(careful, span, UINT64_MAX, &why);
    if (span->end - span->begin > 1) {
        const uint64_t middle = span->begin + (span->end - span->begin) / 2;
        stack[(*depth)++] = (struct pgspan){middle, span->end, 0};
        stack[(*depth)++] = (struct pgspan){span->begin, middle, 0};
        return SIEVE_OK;
    }
    return careful->table->has_ctid ? read_block(careful, span)
                                    : read_values(careful, span);
}

static sieve_status read_parts(struct careful *careful, const struct pgspan *range)
{
    struct pgspan stack[PARTS_MAX];
    size_t depth = 0;
    uint64_t end = range->end;
    sieve_status status = SIEVE_OK;
    if (range->end == PGSPAN_OPEN) {
        status = find_end(careful, range, &end);
        stack[depth++] = (struct pgspan){end, PGSPAN_OPEN, 0};
    }
    stack[depth++] = (struct pgspan){range->begin, end, 0};
    while (depth > 0 && status == SIEVE_OK) {
        const struct pgspan span = stack[--depth];
        status = read_part(careful, &span, stack, &depth);
    }
    return status;
}

sieve_status pgcareful_read(struct pgrows *rows, const struct pgtable *table,
                            uint64_t range, const struct reader *reader,
                            struct database_error *error)
{
    struct careful careful = {
        .rows = rows, .table = table, .part = *table, .reader = reader, .error = error};
    const struct pgspan span = pgtable_span(table, range);
    careful.part.decodings = calloc(table->table.column_count + 1, 1);
    careful.offsets = calloc(BLOCK_ROWS_MAX, sizeof careful.offsets[0]);
    sieve_status status = careful.part.decodings && careful.offsets
                              ? read_parts(&careful, &span)
                              : SIEVE_E_MEMORY;
    free(careful.part.decodings);
    free(careful.offsets);
    return status;
}
