#include "source/myplaces.h"

#include <stdlib.h>

#include "source/choice.h"

#define COLUMNS_MAX 8

#define FORBIDDEN        "no permission to read it"
#define FORBIDDEN_TABLES "this user sees no tables but its own: SELECT on all is needed"
#define FORBIDDEN_BODIES "no permission to see what it is made of"
#define FORBIDDEN_OTHERS "the right PROCESS is needed for statements of others"
#define FORBIDDEN_LOGS                                                                   \
    "the server hands its log files to nobody, not to this user, or not in this length"

enum server {
    ANY_SERVER,
    MARIADB_ONLY,
    MYSQL_ONLY
};

/* `from` is a query whose columns are the keys and the texts; `scope` is what of it
 * belongs to a database, or NULL: then it is whole. */
struct place {
    const char *schema;
    const char *name;
    enum table_kind kind;
    enum server server;
    unsigned long version; /* of that server, the first that has it */
    const char *from;
    const char *scope;
    const char *keys[4];
    const char *texts[5];
};

#define INFORMATION "information_schema"
#define PERFORMANCE "performance_schema"

static const struct place places[] = {
    {INFORMATION, "SCHEMATA", TABLE_TEXTS, MARIADB_ONLY, 100500,
     "SELECT SCHEMA_NAME,SCHEMA_COMMENT FROM information_schema.SCHEMATA"
     " WHERE SCHEMA_COMMENT<>''",
     "SCHEMA_NAME", {"SCHEMA_NAME"}, {"SCHEMA_COMMENT"}},
    {INFORMATION, "TABLES", TABLE_TEXTS, ANY_SERVER, 0,
     "SELECT TABLE_SCHEMA,TABLE_NAME,TABLE_COMMENT FROM information_schema.TABLES"
     " WHERE TABLE_COMMENT NOT IN ('','VIEW')",
     "TABLE_SCHEMA", {"TABLE_SCHEMA", "TABLE_NAME"}, {"TABLE_COMMENT"}},
    {INFORMATION, "COLUMNS", TABLE_TEXTS, ANY_SERVER, 0,
     "SELECT TABLE_SCHEMA,TABLE_NAME,COLUMN_NAME,COLUMN_TYPE,COLUMN_DEFAULT,"
     "COLUMN_COMMENT,GENERATION_EXPRESSION FROM information_schema.COLUMNS"
     " WHERE (COLUMN_COMMENT<>'' OR DATA_TYPE IN ('enum','set') OR"
     " COALESCE(COLUMN_DEFAULT,'NULL')<>'NULL' OR COALESCE(GENERATION_EXPRESSION,'')<>'')",
     "TABLE_SCHEMA", {"TABLE_SCHEMA", "TABLE_NAME", "COLUMN_NAME"},
     {"COLUMN_TYPE", "COLUMN_DEFAULT", "COLUMN_COMMENT", "GENERATION_EXPRESSION"}},
    {INFORMATION, "STATISTICS", TABLE_TEXTS, ANY_SERVER, 0,
     "SELECT TABLE_SCHEMA,TABLE_NAME,INDEX_NAME,INDEX_COMMENT"
     " FROM information_schema.STATISTICS WHERE INDEX_COMMENT<>''",
     "TABLE_SCHEMA", {"TABLE_SCHEMA", "TABLE_NAME", "INDEX_NAME"}, {"INDEX_COMMENT"}},
    {INFORMATION, "PARTITIONS", TABLE_TEXTS, ANY_SERVER, 0,
     "SELECT TABLE_SCHEMA,TABLE_NAME,PARTITION_NAME,PARTITION_EXPRESSION,"
     "PARTITION_DESCRIPTION,PARTITION_COMMENT FROM information_schema.PARTITIONS"
     " WHERE PARTITION_NAME IS NOT NULL",
     "TABLE_SCHEMA", {"TABLE_SCHEMA", "TABLE_NAME", "PARTITION_NAME"},
     {"PARTITION_EXPRESSION", "PARTITION_DESCRIPTION", "PARTITION_COMMENT"}},
    {INFORMATION, "CHECK_CONSTRAINTS", TABLE_TEXTS, ANY_SERVER, 100201,
     "SELECT CONSTRAINT_SCHEMA,CONSTRAINT_NAME,CHECK_CLAUSE"
     " FROM information_schema.CHECK_CONSTRAINTS WHERE 1=1",
     "CONSTRAINT_SCHEMA", {"CONSTRAINT_SCHEMA", "CONSTRAINT_NAME"}, {"CHECK_CLAUSE"}},
    {INFORMATION, "VIEWS", TABLE_TEXTS, ANY_SERVER, 0,
     "SELECT TABLE_SCHEMA,TABLE_NAME,VIEW_DEFINITION FROM information_schema.VIEWS"
     " WHERE 1=1",
     "TABLE_SCHEMA", {"TABLE_SCHEMA", "TABLE_NAME"}, {"VIEW_DEFINITION"}},
    {INFORMATION, "ROUTINES", TABLE_TEXTS, ANY_SERVER, 0,
     "SELECT ROUTINE_SCHEMA,ROUTINE_TYPE,ROUTINE_NAME,ROUTINE_DEFINITION,ROUTINE_COMMENT"
     " FROM information_schema.ROUTINES WHERE 1=1",
     "ROUTINE_SCHEMA", {"ROUTINE_SCHEMA", "ROUTINE_TYPE", "ROUTINE_NAME"},
     {"ROUTINE_DEFINITION", "ROUTINE_COMMENT"}},
    {INFORMATION, "TRIGGERS", TABLE_TEXTS, ANY_SERVER, 0,
     "SELECT TRIGGER_SCHEMA,TRIGGER_NAME,ACTION_STATEMENT"
     " FROM information_schema.TRIGGERS WHERE 1=1",
     "TRIGGER_SCHEMA", {"TRIGGER_SCHEMA", "TRIGGER_NAME"}, {"ACTION_STATEMENT"}},
    {INFORMATION, "EVENTS", TABLE_TEXTS, ANY_SERVER, 0,
     "SELECT EVENT_SCHEMA,EVENT_NAME,EVENT_DEFINITION,EVENT_COMMENT"
     " FROM information_schema.EVENTS WHERE 1=1",
     "EVENT_SCHEMA", {"EVENT_SCHEMA", "EVENT_NAME"},
     {"EVENT_DEFINITION", "EVENT_COMMENT"}},
    {INFORMATION, "COLUMN_STATISTICS", TABLE_STATISTICS, MYSQL_ONLY, 80000,
     "SELECT SCHEMA_NAME,TABLE_NAME,COLUMN_NAME,HISTOGRAM"
     " FROM information_schema.COLUMN_STATISTICS WHERE 1=1",
     "SCHEMA_NAME", {"SCHEMA_NAME", "TABLE_NAME", "COLUMN_NAME"}, {"HISTOGRAM"}},
    {INFORMATION, "PROCESSLIST", TABLE_ACTIVITY, ANY_SERVER, 0,
     "SELECT ID,USER,INFO FROM information_schema.PROCESSLIST WHERE ID<>CONNECTION_ID()",
     NULL, {"ID", "USER"}, {"INFO"}},
    {"mysql", "column_stats", TABLE_STATISTICS, MARIADB_ONLY, 100001,
     "SELECT db_name,table_name,column_name,min_value,max_value,histogram"
     " FROM mysql.column_stats WHERE 1=1",
     "db_name", {"db_name", "table_name", "column_name"},
     {"min_value", "max_value", "histogram"}},
    {"mysql", "general_log", TABLE_LOG, ANY_SERVER, 0,
     "SELECT event_time,thread_id,argument FROM mysql.general_log WHERE 1=1", NULL,
     {"event_time", "thread_id"}, {"argument"}},
    {"mysql", "slow_log", TABLE_LOG, ANY_SERVER, 0,
     "SELECT start_time,thread_id,sql_text FROM mysql.slow_log WHERE 1=1", NULL,
     {"start_time", "thread_id"}, {"sql_text"}},
};

