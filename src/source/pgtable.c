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

static sieve_status append_columns(const struct pgtable *table, struct buffer *sql)
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

static sieve_status append_place(struct buffer *sql, const char *before, uint64_t block)
{
    sieve_status status = pgtext_append(sql, before);
    if (status == SIEVE_OK)
        status = pgnumber_append(sql, block);
    return status == SIEVE_OK ? pgtext_append(sql, ",0)'") : status;
}

/* The last range has no end: what was added to the table meanwhile is not in the
 * snapshot, but its size may have been an estimate. */
static sieve_status append_where(const struct pgtable *table, uint64_t range,
                                 struct buffer *sql)
{
    if (table->table.range_count < 2 || !table->has_ctid)
        return SIEVE_OK;
    sieve_status status =
        append_place(sql, " WHERE ctid>='(", range * table->blocks_per_range);
    if (status == SIEVE_OK && range + 1 < table->table.range_count)
        status = append_place(sql, " AND ctid<'(", (range + 1) * table->blocks_per_range);
    return status;
}

sieve_status pgtable_append_copy(const struct pgtable *table, uint64_t range,
                                 struct buffer *sql)
{
    sieve_status status = pgtext_append(sql, "COPY (SELECT ");
    if (status == SIEVE_OK)
        status = append_columns(table, sql);
    if (status == SIEVE_OK)
        status = pgtext_append(sql, " FROM ");
    if (status == SIEVE_OK)
        status = append_from(table, sql);
    if (status == SIEVE_OK)
        status = append_where(table, range, sql);
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

sieve_status pgtable_end(struct buffer *sql)
{
    return buffer_append(sql, bytes_of("", 1));
}
