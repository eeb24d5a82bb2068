#include "source/pgcatalog.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/limits.h"
#include "base/number.h"
#include "source/choice.h"
#include "source/pgcolumns.h"
#include "source/pgnames.h"
#include "source/pgplaces.h"

#define RANGE_BYTES    (64u << 20) /* of one range if nobody says */
#define BLOCK_LENGTH   8192u /* the server's, unless it was built in a special way */
#define LOCKED_RETRIES 3

#define CODE_LOCKED "55P03"

/* ---- memory ------------------------------------------------------------------------ */

void *pgcatalog_take(struct pgcatalog *catalog, size_t length)
{
    return arena_take(&catalog->memory, length);
}

const char *pgcatalog_keep(struct pgcatalog *catalog, struct bytes text)
{
    return arena_keep(&catalog->memory, text);
}

struct catalog_entries pgcatalog_entries(const struct pgcatalog *catalog)
{
    return (struct catalog_entries){catalog->tables, catalog->count,
                                    sizeof *catalog->tables};
}

sieve_status pgcatalog_add(struct pgcatalog *catalog, struct pgtable **out)
{
    if (catalog->count == catalog->capacity &&
        catalog->capacity > CATALOG_MEMORY_MAX / sizeof(struct pgtable) / 2)
        return SIEVE_E_LIMIT;
    struct pgtable *tables =
        grown(catalog->tables, catalog->count, &catalog->capacity, 64, sizeof tables[0]);
    if (!tables)
        return SIEVE_E_MEMORY;
    catalog->tables = tables;
    *out = &catalog->tables[catalog->count++];
    **out = (struct pgtable){.oid = 0};
    return SIEVE_OK;
}

void pgcatalog_done(struct pgcatalog *catalog)
{
    arena_done(&catalog->memory);
    free(catalog->tables);
    *catalog = (struct pgcatalog){.tables = NULL};
}

/* ---- tables ------------------------------------------------------------------------ */

/* A table that somebody locks exclusively is not asked for its size, which would wait. */
static const char tables_sql[] =
    "COPY (WITH locked AS MATERIALIZED (SELECT relation FROM pg_locks"
    " WHERE locktype='relation' AND mode='AccessExclusiveLock' AND database="
    "(SELECT oid FROM pg_database WHERE datname=current_database()))"
    "SELECT c.oid::int8,n.nspname::text,c.relname::text,c.relkind::text,c.relnatts::int8,"
    "coalesce(pg_relation_filenode(c.oid),0)::int8,"
    "CASE WHEN s.sized THEN coalesce(pg_relation_size(c.oid),0)"
    " ELSE c.relpages::int8*8192 END,"
    "CASE WHEN s.sized THEN coalesce(pg_table_size(c.oid),0)"
    " ELSE c.relpages::int8*8192 END,"
    "c.reltuples::int8,"
    "CASE WHEN NOT has_schema_privilege(n.oid,'USAGE') THEN 1"
    " WHEN NOT has_any_column_privilege(c.oid,'SELECT') THEN 2"
    " WHEN row_security_active(c.oid) THEN 3"
    " WHEN c.relpersistence='t' AND n.oid<>pg_my_temp_schema() THEN 4 ELSE 0 END::int8,"
    "(a.amname='heap' AND has_table_privilege(c.oid,'SELECT'))::int4::int8,"
    "(c.relkind='p' OR NOT c.relispopulated)::int4::int8"
    " FROM pg_class c JOIN pg_namespace n ON n.oid=c.relnamespace"
    " LEFT JOIN pg_am a ON a.oid=c.relam"
    " CROSS JOIN LATERAL (SELECT c.relkind IN ('r','m') AND NOT EXISTS"
    "(SELECT FROM locked l WHERE l.relation=c.oid) AS sized OFFSET 0) s"
    " WHERE n.nspname NOT IN ('pg_catalog','information_schema')"
    " AND n.nspname NOT LIKE 'pg\\_toast%' AND c.relkind IN ('r','m','p'";

enum {
    TABLE_OID,
    TABLE_SCHEMA,
    TABLE_NAME,
    TABLE_RELKIND,
    TABLE_COLUMNS,
    TABLE_FILENODE,
    TABLE_LENGTH,
    TABLE_LENGTH_ALL,
    TABLE_ROW_COUNT,
    TABLE_UNREADABLE,
    TABLE_HAS_CTID,
    TABLE_IS_EMPTY,
    TABLE_FIELDS
};

static const char *const unreadable_reasons[] = {
    NULL,
    "no permission to use its schema",
    "no permission to read it",
    "row security hides rows of it from this user",
    "a temporary table of another session",
};

struct listing {
    const struct choice *choice;
    struct pgcatalog *catalog;
};

/* A power of two, so that a table which grew a little is cut as it was. */
static uint64_t blocks_of_range(const struct choice *choice, uint64_t length,
                                uint64_t length_all)
{
    const uint64_t wanted = choice->range_bytes ? choice->range_bytes : RANGE_BYTES;
    const uint64_t all = length_all > length ? length_all : length;
    /* What is stored out of line comes with its row. */
    const double share = all > 0 ? (double)length / (double)all : 1.0;
    const double blocks = (double)wanted * share / BLOCK_LENGTH;
    uint64_t power = 1;
    while ((double)power * 2 <= blocks && power < UINT64_C(1) << 31)
        power *= 2;
    return power;
}

static sieve_status keep_cut(struct pgcatalog *catalog, struct pgtable *table)
{
    char text[2 * NUMBER_TEXT_MAX + 8] = "ctid ";
    size_t length = 5;
    length += number_text(table->blocks_per_range, text + length);
    text[length++] = ' ';
    length += number_text(table->filenode, text + length);
    table->table.cut = pgcatalog_keep(catalog, bytes_of(text, length));
    return table->table.cut ? SIEVE_OK : SIEVE_E_MEMORY;
}

