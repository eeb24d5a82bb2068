#include <stdlib.h>

#include "base/number.h"
#include "source/choice.h"
#include "source/sqlite.h"

#define STATEMENT_LENGTH_MAX (4u << 20) /* bytes: 2,000 columns of long names */
#define COLUMNS_MAX          32767u     /* SQLite's own limit */
#define SAMPLE_POINTS        8u
#define SAMPLE_ROWS          16u
#define ROW_BYTES_DEFAULT    100u /* of a table that gave no sample */
#define RANGE_BYTES_DEFAULT  (8u << 20)
#define RANGE_COUNT_MAX      (UINT64_C(1) << 20)
#define SIGN                 (UINT64_C(1) << 63)

/* One listing. */
struct listing {
    struct sql *sql;
    const struct choice *choice;
    struct sqlite_tables *tables;
    struct buffer text; /* statements are made here */
};

/* ---- memory ------------------------------------------------------------------------ */

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
    }
    for (size_t index = 0; index < tables->text_count; index++)
        free(tables->texts[index]);
    free(tables->texts);
    free(tables->tables);
    free(tables->plans);
    *tables = (struct sqlite_tables){.count = 0};
}

/* ---- statements -------------------------------------------------------------------- */

static sieve_status put(struct buffer *out, const char *text)
{
    return buffer_append(out, bytes_of_text(text));
}

/* A copy of what was made. */
static sieve_status take_text(struct buffer *text, char **out)
{
    sieve_status status = buffer_append(text, bytes_of("", 1));
    if (status != SIEVE_OK)
        return status;
    *out = strdup((const char *)text->at);
    return *out ? SIEVE_OK : SIEVE_E_MEMORY;
}

/* A statement in two parts around a name. */
static sieve_status make_statement(struct listing *listing, const char *before,
                                   const char *name, const char *behind)
{
    listing->text.length = 0;
    sieve_status status = put(&listing->text, before);
    if (status == SIEVE_OK)
        status = sql_append_name(&listing->text, name);
    return status == SIEVE_OK ? put(&listing->text, behind) : status;
}

static sieve_status prepare(struct listing *listing, struct sql_query **out)
{
    return sql_prepare(listing->sql, buffer_bytes(&listing->text), out);
}

/* ---- columns ----------------------------------------------------------------------- */

#define HIDDEN_VIRTUAL 2 /* a generated column that is not stored */

static sieve_status read_column(struct listing *listing, struct sql_query *query,
                                struct column *column, int *key_out)
{
    sieve_status status = sqlite_keep(listing->tables, sql_text(query, 0), &column->name);
    if (status == SIEVE_OK)
        status = sqlite_keep(listing->tables, sql_text(query, 1), &column->type);
    if (status != SIEVE_OK)
        return status;
    *key_out = (int)sql_number(query, 2);
    column->is_key = *key_out > 0;
    if (sql_number(query, 3) == HIDDEN_VIRTUAL)
        column->left_out = "it is computed from the others when it is read";
    else if (!choice_takes_column(listing->choice, column->name))
        column->left_out = COLUMN_UNASKED;
    return SIEVE_OK;
}

/* `first_key_out` is the column that leads the primary key, or the column count. */
static sieve_status list_columns(struct listing *listing, struct table *table,
                                 size_t *first_key_out)
{
    static const char text[] =
        "SELECT name, type, pk, hidden FROM pragma_table_xinfo(?1, 'main')"
        " WHERE hidden <> 1";
    struct column *columns = NULL;
    struct sql_query *query = NULL;
    int has_row = 0;
    sieve_status status =
        sql_prepare(listing->sql, bytes_of(text, sizeof text - 1), &query);
    if (status != SIEVE_OK)
        return status;
    *first_key_out = SIZE_MAX;
    sql_bind_text(query, 1, table->name);
    while ((status = sql_step(query, &has_row)) == SIEVE_OK && has_row) {
        int key = 0;
        struct column *grown =
            realloc(columns, (table->column_count + 1) * sizeof columns[0]);
        if (!grown || table->column_count == COLUMNS_MAX) {
            status = SIEVE_E_MEMORY;
            break;
        }
        table->columns = columns = grown;
        columns[table->column_count] = (struct column){.name = NULL};
        status = read_column(listing, query, &columns[table->column_count], &key);
        if (status != SIEVE_OK)
            break;
        if (key == 1)
            *first_key_out = table->column_count;
        table->column_count++;
    }
    sql_done(query);
    return status;
}

