#include "source/pgplaces.h"

#include <string.h>

#include "source/choice.h"
#include "source/pgnames.h"
#include "source/pgplaces_rows.h"

#define FORBIDDEN_LARGE    "no permission to read large objects of others"
#define FORBIDDEN_ACTIVITY "the role pg_read_all_stats is needed for statements of others"
#define FORBIDDEN_LOG      "no permission to read the server's log"

static sieve_status add_columns(struct pgcatalog *catalog, struct pgtable *table,
                                const struct pgplace *place, const struct choice *choice)
{
    size_t count = 0;
    while (count < PLACE_COLUMNS_MAX && place->columns[count].name)
        count++;
    const char **expressions = pgcatalog_take(catalog, count * sizeof *expressions);
    table->columns = pgcatalog_take(catalog, count * sizeof *table->columns);
    table->decodings = pgcatalog_take(catalog, count);
    if (!expressions || !table->columns || !table->decodings)
        return SIEVE_E_MEMORY;
    for (size_t index = 0; index < count; index++) {
        const struct place_column *from = &place->columns[index];
        struct column *column = &table->columns[index];
        *column = (struct column){
            .name = from->name, .type = from->type, .is_key = from->is_key};
        if (!column->is_key && !choice_takes_column(choice, column->name))
            column->left_out = COLUMN_UNASKED;
        else
            table->decodings[index] = (uint8_t)from->decoding;
        expressions[index] = from->expression;
    }
    table->expressions = expressions;
    table->table.columns = table->columns;
    table->table.column_count = count;
    return SIEVE_OK;
}

static sieve_status add_place(struct pgcatalog *catalog, const struct choice *choice,
                              const struct pgplace *place, const char *from,
                              const char *unreadable)
{
    static const char schema[] = "pg_catalog";
    struct pgtable *table;
    if (!choice_takes_table(choice, schema, place->name))
        return SIEVE_OK;
    const unsigned of_server = place->traits & ~(unsigned)PLACE_MOVES;
    if (choice->listed && (*choice->listed & of_server))
        return SIEVE_OK; /* it came with an earlier database of the server */
    if (choice->listed)
        *choice->listed |= of_server;
    sieve_status status = pgcatalog_add(catalog, &table);
    if (status != SIEVE_OK)
        return status;
    table->from = from;
    table->table = (struct table){
        .schema = schema,
        .name = place->name,
        .kind = place->kind,
        .rows = UINT64_MAX,
        .range_count = 1,
        .unreadable = unreadable,
        .is_moving = (place->traits & PLACE_MOVES) != 0,
    };
    return add_columns(catalog, table, place, choice);
}

/* What of the server's is not for everybody, as one letter each, and behind them the
 * schema of pg_stat_statements if there is one. */
static const char permissions_sql[] =
    "SELECT concat("
    "CASE WHEN EXISTS (SELECT FROM pg_largeobject_metadata m WHERE NOT " LARGE_READABLE
    ") THEN 'f' ELSE 'y' END,"
    "CASE WHEN pg_has_role('pg_read_all_stats','USAGE') THEN 'y' ELSE 'f' END,"
    "CASE WHEN current_setting('logging_collector')<>'on' THEN '-'"
    " WHEN has_function_privilege('pg_ls_logdir()','EXECUTE') AND has_function_privilege("
    "'pg_read_binary_file(text,bigint,bigint,boolean)','EXECUTE') THEN 'y'"
    " ELSE 'f' END,"
    "(SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n"
    " ON n.oid=e.extnamespace WHERE e.extname='pg_stat_statements'))";

enum {
    PERMISSION_LARGE,
    PERMISSION_ACTIVITY,
    PERMISSION_LOG,
    PERMISSION_COUNT
};

/* What the user may not read of others. */
static const struct pgplace hidden_large = {.name = "pg_largeobject of others",
                                            .kind = TABLE_LARGE};
