/* pgcatalog.h - the tables of a database, as they are when a sweep begins. */
#ifndef SIEVE_SOURCE_PGCATALOG_H
#define SIEVE_SOURCE_PGCATALOG_H

#include "base/arena.h"
#include "source/catalog.h"
#include "source/pgsession.h"
#include "source/pgtable.h"

struct pgcatalog {
    struct pgtable *tables;
    size_t count;
    size_t capacity;
    struct arena memory; /* of names and columns */
};

/* Lists what was chosen, in order of their names, places of pgplaces.h behind. */
sieve_status pgcatalog_list(struct pgsession *session, const struct choice *choice,
                            struct pgcatalog *catalog,
                            struct database_error *error) SIEVE_MUST_CHECK;
void pgcatalog_done(struct pgcatalog *catalog);

/* Its tables, as catalog.h wants them. */
struct catalog_entries pgcatalog_entries(const struct pgcatalog *catalog);

/* Room for one more, all zero.  May move those there are. */
sieve_status pgcatalog_add(struct pgcatalog *catalog,
                           struct pgtable **out) SIEVE_MUST_CHECK;

/* Memory, all zero, that lives as long as the catalog.  NULL past the ceiling. */
void *pgcatalog_take(struct pgcatalog *catalog, size_t length);

/* A copy as zero-ended text.  NULL past the ceiling. */
const char *pgcatalog_keep(struct pgcatalog *catalog, struct bytes text);

#endif /* SIEVE_SOURCE_PGCATALOG_H */
