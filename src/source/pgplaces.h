/* pgplaces.h - where people forget to look: values that the planner keeps after the rows
 * are gone, statements that run or ran, comments, function bodies, large objects, the
 * server's log.  Each is a table of its own. */
#ifndef SIEVE_SOURCE_PGPLACES_H
#define SIEVE_SOURCE_PGPLACES_H

#include "source/pgcatalog.h"

/* Adds those that the server has and that were chosen; one that this user may not read
 * is there with its reason. */
sieve_status pgplaces_add(struct pgsession *session, const struct choice *choice,
                          struct pgcatalog *catalog,
                          struct database_error *error) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_PGPLACES_H */