static const struct pgplace hidden_activity = {.name = "pg_stat_activity of others",
                                               .kind = TABLE_ACTIVITY,
                                               .traits = OF_SERVER_HIDDEN_ACTIVITY};
static const struct pgplace hidden_statements = {.name = "pg_stat_statements of others",
                                                 .kind = TABLE_ACTIVITY,
                                                 .traits = OF_SERVER_HIDDEN_STATEMENTS};

static sieve_status add_statements(struct pgcatalog *catalog, const struct choice *choice,
                                   const char *schema)
{
    struct buffer from;
    buffer_init(&from, PGSTATEMENT_LENGTH_MAX);
    sieve_status status = pgtext_append(&from, "(SELECT queryid,userid::int8 AS userid,"
                                               "query FROM ");
    if (status == SIEVE_OK)
        status = pgtext_append(&from, schema);
    if (status == SIEVE_OK)
        status = pgtext_append(&from, ".pg_stat_statements");
    if (status == SIEVE_OK && !choice->all_databases)
        status = pgtext_append(&from, " WHERE dbid=(SELECT oid FROM pg_database"
                                      " WHERE datname=current_database())");
    if (status == SIEVE_OK)
        status = pgtext_append(&from, " ORDER BY queryid,userid) s");
    const char *kept =
        status == SIEVE_OK ? pgcatalog_keep(catalog, buffer_bytes(&from)) : NULL;
    buffer_done(&from);
    struct pgplace place = pgplace_statements;
    if (choice->all_databases)
        place.traits |= OF_SERVER_STATEMENTS;
    return kept ? add_place(catalog, choice, &place, kept, NULL) : SIEVE_E_MEMORY;
}

/* What this user may read of it is read; that there is more is said by a table that
 * cannot be. */
static sieve_status add_permitted(struct pgcatalog *catalog, const struct choice *choice,
                                  const char *permissions)
{
    sieve_status status =
        add_place(catalog, choice, &pgplace_large, pgplace_large.from, NULL);
    if (status == SIEVE_OK && permissions[PERMISSION_LARGE] == 'f')
        status = add_place(catalog, choice, &hidden_large, NULL, FORBIDDEN_LARGE);
    if (status == SIEVE_OK && permissions[PERMISSION_ACTIVITY] == 'f')
        status = add_place(catalog, choice, &hidden_activity, NULL, FORBIDDEN_ACTIVITY);
    if (status == SIEVE_OK && permissions[PERMISSION_LOG] != '-')
        status = add_place(catalog, choice, &pgplace_log, pgplace_log.from,
                           permissions[PERMISSION_LOG] == 'f' ? FORBIDDEN_LOG : NULL);
    if (status == SIEVE_OK)
        status =
            add_place(catalog, choice, &pgplace_activities[choice->all_databases != 0],
                      pgplace_activities[choice->all_databases != 0].from, NULL);
    const int has_statements = permissions[PERMISSION_COUNT] != '\0';
    if (status == SIEVE_OK && has_statements && permissions[PERMISSION_ACTIVITY] == 'f')
        status = add_place(catalog, choice, &hidden_statements, NULL, FORBIDDEN_ACTIVITY);
    if (status == SIEVE_OK && has_statements)
        status = add_statements(catalog, choice, permissions + PERMISSION_COUNT);
    return status;
}

sieve_status pgplaces_add(struct pgsession *session, const struct choice *choice,
                          struct pgcatalog *catalog, struct database_error *error)
{
    char permissions[PERMISSION_COUNT + 2 * 64 + 3];
    sieve_status status = pglink_value(session->link, permissions_sql, permissions,
                                       sizeof permissions, error);
    const int version = pglink_version(session->link);
    for (size_t index = 0; index < pgplace_count; index++)
        if (status == SIEVE_OK && version >= pgplaces[index].version)
            status =
                add_place(catalog, choice, &pgplaces[index], pgplaces[index].from, NULL);
    return status == SIEVE_OK ? add_permitted(catalog, choice, permissions) : status;
}
