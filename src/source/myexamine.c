#include "source/myrepair.h"

#include <stdlib.h>

#include "source/myfield.h"

#define NOTES_MAX   256u
#define UNIQUES_MAX 256u

/* Columns of all unique keys of one table. */
#define UNIQUE_COLUMNS_MAX 2048u

void myexamined_done(struct myrepair *repair)
{
    mycatalog_done(&repair->memory);
    free(repair->examined.columns);
    repair->examined = (struct repair_table){.table = NULL};
    repair->unique_used = 0;
    repair->expression_count = 0;
}

static sieve_status keep(struct myrepair *repair, struct bytes text, const char **out)
{
    *out = mycatalog_keep(&repair->memory, text);
    return *out ? SIEVE_OK : SIEVE_E_MEMORY;
}

static sieve_status add_note(struct myrepair *repair, const char *what, struct bytes name)
{
    struct repair_table *examined = &repair->examined;
    if (examined->note_count == NOTES_MAX)
        return SIEVE_OK;
    struct repair_note *note = &repair->notes[examined->note_count++];
    note->what = what;
    return keep(repair, name, &note->name);
}

/* ---- facts ------------------------------------------------------------------------- */

static sieve_status tell_column(const struct bytes *fields, void *context)
{
    struct myrepair *repair = context;
    const size_t index = mytable_column(repair->from, fields[0]);
    if (index == repair->from->table.column_count)
        return SIEVE_OK;
    struct repair_column *column = &repair->examined.columns[index];
    const enum myform form = repair->from->types[index].form;
    column->is_nullable = (uint8_t)myfield_is(fields[1], "YES");
    if (form == MYFORM_NUMBER || form == MYFORM_FLOAT || form == MYFORM_BITS)
        column->way = REPAIR_NUMBER;
    if (myfield_is(fields[2], "json"))
        column->way = REPAIR_JSON;
    if (myfield_is(fields[2], "enum") || myfield_is(fields[2], "set"))
        column->obstacle = "its values are labels of its type, which ALTER TABLE changes";
    if (fields[3].at && fields[3].length > 0) {
        column->obstacle = "it is computed from other columns";
        column->follows = 1;
    }
    return SIEVE_OK;
}

static sieve_status tell_parent(const struct bytes *fields, void *context)
{
    struct myrepair *repair = context;
    const size_t index = mytable_column(repair->from, fields[0]);
    if (index == repair->from->table.column_count)
        return SIEVE_OK;
    struct repair_column *column = &repair->examined.columns[index];
    column->obstacle = "a foreign key holds it to another table";
    column->follows = (uint8_t)myfield_is(fields[2], "CASCADE");
    return keep(repair, fields[1], &column->about);
}

static sieve_status tell_child(const struct bytes *fields, void *context)
{
    struct myrepair *repair = context;
    const size_t index = mytable_column(repair->from, fields[0]);
    if (index == repair->from->table.column_count)
        return SIEVE_OK;
    if (myfield_is(fields[2], "CASCADE"))
        return add_note(repair, "is changed along by its foreign key", fields[1]);
    repair->examined.columns[index].obstacle =
        "another table refers to it by a foreign key";
    return keep(repair, fields[1], &repair->examined.columns[index].about);
}

static sieve_status tell_trigger(const struct bytes *fields, void *context)
{
    return add_note(context, "is a trigger that fires", fields[0]);
}

/* What MariaDB calls JSON is a text with the condition that it is. */
static sieve_status tell_condition(const struct bytes *fields, void *context)
{
    static const char json[] = "json_valid(`";
    struct myrepair *repair = context;
    const char *text = (const char *)fields[0].at;
    if (!text || repair->expression_count == MYEXPRESSIONS_MAX)
        return SIEVE_OK;
    const size_t length = strlen(text);
    if (strncmp(text, json, sizeof json - 1) == 0 && length > sizeof json + 1 &&
        strcmp(text + length - 2, "`)") == 0) {
        const char *name = NULL;
        sieve_status status = keep(
            repair, bytes_of(text + sizeof json - 1, length - sizeof json - 1), &name);
        if (status != SIEVE_OK)
            return status;
        const size_t index = mytable_column(repair->from, bytes_of_text(name));
        if (index < repair->from->table.column_count)
            repair->examined.columns[index].way = REPAIR_JSON;
    }
    return keep(repair, fields[0], &repair->expressions[repair->expression_count++]);
}

static sieve_status tell_unique(const struct bytes *fields, void *context)
{
    struct myrepair *repair = context;
    struct repair_table *examined = &repair->examined;
    const size_t index = mytable_column(repair->from, fields[1]);
    if (index == repair->from->table.column_count ||
        repair->unique_used == UNIQUE_COLUMNS_MAX)
        return SIEVE_OK;
    const size_t count = examined->unique_count;
    struct repair_unique *unique = &repair->uniques[count > 0 ? count - 1 : 0];
    if (count == 0 || !myfield_is(fields[0], unique->name)) {
        if (count == UNIQUES_MAX)
            return SIEVE_OK;
        unique = &repair->uniques[examined->unique_count++];
        *unique = (struct repair_unique){
            .columns = &repair->unique_columns[repair->unique_used]};
        sieve_status status = keep(repair, fields[0], &unique->name);
        if (status != SIEVE_OK)
            return status;
    }
    repair->unique_columns[repair->unique_used++] = index;
    unique->column_count++;
    examined->columns[index].is_unique = 1;
    return SIEVE_OK;
}

