#include "source/myplaces.h"

#include <stdlib.h>

#include "source/choice.h"
#include "source/myplaces_rows.h"

#define FORBIDDEN        "no permission to read it"
#define FORBIDDEN_TABLES "this user sees no tables but its own: SELECT on all is needed"
#define FORBIDDEN_BODIES "no permission to see what it is made of"
#define FORBIDDEN_OTHERS "the right PROCESS is needed for statements of others"
#define FORBIDDEN_LOGS                                                                   \
    "the server hands its log files to nobody, not to this user, or not in this length"

/* ---- adding ------------------------------------------------------------------------ */

static sieve_status add_columns(struct mycatalog *catalog, struct mytable *table,
                                const struct myplace *place)
{
    size_t keys = 0;
    size_t count = 0;
    while (keys < sizeof place->keys / sizeof *place->keys && place->keys[keys])
        keys++;
    while (count < sizeof place->texts / sizeof *place->texts && place->texts[count])
        count++;
    count += keys;
    const char **expressions = mycatalog_take(catalog, (count + 1) * sizeof *expressions);
    table->columns = mycatalog_take(catalog, (count + 1) * sizeof *table->columns);
    table->types = mycatalog_take(catalog, (count + 1) * sizeof *table->types);
    if (!expressions || !table->columns || !table->types)
        return SIEVE_E_MEMORY;
    for (size_t index = 0; index < count; index++) {
        const int is_key = index < keys;
        const char *name = is_key ? place->keys[index] : place->texts[index - keys];
        table->columns[index] =
            (struct column){.name = name, .type = "text", .is_key = (uint8_t)is_key};
        if (!is_key && !choice_takes_column(catalog->choice, name))
            table->columns[index].left_out = COLUMN_UNASKED;
        expressions[index] = name;
    }
    table->expressions = expressions;
    table->table.columns = table->columns;
    table->table.column_count = count;
    return SIEVE_OK;
}

static sieve_status add_place(struct mycatalog *catalog, const struct myplace *place,
                              const char *unreadable, struct statement *statement)
{
    struct mytable *table;
    /* Places of the server are of all of its databases: whoever names one has them. */
    if (!choice_takes_table(catalog->choice, place->schema, place->name))
        return SIEVE_OK;
    sieve_status status = mycatalog_add(catalog, &table);
    if (status != SIEVE_OK)
        return status;
    table->table = (struct table){
        .schema = place->schema,
        .name = place->name,
        .kind = place->kind,
        .rows = UINT64_MAX,
        .range_count = 1,
        .unreadable = unreadable,
        .is_moving = 1,
    };
    if (!place->from)
        return SIEVE_OK;
    statement_begin(statement);
    statement_put(statement, "(");
    statement_put(statement, place->from);
    if (place->scope)
        mycatalog_put_scope(catalog, place->scope, statement);
    statement_put(statement, ") s");
    if (statement->status != SIEVE_OK)
        return statement->status;
    table->from = mycatalog_keep(catalog, buffer_bytes(&statement->text));
    return table->from ? add_columns(catalog, table, place) : SIEVE_E_MEMORY;
}

static sieve_status add_unseen(struct mycatalog *catalog, const char *schema,
                               const char *name, enum table_kind kind, const char *reason)
{
    const struct myplace place = {.schema = schema, .name = name, .kind = kind};
    return add_place(catalog, &place, reason, NULL);
}

/* ---- what this user may see -------------------------------------------------------- */

static sieve_status take_flag(const struct bytes *fields, void *context)
{
    *(int *)context = fields[0].at && fields[0].at[0] != '0';
    return SIEVE_OK;
}

/* Runs a query for one number.  *out is whether it is there and is not 0; a server that
 * refuses says no. */
static sieve_status ask(struct mylink *link, struct statement *statement, int *out,
                        struct database_error *error)
{
    const struct mytaker taker = {1, take_flag, out};
    *out = 0;
    sieve_status status = mylink_run(link, statement, &taker, error);
    return status == SIEVE_E_IO && !error->is_lost ? SIEVE_OK : status;
}

static sieve_status ask_text(struct mylink *link, struct statement *statement,
                             const char *sql, int *out, struct database_error *error)
{
    statement_begin(statement);
    statement_put(statement, sql);
    return ask(link, statement, out, error);
}

/* 1142 and 1044: the server looks at rights before it looks for the table. */
static sieve_status add_hidden_tables(struct mycatalog *catalog, struct mylink *link,
                                      struct statement *statement,
                                      struct database_error *error)
{
    int unused = 0;
    const char *database = catalog->database;
    if (catalog->choice->table_count > 0)
        return SIEVE_OK; /* those that were named are there, or it is an error */
    *error = (struct database_error){.reason = NULL};
    statement_begin(statement);
    statement_put(statement, "SELECT 1 FROM ");
    statement_put_name(statement, database ? database : "cardsieve: none");
    statement_put(statement, ".`cardsieve: none`");
    sieve_status status = ask(link, statement, &unused, error);
    const int is_refused =
        strcmp(error->code, "1142") == 0 || strcmp(error->code, "1044") == 0;
    if (status != SIEVE_OK || !is_refused)
        return status;
    return add_unseen(catalog, database ? database : INFORMATION, "tables of others",
                      TABLE_ROWS, FORBIDDEN_TABLES);
}

