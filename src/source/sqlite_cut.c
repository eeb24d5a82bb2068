/* sqlite_cut.c - the ranges of a table, and the memory that a list of tables lies in. */
#include <stdlib.h>

#include "base/number.h"
#include "source/sqlite.h"

#define SAMPLE_POINTS     8u
#define SAMPLE_ROWS       16u
#define ROW_BYTES_DEFAULT 100u /* of a table that gave no sample */
#define RANGE_COUNT_MAX   (UINT64_C(1) << 20)
#define SIGN              (UINT64_C(1) << 63)

/* ---- memory ------------------------------------------------------------------------ */

sieve_status sqlite_put(struct buffer *out, const char *text)
{
    return buffer_append(out, bytes_of_text(text));
}

sieve_status sqlite_keep(struct sqlite_tables *tables, const char *text, const char **out)
{
    if ((tables->text_count & (tables->text_count + 1)) == 0) {
        const size_t capacity = 2 * tables->text_count + 2;
        char **texts = realloc(tables->texts, capacity * sizeof texts[0]);
        if (!texts)
            return SIEVE_E_MEMORY;
        tables->texts = texts;
    }
    char *copy = strdup(text);
    if (!copy)
        return SIEVE_E_MEMORY;
    tables->texts[tables->text_count++] = copy;
    *out = copy;
    return SIEVE_OK;
}

sieve_status sqlite_add(struct sqlite_tables *tables, struct table **table_out,
                        struct sqlite_plan **plan_out)
{
    const size_t count = tables->count + 1;
    struct table *rows = realloc(tables->tables, count * sizeof rows[0]);
    if (!rows)
        return SIEVE_E_MEMORY;
    tables->tables = rows;
    struct sqlite_plan *plans = realloc(tables->plans, count * sizeof plans[0]);
    if (!plans)
        return SIEVE_E_MEMORY;
    tables->plans = plans;
    rows[tables->count] = (struct table){.rows = UINT64_MAX, .range_count = 1};
    plans[tables->count] = (struct sqlite_plan){.select = NULL};
    *table_out = &rows[tables->count];
    *plan_out = &plans[tables->count];
    tables->count = count;
    return SIEVE_OK;
}

static void columns_free(const struct column *columns)
{
    void *memory;
    memcpy(&memory, &columns, sizeof memory); /* ours, though lent out as constant */
    free(memory);
}

void sqlite_tables_done(struct sqlite_tables *tables)
{
    for (size_t index = 0; index < tables->count; index++) {
        columns_free(tables->tables[index].columns);
        free(tables->plans[index].select);
        free(tables->plans[index].count);
        free(tables->plans[index].bound);
        free(tables->plans[index].borders);
    }
    for (size_t index = 0; index < tables->text_count; index++)
        free(tables->texts[index]);
    free(tables->texts);
    free(tables->tables);
    free(tables->plans);
    *tables = (struct sqlite_tables){.count = 0};
}

static sieve_status prepare(struct sqlite_listing *listing, struct sql_query **out)
{
    return sql_prepare(listing->sql, buffer_bytes(&listing->text), out);
}

/* ---- how a table is cut ------------------------------------------------------------ */

int64_t sqlite_bound(const struct sqlite_plan *plan, uint64_t range)
{
    return (int64_t)(((plan->base + range) << plan->shift) ^ SIGN);
}

static sieve_status read_ends(struct sqlite_listing *listing, const struct table *table,
                              const struct sqlite_plan *plan, uint64_t ends[2],
                              int *has_ends_out)
{
    struct sql_query *query = NULL;
    int has_row = 0;
    listing->text.length = 0;
    sieve_status status = sqlite_put(&listing->text, "SELECT (SELECT min(");
    for (int half = 0; half < 2 && status == SIEVE_OK; half++) {
        status = sqlite_put(&listing->text, half ? "), (SELECT max(" : "");
        if (status == SIEVE_OK)
            status = sqlite_put(&listing->text, plan->bound);
        if (status == SIEVE_OK)
            status = sqlite_put(&listing->text, ") FROM ");
        if (status == SIEVE_OK)
            status = sql_append_name(&listing->text, table->name);
    }
    if (status == SIEVE_OK)
        status = sqlite_put(&listing->text, ")");
    if (status == SIEVE_OK)
        status = prepare(listing, &query);
    if (status == SIEVE_OK)
        status = sql_step(query, &has_row);
    *has_ends_out = 0;
    if (status == SIEVE_OK && has_row) {
        *has_ends_out =
            sql_kind(query, 0) == SQL_INTEGER && sql_kind(query, 1) == SQL_INTEGER;
        ends[0] = (uint64_t)sql_number(query, 0) ^ SIGN;
        ends[1] = (uint64_t)sql_number(query, 1) ^ SIGN;
    }
    sql_done(query);
    return status;
}

/* What a few rows at several places tell of all. */
struct sample {
    uint64_t rows;
    uint64_t bytes;
    double density; /* rows for each number between the ends */
    unsigned points;
};