/* Columns of a unique index that never are NULL name a row as a primary key does. */
static sieve_status mark_unique(struct listing *listing, const struct table *table)
{
    static const char text[] =
        "SELECT i.name FROM pragma_index_info((SELECT l.name FROM"
        " pragma_index_list(?1, 'main') l WHERE l.\"unique\" = 1 AND l.partial = 0"
        " AND NOT EXISTS (SELECT 1 FROM pragma_index_info(l.name, 'main') k"
        " LEFT JOIN pragma_table_xinfo(?1, 'main') c ON c.name = k.name"
        " WHERE c.\"notnull\" IS NOT 1) ORDER BY l.seq DESC LIMIT 1), 'main') i";
    struct sql_query *query = NULL;
    int has_row = 0;
    sieve_status status =
        sql_prepare(listing->sql, bytes_of(text, sizeof text - 1), &query);
    if (status != SIEVE_OK)
        return status;
    sql_bind_text(query, 1, table->name);
    while ((status = sql_step(query, &has_row)) == SIEVE_OK && has_row) {
        for (size_t index = 0; index < table->column_count; index++) {
            struct column *column;
            memcpy(&column, &table->columns, sizeof(void *));
            if (strcmp(column[index].name, sql_text(query, 0)) == 0)
                column[index].is_key = 1;
        }
    }
    sql_done(query);
    return status;
}

/* ---- how a table is cut ------------------------------------------------------------ */

int64_t sqlite_bound(const struct sqlite_plan *plan, uint64_t range)
{
    return (int64_t)(((plan->base + range) << plan->shift) ^ SIGN);
}

