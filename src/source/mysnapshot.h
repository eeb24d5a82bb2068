/* mysnapshot.h - connections that all see the same, ready for whoever reads.
 *
 * A transaction of this server cannot be joined later: all that will be needed are
 * opened at once, while for a moment nobody may commit.
 */
#ifndef SIEVE_SOURCE_MYSNAPSHOT_H
#define SIEVE_SOURCE_MYSNAPSHOT_H

#include "source/mylink.h"

#define MYSNAPSHOT_LINKS_MAX 65u

struct mysnapshot {
    struct mylink *links[MYSNAPSHOT_LINKS_MAX]; /* NULL once taken */
    size_t count;
    atomic_size_t next;
    const char *lack; /* why there is but one, or NULL */
};

/* Opens `wanted` connections, or one if the rights or the moment do not allow for more.
 */
sieve_status mysnapshot_open(struct mysnapshot *snapshot, const struct myaddress *address,
                             const struct choice *choice, size_t wanted,
                             struct database_error *error) SIEVE_MUST_CHECK;
void mysnapshot_done(struct mysnapshot *snapshot);

/* The next one, for the caller to close; NULL if all are taken.  Safe in any thread. */
struct mylink *mysnapshot_take(struct mysnapshot *snapshot);

/* 1 if there is none left to take. */
int mysnapshot_is_empty(struct mysnapshot *snapshot);

/* Gives back what a statement held on to, so that nobody's ALTER TABLE waits longer than
 * for one range; tells if the snapshot is gone. */
sieve_status mysnapshot_release(struct mylink *link,
                                struct database_error *error) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_MYSNAPSHOT_H */
