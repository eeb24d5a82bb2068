/* pgcareful.h - a range of which something cannot be read: what is around it is. */
#ifndef SIEVE_SOURCE_PGCAREFUL_H
#define SIEVE_SOURCE_PGCAREFUL_H

#include "source/pgrows.h"

/* Pushes all rows of the range that can be read, and tells reader->on_missed the rest. */
sieve_status pgcareful_read(struct pgrows *rows, const struct pgtable *table,
                            uint64_t range, const struct reader *reader,
                            struct database_error *error) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_PGCAREFUL_H */