static sieve_status read_ends(struct listing *listing, const struct table *table,
                              const struct sqlite_plan *plan, uint64_t ends[2],
                              int *has_ends_out)
{
    struct sql_query *query = NULL;
    int has_row = 0;
    listing->text.length = 0;
    sieve_status status = put(&listing->text, "SELECT (SELECT min(");
    for (int half = 0; half < 2 && status == SIEVE_OK; half++) {
        status = put(&listing->text, half ? "), (SELECT max(" : "");
        if (status == SIEVE_OK)
            status = put(&listing->text, plan->bound);
        if (status == SIEVE_OK)
            status = put(&listing->text, ") FROM ");
        if (status == SIEVE_OK)
            status = sql_append_name(&listing->text, table->name);
    }
    if (status == SIEVE_OK)
        status = put(&listing->text, ")");
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

static sieve_status take_sample(struct listing *listing, const struct sqlite_plan *plan,
                                size_t column_count, const uint64_t ends[2],
                                struct sample *sample)
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
            status = put(&listing->text, parts[part]);
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

static size_t taken_count(const struct table *table)
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

static sieve_status tell_cut(struct listing *listing, struct table *table,
                             const struct sqlite_plan *plan)
{
    char number[NUMBER_TEXT_MAX];
    listing->text.length = 0;
    number_text(plan->base, number);
    sieve_status status = put(&listing->text, number);
    number_text(plan->shift, number);
    if (status == SIEVE_OK)
        status = put(&listing->text, " << ");
    if (status == SIEVE_OK)
        status = put(&listing->text, number);
    if (status == SIEVE_OK)
        status = buffer_append(&listing->text, bytes_of("", 1));
    return status == SIEVE_OK
               ? sqlite_keep(listing->tables, (const char *)listing->text.at, &table->cut)
               : status;
}

static sieve_status cut_table(struct listing *listing, struct table *table,
                              struct sqlite_plan *plan)
{
    uint64_t ends[2] = {0, 0};
    struct sample sample = {.rows = 0};
    int has_ends = 0;
    if (!plan->bound)
        return SIEVE_OK;
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
        status = take_sample(listing, plan, taken_count(table), ends, &sample);
    if (status != SIEVE_OK)
        return status;
    choose_width(table, plan, ends, &sample,
                 listing->choice->range_bytes ? listing->choice->range_bytes
                                              : RANGE_BYTES_DEFAULT);
    return tell_cut(listing, table, plan);
}

/* ---- how a table is read ----------------------------------------------------------- */

/* A name for the rowid that no column has taken; NULL if there is none. */
static const char *rowid_name(const struct table *table)
{
    static const char *const names[] = {"rowid", "_rowid_", "oid"};
    for (size_t name = 0; name < sizeof names / sizeof names[0]; name++) {
        int is_free = 1;
        for (size_t index = 0; index < table->column_count; index++)
            is_free &= !pattern_matches(names[name], NULL, table->columns[index].name);
        if (is_free)
            return names[name];
    }
    return NULL;
}

static int is_integer(const char *type)
{
    return pattern_matches("*int*", NULL, type);
}

static sieve_status choose_bound(struct listing *listing, const struct table *table,
                                 const char *rowid, size_t first_key,
                                 struct sqlite_plan *plan)
{
    const char *name = rowid;
    if (!rowid && first_key < table->column_count &&
        is_integer(table->columns[first_key].type))
        name = table->columns[first_key].name;
    if (!name)
        return SIEVE_OK;
    listing->text.length = 0;
    sieve_status status = sql_append_name(&listing->text, name);
    return status == SIEVE_OK ? take_text(&listing->text, &plan->bound) : status;
}

static sieve_status make_select(struct listing *listing, const struct table *table,
                                const char *rowid, struct sqlite_plan *plan)
{
    struct buffer *text = &listing->text;
    text->length = 0;
    sieve_status status = put(text, "SELECT ");
    if (status == SIEVE_OK)
        status = put(text, rowid ? rowid : "NULL");
    for (size_t index = 0; index < table->column_count && status == SIEVE_OK; index++) {
        const struct column *column = &table->columns[index];
        if (column->left_out && !column->is_key)
            continue;
        status = put(text, ", ");
        if (status == SIEVE_OK)
            status = sql_append_name(text, column->name);
    }
    if (status == SIEVE_OK)
        status = put(text, " FROM main.");
    if (status == SIEVE_OK)
        status = sql_append_name(text, table->name);
    /* An index that has all the columns would give another order. */
    if (status == SIEVE_OK && (rowid || !plan->bound))
        status = put(text, " NOT INDEXED");
    return status == SIEVE_OK ? take_text(text, &plan->select) : status;
}

static sieve_status plan_table(struct listing *listing, struct table *table,
                               struct sqlite_plan *plan, int is_without_rowid)
{
    size_t first_key = 0;
    sieve_status status = list_columns(listing, table, &first_key);
    if (status == SIEVE_OK && first_key == SIZE_MAX)
        status = mark_unique(listing, table);
    const char *rowid = is_without_rowid ? NULL : rowid_name(table);
    plan->has_locator = rowid != NULL;
    if (status == SIEVE_OK && (rowid || is_without_rowid))
        status = choose_bound(listing, table, rowid, first_key, plan);
    if (status == SIEVE_OK)
        status = make_select(listing, table, rowid, plan);
    if (status == SIEVE_OK)
        status = make_statement(listing, "SELECT count(*) FROM main.", table->name, "");
    if (status == SIEVE_OK)
        status = take_text(&listing->text, &plan->count);
    return status == SIEVE_OK ? cut_table(listing, table, plan) : status;
}

/* ---- the list ---------------------------------------------------------------------- */

static enum table_kind kind_of(const char *name)
{
    if (pattern_matches("sqlite_stat?", NULL, name))
        return TABLE_STATISTICS;
    return strcmp(name, "sqlite_schema") == 0 ? TABLE_TEXTS : TABLE_ROWS;
}

/* Adds a row of the list; what cannot be read of it is the table's, not the run's. */
static sieve_status list_table(struct listing *listing, struct sql_query *query)
{
    struct table *table = NULL;
    struct sqlite_plan *plan = NULL;
    const char *name = sql_text(query, 0);
    const char *const type = sql_text(query, 1);
    if (!choice_takes_table(listing->choice, NULL, name))
        return SIEVE_OK;
    sieve_status status = sqlite_add(listing->tables, &table, &plan);
    if (status == SIEVE_OK)
        status = sqlite_keep(listing->tables, name, &table->name);
    if (status != SIEVE_OK)
        return status;
    table->kind = kind_of(name);
    if (strcmp(type, "virtual") == 0) {
        table->unreadable = "it is a virtual table whose rows are kept elsewhere";
        return SIEVE_OK;
    }
    status = plan_table(listing, table, plan, (int)sql_number(query, 2));
    if (status == SIEVE_OK || status == SIEVE_E_MEMORY || status == SIEVE_STOPPED)
        return status;
    table->unreadable = sql_reason(listing->sql);
    return SIEVE_OK;
}

/* Views keep nothing.  A virtual table is read by the tables that keep its rows, named
 * after it; some only show what others keep. */
static const char list_text[] =
    "SELECT l.name, l.type, l.wr FROM pragma_table_list l"
    " LEFT JOIN sqlite_schema s ON s.type = 'table' AND s.name = l.name"
    " WHERE l.schema = 'main' AND l.type <> 'view' AND NOT (l.type = 'virtual' AND ("
    " EXISTS (SELECT 1 FROM sqlite_schema k WHERE k.type = 'table' AND k.rootpage > 0"
    " AND substr(k.name, 1, length(l.name) + 1) = l.name || '_')"
    " OR s.sql LIKE '%using%fts_vocab%' OR s.sql LIKE '%using%fts4aux%'"
    " OR s.sql LIKE '%using%fts3tokenize%'))"
    " ORDER BY l.name";

sieve_status sqlite_list(struct sql *sql, const struct choice *choice,
                         struct sqlite_tables *out)
{
    struct listing listing = {sql, choice, out, {.at = NULL}};
    struct sql_query *query = NULL;
    int has_row = 0;
    buffer_init(&listing.text, STATEMENT_LENGTH_MAX);
    sieve_status status =
        sql_prepare(sql, bytes_of(list_text, sizeof list_text - 1), &query);
    while (status == SIEVE_OK) {
        status = sql_step(query, &has_row);
        if (status != SIEVE_OK || !has_row)
            break;
        status = list_table(&listing, query);
    }
    sql_done(query);
    buffer_done(&listing.text);
    return status;
}
