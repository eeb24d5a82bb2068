#include "source/pgcolumns.h"

#include <string.h>

#include "source/choice.h"
#include "source/pgnames.h"
#include "source/pgtypes.h"

#define LISTED_MAX 1000 /* tables named one by one in the statement */

#define COLUMN_FORBIDDEN "no permission to read it"

/* A domain is as what it is made of, through all its layers.  What names a row is the
 * primary key, else the narrowest unique index without NULL, expression or condition. */
static const char columns_sql[] =
    "COPY (WITH RECURSIVE layer(oid,base,modifier) AS ("
    "SELECT oid,typbasetype,typtypmod FROM pg_type WHERE typtype='d'"
    " UNION ALL SELECT l.oid,t.typbasetype,"
    "CASE WHEN l.modifier>=0 THEN l.modifier ELSE t.typtypmod END"
    " FROM layer l JOIN pg_type t ON t.oid=l.base WHERE t.typtype='d'),"
    "made AS (SELECT l.oid,l.base,l.modifier FROM layer l JOIN pg_type t ON t.oid=l.base"
    " WHERE t.typtype<>'d'),"
    "keys AS (SELECT DISTINCT ON (i.indrelid) i.indrelid,i.attnums FROM"
    "(SELECT *,(indkey::int2[])[0:indnkeyatts-1] AS attnums FROM pg_index"
    " WHERE indisunique AND indisvalid AND indpred IS NULL AND indexprs IS NULL) i"
    " WHERE i.indisprimary OR NOT EXISTS (SELECT FROM pg_attribute k"
    " WHERE k.attrelid=i.indrelid AND k.attnum=ANY(i.attnums) AND NOT k.attnotnull)"
    " ORDER BY i.indrelid,i.indisprimary DESC,i.indnkeyatts,i.indexrelid)"
    "SELECT a.attrelid::int8,a.attname::text,format_type(a.atttypid,a.atttypmod),"
    "t.typname::text,(SELECT e.typname::text FROM pg_type e WHERE e.oid=t.typelem"
    " AND t.typlen=-1 AND e.typnamespace='pg_catalog'::regnamespace),"
    "(t.typnamespace='pg_catalog'::regnamespace)::int4::int8,"
    "(t.typtype='e')::int4::int8,"
    "coalesce(nullif(a.atttypmod,-1),m.modifier,-1)::int8,"
    "coalesce(a.attnum=ANY(k.attnums),false)::int4::int8,"
    "(has_table_privilege(a.attrelid,'SELECT')"
    " OR has_column_privilege(a.attrelid,a.attnum,'SELECT'))::int4::int8"
    " FROM pg_attribute a JOIN pg_class c ON c.oid=a.attrelid"
    " LEFT JOIN made m ON m.oid=a.atttypid"
    " JOIN pg_type t ON t.oid=coalesce(m.base,a.atttypid)"
    " LEFT JOIN keys k ON k.indrelid=a.attrelid"
    " WHERE a.attnum>0 AND NOT a.attisdropped AND c.relkind IN ('r','m','p','f')";

enum {
    COLUMN_TABLE,
    COLUMN_NAME,
    COLUMN_TYPE,
    COLUMN_TYPE_NAME,
    COLUMN_ELEMENT,
    COLUMN_IS_BUILTIN,
    COLUMN_IS_ENUM,
    COLUMN_MODIFIER,
    COLUMN_IS_KEY,
    COLUMN_IS_PERMITTED,
    COLUMN_FIELDS
};

struct listing {
    const struct choice *choice;
    struct pgcatalog *catalog;
    size_t at;        /* the table whose columns come */
    const char *type; /* the last type's name: most are the same as that */
};

static const char *keep_type(struct listing *listing, struct bytes type)
{
    const char *last = listing->type;
    if (!last || strlen(last) != type.length || memcmp(last, type.at, type.length) != 0)
        listing->type = pgcatalog_keep(listing->catalog, type);
    return listing->type;
}

