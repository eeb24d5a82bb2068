#include "source/pgtable.h"

#include "source/pgnames.h"

static sieve_status append_from(const struct pgtable *table, struct buffer *sql)
{
    if (table->from)
        return pgtext_append(sql, table->from);
    sieve_status status = pgtext_append(sql, "ONLY ");
    if (status == SIEVE_OK)
        status = pgname_append(sql, table->table.schema);
    if (status == SIEVE_OK)
        status = pgtext_append(sql, ".");
    if (status == SIEVE_OK)
        status = pgname_append(sql, table->table.name);
    return status;
}

/* Of the columns that are read: others may be forbidden. */
static sieve_status append_names(const struct pgtable *table, struct buffer *sql)
{
    sieve_status status = SIEVE_OK;
    const char *between = "";
    for (size_t index = 0; index < table->table.column_count; index++) {
        if (table->decodings[index] == PGDECODE_NONE)
            continue;
        if (status == SIEVE_OK)
            status = pgtext_append(sql, between);
        if (status == SIEVE_OK)
            status = pgname_append(sql, table->columns[index].name);
        between = ",";
    }
    return status;
}

static sieve_status append_column(const struct pgtable *table, size_t index,
                                  struct buffer *sql)
{
    if (table->expressions)
        return pgtext_append(sql, table->expressions[index]);
    sieve_status status = pgname_append(sql, table->columns[index].name);
    if (status != SIEVE_OK)
        return status;
    switch ((int)table->decodings[index]) {
    case PGDECODE_CAST:
        return pgtext_append(sql, "::pg_catalog.text");
    case PGDECODE_MONEY:
        return pgtext_append(sql, "::pg_catalog.numeric");
    default:
        return SIEVE_OK;
    }
}

sieve_status pgtable_append_columns(const struct pgtable *table, struct buffer *sql)
{
    sieve_status status = SIEVE_OK;
    const char *between = "";
    if (table->has_ctid) {
        status = pgtext_append(sql, "ctid");
        between = ",";
    }
    for (size_t index = 0; index < table->table.column_count; index++) {
        if (table->decodings[index] == PGDECODE_NONE)
            continue;
        if (status == SIEVE_OK)
            status = pgtext_append(sql, between);
        if (status == SIEVE_OK)
            status = append_column(table, index, sql);
        between = ",";
    }
    return status;
}

/* "'(7,0)'", or the place of one row. */
static sieve_status append_place(struct buffer *sql, const char *before, uint64_t block,
                                 unsigned offset)
{
    sieve_status status = pgtext_append(sql, before);
    if (status == SIEVE_OK)
        status = pgnumber_append(sql, block);
    if (status == SIEVE_OK)
        status = pgtext_append(sql, ",");
    if (status == SIEVE_OK)
        status = pgnumber_append(sql, offset);
    return status == SIEVE_OK ? pgtext_append(sql, ")'") : status;
}

/* The last range has no end: what was added to the table meanwhile is not in the
 * snapshot, but its size may have been an estimate. */
struct pgspan pgtable_span(const struct pgtable *table, uint64_t range)
{
    struct pgspan span = {0, PGSPAN_OPEN, 0};
    if (table->table.range_count < 2 || !table->has_ctid)
        return span;
    span.begin = range * table->blocks_per_range;
    if (range + 1 < table->table.range_count)
        span.end = span.begin + table->blocks_per_range;
    return span;
}

static int is_whole(const struct pgspan *span)
{
    return span->begin == 0 && span->end == PGSPAN_OPEN && span->offset == 0;
}

static sieve_status append_where(const struct pgtable *table, const struct pgspan *span,
                                 struct buffer *sql)
{
    if (!table->has_ctid || (is_whole(span) && table->table.range_count < 2))
        return SIEVE_OK;
    if (span->offset > 0)
        return append_place(sql, " WHERE ctid='(", span->begin, span->offset);
    sieve_status status = append_place(sql, " WHERE ctid>='(", span->begin, 0);
    if (status == SIEVE_OK && span->end != PGSPAN_OPEN)
        status = append_place(sql, " AND ctid<'(", span->end, 0);
    return status;
}

/* Rows without a place are counted off; what is selected from is then called as the
 * places of ours call it. */
static sieve_status append_source(const struct pgtable *table, const struct pgspan *span,
                                  struct buffer *sql)
{
    if (table->has_ctid || is_whole(span))
        return append_from(table, sql);
    sieve_status status = pgtext_append(sql, "(SELECT ");
    if (status == SIEVE_OK)
        status = table->from ? pgtext_append(sql, "*") : append_names(table, sql);
    if (status == SIEVE_OK)
        status = pgtext_append(sql, " FROM ");
    if (status == SIEVE_OK)
        status = append_from(table, sql);
    if (status == SIEVE_OK)
        status = pgtext_append(sql, " OFFSET ");
    if (status == SIEVE_OK)
        status = pgnumber_append(sql, span->begin);
    if (status == SIEVE_OK && span->end != PGSPAN_OPEN) {
        status = pgtext_append(sql, " LIMIT ");
        if (status == SIEVE_OK)
            status = pgnumber_append(sql, span->end - span->begin);
    }
    return status == SIEVE_OK ? pgtext_append(sql, ") s") : status;
}

sieve_status pgtable_append_copy(const struct pgtable *table, const struct pgspan *span,
                                 struct buffer *sql)
{
    sieve_status status = pgtext_append(sql, "COPY (SELECT ");
    if (status == SIEVE_OK)
        status = pgtable_append_columns(table, sql);
    if (status == SIEVE_OK)
        status = pgtext_append(sql, " FROM ");
    if (status == SIEVE_OK)
        status = append_source(table, span, sql);
    if (status == SIEVE_OK)
        status = append_where(table, span, sql);
    return status == SIEVE_OK ? pgtext_append(sql, ") TO STDOUT (FORMAT binary);")
                              : status;
}

sieve_status pgtable_append_count(const struct pgtable *table, struct buffer *sql)
{
    sieve_status status =
        pgtext_append(sql, "COPY (SELECT pg_catalog.count(*)::pg_catalog.int8 FROM ");
    if (status == SIEVE_OK)
        status = append_from(table, sql);
    return status == SIEVE_OK ? pgtext_append(sql, ") TO STDOUT (FORMAT binary);")
                              : status;
}

sieve_status pgtable_append_check(const struct pgtable *table, struct buffer *sql)
{
    if (table->filenode == 0)
        return SIEVE_OK;
    sieve_status status =
        pgtext_append(sql, "SELECT 1/(pg_catalog.pg_relation_filenode(");
    if (status == SIEVE_OK)
        status = pgnumber_append(sql, table->oid);
    if (status == SIEVE_OK)
        status = pgtext_append(sql, ")=");
    if (status == SIEVE_OK)
        status = pgnumber_append(sql, table->filenode);
    return status == SIEVE_OK ? pgtext_append(sql, ")::pg_catalog.int4;") : status;
}
