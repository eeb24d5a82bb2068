/* catalog.h - what the catalogs of servers have in common.
 *
 * A catalog is an array of entries, each of which begins with its struct table.
 */
#ifndef SIEVE_SOURCE_CATALOG_H
#define SIEVE_SOURCE_CATALOG_H

#include "source/database.h"

struct catalog_entries {
    void *first;
    size_t count;
    size_t size; /* of an entry */
};

/* Puts them in order of schema and name. */
void catalog_sort(struct catalog_entries entries);

/* Drops tables of which no column was asked for: they were not asked for.  How many
 * stay. */
size_t catalog_drop_unasked(struct catalog_entries entries, const struct choice *choice);

/* The tables that a database gives out, each at the place of its entry. */
struct catalog_given {
    struct table *tables; /* NULL: none were given out yet */
    atomic_ullong *read;  /* rows of each that were read last, of those that move */
};

/* `moment` is borrowed: how what moves was cut, so that a later run reads it anew. */
sieve_status catalog_give(struct catalog_entries entries, const char *moment,
                          struct catalog_given *out) SIEVE_MUST_CHECK;
void catalog_given_done(struct catalog_given *given);

#endif /* SIEVE_SOURCE_CATALOG_H */
