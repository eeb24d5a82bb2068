#include "source/mycolumns.h"

#include <stdlib.h>

#include "base/limits.h"
#include "source/choice.h"
#include "source/myfield.h"

#define FORBIDDEN "no permission to read it"

/* A table by its name in the first two fields, or NULL. */
static int compare_name(const void *key, const void *element)
{
    const struct bytes *fields = key;
    const struct table *table = &((const struct mytable *)element)->table;
    const int order = strcmp((const char *)fields[0].at, table->schema);
    return order != 0 ? order : strcmp((const char *)fields[1].at, table->name);
}

static struct mytable *find_table(const struct mycatalog *catalog,
                                  const struct bytes *fields)
{
    if (!fields[0].at || !fields[1].at || catalog->count == 0)
        return NULL;
    return bsearch(fields, catalog->tables, catalog->count, sizeof *catalog->tables,
                   compare_name);
}

static const char *text_of(struct bytes field)
{
    return field.at ? (const char *)field.at : "";
}

/* ---- columns ----------------------------------------------------------------------- */

enum {
    COLUMN_SCHEMA,
    COLUMN_TABLE,
    COLUMN_NAME,
    COLUMN_DATA_TYPE,
    COLUMN_TYPE,
    COLUMN_CHARSET,
    COLUMN_DIGITS,
    COLUMN_PRIVILEGES,
    COLUMN_FIELDS
};

static sieve_status reserve_column(struct mycatalog *catalog, struct mytable *table)
{
    if (table->table.column_count < table->column_capacity)
        return SIEVE_OK;
    /* What was there stays behind in the catalog's memory: it is twice as small. */
    const size_t capacity = table->column_capacity ? 2 * table->column_capacity : 8;
    struct column *columns = mycatalog_take(catalog, capacity * sizeof *columns);
    struct mytype *types = mycatalog_take(catalog, capacity * sizeof *types);
    if (!columns || !types)
        return SIEVE_E_MEMORY;
    for (size_t index = 0; index < table->table.column_count; index++) {
        columns[index] = table->columns[index];
        types[index] = table->types[index];
    }
    table->columns = columns;
    table->types = types;
    table->table.columns = columns;
    table->column_capacity = capacity;
    return SIEVE_OK;
}

/* Most columns of a table have the same. */
static const char *keep_charset(struct mycatalog *catalog, const struct mytable *table,
                                size_t index, const char *charset)
{
    for (size_t before = index; before > 0; before--) {
        const char *known = table->types[before - 1].charset;
        if (known && strcmp(known, charset) == 0)
            return known;
    }
    return mycatalog_keep(catalog, bytes_of_text(charset));
}

static sieve_status take_column(const struct bytes *fields, void *context)
{
    struct mycatalog *catalog = context;
    struct mytable *table = find_table(catalog, fields);
    if (!table)
        return SIEVE_OK;
    sieve_status status = reserve_column(catalog, table);
    if (status != SIEVE_OK)
        return status;
    const struct mytype_facts facts = {
        .name = text_of(fields[COLUMN_DATA_TYPE]),
        .definition = text_of(fields[COLUMN_TYPE]),
        .charset = (const char *)fields[COLUMN_CHARSET].at,
        .digits = myfield_number(fields[COLUMN_DIGITS], 0),
    };
    const size_t index = table->table.column_count;
    struct column *column = &table->columns[index];
    column->name = mycatalog_keep(catalog, fields[COLUMN_NAME]);
    column->type = mycatalog_keep(catalog, fields[COLUMN_TYPE]);
    if (!column->name || !column->type)
        return SIEVE_E_MEMORY;
    table->types[index] = mytype_of(&facts);
    if (facts.charset) {
        table->types[index].charset = keep_charset(catalog, table, index, facts.charset);
        if (!table->types[index].charset)
            return SIEVE_E_MEMORY;
    }
    column->left_out = mytype_left_out(&facts);
    if (!column->left_out && !choice_takes_column(catalog->choice, column->name))
        column->left_out = COLUMN_UNASKED;
    if (!strstr(text_of(fields[COLUMN_PRIVILEGES]), "select"))
        column->left_out = FORBIDDEN;
    table->table.column_count++;
    return SIEVE_OK;
}