static void cut_ranges(const struct choice *choice, struct pgtable *table,
                       uint64_t length)
{
    table->blocks_per_range = blocks_of_range(choice, length, table->table.bytes);
    const uint64_t blocks = (length + BLOCK_LENGTH - 1) / BLOCK_LENGTH;
    const uint64_t ranges =
        (blocks + table->blocks_per_range - 1) / table->blocks_per_range;
    table->table.range_count = ranges > 0 ? ranges : 1;
}

static uint64_t about_rows(int64_t estimate)
{
    /* Before version 14 a table that was never looked at had 0 rows. */
    return estimate > 0 ? (uint64_t)estimate : UINT64_MAX;
}

static sieve_status take_table(const struct bytes *fields, void *context)
{
    struct listing *listing = context;
    struct pgcatalog *catalog = listing->catalog;
    const char *schema = pgcatalog_keep(catalog, fields[TABLE_SCHEMA]);
    const char *name = pgcatalog_keep(catalog, fields[TABLE_NAME]);
    if (!schema || !name)
        return SIEVE_E_MEMORY;
    if (!choice_takes_table(listing->choice, schema, name))
        return SIEVE_OK;

    struct pgtable *table;
    sieve_status status = pgcatalog_add(catalog, &table);
    if (status != SIEVE_OK)
        return status;
    const size_t columns = (size_t)pgbinary_int8(fields[TABLE_COLUMNS]);
    table->oid = (uint32_t)pgbinary_int8(fields[TABLE_OID]);
    table->filenode = (uint32_t)pgbinary_int8(fields[TABLE_FILENODE]);
    table->has_ctid = pgbinary_int8(fields[TABLE_HAS_CTID]) != 0;
    table->is_empty = pgbinary_int8(fields[TABLE_IS_EMPTY]) != 0;
    table->column_capacity = columns;
    table->columns = pgcatalog_take(catalog, (columns + 1) * sizeof *table->columns);
    table->decodings = pgcatalog_take(catalog, columns + 1);
    if (!table->columns || !table->decodings)
        return SIEVE_E_MEMORY;
    const size_t reason = (size_t)pgbinary_int8(fields[TABLE_UNREADABLE]);
    table->table = (struct table){
        .schema = schema,
        .name = name,
        .kind = TABLE_ROWS,
        .columns = table->columns,
        .rows = table->is_empty ? 0 : about_rows(pgbinary_int8(fields[TABLE_ROW_COUNT])),
        .bytes = (uint64_t)pgbinary_int8(fields[TABLE_LENGTH_ALL]),
        .range_count = table->is_empty ? 0 : 1,
        .unreadable = reason < sizeof unreadable_reasons / sizeof *unreadable_reasons
                          ? unreadable_reasons[reason]
                          : NULL,
        .locator = table->has_ctid ? "ctid" : NULL,
    };
    if (table->has_ctid && !table->is_empty)
        cut_ranges(listing->choice, table, (uint64_t)pgbinary_int8(fields[TABLE_LENGTH]));
    return keep_cut(catalog, table);
}

/* TID range scans came with version 14; without them each range would read it all. */
static void uncut_ranges(struct pgcatalog *catalog)
{
    for (size_t index = 0; index < catalog->count; index++)
        if (catalog->tables[index].table.range_count > 1) {
            catalog->tables[index].blocks_per_range *=
                catalog->tables[index].table.range_count;
            catalog->tables[index].table.range_count = 1;
        }
}

static sieve_status list_tables(struct pgsession *session, struct listing *listing,
                                struct database_error *error)
{
    struct bytes fields[TABLE_FIELDS];
    const struct pgtaker taker = {fields, TABLE_FIELDS, take_table, listing};
    sieve_status status = pgsession_begin(session, 0);
    if (status == SIEVE_OK)
        status = pgtext_append(&session->sql, tables_sql);
    if (status == SIEVE_OK && listing->choice->foreign_tables)
        status = pgtext_append(&session->sql, ",'f'");
    if (status == SIEVE_OK)
        status =
            pgtext_append(&session->sql, ") ORDER BY c.oid) TO STDOUT (FORMAT binary);");
    return status == SIEVE_OK ? pgsession_run(session, &taker, error) : status;
}

/* ---- all of it --------------------------------------------------------------------- */

/* Somebody may lock a table between the look at the locks and the look at its size: the
 * next look sees it. */
static sieve_status list_unlocked(struct pgsession *session, const struct choice *choice,
                                  struct pgcatalog *catalog, struct database_error *error)
{
    sieve_status status = SIEVE_E_IO;
    for (int attempt = 0; attempt < LOCKED_RETRIES; attempt++) {
        struct listing listing = {choice, catalog};
        pgcatalog_done(catalog);
        status = list_tables(session, &listing, error);
        if (status != SIEVE_E_IO || strcmp(error->code, CODE_LOCKED) != 0)
            break;
    }
    return status;
}

sieve_status pgcatalog_list(struct pgsession *session, const struct choice *choice,
                            struct pgcatalog *catalog, struct database_error *error)
{
    sieve_status status = list_unlocked(session, choice, catalog, error);
    if (status == SIEVE_OK)
        status = pgcolumns_list(session, choice, catalog, error);
    if (status != SIEVE_OK)
        return status;
    if (pglink_version(session->link) < 140000)
        uncut_ranges(catalog);
    catalog_sort(pgcatalog_entries(catalog));
    status = pgplaces_add(session, choice, catalog, error);
    if (status == SIEVE_OK)
        catalog->count = catalog_drop_unasked(pgcatalog_entries(catalog), choice);
    return status;
}