static sieve_status sample_point(struct sql_query *query, int64_t from,
                                 size_t column_count, struct sample *sample)
{
    int has_row = 0;
    uint64_t rows = 0;
    uint64_t last = 0;
    sieve_status status = SIEVE_OK;
    sql_bind_number(query, 1, from);
    while ((status = sql_step(query, &has_row)) == SIEVE_OK && has_row) {
        last = (uint64_t)sql_number(query, 0);
        for (size_t index = 0; index < column_count; index++)
            sample->bytes += sql_bytes(query, (int)index + 1).length;
        rows++;
    }
    if (rows > 0) {
        sample->density += (double)rows / ((double)(last - (uint64_t)from) + 1);
        sample->points++;
    }
    sample->rows += rows;
    return status;
}

static sieve_status take_sample(struct sqlite_listing *listing,
                                const struct sqlite_plan *plan, size_t column_count,
                                const uint64_t ends[2], struct sample *sample)
{
    struct sql_query *query = NULL;
    char limit[NUMBER_TEXT_MAX];
    listing->text.length = 0;
    number_text(SAMPLE_ROWS, limit);
    const char *const parts[] = {plan->select, " WHERE ", plan->bound, " >= ?1 ORDER BY ",
                                 plan->bound,  " LIMIT ", limit};
    sieve_status status = SIEVE_OK;
    for (size_t part = 0; part < sizeof parts / sizeof parts[0]; part++) {
        if (status == SIEVE_OK)
            status = sqlite_put(&listing->text, parts[part]);
    }
    if (status == SIEVE_OK)
        status = prepare(listing, &query);
    const uint64_t step = (ends[1] - ends[0]) / SAMPLE_POINTS;
    for (uint64_t point = 0; point < SAMPLE_POINTS && status == SIEVE_OK; point++) {
        status = sample_point(query, (int64_t)((ends[0] + point * step) ^ SIGN),
                              column_count, sample);
        if (step == 0)
            break;
    }
    sql_done(query);
    return status;
}

size_t sqlite_taken(const struct table *table)
{
    size_t count = 0;
    for (size_t index = 0; index < table->column_count; index++)
        count += !table->columns[index].left_out || table->columns[index].is_key;
    return count;
}

/* The widest ranges, a power of two of numbers, that hold about `range_bytes`. */
static void choose_width(struct table *table, struct sqlite_plan *plan,
                         const uint64_t ends[2], const struct sample *sample,
                         uint64_t range_bytes)
{
    const double density = sample->points ? sample->density / sample->points : 1;
    const double row_bytes = sample->rows
                                 ? (double)sample->bytes / (double)sample->rows + 1
                                 : ROW_BYTES_DEFAULT;
    const double rows = density * ((double)(ends[1] - ends[0]) + 1);
    const double width = (double)range_bytes / (row_bytes * density);
    table->rows = (uint64_t)(rows + 0.5);
    table->bytes = (uint64_t)(rows * row_bytes);
    while (plan->shift < 63 && (double)(UINT64_C(2) << plan->shift) <= width)
        plan->shift++;
    while ((ends[1] >> plan->shift) - (ends[0] >> plan->shift) >= RANGE_COUNT_MAX)
        plan->shift++;
    plan->base = ends[0] >> plan->shift;
    table->range_count = (ends[1] >> plan->shift) - plan->base + 1;
}

static sieve_status tell_cut(struct sqlite_listing *listing, struct table *table,
                             const struct sqlite_plan *plan)
{
    char number[NUMBER_TEXT_MAX];
    listing->text.length = 0;
    number_text(plan->base, number);
    sieve_status status = sqlite_put(&listing->text, number);
    number_text(plan->shift, number);
    if (status == SIEVE_OK)
        status = sqlite_put(&listing->text, " << ");
    if (status == SIEVE_OK)
        status = sqlite_put(&listing->text, number);
    if (status == SIEVE_OK)
        status = buffer_append(&listing->text, bytes_of("", 1));
    return status == SIEVE_OK
               ? sqlite_keep(listing->tables, (const char *)listing->text.at, &table->cut)
               : status;
}

sieve_status sqlite_cut(struct sqlite_listing *listing, struct table *table,
                        struct sqlite_plan *plan)
{
    uint64_t ends[2] = {0, 0};
    struct sample sample = {.rows = 0};
    int has_ends = 0;
    if (!plan->bound)
        return sqlite_cut_keys(listing, table, plan);
    sieve_status status = read_ends(listing, table, plan, ends, &has_ends);
    if (status != SIEVE_OK)
        return status;
    if (!has_ends) {
        free(plan->bound);
        plan->bound = NULL;
        table->rows = plan->has_locator ? 0 : UINT64_MAX;
        return SIEVE_OK;
    }
    if (plan->has_locator)
        status = take_sample(listing, plan, sqlite_taken(table), ends, &sample);
    if (status == SIEVE_E_IO)
        status =
            SIEVE_OK; /* a value that cannot be computed is told of when it is read */
    if (status != SIEVE_OK)
        return status;
    choose_width(table, plan, ends, &sample,
                 listing->choice->range_bytes ? listing->choice->range_bytes
                                              : SQLITE_RANGE_BYTES);
    return tell_cut(listing, table, plan);
}
