#include <stdlib.h>
#include <string.h>

#include "source/choice.h"
#include "source/sqlite_repair.h"

#define NAMES_MAX   4096u
#define NOTES_MAX   256u
#define UNIQUES_MAX 256u

/* Columns of all unique keys of one table. */
#define UNIQUE_COLUMNS_MAX 2048u

#define HIDDEN_COMPUTED 2 /* from here on: a generated column, stored or not */

static struct sqlite_repair *repair_of(struct repair *self)
{
    return (struct sqlite_repair *)self;
}

void sqlite_examined_done(struct sqlite_repair *repair)
{
    if (repair->examined.table)
        sqlite_drop_mirror(repair);
    repair->was_mirrored = 0;
    for (size_t index = 0; index < repair->name_count; index++)
        free(repair->names[index]);
    free(repair->names);
    free(repair->notes);
    free(repair->uniques);
    free(repair->unique_columns);
    free(repair->examined.columns);
    repair->examined = (struct repair_table){.table = NULL};
    repair->names = NULL;
    repair->name_count = 0;
    repair->notes = NULL;
    repair->uniques = NULL;
    repair->unique_columns = NULL;
}

static sieve_status keep(struct sqlite_repair *repair, const char *text, const char **out)
{
    if (repair->name_count == NAMES_MAX)
        return SIEVE_E_LIMIT;
    char *copy = strdup(text);
    if (!copy)
        return SIEVE_E_MEMORY;
    repair->names[repair->name_count++] = copy;
    *out = copy;
    return SIEVE_OK;
}

static size_t find_column(const struct table *table, const char *name)
{
    size_t index = 0;
    while (index < table->column_count &&
           !pattern_matches(name, NULL, table->columns[index].name))
        index++;
    return index;
}

/* Tells each row of a query about the table. */
typedef sieve_status (*on_fact)(struct sqlite_repair *repair, struct sql_query *query);

static sieve_status ask(struct sqlite_repair *repair, const char *text, on_fact tell)
{
    struct sql_query *query = NULL;
    int has_row = 0;
    sieve_status status = sql_prepare(repair->sql, bytes_of_text(text), &query);
    if (status != SIEVE_OK)
        return status;
    sql_bind_text(query, 1, repair->examined.table->name);
    while ((status = sql_step(query, &has_row)) == SIEVE_OK && has_row) {
        status = tell(repair, query);
        if (status != SIEVE_OK)
            break;
    }
    sql_done(query);
    return status;
}

/* ---- columns ----------------------------------------------------------------------- */

static const char columns_text[] =
    "SELECT name, upper(type), \"notnull\" OR pk > 0, hidden"
    " FROM pragma_table_xinfo(?1, 'main')";

static sieve_status tell_column(struct sqlite_repair *repair, struct sql_query *query)
{
    const struct table *table = repair->examined.table;
    const size_t index = find_column(table, sql_text(query, 0));
    if (index == table->column_count)
        return SIEVE_OK;
    struct repair_column *column = &repair->examined.columns[index];
    column->is_nullable = !sql_number(query, 2);
    if (strstr(sql_text(query, 1), "JSON"))
        column->way = REPAIR_JSON;
    if (sql_number(query, 3) >= HIDDEN_COMPUTED) {
        column->obstacle = "it is computed from other columns";
        column->follows = 1;
    }
    return SIEVE_OK;
}

static const char parents_text[] =
    "SELECT \"from\", \"table\" FROM pragma_foreign_key_list(?1, 'main')";

static sieve_status tell_parent(struct sqlite_repair *repair, struct sql_query *query)
{
    const struct table *table = repair->examined.table;
    const size_t index = find_column(table, sql_text(query, 0));
    if (index == table->column_count)
        return SIEVE_OK;
    struct repair_column *column = &repair->examined.columns[index];
    column->obstacle = "a foreign key holds it to another table";
    column->follows = 1;
    return keep(repair, sql_text(query, 1), &column->about);
}

/* Who refers to the table; without a name of the column: to its primary key. */
static const char children_text[] =
    "SELECT f.\"to\", s.name, f.on_update FROM sqlite_schema s,"
    " pragma_foreign_key_list(s.name, 'main') f"
    " WHERE s.type = 'table' AND f.\"table\" = ?1 COLLATE NOCASE";

static sieve_status add_note(struct sqlite_repair *repair, const char *what,
                             const char *name)
{
    struct repair_table *examined = &repair->examined;
    if (examined->note_count == NOTES_MAX)
        return SIEVE_OK;
    struct repair_note *note = &repair->notes[examined->note_count];
    note->what = what;
    sieve_status status = keep(repair, name, &note->name);
    examined->note_count += status == SIEVE_OK;
    return status;
}

static sieve_status tell_child(struct sqlite_repair *repair, struct sql_query *query)
{
    const struct table *table = repair->examined.table;
    const int is_cascade = strcmp(sql_text(query, 2), "CASCADE") == 0;
    const char *to = sql_text(query, 0);
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < table->column_count && status == SIEVE_OK; index++) {
        struct repair_column *column = &repair->examined.columns[index];
        const int is_it = *to ? pattern_matches(to, NULL, table->columns[index].name)
                              : table->columns[index].is_key;
        if (!is_it || is_cascade)
            continue;
        column->obstacle = "another table refers to it by a foreign key";
        status = keep(repair, sql_text(query, 1), &column->about);
    }
    return status == SIEVE_OK && is_cascade
               ? add_note(repair, "is changed along by its foreign key",
                          sql_text(query, 1))
               : status;
}

