/* sqlite_keys.c - ranges of a table without rowids, by borders in its primary key.
 *
 * From border to border as many rows are stepped over as a range should have; the key of
 * the row that is reached is shortened to a border.  SQLite itself says whether there are
 * rows between two borders: it knows the order, whatever the collation.
 */
#include <stdlib.h>

#include "base/number.h"
#include "source/choice.h"
#include "source/sqlite.h"
#include "source/sqlite_border.h"

#define SAMPLE_ROWS  16
#define ROWS_MIN     16u
#define BORDERS_MAX  65536u
#define CUT_LENGTH   (8u << 20)
#define CUT_MARK     "keys"
#define STEPS_MAX    24 /* of one border: each is twice as long */
#define PREFIXES_MAX 48u

struct cutting {
    struct sqlite_listing *listing;
    struct table *table;
    struct sqlite_plan *plan;
    const char *last; /* border so far, or NULL */
    uint64_t row_bytes;
    double rows;
    double bytes;
};

/* ---- the key's columns ------------------------------------------------------------- */

/* The kinds of values that a column compares as they are: see "type affinity". */
static const char *kinds_of(const char *type)
{
    if (pattern_matches("*int*", NULL, type))
        return "i";
    if (pattern_matches("*char*", NULL, type) || pattern_matches("*clob*", NULL, type) ||
        pattern_matches("*text*", NULL, type))
        return "tb";
    return !*type || pattern_matches("*blob*", NULL, type) ? "itb" : "i";
}

static sieve_status add_key(struct sqlite_listing *listing, const struct table *table,
                            const char *name, struct sqlite_plan *plan)
{
    struct sqlite_key *key = &plan->keys[plan->key_count];
    for (size_t index = 0; index < table->column_count; index++) {
        if (strcmp(table->columns[index].name, name) == 0)
            key->kinds = kinds_of(table->columns[index].type);
    }
    if (!key->kinds)
        return SIEVE_OK;
    listing->text.length = 0;
    sieve_status status = sql_append_name(&listing->text, name);
    if (status == SIEVE_OK)
        status = buffer_append(&listing->text, bytes_of("", 1));
    if (status == SIEVE_OK)
        status = sqlite_keep(listing->tables, (const char *)listing->text.at, &key->name);
    if (status == SIEVE_OK)
        plan->key_count++;
    return status;
}

/* The first ones that are in one order, upwards or downwards. */
sieve_status sqlite_find_keys(struct sqlite_listing *listing, const struct table *table,
                              struct sqlite_plan *plan)
{
    static const char text[] =
        "SELECT x.name, x.\"desc\" FROM pragma_index_xinfo((SELECT l.name FROM"
        " pragma_index_list(?1, 'main') l WHERE l.origin = 'pk'), 'main') x"
        " WHERE x.key = 1 ORDER BY x.seqno";
    struct sql_query *query = NULL;
    int has_row = 0;
    int64_t is_down = 0;
    sieve_status status =
        sql_prepare(listing->sql, bytes_of(text, sizeof text - 1), &query);
    if (status != SIEVE_OK)
        return status;
    sql_bind_text(query, 1, table->name);
    while ((status = sql_step(query, &has_row)) == SIEVE_OK && has_row &&
           plan->key_count < SQLITE_KEYS_MAX) {
        const size_t before = plan->key_count;
        if (before == 0)
            is_down = sql_number(query, 1);
        if (sql_number(query, 1) != is_down)
            break;
        status = add_key(listing, table, sql_text(query, 0), plan);
        if (status != SIEVE_OK || plan->key_count == before)
            break;
    }
    sql_done(query);
    return status;
}

static sieve_status put_keys(const struct sqlite_plan *plan, struct buffer *out)
{
    sieve_status status = SIEVE_OK;
    for (size_t key = 0; key < plan->key_count && status == SIEVE_OK; key++) {
        status = sqlite_put(out, key ? ", " : "");
        if (status == SIEVE_OK)
            status = sqlite_put(out, plan->keys[key].name);
    }
    return status;
}

/* ---- looking at the table ---------------------------------------------------------- */

/* " WHERE key > last" */
static sieve_status put_behind(struct cutting *cutting, const char *comparison)
{
    struct buffer *text = &cutting->listing->text;
    if (!cutting->last)
        return SIEVE_OK;
    sieve_status status = sqlite_put(text, " WHERE ");
    return status == SIEVE_OK
               ? sqlite_border_put(cutting->plan, cutting->last, comparison, text)
               : status;
}

static sieve_status put_order(struct cutting *cutting)
{
    struct buffer *text = &cutting->listing->text;
    sieve_status status = sqlite_put(text, " ORDER BY ");
    if (status == SIEVE_OK)
        status = put_keys(cutting->plan, text);
    return status == SIEVE_OK ? sqlite_put(text, " LIMIT ?1 OFFSET ?2") : status;
}