/* Only of servers that watch themselves. */
#define OF_THIS_DATABASE "COALESCE(CURRENT_SCHEMA,DATABASE(),'')"

static const struct place watched[] = {
    {PERFORMANCE, "events_statements_current", TABLE_ACTIVITY, ANY_SERVER, 0,
     "SELECT THREAD_ID,EVENT_ID,SQL_TEXT FROM performance_schema.events_statements_current"
     " WHERE SQL_TEXT IS NOT NULL",
     OF_THIS_DATABASE, {"THREAD_ID", "EVENT_ID"}, {"SQL_TEXT"}},
    {PERFORMANCE, "events_statements_history", TABLE_ACTIVITY, ANY_SERVER, 0,
     "SELECT THREAD_ID,EVENT_ID,SQL_TEXT FROM performance_schema.events_statements_history"
     " WHERE SQL_TEXT IS NOT NULL",
     OF_THIS_DATABASE, {"THREAD_ID", "EVENT_ID"}, {"SQL_TEXT"}},
    {PERFORMANCE, "events_statements_history_long", TABLE_ACTIVITY, ANY_SERVER, 0,
     "SELECT THREAD_ID,EVENT_ID,SQL_TEXT FROM"
     " performance_schema.events_statements_history_long WHERE SQL_TEXT IS NOT NULL",
     OF_THIS_DATABASE, {"THREAD_ID", "EVENT_ID"}, {"SQL_TEXT"}},
    {PERFORMANCE, "events_statements_summary_by_digest", TABLE_ACTIVITY, MARIADB_ONLY, 0,
     "SELECT SCHEMA_NAME,DIGEST,DIGEST_TEXT FROM"
     " performance_schema.events_statements_summary_by_digest"
     " WHERE DIGEST_TEXT IS NOT NULL",
     "COALESCE(SCHEMA_NAME,DATABASE(),'')", {"SCHEMA_NAME", "DIGEST"}, {"DIGEST_TEXT"}},
    {PERFORMANCE, "events_statements_summary_by_digest", TABLE_ACTIVITY, MYSQL_ONLY,
     80000,
     "SELECT SCHEMA_NAME,DIGEST,DIGEST_TEXT,QUERY_SAMPLE_TEXT FROM"
     " performance_schema.events_statements_summary_by_digest"
     " WHERE DIGEST_TEXT IS NOT NULL",
     "COALESCE(SCHEMA_NAME,DATABASE(),'')", {"SCHEMA_NAME", "DIGEST"},
     {"DIGEST_TEXT", "QUERY_SAMPLE_TEXT"}},
    {PERFORMANCE, "prepared_statements_instances", TABLE_ACTIVITY, ANY_SERVER, 100502,
     "SELECT STATEMENT_ID,OWNER_THREAD_ID,SQL_TEXT FROM"
     " performance_schema.prepared_statements_instances WHERE SQL_TEXT IS NOT NULL",
     NULL, {"STATEMENT_ID", "OWNER_THREAD_ID"}, {"SQL_TEXT"}},
};

