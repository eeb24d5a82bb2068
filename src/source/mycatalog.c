#include "source/mycatalog.h"

#include <stdlib.h>

#include "base/grow.h"
#include "base/limits.h"
#include "source/choice.h"
#include "source/mycolumns.h"
#include "source/mycut.h"
#include "source/myfield.h"
#include "source/myplaces.h"

/* ---- memory ------------------------------------------------------------------------ */

void *mycatalog_take(struct mycatalog *catalog, size_t length)
{
    return arena_take(&catalog->memory, length);
}

const char *mycatalog_keep(struct mycatalog *catalog, struct bytes text)
{
    return arena_keep(&catalog->memory, text);
}

struct catalog_entries mycatalog_entries(const struct mycatalog *catalog)
{
    return (struct catalog_entries){catalog->tables, catalog->count,
                                    sizeof *catalog->tables};
}

sieve_status mycatalog_add(struct mycatalog *catalog, struct mytable **out)
{
    if (catalog->count == catalog->capacity &&
        catalog->capacity > CATALOG_MEMORY_MAX / sizeof(struct mytable) / 2)
        return SIEVE_E_LIMIT;
    struct mytable *tables =
        grown(catalog->tables, catalog->count, &catalog->capacity, 64, sizeof tables[0]);
    if (!tables)
        return SIEVE_E_MEMORY;
    catalog->tables = tables;
    *out = &catalog->tables[catalog->count++];
    **out = (struct mytable){.from = NULL};
    return SIEVE_OK;
}

void mycatalog_init(struct mycatalog *catalog, const struct choice *choice,
                    const char *database)
{
    *catalog = (struct mycatalog){.choice = choice, .database = database};
}

void mycatalog_done(struct mycatalog *catalog)
{
    arena_done(&catalog->memory);
    free(catalog->tables);
    *catalog = (struct mycatalog){.tables = NULL};
}

/* ---- which databases --------------------------------------------------------------- */

/* Whoever names databases may mean the server's own too. */
static int names_databases(const struct choice *choice)
{
    int is_named = choice->schema_count > 0 || choice->database_count > 0;
    for (size_t index = 0; index < choice->table_count; index++)
        is_named |= strchr(choice->tables[index], '.') != NULL;
    return is_named;
}

void mycatalog_put_scope(const struct mycatalog *catalog, const char *column,
                         struct statement *statement)
{
    if (names_databases(catalog->choice)) {
        /* Its tables are not kept anywhere: they are the places of myplaces.h. */
        statement_put(statement, " AND ");
        statement_put(statement, column);
        statement_put(statement, " NOT IN ('information_schema','performance_schema')");
        return;
    }
    statement_put(statement, " AND ");
    statement_put(statement, column);
    if (catalog->database && !catalog->choice->all_databases) {
        statement_put(statement, "=");
        statement_put_literal(statement, catalog->database);
        return;
    }
    statement_put(statement, " NOT IN ('mysql','information_schema',"
                             "'performance_schema','sys')");
}

/* ---- tables ------------------------------------------------------------------------ */

enum {
    TABLE_SCHEMA,
    TABLE_NAME,
    TABLE_TYPE,
    TABLE_ENGINE,
    TABLE_ROW_COUNT,
    TABLE_LENGTH,
    TABLE_OPTIONS,
    TABLE_FIELDS
};

static int is_one_of(struct bytes field, const char *const *texts, size_t count)
{
    for (size_t index = 0; index < count; index++)
        if (myfield_is(field, texts[index]))
            return 1;
    return 0;
}

/* Rows that are somewhere else; and those that are the rows of other tables. */
static int is_foreign(struct bytes engine)
{
    static const char *const engines[] = {"FEDERATED", "SPIDER", "CONNECT", "OQGRAPH"};
    return is_one_of(engine, engines, sizeof engines / sizeof *engines);
}

