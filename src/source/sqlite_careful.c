/* sqlite_careful.c - a range in which pages are damaged: what is around them is read.
 *
 * Rows come in the order of their rowids.  Where that breaks off, either the row that is
 * next has values on a damaged page, and its columns are read one by one; or the page it
 * lies on is damaged, and the first rowid behind that page is looked for.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/number.h"
#include "source/sqlite.h"

#define LOCATOR_MAX 64

/* More than this in one range is no damage here and there. */
#define MISSED_MAX 1024u

struct careful {
    struct sqlite_reader *reader;
    const struct table *table;
    const struct sqlite_plan *plan;
    on_row tell;
    void *context;
    struct database_error *error;
    int64_t from; /* the next rowid to be read */
    int64_t last; /* of the range */
    int is_at_end;
    unsigned missed;
};

static sieve_status fail(struct careful *careful, sieve_status status)
{
    return sqlite_fail_sql(careful->error, status, careful->reader->sql);
}

static int is_damage(sieve_status status)
{
    return status == SIEVE_E_CORRUPT || status == SIEVE_E_IO;
}

/* "SELECT memo FROM t WHERE rowid = ?1"; `name` NULL: the rowid. */
static sieve_status prepare(struct careful *careful, const char *name, const char *behind,
                            struct sql_query **out)
{
    struct buffer *text = &careful->reader->text;
    text->length = 0;
    sieve_status status = sqlite_put(text, "SELECT ");
    if (status == SIEVE_OK)
        status =
            name ? sql_append_name(text, name) : sqlite_put(text, careful->plan->bound);
    if (status == SIEVE_OK)
        status = sqlite_put(text, " FROM main.");
    if (status == SIEVE_OK)
        status = sql_append_name(text, careful->table->name);
    if (status == SIEVE_OK)
        status = sqlite_put(text, " NOT INDEXED WHERE ");
    if (status == SIEVE_OK)
        status = sqlite_put(text, careful->plan->bound);
    if (status == SIEVE_OK)
        status = sqlite_put(text, behind);
    return status == SIEVE_OK ? sql_prepare(careful->reader->sql, buffer_bytes(text), out)
                              : status;
}

static sieve_status miss(struct careful *careful, const struct missed *missed)
{
    const struct reader *reader = &careful->reader->base;
    if (++careful->missed > MISSED_MAX)
        return sqlite_fail(careful->error, SIEVE_E_CORRUPT, "it is damaged");
    return reader->on_missed(missed, reader->missed_context);
}

/* ---- one row whose values are damaged ------------------------------------------------
 */

enum lost {
    LOST_DAMAGED = 1,
    LOST_ELSE
};

/* Reads each column that can be read; the queries keep what the cells point to. */
static sieve_status read_columns(struct careful *careful, int64_t rowid,
                                 struct sql_query **queries, unsigned char *lost)
{
    struct sqlite_reader *reader = careful->reader;
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < careful->table->column_count; index++) {
        const struct column *column = &careful->table->columns[index];
        int has_row = 0;
        reader->cells[index] = (struct cell){.is_binary = 0};
        if (column->left_out && !column->is_key)
            continue;
        status = prepare(careful, column->name, " = ?1", &queries[index]);
        if (status != SIEVE_OK)
            return fail(careful, status);
        sql_bind_number(queries[index], 1, rowid);
        status = sql_step(queries[index], &has_row);
        if (status == SIEVE_OK && has_row)
            sqlite_read_cell(queries[index], 0, reader->numbers[index],
                             &reader->cells[index]);
        else if (is_damage(status))
            lost[index] = status == SIEVE_E_CORRUPT ? LOST_DAMAGED : LOST_ELSE;
        else if (status != SIEVE_OK)
            return fail(careful, status);
    }
    return SIEVE_OK;
}