static sieve_status prepare(struct cutting *cutting, struct sql_query **out)
{
    return sql_prepare(cutting->listing->sql, buffer_bytes(&cutting->listing->text), out);
}

/* How long the rows are that come next. */
static sieve_status sample(struct cutting *cutting)
{
    const size_t taken = sqlite_taken(cutting->table);
    struct buffer *text = &cutting->listing->text;
    struct sql_query *query = NULL;
    uint64_t rows = 0;
    uint64_t bytes = 0;
    int has_row = 0;
    text->length = 0;
    sieve_status status = sqlite_put(text, cutting->plan->select);
    if (status == SIEVE_OK)
        status = put_behind(cutting, ">=");
    if (status == SIEVE_OK)
        status = put_order(cutting);
    if (status == SIEVE_OK)
        status = prepare(cutting, &query);
    if (status == SIEVE_OK) {
        sql_bind_number(query, 1, SAMPLE_ROWS);
        sql_bind_number(query, 2, 0);
    }
    while (status == SIEVE_OK && (status = sql_step(query, &has_row)) == SIEVE_OK &&
           has_row) {
        rows++;
        for (size_t column = 0; column < taken; column++)
            bytes += sql_bytes(query, cutting->plan->first + (int)column).length;
    }
    sql_done(query);
    cutting->row_bytes = rows > 0 ? bytes / rows + 1 : 1;
    return status;
}

/* 1 if a row lies behind the last border and before this one. */
static sieve_status parts(struct cutting *cutting, const char *border, int *out)
{
    struct buffer *text = &cutting->listing->text;
    struct sql_query *query = NULL;
    text->length = 0;
    sieve_status status = sqlite_put(text, "SELECT 1 FROM main.");
    if (status == SIEVE_OK)
        status = sql_append_name(text, cutting->table->name);
    if (status == SIEVE_OK)
        status = sqlite_put(text, " NOT INDEXED");
    if (status == SIEVE_OK)
        status = put_behind(cutting, ">=");
    if (status == SIEVE_OK)
        status = sqlite_put(text, cutting->last ? " AND " : " WHERE ");
    if (status == SIEVE_OK)
        status = sqlite_border_put(cutting->plan, border, "<", text);
    if (status == SIEVE_OK)
        status = sqlite_put(text, " LIMIT 1");
    if (status == SIEVE_OK)
        status = prepare(cutting, &query);
    *out = 0;
    if (status == SIEVE_OK)
        status = sql_step(query, out);
    sql_done(query);
    return status;
}

/* ---- borders ----------------------------------------------------------------------- */

/* The shortest border that the row's key gives; none: border[0] is 0. */
static sieve_status choose_border(struct cutting *cutting, struct sql_query *row,
                                  char border[SQLITE_BORDER_MAX])
{
    size_t head = 0;
    for (size_t key = 0; key < cutting->plan->key_count; key++) {
        int is_whole = 0;
        for (size_t length = 1; length <= PREFIXES_MAX && !is_whole; length++) {
            int is_border = 0;
            border[head] = '\0';
            if (!sqlite_border_add(row, (int)key, length, border, &is_whole) ||
                !sqlite_border_fits(cutting->plan, border, strlen(border)))
                break;
            sieve_status status = parts(cutting, border, &is_border);
            if (status != SIEVE_OK || is_border)
                return status;
        }
        if (!is_whole)
            break;
        head = strlen(border);
        if (head + 2 >= SQLITE_BORDER_MAX)
            break;
        border[head++] = ',';
    }
    border[0] = '\0';
    return SIEVE_OK;
}

/* The border about `rows` behind the last one; *is_end_out if there are not so many. */
static sieve_status step(struct cutting *cutting, uint64_t rows,
                         char border[SQLITE_BORDER_MAX], int *is_end_out)
{
    struct buffer *text = &cutting->listing->text;
    struct sql_query *query = NULL;
    int has_row = 0;
    text->length = 0;
    sieve_status status = sqlite_put(text, "SELECT ");
    if (status == SIEVE_OK)
        status = put_keys(cutting->plan, text);
    if (status == SIEVE_OK)
        status = sqlite_put(text, " FROM main.");
    if (status == SIEVE_OK)
        status = sql_append_name(text, cutting->table->name);
    if (status == SIEVE_OK)
        status = sqlite_put(text, " NOT INDEXED");
    if (status == SIEVE_OK)
        status = put_behind(cutting, ">=");
    if (status == SIEVE_OK)
        status = put_order(cutting);
    if (status == SIEVE_OK)
        status = prepare(cutting, &query);
    if (status == SIEVE_OK) {
        sql_bind_number(query, 1, 1);
        sql_bind_number(query, 2, (int64_t)rows);
        status = sql_step(query, &has_row);
    }
    *is_end_out = !has_row;
    if (status == SIEVE_OK && has_row)
        status = choose_border(cutting, query, border);
    sql_done(query);
    return status;
}