static int is_of_others(struct bytes engine)
{
    static const char *const engines[] = {"MRG_MYISAM", "MRG_MyISAM"};
    return is_one_of(engine, engines, sizeof engines / sizeof *engines);
}

/* Rows of these lie in the order of the primary key. */
static int is_clustered(struct bytes engine)
{
    static const char *const engines[] = {"InnoDB", "ROCKSDB", "TokuDB"};
    return is_one_of(engine, engines, sizeof engines / sizeof *engines);
}

static int is_log(const char *schema, const char *name)
{
    return strcmp(schema, "mysql") == 0 &&
           (strcmp(name, "general_log") == 0 || strcmp(name, "slow_log") == 0);
}

static sieve_status take_table(const struct bytes *fields, void *context)
{
    struct mycatalog *catalog = context;
    const char *schema = mycatalog_keep(catalog, fields[TABLE_SCHEMA]);
    const char *name = mycatalog_keep(catalog, fields[TABLE_NAME]);
    if (!schema || !name)
        return SIEVE_E_MEMORY;
    const struct bytes engine = fields[TABLE_ENGINE];
    if (!choice_takes_database(catalog->choice, schema) ||
        !choice_takes_table(catalog->choice, schema, name) || is_of_others(engine) ||
        (is_foreign(engine) && !catalog->choice->foreign_tables) || is_log(schema, name))
        return SIEVE_OK;

    struct mytable *table;
    sieve_status status = mycatalog_add(catalog, &table);
    if (status != SIEVE_OK)
        return status;
    const char *options = (const char *)fields[TABLE_OPTIONS].at;
    table->is_versioned = (uint8_t)myfield_is(fields[TABLE_TYPE], "SYSTEM VERSIONED");
    table->is_partitioned = options && strstr(options, "partitioned") != NULL;
    table->has_transactions = (uint8_t)is_clustered(engine);
    table->key.is_ordered = table->has_transactions;
    table->table = (struct table){
        .schema = schema,
        .name = name,
        .kind = TABLE_ROWS,
        .rows = myfield_number(fields[TABLE_ROW_COUNT], UINT64_MAX),
        .bytes = myfield_number(fields[TABLE_LENGTH], 0),
        .range_count = 1,
    };
    return SIEVE_OK;
}

static sieve_status list_tables(struct mycatalog *catalog, struct mylink *link,
                                struct statement *statement, struct database_error *error)
{
    const struct mytaker taker = {TABLE_FIELDS, take_table, catalog};
    statement_begin(statement);
    statement_put(statement,
                  "SELECT TABLE_SCHEMA,TABLE_NAME,TABLE_TYPE,ENGINE,TABLE_ROWS,"
                  "DATA_LENGTH,CREATE_OPTIONS FROM information_schema.TABLES"
                  " WHERE TABLE_TYPE IN ('BASE TABLE','SYSTEM VERSIONED')");
    mycatalog_put_scope(catalog, "TABLE_SCHEMA", statement);
    sieve_status status = mylink_run(link, statement, &taker, error);
    if (status == SIEVE_OK)
        catalog_sort(mycatalog_entries(catalog));
    return status;
}

/* ---- all of it --------------------------------------------------------------------- */

sieve_status mycatalog_list(struct mycatalog *catalog, struct mylink *link,
                            struct database_error *error)
{
    struct statement statement;
    statement_init(&statement);
    sieve_status status = list_tables(catalog, link, &statement, error);
    if (status == SIEVE_OK)
        status = mycolumns_list(catalog, link, &statement, error);
    if (status == SIEVE_OK)
        status = mycut_all(catalog, link, &statement, error);
    if (status == SIEVE_OK)
        status = myplaces_add(catalog, link, &statement, error);
    if (status == SIEVE_OK)
        catalog->count =
            catalog_drop_unasked(mycatalog_entries(catalog), catalog->choice);
    statement_done(&statement);
    return status;
}