static sieve_status list_columns(struct mycatalog *catalog, struct mylink *link,
                                 struct statement *statement,
                                 struct database_error *error)
{
    const struct mytaker taker = {COLUMN_FIELDS, take_column, catalog};
    statement_begin(statement);
    statement_put(statement,
                  "SELECT TABLE_SCHEMA,TABLE_NAME,COLUMN_NAME,DATA_TYPE,COLUMN_TYPE,"
                  "CHARACTER_SET_NAME,NUMERIC_PRECISION,PRIVILEGES"
                  " FROM information_schema.COLUMNS WHERE 1=1");
    mycatalog_put_scope(catalog, "TABLE_SCHEMA", statement);
    statement_put(statement, " ORDER BY TABLE_SCHEMA,TABLE_NAME,ORDINAL_POSITION");
    return mylink_run(link, statement, &taker, error);
}

/* ---- keys -------------------------------------------------------------------------- */

enum {
    KEY_SCHEMA,
    KEY_TABLE,
    KEY_NAME,
    KEY_COLUMN,
    KEY_PART, /* so much of the column's beginning, or NULL */
    KEY_NULLABLE,
    KEY_TYPE,
    KEY_FIELDS
};

/* Keys come one after the other; the first that will do is kept, a primary one always
 * before others. */
static sieve_status take_key(const struct bytes *fields, void *context)
{
    struct mycatalog *catalog = context;
    struct mytable *table = find_table(catalog, fields);
    if (!table)
        return SIEVE_OK;
    struct mykey *key = &table->key;
    const char *name = text_of(fields[KEY_NAME]);
    if (!key->name || strcmp(key->name, name) != 0) {
        if (key->name && key->count > 0 && strcmp(name, "PRIMARY") != 0) {
            key->is_done = 1;
            return SIEVE_OK;
        }
        *key = (struct mykey){.name = mycatalog_keep(catalog, fields[KEY_NAME]),
                              .is_ordered = key->is_ordered};
        if (!key->name)
            return SIEVE_E_MEMORY;
    } else if (key->is_done) {
        return SIEVE_OK;
    }
    const size_t column = mytable_column(table, fields[KEY_COLUMN]);
    if (column == table->table.column_count || key->count == MYKEY_COLUMNS_MAX ||
        strcmp(text_of(fields[KEY_NULLABLE]), "YES") == 0) {
        key->count = 0;
        key->is_done = 1; /* not this one */
        return SIEVE_OK;
    }
    if (fields[KEY_PART].at || strcmp(text_of(fields[KEY_TYPE]), "BTREE") != 0)
        key->is_ordered = 0;
    key->columns[key->count++] = (uint16_t)column;
    return SIEVE_OK;
}

/* A column of the key is read even if nothing was asked of it but to name the row. */
static void mark_key(struct mytable *table)
{
    for (size_t index = 0; index < table->key.count; index++) {
        struct column *column = &table->columns[table->key.columns[index]];
        column->is_key = 1;
        if (column->left_out && strcmp(column->left_out, FORBIDDEN) == 0) {
            table->key.is_ordered = 0;
        } else {
            column->is_short = column->left_out != NULL;
            column->left_out = NULL;
        }
    }
    if (table->key.count == 0)
        table->key.is_ordered = 0;
}

static sieve_status list_keys(struct mycatalog *catalog, struct mylink *link,
                              struct statement *statement, struct database_error *error)
{
    const struct mytaker taker = {KEY_FIELDS, take_key, catalog};
    statement_begin(statement);
    statement_put(statement, "SELECT TABLE_SCHEMA,TABLE_NAME,INDEX_NAME,COLUMN_NAME,"
                             "SUB_PART,NULLABLE,INDEX_TYPE"
                             " FROM information_schema.STATISTICS WHERE NON_UNIQUE=0");
    mycatalog_put_scope(catalog, "TABLE_SCHEMA", statement);
    sieve_status status = mylink_run(link, statement, &taker, error);
    for (size_t index = 0; index < catalog->count && status == SIEVE_OK; index++)
        mark_key(&catalog->tables[index]);
    return status;
}

