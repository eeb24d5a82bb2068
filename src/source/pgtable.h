/* pgtable.h - a table of PostgreSQL with what its statements need. */
#ifndef SIEVE_SOURCE_PGTABLE_H
#define SIEVE_SOURCE_PGTABLE_H

#include "base/buffer.h"
#include "source/database.h"
#include "source/pgbinary.h"

struct pgtable {
    struct table table; /* its columns are `columns` */
    uint32_t oid;       /* 0: none, a place of ours with `from` */
    uint32_t filenode;  /* the file its rows lay in when it was listed; 0: none */
    uint64_t blocks_per_range;
    struct column *columns;
    size_t column_capacity;
    uint8_t *decodings;             /* enum pgdecoding, one a column */
    const char *const *expressions; /* what to select, or NULL: the columns' names */
    const char *from;               /* what to select from, or NULL: the table */
    uint8_t has_ctid;
    uint8_t is_empty;  /* can have no rows: a parent of partitions, a view never filled */
    uint8_t is_moving; /* in no snapshot: it changes while it is read */
};

/* Appends COPY (SELECT ...) TO STDOUT for a range.  The place of a row comes first where
 * there is one, then each column that is read. */
sieve_status pgtable_append_copy(const struct pgtable *table, uint64_t range,
                                 struct buffer *sql) SIEVE_MUST_CHECK;

/* Appends SELECT count(*). */
sieve_status pgtable_append_count(const struct pgtable *table,
                                  struct buffer *sql) SIEVE_MUST_CHECK;

/* Appends a statement that fails with 22012 if the table was rewritten since it was
 * listed: its rows are elsewhere then, and ranges mean nothing.  Nothing if it has no
 * ranges. */
sieve_status pgtable_append_check(const struct pgtable *table,
                                  struct buffer *sql) SIEVE_MUST_CHECK;

/* Ends a zero-ended statement. */
sieve_status pgtable_end(struct buffer *sql) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_PGTABLE_H */