/* Only what is written now: what an old setting left behind is nobody's to find. */
#define LOG_FILE(name, variable, is_on)                                                  \
    "SELECT " name " AS name,LOAD_FILE(IF(" variable " LIKE '/%'," variable              \
    ",CONCAT(@@datadir," variable "))) AS text FROM DUAL WHERE " is_on
#define LOG_FILES                                                                        \
    LOG_FILE("'general log'", "@@general_log_file",                                      \
             "@@general_log=1 AND @@log_output LIKE '%FILE%'")                           \
    " UNION ALL " LOG_FILE("'slow query log'", "@@slow_query_log_file",                  \
                           "@@slow_query_log=1 AND @@log_output LIKE '%FILE%'")          \
    " UNION ALL " LOG_FILE("'error log'", "@@log_error",                                 \
                           "COALESCE(@@log_error,'') NOT IN ('','stderr')")

static const struct place log_files = {
    "mysql", "log files", TABLE_LOG, ANY_SERVER, 0,
    "SELECT name,text FROM (" LOG_FILES ") f WHERE text IS NOT NULL",
    NULL, {"name"}, {"text"}};

/* ---- adding ------------------------------------------------------------------------ */

static sieve_status add_columns(struct mycatalog *catalog, struct mytable *table,
                                const struct place *place)
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

static sieve_status add_place(struct mycatalog *catalog, const struct place *place,
                              const char *unreadable, struct statement *statement)
{
    struct mytable *table;
    if (!choice_takes_table(catalog->choice, place->schema, place->name))
        return SIEVE_OK;
    sieve_status status = mycatalog_add(catalog, &table);
    if (status != SIEVE_OK)
        return status;
    table->is_moving = 1;
    table->table = (struct table){
        .schema = place->schema,
        .name = place->name,
        .kind = place->kind,
        .rows = UINT64_MAX,
        .range_count = 1,
        .unreadable = unreadable,
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
                               const char *name, enum table_kind kind,
                               const char *reason)
{
    const struct place place = {.schema = schema, .name = name, .kind = kind};
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

static int has_place(const struct place *place, const struct mylink *link)
{
    const int is_mariadb = mylink_is_mariadb(link);
    if (place->server == ANY_SERVER)
        return !is_mariadb || mylink_version(link) >= place->version;
    return (place->server == MARIADB_ONLY) == is_mariadb &&
           mylink_version(link) >= place->version;
}

/* A place that this user may not read, or that this server does not have. */
static sieve_status add_tried(struct mycatalog *catalog, struct mylink *link,
                              const struct place *place, struct statement *statement,
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
        status = add_place(catalog, &log_files, NULL, statement);
    if (status == SIEVE_OK)
        status = ask_text(link, statement,
                          "SELECT count(*)>count(text) FROM (" LOG_FILES ") f", &are_some,
                          error);
    return status == SIEVE_OK && are_some ? add_unseen(catalog, "mysql",
                                                       "log files that cannot be read",
                                                       TABLE_LOG, FORBIDDEN_LOGS)
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
    for (size_t index = 0; index < sizeof watched / sizeof *watched; index++)
        if (status == SIEVE_OK && is_watched)
            status = add_tried(catalog, link, &watched[index], statement, error);
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
    for (size_t index = 0; index < sizeof places / sizeof *places; index++)
        if (status == SIEVE_OK)
            status = add_tried(catalog, link, &places[index], statement, error);
    if (status == SIEVE_OK)
        status = add_hidden_bodies(catalog, link, statement, error);
    if (status == SIEVE_OK)
        status = add_activity(catalog, link, statement, error);
    return status == SIEVE_OK ? add_logs(catalog, link, statement, error) : status;
}
