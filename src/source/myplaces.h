/* myplaces.h - where else a MariaDB server keeps values. */
#ifndef SIEVE_SOURCE_MYPLACES_H
#define SIEVE_SOURCE_MYPLACES_H

#include "source/mycatalog.h"

/* Adds statistics, comments, definitions, statements and logs to the catalog, each with
 * why it cannot be read if it cannot.  `statement` is for use. */
sieve_status myplaces_add(struct mycatalog *catalog, struct mylink *link,
                          struct statement *statement,
                          struct database_error *error) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_MYPLACES_H */