/* The next border, NULL if there is none. */
static sieve_status next_border(struct cutting *cutting, const char **out)
{
    const uint64_t asked = cutting->listing->choice->range_bytes;
    char border[SQLITE_BORDER_MAX] = "";
    int is_end = 0;
    *out = NULL;
    sieve_status status = sample(cutting);
    uint64_t rows = (asked ? asked : SQLITE_RANGE_BYTES) / cutting->row_bytes;
    rows = rows < ROWS_MIN ? ROWS_MIN : rows;
    for (int tries = 0; tries < STEPS_MAX && status == SIEVE_OK; tries++) {
        status = step(cutting, rows, border, &is_end);
        if (is_end || border[0])
            break;
        rows *= 2;
    }
    if (is_end)
        rows /= 2; /* of so many about half */
    cutting->rows += (double)rows;
    cutting->bytes += (double)rows * (double)cutting->row_bytes;
    return status == SIEVE_OK && border[0]
               ? sqlite_keep(cutting->listing->tables, border, out)
               : status;
}

static sieve_status add_border(struct sqlite_plan *plan, const char *border)
{
    if ((plan->border_count & (plan->border_count + 1)) == 0) {
        const size_t capacity = 2 * plan->border_count + 2;
        const char **borders = realloc(plan->borders, capacity * sizeof borders[0]);
        if (!borders)
            return SIEVE_E_MEMORY;
        plan->borders = borders;
    }
    plan->borders[plan->border_count++] = border;
    return SIEVE_OK;
}

static sieve_status tell_cut(struct sqlite_tables *tables, const struct sqlite_plan *plan,
                             struct table *table)
{
    struct buffer text;
    buffer_init(&text, CUT_LENGTH);
    sieve_status status = sqlite_put(&text, CUT_MARK);
    for (size_t index = 0; index < plan->border_count && status == SIEVE_OK; index++) {
        status = sqlite_put(&text, " ");
        if (status == SIEVE_OK)
            status = sqlite_put(&text, plan->borders[index]);
    }
    if (status == SIEVE_OK)
        status = buffer_append(&text, bytes_of("", 1));
    if (status == SIEVE_OK)
        status = sqlite_keep(tables, (const char *)text.at, &table->cut);
    buffer_done(&text);
    table->range_count = plan->border_count + 1;
    return status;
}

sieve_status sqlite_cut_keys(struct sqlite_listing *listing, struct table *table,
                             struct sqlite_plan *plan)
{
    struct cutting cutting = {.listing = listing, .table = table, .plan = plan};
    sieve_status status = SIEVE_OK;
    if (plan->key_count == 0)
        return SIEVE_OK;
    while (status == SIEVE_OK && plan->border_count < BORDERS_MAX) {
        const char *border = NULL;
        status = next_border(&cutting, &border);
        if (status != SIEVE_OK || !border)
            break;
        status = add_border(plan, border);
        cutting.last = border;
    }
    if (status == SIEVE_E_MEMORY || status == SIEVE_STOPPED)
        return status;
    /* What is damaged is told of when it is read: up to there it is cut. */
    if (plan->border_count > 0) {
        table->rows = (uint64_t)cutting.rows;
        table->bytes = (uint64_t)cutting.bytes;
    }
    return tell_cut(listing->tables, plan, table);
}

/* ---- as before --------------------------------------------------------------------- */

sieve_status sqlite_cut_again(struct database *self, const struct table *table,
                              const char *cut)
{
    struct sqlite_tables *tables = &((struct sqlite_database *)self)->tables;
    const size_t index = (size_t)(table - tables->tables);
    struct sqlite_plan *plan = &tables->plans[index];
    struct sqlite_plan again = *plan;
    sieve_status status = SIEVE_OK;
    again.borders = NULL;
    again.border_count = 0;
    if (plan->key_count == 0 || plan->bound ||
        strncmp(cut, CUT_MARK, strlen(CUT_MARK)) != 0)
        return SIEVE_OK;
    int is_it = 1;
    cut += strlen(CUT_MARK);
    while (*cut == ' ' && is_it && status == SIEVE_OK) {
        char border[SQLITE_BORDER_MAX];
        const char *kept = NULL;
        const size_t length = strcspn(++cut, " ");
        is_it = again.border_count < BORDERS_MAX && sqlite_border_fits(plan, cut, length);
        if (!is_it)
            break;
        memcpy(border, cut, length);
        border[length] = '\0';
        cut += length;
        status = sqlite_keep(tables, border, &kept);
        if (status == SIEVE_OK)
            status = add_border(&again, kept);
    }
    if (status != SIEVE_OK || !is_it || *cut) {
        free(again.borders);
        return status;
    }
    free(plan->borders);
    *plan = again;
    return tell_cut(tables, plan, &tables->tables[index]);
}