static sieve_status tell_columns(struct careful *careful, const char *locator,
                                 const unsigned char *lost)
{
    const struct database_error damaged = {.reason = "it is damaged", .code = "CORRUPT"};
    const struct database_error unread = {.reason = "it cannot be read or computed"};
    const struct row row = {.cells = careful->reader->cells, .locator = locator};
    sieve_status status = careful->tell(&row, careful->context);
    for (size_t index = 0; index < careful->table->column_count; index++) {
        const struct missed missed = {.cells = careful->reader->cells,
                                      .locator = locator,
                                      .column = index,
                                      .error =
                                          lost[index] == LOST_ELSE ? &unread : &damaged};
        if (status == SIEVE_OK && lost[index])
            status = miss(careful, &missed);
    }
    return status;
}

static sieve_status read_values(struct careful *careful, int64_t rowid)
{
    const size_t count = careful->table->column_count;
    char locator[SQLITE_NUMBER_MAX];
    struct sql_query **queries = calloc(count + 1, sizeof(struct sql_query *));
    unsigned char *lost = calloc(count + 1, 1);
    sieve_status status = SIEVE_E_MEMORY;
    (void)number_signed_text(rowid, locator);
    if (queries && lost)
        status = read_columns(careful, rowid, queries, lost);
    if (status == SIEVE_OK)
        status = tell_columns(careful, locator, lost);
    for (size_t index = 0; queries && index < count; index++)
        sql_done(queries[index]);
    free(queries);
    free(lost);
    return status;
}

/* ---- what is next
 * ---------------------------------------------------------------------- */

enum next {
    NEXT_ROW,
    NEXT_NONE,
    NEXT_DAMAGE
};

/* What stands at this rowid or behind it. */
static sieve_status look(struct careful *careful, int64_t from, enum next *next_out,
                         int64_t *rowid_out)
{
    struct sql_query *query = NULL;
    int has_row = 0;
    sieve_status status = prepare(careful, NULL, " >= ?1 ORDER BY 1 LIMIT 1", &query);
    if (status == SIEVE_OK) {
        sql_bind_number(query, 1, from);
        status = sql_step(query, &has_row);
    }
    if (status == SIEVE_OK && has_row)
        *rowid_out = sql_number(query, 0);
    sql_done(query);
    *next_out = status != SIEVE_OK                       ? NEXT_DAMAGE
                : has_row && *rowid_out <= careful->last ? NEXT_ROW
                                                         : NEXT_NONE;
    return status == SIEVE_OK || is_damage(status) ? SIEVE_OK : fail(careful, status);
}

/* The first rowid behind a damaged page, by steps that double and then halve. */
static sieve_status find_behind(struct careful *careful, int64_t *behind_out)
{
    uint64_t bad = 0; /* from `from`: still damaged */
    uint64_t step = 1;
    const uint64_t span = (uint64_t)careful->last - (uint64_t)careful->from;
    enum next next = NEXT_DAMAGE;
    int64_t rowid = 0;
    while (next == NEXT_DAMAGE && bad < span) {
        const uint64_t at = step <= span - bad ? bad + step : span;
        sieve_status status =
            look(careful, (int64_t)((uint64_t)careful->from + at), &next, &rowid);
        if (status != SIEVE_OK)
            return status;
        if (next != NEXT_DAMAGE) {
            step = at - bad;
            break;
        }
        bad = at;
        step *= 2;
    }
    careful->is_at_end = next == NEXT_DAMAGE;
    while (!careful->is_at_end && step > 1) {
        const uint64_t half = step / 2;
        sieve_status status =
            look(careful, (int64_t)((uint64_t)careful->from + bad + half), &next, &rowid);
        if (status != SIEVE_OK)
            return status;
        if (next == NEXT_DAMAGE)
            bad += half;
        step = next == NEXT_DAMAGE ? step - half : half;
    }
    *behind_out = (int64_t)((uint64_t)careful->from + bad + 1);
    return SIEVE_OK;
}

static sieve_status skip_page(struct careful *careful)
{
    const struct database_error why = {.reason = "it is damaged", .code = "CORRUPT"};
    char locator[LOCATOR_MAX];
    int64_t behind = careful->from;
    sieve_status status = find_behind(careful, &behind);
    if (status != SIEVE_OK)
        return status;
    if (careful->is_at_end)
        (void)snprintf(locator, sizeof locator, "%lld and behind",
                       (long long)careful->from);
    else
        (void)snprintf(locator, sizeof locator, "%lld to %lld", (long long)careful->from,
                       (long long)behind - 1);
    const struct missed missed = {
        .locator = locator, .column = MISSED_ROW, .rows = UINT64_MAX, .error = &why};
    careful->from = behind;
    return miss(careful, &missed);
}