/* ---- the table --------------------------------------------------------------------- */

static const char triggers_text[] =
    "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?1"
    " COLLATE NOCASE AND lower(substr(sql, 1, instr(lower(sql), ' on ')))"
    " LIKE '%update%'";

static sieve_status tell_trigger(struct sqlite_repair *repair, struct sql_query *query)
{
    return add_note(repair, "is a trigger that fires", sql_text(query, 0));
}

static const char uniques_text[] =
    "SELECT l.name, i.name FROM pragma_index_list(?1, 'main') l,"
    " pragma_index_info(l.name, 'main') i WHERE l.\"unique\" AND NOT l.partial"
    " AND NOT EXISTS (SELECT 1 FROM pragma_index_info(l.name, 'main') e"
    " WHERE e.name IS NULL) ORDER BY l.seq, i.seqno";

static sieve_status tell_unique(struct sqlite_repair *repair, struct sql_query *query)
{
    struct repair_table *examined = &repair->examined;
    const size_t index = find_column(examined->table, sql_text(query, 1));
    struct repair_unique *unique =
        examined->unique_count > 0 ? &repair->uniques[examined->unique_count - 1] : NULL;
    size_t used = 0;
    for (size_t before = 0; before < examined->unique_count; before++)
        used += repair->uniques[before].column_count;
    if (index == examined->table->column_count || used == UNIQUE_COLUMNS_MAX)
        return SIEVE_OK;
    sieve_status status = SIEVE_OK;
    if (!unique || strcmp(unique->name, sql_text(query, 0)) != 0) {
        if (examined->unique_count == UNIQUES_MAX)
            return SIEVE_OK;
        unique = &repair->uniques[examined->unique_count];
        *unique = (struct repair_unique){.columns = &repair->unique_columns[used]};
        status = keep(repair, sql_text(query, 0), &unique->name);
        examined->unique_count += status == SIEVE_OK;
    }
    repair->unique_columns[used] = index;
    unique->column_count++;
    examined->columns[index].is_unique = 1;
    return status;
}

static const char type_text[] =
    "SELECT type FROM pragma_table_list WHERE schema = 'main' AND name = ?1";

static sieve_status tell_type(struct sqlite_repair *repair, struct sql_query *query)
{
    const char *type = sql_text(query, 0);
    if (strcmp(type, "shadow") == 0)
        repair->examined.obstacle =
            "it is the inside of a full-text index: mend what the index is made of, then "
            "rebuild it";
    else if (strcmp(type, "virtual") == 0)
        repair->examined.obstacle = "it is a virtual table";
    return SIEVE_OK;
}

static const char *obstacle_of(const struct table *table)
{
    switch (table->kind) {
    case TABLE_ROWS:
    case TABLE_LARGE:
        return NULL;
    case TABLE_STATISTICS:
        return "ANALYZE makes it anew once the rows are repaired";
    case TABLE_FREED:
        return "deleted rows left it in the file: VACUUM takes it out";
    case TABLE_TEXTS:
    case TABLE_ACTIVITY:
    case TABLE_LOG:
        break;
    }
    return "it holds no rows of its own";
}

/* ---- examining --------------------------------------------------------------------- */

static sieve_status make_room(struct sqlite_repair *repair, const struct table *table)
{
    sqlite_examined_done(repair);
    repair->examined.columns =
        calloc(table->column_count + 1, sizeof repair->examined.columns[0]);
    repair->names = calloc(NAMES_MAX, sizeof repair->names[0]);
    repair->notes = calloc(NOTES_MAX, sizeof repair->notes[0]);
    repair->uniques = calloc(UNIQUES_MAX, sizeof repair->uniques[0]);
    repair->unique_columns = calloc(UNIQUE_COLUMNS_MAX, sizeof repair->unique_columns[0]);
    repair->examined.table = table;
    repair->examined.notes = repair->notes;
    repair->examined.uniques = repair->uniques;
    return repair->examined.columns && repair->names && repair->notes &&
                   repair->uniques && repair->unique_columns
               ? SIEVE_OK
               : SIEVE_E_MEMORY;
}

sieve_status sqlite_examine(struct repair *self, const struct table *table,
                            const struct repair_table **out, struct database_error *error)
{
    static const struct {
        const char *text;
        on_fact tell;
    } facts[] = {
        {type_text, tell_type},        {columns_text, tell_column},
        {parents_text, tell_parent},   {children_text, tell_child},
        {triggers_text, tell_trigger}, {uniques_text, tell_unique},
    };
    struct sqlite_repair *repair = repair_of(self);
    *error = (struct database_error){.reason = "not enough memory"};
    if (repair->examined.table == table) {
        *out = &repair->examined;
        return SIEVE_OK;
    }
    sieve_status status = make_room(repair, table);
    repair->examined.obstacle = obstacle_of(table);
    for (size_t index = 0; index < sizeof facts / sizeof facts[0]; index++) {
        if (status == SIEVE_OK && !obstacle_of(table))
            status = ask(repair, facts[index].text, facts[index].tell);
    }
    if (status != SIEVE_OK) {
        repair->examined.table = NULL;
        return sqlite_fail_sql(error, status, repair->sql);
    }
    *out = &repair->examined;
    return SIEVE_OK;
}
