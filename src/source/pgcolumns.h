/* pgcolumns.h - the columns of listed tables, and which of them name a row. */
#ifndef SIEVE_SOURCE_PGCOLUMNS_H
#define SIEVE_SOURCE_PGCOLUMNS_H

#include "source/pgcatalog.h"

/* Fills the columns of the catalog's tables, which are in order of their oid. */
sieve_status pgcolumns_list(struct pgsession *session, const struct choice *choice,
                            struct pgcatalog *catalog,
                            struct database_error *error) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_PGCOLUMNS_H */