/* What is there, but without what it is made of. */
static sieve_status add_hidden_bodies(struct mycatalog *catalog, struct mylink *link,
                                      struct statement *statement,
                                      struct database_error *error)
{
    static const struct {
        const char *name;
        const char *sql;
        const char *scope;
    } bodies[] = {
        {"ROUTINES of others",
         "SELECT count(*) FROM information_schema.ROUTINES"
         " WHERE ROUTINE_DEFINITION IS NULL",
         "ROUTINE_SCHEMA"},
        {"VIEWS of others",
         "SELECT count(*) FROM information_schema.VIEWS"
         " WHERE COALESCE(VIEW_DEFINITION,'')=''",
         "TABLE_SCHEMA"},
    };
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < sizeof bodies / sizeof *bodies; index++) {
        int are_some = 0;
        statement_begin(statement);
        statement_put(statement, bodies[index].sql);
        mycatalog_put_scope(catalog, bodies[index].scope, statement);
        if (status == SIEVE_OK)
            status = ask(link, statement, &are_some, error);
        if (status == SIEVE_OK && are_some)
            status = add_unseen(catalog, INFORMATION, bodies[index].name, TABLE_TEXTS,
                                FORBIDDEN_BODIES);
    }
    return status;
}

/* ---- all of it --------------------------------------------------------------------- */

static int has_place(const struct myplace *place, const struct mylink *link)
{
    const int is_mariadb = mylink_is_mariadb(link);
    if (place->server == ANY_SERVER)
        return !is_mariadb || mylink_version(link) >= place->version;
    return (place->server == MARIADB_ONLY) == is_mariadb &&
           mylink_version(link) >= place->version;
}

/* A place that this user may not read, or that this server does not have. */
static sieve_status add_tried(struct mycatalog *catalog, struct mylink *link,
                              const struct myplace *place, struct statement *statement,
                              struct database_error *error)
{
    int unused = 0;
    *error = (struct database_error){.reason = NULL};
    if (!has_place(place, link))
        return SIEVE_OK;
    statement_begin(statement);
    statement_put(statement, "SELECT 0 FROM (");
    statement_put(statement, place->from);
    statement_put(statement, ") s LIMIT 0");
    sieve_status status = ask(link, statement, &unused, error);
    if (status != SIEVE_OK || strcmp(error->code, "1146") == 0)
        return status;
    return add_place(catalog, place, error->code[0] ? FORBIDDEN : NULL, statement);
}

static sieve_status add_logs(struct mycatalog *catalog, struct mylink *link,
                             struct statement *statement, struct database_error *error)
{
    int are_some = 0;
    sieve_status status = ask_text(
        link, statement, "SELECT count(text) FROM (" LOG_FILES ") f", &are_some, error);
    if (status == SIEVE_OK && are_some)
        status = add_place(catalog, &myplace_log_files, NULL, statement);
    if (status == SIEVE_OK)
        status = ask_text(link, statement,
                          "SELECT count(*)>count(text) FROM (" LOG_FILES ") f", &are_some,
                          error);
    return status == SIEVE_OK && are_some
               ? add_unseen(catalog, "mysql", "log files that cannot be read", TABLE_LOG,
                            FORBIDDEN_LOGS)
               : status;
}

static sieve_status add_activity(struct mycatalog *catalog, struct mylink *link,
                                 struct statement *statement,
                                 struct database_error *error)
{
    int is_watched = 0;
    int sees_others = 0;
    sieve_status status =
        ask_text(link, statement, "SELECT @@performance_schema", &is_watched, error);
    for (size_t index = 0; index < myplaces_watched_count; index++)
        if (status == SIEVE_OK && is_watched)
            status = add_tried(catalog, link, &myplaces_watched[index], statement, error);
    if (status == SIEVE_OK) /* asks for the right PROCESS */
        status = ask_text(link, statement,
                          "SELECT count(*)+1 FROM information_schema.INNODB_TRX",
                          &sees_others, error);
    return status == SIEVE_OK && !sees_others
               ? add_unseen(catalog, INFORMATION, "PROCESSLIST of others", TABLE_ACTIVITY,
                            FORBIDDEN_OTHERS)
               : status;
}

sieve_status myplaces_add(struct mycatalog *catalog, struct mylink *link,
                          struct statement *statement, struct database_error *error)
{
    sieve_status status = add_hidden_tables(catalog, link, statement, error);
    for (size_t index = 0; index < myplaces_count; index++)
        if (status == SIEVE_OK)
            status = add_tried(catalog, link, &myplaces[index], statement, error);
    if (status == SIEVE_OK)
        status = add_hidden_bodies(catalog, link, statement, error);
    if (status == SIEVE_OK)
        status = add_activity(catalog, link, statement, error);
    return status == SIEVE_OK ? add_logs(catalog, link, statement, error) : status;
}
