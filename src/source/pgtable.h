/* pgtable.h - a table of PostgreSQL with what its statements need. */
#ifndef SIEVE_SOURCE_PGTABLE_H
#define SIEVE_SOURCE_PGTABLE_H

#include "base/buffer.h"
#include "source/database.h"
#include "source/pgbinary.h"

struct pgtable {
    struct table table; /* the first; its columns are `columns` */
    uint32_t oid;       /* 0: none, a place of ours with `from` */
    uint32_t filenode;  /* the file its rows lay in when it was listed; 0: none */
    uint64_t blocks_per_range;
    struct column *columns;
    size_t column_capacity;
    uint8_t *decodings;             /* enum pgdecoding, one a column */
    const char *const *expressions; /* what to select, or NULL: the columns' names */
    const char *from;               /* what to select from, or NULL: the table */
    uint8_t has_ctid;
    uint8_t is_empty; /* can have no rows: a parent of partitions, a view never filled */
};

#define PGSPAN_OPEN UINT64_MAX

/* A part of a table: blocks where rows have a place, else rows in the order in which the
 * table gives them. */
struct pgspan {
    uint64_t begin;
    uint64_t end;    /* behind it; PGSPAN_OPEN: to the end of the table */
    unsigned offset; /* one row of the block `begin`; 0: all */
};

/* The part that is a range. */
struct pgspan pgtable_span(const struct pgtable *table, uint64_t range);

/* Appends COPY (SELECT ...) TO STDOUT for a part of the table.  The place of a row comes
 * first where there is one, then each column that is read. */
sieve_status pgtable_append_copy(const struct pgtable *table, const struct pgspan *span,
                                 struct buffer *sql) SIEVE_MUST_CHECK;

/* What such a statement selects. */
sieve_status pgtable_append_columns(const struct pgtable *table,
                                    struct buffer *sql) SIEVE_MUST_CHECK;

/* Appends SELECT count(*). */
sieve_status pgtable_append_count(const struct pgtable *table,
                                  struct buffer *sql) SIEVE_MUST_CHECK;

/* Appends a statement that fails with 22012 if the table was rewritten since it was
 * listed: its rows are elsewhere then, and ranges mean nothing.  Nothing if it has no
 * ranges. */
sieve_status pgtable_append_check(const struct pgtable *table,
                                  struct buffer *sql) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_PGTABLE_H */
