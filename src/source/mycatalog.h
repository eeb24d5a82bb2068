/* mycatalog.h - the tables of a server or of one of its databases, as they are when a
 * sweep begins. */
#ifndef SIEVE_SOURCE_MYCATALOG_H
#define SIEVE_SOURCE_MYCATALOG_H

#include "base/arena.h"
#include "source/catalog.h"
#include "source/mylink.h"
#include "source/mytable.h"

struct mycatalog {
    const struct choice *choice;
    const char *database; /* the only one, or NULL: all but the server's own */
    struct mytable *tables;
    size_t count;
    size_t capacity;
    struct arena memory; /* of names and columns */
};

void mycatalog_init(struct mycatalog *catalog, const struct choice *choice,
                    const char *database);
void mycatalog_done(struct mycatalog *catalog);

/* Lists what was chosen, in order of their names, places of myplaces.h behind. */
sieve_status mycatalog_list(struct mycatalog *catalog, struct mylink *link,
                            struct database_error *error) SIEVE_MUST_CHECK;

/* Its tables, as catalog.h wants them. */
struct catalog_entries mycatalog_entries(const struct mycatalog *catalog);

/* Room for one more, all zero.  May move those there are. */
sieve_status mycatalog_add(struct mycatalog *catalog,
                           struct mytable **out) SIEVE_MUST_CHECK;

/* Memory, all zero, that lives as long as the catalog.  NULL past the ceiling. */
void *mycatalog_take(struct mycatalog *catalog, size_t length);

/* A copy as zero-ended text.  NULL past the ceiling. */
const char *mycatalog_keep(struct mycatalog *catalog, struct bytes text);

/* Puts " AND column ..." for what is asked for of the databases of the server. */
void mycatalog_put_scope(const struct mycatalog *catalog, const char *column,
                         struct statement *statement);

#endif /* SIEVE_SOURCE_MYCATALOG_H */
