/* pgrows.h - the rows of a part of a table, as cells. */
#ifndef SIEVE_SOURCE_PGROWS_H
#define SIEVE_SOURCE_PGROWS_H

#include "source/pgsession.h"
#include "source/pgtable.h"

/* Who takes the rows.  The number of a row without a place goes on from `row_count`. */
struct pgrows {
    struct pgsession *session;
    on_row on_row; /* NULL: the rows go nowhere */
    void *context;
    uint8_t is_rest;    /* the rows are the rest of the one before: see struct row */
    uint64_t row_count; /* so far */
};

/* All rows of a range, in one statement. */
sieve_status pgrows_read_range(struct pgrows *rows, const struct pgtable *table,
                               uint64_t range,
                               struct database_error *error) SIEVE_MUST_CHECK;

/* Those of a part of it. */
sieve_status pgrows_read(struct pgrows *rows, const struct pgtable *table,
                         const struct pgspan *span,
                         struct database_error *error) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_PGROWS_H */
