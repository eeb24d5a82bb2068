#include <stdlib.h>

#include "base/number.h"
#include "source/choice.h"
#include "source/sqlite.h"

#define STATEMENT_LENGTH_MAX (4u << 20) /* bytes: 2,000 columns of long names */
#define RESULT_COLUMNS_MAX   2000u      /* likewise, unless it was built with more */
#define COLUMNS_MAX          32767u     /* SQLite's own limit */

/* ---- statements -------------------------------------------------------------------- */

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
static sieve_status make_statement(struct sqlite_listing *listing, const char *before,
                                   const char *name, const char *behind)
{
    listing->text.length = 0;
    sieve_status status = sqlite_put(&listing->text, before);
    if (status == SIEVE_OK)
        status = sql_append_name(&listing->text, name);
    return status == SIEVE_OK ? sqlite_put(&listing->text, behind) : status;
}

/* ---- columns ----------------------------------------------------------------------- */

#define HIDDEN_VIRTUAL 2 /* a generated column that is not stored */

static sieve_status read_column(struct sqlite_listing *listing, struct sql_query *query,
                                struct column *column, int *key_out)
{
    sieve_status status = sqlite_keep(listing->tables, sql_text(query, 0), &column->name);
    if (status == SIEVE_OK)
        status = sqlite_keep(listing->tables, sql_text(query, 1), &column->type);
    if (status != SIEVE_OK)
        return status;
    *key_out = (int)sql_number(query, 2);
    column->is_key = *key_out > 0;
    if (listing->leaves_virtual && sql_number(query, 3) == HIDDEN_VIRTUAL)
        column->left_out = "it is computed from the others when it is read";
    else if (!choice_takes_column(listing->choice, column->name))
        column->left_out = COLUMN_UNASKED;
    return SIEVE_OK;
}