/* Why the column is not read; sets is_short if it is read only as a key. */
static const char *left_out(struct listing *listing, struct column *column,
                            const struct pgtype *type, int is_permitted)
{
    const char *reason = pgtype_left_out(type);
    if (!is_permitted)
        return COLUMN_FORBIDDEN;
    if (!reason && !choice_takes_column(listing->choice, column->name))
        reason = COLUMN_UNASKED;
    if (!column->is_key)
        return reason;
    column->is_short = reason != NULL;
    return NULL;
}

static sieve_status take_column(const struct bytes *fields, void *context)
{
    struct listing *listing = context;
    struct pgcatalog *catalog = listing->catalog;
    const uint32_t oid = (uint32_t)pgbinary_int8(fields[COLUMN_TABLE]);
    while (listing->at < catalog->count && catalog->tables[listing->at].oid < oid)
        listing->at++;
    if (listing->at == catalog->count || catalog->tables[listing->at].oid != oid)
        return SIEVE_OK;

    struct pgtable *table = &catalog->tables[listing->at];
    const size_t index = table->table.column_count;
    if (index >= table->column_capacity)
        return SIEVE_OK; /* added after the snapshot */
    struct column *column = &table->columns[index];
    const struct pgtype type = {
        .name = fields[COLUMN_TYPE_NAME],
        .element = fields[COLUMN_ELEMENT],
        .is_builtin = pgbinary_int8(fields[COLUMN_IS_BUILTIN]) != 0,
        .is_enum = pgbinary_int8(fields[COLUMN_IS_ENUM]) != 0,
        .modifier = pgbinary_int8(fields[COLUMN_MODIFIER]),
    };
    column->name = pgcatalog_keep(catalog, fields[COLUMN_NAME]);
    column->type = keep_type(listing, fields[COLUMN_TYPE]);
    if (!column->name || !column->type)
        return SIEVE_E_MEMORY;
    column->is_key = pgbinary_int8(fields[COLUMN_IS_KEY]) != 0;
    column->left_out =
        left_out(listing, column, &type, pgbinary_int8(fields[COLUMN_IS_PERMITTED]) != 0);
    if (!column->left_out)
        table->decodings[index] = (uint8_t)pgtype_decoding(&type);
    table->table.column_count++;
    return SIEVE_OK;
}

/* A few tables are named; for many it costs less to read all columns. */
static sieve_status append_tables(const struct pgcatalog *catalog, struct buffer *sql)
{
    if (catalog->count > LISTED_MAX)
        return SIEVE_OK;
    sieve_status status = pgtext_append(sql, " AND a.attrelid IN (0");
    for (size_t index = 0; index < catalog->count && status == SIEVE_OK; index++) {
        status = pgtext_append(sql, ",");
        if (status == SIEVE_OK)
            status = pgnumber_append(sql, catalog->tables[index].oid);
    }
    return status == SIEVE_OK ? pgtext_append(sql, ")") : status;
}

sieve_status pgcolumns_list(struct pgsession *session, const struct choice *choice,
                            struct pgcatalog *catalog, struct database_error *error)
{
    struct listing listing = {.choice = choice, .catalog = catalog};
    struct bytes fields[COLUMN_FIELDS];
    const struct pgtaker taker = {fields, COLUMN_FIELDS, take_column, &listing};
    sieve_status status = pgsession_begin(session, 0);
    if (status == SIEVE_OK)
        status = pgtext_append(&session->sql, columns_sql);
    if (status == SIEVE_OK)
        status = append_tables(catalog, &session->sql);
    if (status == SIEVE_OK)
        status = pgtext_append(&session->sql, " ORDER BY a.attrelid,a.attnum)"
                                              " TO STDOUT (FORMAT binary);");
    return status == SIEVE_OK ? pgsession_run(session, &taker, error) : status;
}