#define WITH_RULE                                                                        \
    " FROM information_schema.KEY_COLUMN_USAGE k"                                        \
    " JOIN information_schema.REFERENTIAL_CONSTRAINTS r"                                 \
    " ON r.CONSTRAINT_SCHEMA=k.CONSTRAINT_SCHEMA"                                        \
    " AND r.CONSTRAINT_NAME=k.CONSTRAINT_NAME AND r.TABLE_NAME=k.TABLE_NAME"

/* Each is asked with the names of the schema and the table at the end. */
static const struct fact {
    const char *sql;
    const char *schema; /* column that is the schema's name, and the table's */
    const char *table;
    const char *order;
    size_t field_count;
    mylink_on_row tell;
    uint8_t is_mariadb; /* only there */
} facts[] = {
    {"SELECT COLUMN_NAME,IS_NULLABLE,DATA_TYPE,GENERATION_EXPRESSION"
     " FROM information_schema.COLUMNS WHERE ",
     "TABLE_SCHEMA", "TABLE_NAME", "", 4, tell_column, 0},
    {"SELECT CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS WHERE ",
     "CONSTRAINT_SCHEMA", "TABLE_NAME", "", 1, tell_condition, 1},
    {"SELECT k.COLUMN_NAME,k.REFERENCED_TABLE_NAME,r.UPDATE_RULE" WITH_RULE
     " WHERE k.REFERENCED_TABLE_NAME IS NOT NULL AND ",
     "k.TABLE_SCHEMA", "k.TABLE_NAME", "", 3, tell_parent, 0},
    {"SELECT k.REFERENCED_COLUMN_NAME,k.TABLE_NAME,r.UPDATE_RULE" WITH_RULE " WHERE ",
     "k.REFERENCED_TABLE_SCHEMA", "k.REFERENCED_TABLE_NAME", "", 3, tell_child, 0},
    {"SELECT TRIGGER_NAME FROM information_schema.TRIGGERS"
     " WHERE EVENT_MANIPULATION='UPDATE' AND ",
     "EVENT_OBJECT_SCHEMA", "EVENT_OBJECT_TABLE", "", 1, tell_trigger, 0},
    {"SELECT INDEX_NAME,COLUMN_NAME FROM information_schema.STATISTICS"
     " WHERE NON_UNIQUE=0 AND ",
     "TABLE_SCHEMA", "TABLE_NAME", " ORDER BY INDEX_NAME,SEQ_IN_INDEX", 2, tell_unique,
     0},
};

static sieve_status ask(struct myrepair *repair, const struct fact *fact,
                        struct database_error *error)
{
    struct statement *statement = &repair->statement;
    const struct mytaker taker = {fact->field_count, fact->tell, repair};
    if (fact->is_mariadb && !mylink_is_mariadb(repair->link))
        return SIEVE_OK;
    statement_begin(statement);
    statement_put(statement, fact->sql);
    statement_put(statement, fact->schema);
    statement_put(statement, "=");
    statement_put_literal(statement, repair->from->table.schema);
    statement_put(statement, " AND ");
    statement_put(statement, fact->table);
    statement_put(statement, "=");
    statement_put_literal(statement, repair->from->table.name);
    statement_put(statement, fact->order);
    return mylink_run(repair->link, statement, &taker, error);
}

/* ---- the table --------------------------------------------------------------------- */

static const char *obstacle_of(const struct mytable *table)
{
    switch ((int)table->table.kind) {
    case TABLE_ROWS:
        break;
    case TABLE_STATISTICS:
        return "ANALYZE TABLE ... PERSISTENT makes it anew once the rows are repaired";
    default:
        return "it holds no rows of its own";
    }
    if (table->key.count == 0)
        return "its rows have no key that tells them apart";
    if (!table->has_transactions)
        return "its storage engine has no transactions: nothing could be taken back";
    if (table->is_versioned)
        return "it keeps what its rows were before, also after a repair";
    return NULL;
}

static sieve_status make_room(struct myrepair *repair, const struct table *table)
{
    struct mycatalog *memory = &repair->memory;
    myexamined_done(repair);
    repair->from = repair->find(repair->database, table);
    repair->examined.columns =
        calloc(table->column_count + 1, sizeof *repair->examined.columns);
    repair->notes = mycatalog_take(memory, NOTES_MAX * sizeof *repair->notes);
    repair->uniques = mycatalog_take(memory, UNIQUES_MAX * sizeof *repair->uniques);
    repair->unique_columns =
        mycatalog_take(memory, UNIQUE_COLUMNS_MAX * sizeof *repair->unique_columns);
    repair->expressions =
        mycatalog_take(memory, MYEXPRESSIONS_MAX * sizeof *repair->expressions);
    repair->examined.notes = repair->notes;
    repair->examined.uniques = repair->uniques;
    return repair->examined.columns && repair->notes && repair->uniques &&
                   repair->unique_columns && repair->expressions
               ? SIEVE_OK
               : SIEVE_E_MEMORY;
}

sieve_status myexamine(struct repair *self, const struct table *table,
                       const struct repair_table **out, struct database_error *error)
{
    struct myrepair *repair = (struct myrepair *)self;
    *error = (struct database_error){.reason = "out of memory"};
    if (repair->examined.table == table) {
        *out = &repair->examined;
        return SIEVE_OK;
    }
    sieve_status status = make_room(repair, table);
    if (status == SIEVE_OK)
        repair->examined.obstacle = obstacle_of(repair->from);
    for (size_t index = 0; index < sizeof facts / sizeof *facts; index++)
        if (status == SIEVE_OK && !repair->examined.obstacle)
            status = ask(repair, &facts[index], error);
    if (status != SIEVE_OK)
        return myrepair_fail(repair, status, error);
    repair->examined.table = table;
    *out = &repair->examined;
    return SIEVE_OK;
}