static sieve_status step_over(struct careful *careful)
{
    enum next next = NEXT_NONE;
    int64_t rowid = 0;
    sieve_status status = look(careful, careful->from, &next, &rowid);
    if (status != SIEVE_OK)
        return status;
    switch (next) {
    case NEXT_ROW:
        status = read_values(careful, rowid);
        careful->is_at_end = rowid == careful->last;
        careful->from = careful->is_at_end ? rowid : rowid + 1;
        return status;
    case NEXT_DAMAGE:
        return skip_page(careful);
    case NEXT_NONE:
        break;
    }
    careful->is_at_end = 1;
    return SIEVE_OK;
}

/* ---- the range
 * ------------------------------------------------------------------------- */

/* Up to what cannot be read; notes where that is. */
static sieve_status read_on(struct careful *careful, int *is_broken_out)
{
    struct sqlite_reader *reader = careful->reader;
    struct sql_query *query = NULL;
    char locator[SQLITE_NUMBER_MAX];
    reader->text.length = 0;
    *is_broken_out = 0;
    sieve_status status = sqlite_put(&reader->text, careful->plan->select);
    if (status == SIEVE_OK)
        status = sqlite_put(&reader->text, " WHERE ");
    if (status == SIEVE_OK)
        status = sqlite_put(&reader->text, careful->plan->bound);
    if (status == SIEVE_OK)
        status = sqlite_put(&reader->text, " BETWEEN ?1 AND ?2 ORDER BY 1");
    if (status == SIEVE_OK)
        status = sql_prepare(reader->sql, buffer_bytes(&reader->text), &query);
    if (status != SIEVE_OK)
        return fail(careful, status);
    sql_bind_number(query, 1, careful->from);
    sql_bind_number(query, 2, careful->last);
    while (status == SIEVE_OK) {
        int has_row = 0;
        status = sql_step(query, &has_row);
        *is_broken_out = is_damage(status);
        if (status != SIEVE_OK || !has_row)
            break;
        const int64_t rowid = sql_number(query, 0);
        (void)number_signed_text(rowid, locator);
        sqlite_read_row(query, careful->table, careful->plan->first, reader);
        const struct row row = {.cells = reader->cells, .locator = locator};
        status = careful->tell(&row, careful->context);
        careful->is_at_end = rowid == careful->last;
        careful->from = careful->is_at_end ? rowid : rowid + 1;
        if (atomic_load_explicit(&reader->is_cancelled, memory_order_relaxed))
            status = SIEVE_STOPPED;
    }
    sql_done(query);
    if (*is_broken_out)
        return SIEVE_OK;
    careful->is_at_end |= status == SIEVE_OK;
    return status;
}

sieve_status sqlite_read_careful(struct sqlite_reader *reader, const struct table *table,
                                 uint64_t range, on_row tell, void *context,
                                 struct database_error *error)
{
    const struct sqlite_database *database =
        (const struct sqlite_database *)reader->base.database;
    const struct sqlite_plan *plan =
        &database->tables.plans[table - database->tables.tables];
    const int has_end = range + 1 < table->range_count;
    struct careful careful = {
        .reader = reader,
        .table = table,
        .plan = plan,
        .tell = tell,
        .context = context,
        .error = error,
        .from = range > 0 ? sqlite_bound(plan, range) : INT64_MIN,
        .last = has_end ? sqlite_bound(plan, range + 1) - 1 : INT64_MAX,
    };
    sieve_status status = sqlite_turn_begin(reader, error);
    if (status != SIEVE_OK)
        return status;
    while (status == SIEVE_OK && !careful.is_at_end) {
        int is_broken = 0;
        status = read_on(&careful, &is_broken);
        if (status == SIEVE_OK && is_broken && !careful.is_at_end)
            status = step_over(&careful);
    }
    sqlite_turn_end(reader);
    return status;
}
