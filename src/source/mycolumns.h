/* mycolumns.h - the columns, keys and partitions of the tables of a catalog. */
#ifndef SIEVE_SOURCE_MYCOLUMNS_H
#define SIEVE_SOURCE_MYCOLUMNS_H

#include "source/mycatalog.h"

/* The tables are in the order of their names.  `statement` is for use. */
sieve_status mycolumns_list(struct mycatalog *catalog, struct mylink *link,
                            struct statement *statement,
                            struct database_error *error) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_MYCOLUMNS_H */