/* `first_key_out` is the column that leads the primary key, or the column count. */
static sieve_status list_columns(struct sqlite_listing *listing, struct table *table,
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
            table->column_count < COLUMNS_MAX
                ? realloc(columns, (table->column_count + 1) * sizeof columns[0])
                : NULL;
        if (!grown) {
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
static sieve_status mark_unique(struct sqlite_listing *listing, const struct table *table)
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

/* ---- how a table is read ----------------------------------------------------------- */

const char *sqlite_rowid_name(const struct table *table)
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

static sieve_status choose_bound(struct sqlite_listing *listing,
                                 const struct table *table, const char *rowid,
                                 size_t first_key, struct sqlite_plan *plan)
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

static sieve_status make_select(struct sqlite_listing *listing, const struct table *table,
                                const char *rowid, struct sqlite_plan *plan)
{
    struct buffer *text = &listing->text;
    text->length = 0;
    int is_first = !plan->first;
    sieve_status status = sqlite_put(text, "SELECT ");
    if (status == SIEVE_OK && plan->first)
        status = sqlite_put(text, rowid ? rowid : "NULL");
    for (size_t index = 0; index < table->column_count && status == SIEVE_OK; index++) {
        const struct column *column = &table->columns[index];
        if (column->left_out && !column->is_key)
            continue;
        status = sqlite_put(text, is_first ? "" : ", ");
        is_first = 0;
        if (status == SIEVE_OK)
            status = sql_append_name(text, column->name);
    }
    if (status == SIEVE_OK)
        status = sqlite_put(text, " FROM main.");
    if (status == SIEVE_OK)
        status = sql_append_name(text, table->name);
    /* An index that has all the columns would give another order. */
    if (status == SIEVE_OK && (rowid || !plan->bound))
        status = sqlite_put(text, " NOT INDEXED");
    return status == SIEVE_OK ? take_text(text, &plan->select) : status;
}

static sieve_status plan_table(struct sqlite_listing *listing, struct table *table,
                               struct sqlite_plan *plan, int is_without_rowid)
{
    size_t first_key = 0;
    listing->leaves_virtual = is_without_rowid;
    sieve_status status = list_columns(listing, table, &first_key);
    if (status == SIEVE_OK && first_key == SIZE_MAX)
        status = mark_unique(listing, table);
    const char *rowid = is_without_rowid ? NULL : sqlite_rowid_name(table);
    if (sqlite_taken(table) >= RESULT_COLUMNS_MAX)
        rowid = NULL; /* there is no room for it in a result */
    plan->first = sqlite_taken(table) < RESULT_COLUMNS_MAX;
    plan->has_locator = rowid != NULL;
    if (status == SIEVE_OK && is_without_rowid)
        status = sqlite_find_keys(listing, table, plan);
    /* A whole number that is all of the key is as good as a rowid. */
    if (status == SIEVE_OK && (rowid || plan->key_count == 1))
        status = choose_bound(listing, table, rowid, first_key, plan);
    if (status == SIEVE_OK)
        status = make_select(listing, table, rowid, plan);
    if (status == SIEVE_OK)
        status = make_statement(listing, "SELECT count(*) FROM main.", table->name, "");
    if (status == SIEVE_OK)
        status = take_text(&listing->text, &plan->count);
    return status == SIEVE_OK ? sqlite_cut(listing, table, plan) : status;
}

/* ---- the list ---------------------------------------------------------------------- */

static enum table_kind kind_of(const char *name)
{
    if (pattern_matches("sqlite_stat?", NULL, name))
        return TABLE_STATISTICS;
    return strcmp(name, "sqlite_schema") == 0 ? TABLE_TEXTS : TABLE_ROWS;
}

/* Enters a row of the list. */
static sieve_status enter_table(struct sqlite_listing *listing, struct sql_query *query)
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
    plan->is_without_rowid = (int)sql_number(query, 2);
    if (strcmp(type, "virtual") == 0)
        table->unreadable = "it is a virtual table whose rows are kept elsewhere";
    return SIEVE_OK;
}

/* What cannot be read of it is the table's, not the run's. */
static sieve_status list_table(struct sqlite_listing *listing, struct table *table,
                               struct sqlite_plan *plan)
{
    if (table->unreadable)
        return SIEVE_OK;
    sieve_status status = plan_table(listing, table, plan, plan->is_without_rowid);
    if (status == SIEVE_OK || status == SIEVE_E_MEMORY || status == SIEVE_STOPPED)
        return status;
    table->unreadable = sql_reason(listing->sql);
    return SIEVE_OK;
}

/* Views keep nothing.  A virtual table is read by the tables that keep its rows, named
 * after it; some only show what others keep.  An index of texts that it does not keep has
 * their words in parts: it cannot be read whole, and is told so. */
static const char list_text[] =
    "SELECT l.name, l.type, l.wr FROM pragma_table_list l"
    " LEFT JOIN sqlite_schema s ON s.type = 'table' AND s.name = l.name"
    " WHERE l.schema = 'main' AND l.type <> 'view' AND NOT (l.type = 'virtual' AND ("
    " EXISTS (SELECT 1 FROM sqlite_schema k WHERE k.type = 'table' AND k.rootpage > 0"
    " AND substr(k.name, 1, length(l.name) + 1) = l.name || '_')"
    " AND coalesce(s.sql, '') NOT LIKE '%content=''''%'"
    " OR s.sql LIKE '%using%fts_vocab%' OR s.sql LIKE '%using%fts4aux%'"
    " OR s.sql LIKE '%using%fts3tokenize%'))"
    " ORDER BY l.name";

sieve_status sqlite_list(struct sql *sql, const struct choice *choice,
                         struct sqlite_tables *out)
{
    struct sqlite_listing listing = {.sql = sql, .choice = choice, .tables = out};
    struct sql_query *query = NULL;
    int has_row = 0;
    buffer_init(&listing.text, STATEMENT_LENGTH_MAX);
    sieve_status status =
        sql_prepare(sql, bytes_of(list_text, sizeof list_text - 1), &query);
    while (status == SIEVE_OK) {
        status = sql_step(query, &has_row);
        if (status != SIEVE_OK || !has_row)
            break;
        status = enter_table(&listing, query);
    }
    /* The list is closed before the tables are looked at: nobody waits for it. */
    sql_done(query);
    for (size_t index = 0; index < out->count && status == SIEVE_OK; index++)
        status = list_table(&listing, &out->tables[index], &out->plans[index]);
    buffer_done(&listing.text);
    return status;
}