/* ---- partitions -------------------------------------------------------------------- */

enum {
    PART_SCHEMA,
    PART_TABLE,
    PART_NAME,
    PART_SUBNAME,
    PART_ROWS,
    PART_BYTES,
    PART_FIELDS
};

static sieve_status add_part(struct mycatalog *catalog, struct mytable *table,
                             struct mypart **out)
{
    if (table->part_count == table->part_capacity) {
        const size_t capacity = table->part_capacity ? 2 * table->part_capacity : 1;
        struct mypart *parts = mycatalog_take(catalog, capacity * sizeof *parts);
        if (!parts)
            return SIEVE_E_MEMORY;
        for (size_t index = 0; index < table->part_count; index++)
            parts[index] = table->parts[index];
        table->parts = parts;
        table->part_capacity = capacity;
    }
    *out = &table->parts[table->part_count++];
    return SIEVE_OK;
}

static sieve_status take_part(const struct bytes *fields, void *context)
{
    struct mycatalog *catalog = context;
    struct mytable *table = find_table(catalog, fields);
    struct mypart *part;
    if (!table || !table->is_partitioned)
        return SIEVE_OK;
    const struct bytes name =
        fields[PART_SUBNAME].at ? fields[PART_SUBNAME] : fields[PART_NAME];
    sieve_status status = add_part(catalog, table, &part);
    if (status != SIEVE_OK)
        return status;
    *part = (struct mypart){.name = mycatalog_keep(catalog, name),
                            .rows = myfield_number(fields[PART_ROWS], 0),
                            .bytes = myfield_number(fields[PART_BYTES], 0)};
    return part->name ? SIEVE_OK : SIEVE_E_MEMORY;
}

static sieve_status list_parts(struct mycatalog *catalog, struct mylink *link,
                               struct statement *statement, struct database_error *error)
{
    const struct mytaker taker = {PART_FIELDS, take_part, catalog};
    sieve_status status = SIEVE_OK;
    int are_some = 0;
    for (size_t index = 0; index < catalog->count; index++)
        are_some |= catalog->tables[index].is_partitioned;
    if (are_some) {
        statement_begin(statement);
        statement_put(statement, "SELECT TABLE_SCHEMA,TABLE_NAME,PARTITION_NAME,"
                                 "SUBPARTITION_NAME,TABLE_ROWS,DATA_LENGTH"
                                 " FROM information_schema.PARTITIONS"
                                 " WHERE PARTITION_NAME IS NOT NULL");
        mycatalog_put_scope(catalog, "TABLE_SCHEMA", statement);
        status = mylink_run(link, statement, &taker, error);
    }
    for (size_t index = 0; index < catalog->count && status == SIEVE_OK; index++) {
        struct mytable *table = &catalog->tables[index];
        struct mypart *part;
        if (table->part_count > 0)
            continue;
        status = add_part(catalog, table, &part);
        if (status == SIEVE_OK)
            *part = (struct mypart){
                .rows = table->table.rows == UINT64_MAX ? 0 : table->table.rows,
                .bytes = table->table.bytes};
    }
    return status;
}

/* ---- all of it --------------------------------------------------------------------- */

/* Of some tables the names are all that this user may see. */
static void mark_forbidden(struct mytable *table)
{
    size_t forbidden = 0;
    for (size_t index = 0; index < table->table.column_count; index++) {
        const char *left_out = table->columns[index].left_out;
        forbidden += left_out && strcmp(left_out, FORBIDDEN) == 0;
    }
    if (forbidden > 0 && forbidden == table->table.column_count)
        table->table.unreadable = FORBIDDEN;
}

sieve_status mycolumns_list(struct mycatalog *catalog, struct mylink *link,
                            struct statement *statement, struct database_error *error)
{
    sieve_status status = list_columns(catalog, link, statement, error);
    if (status == SIEVE_OK)
        status = list_keys(catalog, link, statement, error);
    if (status == SIEVE_OK)
        status = list_parts(catalog, link, statement, error);
    for (size_t index = 0; index < catalog->count && status == SIEVE_OK; index++)
        mark_forbidden(&catalog->tables[index]);
    return status;
}
