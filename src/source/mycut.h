/* mycut.h - parting the tables into ranges of their keys. */
#ifndef SIEVE_SOURCE_MYCUT_H
#define SIEVE_SOURCE_MYCUT_H

#include "source/mycatalog.h"

/* Looks for borders in every table that is larger than a range, and tells in each
 * table's `cut` what they are.  `statement` is for use. */
sieve_status mycut_all(struct mycatalog *catalog, struct mylink *link,
                       struct statement *statement,
                       struct database_error *error) SIEVE_MUST_CHECK;

/* Takes over how a table was cut in an earlier run, which is its `cut` of then; nothing
 * if it cannot be cut so any more. */
sieve_status mycut_again(struct mycatalog *catalog, struct mytable *table,
                         const char *cut) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_MYCUT_H */
