/* paths.h - what was seen under each key inside of the values of one column.
 *
 * The number of paths is bounded: what comes past that counts under INSIDE_ELSEWHERE.
 * Belongs to one thread at a time.
 */
#ifndef SIEVE_JOB_PATHS_H
#define SIEVE_JOB_PATHS_H

#include "base/bytes.h"
#include "cardsieve.h"
#include "job/cell_counts.h"
#include "job/inside.h"
#include "job/tier_table.h"

#define PATHS_MAX 256u /* the last of them is INSIDE_ELSEWHERE */

struct path {
    char *path;  /* NUL-ended, as it stands in the values: not safe to show */
    char *shown; /* likewise made safe; NULL until somebody did; owned */
    struct cell_counts counts;
    unsigned char *sketch; /* SKETCH_BITS_COLUMN of its numbers; NULL: it has none */
};

struct paths;

sieve_status paths_new(struct paths **out) SIEVE_MUST_CHECK;
void paths_free(struct paths *paths); /* NULL is legal */

/* The entry of a path, which is added if it is not there.  Valid until the next is. */
sieve_status paths_find(struct paths *paths, const char *path,
                        struct path **out) SIEVE_MUST_CHECK;

/* All of them, in the order they came. */
struct path *paths_all(struct paths *paths, size_t *count_out);

/* What was sketched for `from` counts for `path` too; without memory it does not. */
void path_merge_sketch(struct path *path, const struct path *from);

void paths_forget_sketches(struct paths *paths); /* NULL is legal */

/* Counts the leaves of a value that stand under a key.  `tiers` may be NULL. */
sieve_status paths_count(struct paths *paths, struct bytes value, enum inside_kind kind,
                         const struct tier_table *tiers) SIEVE_MUST_CHECK;

#endif /* SIEVE_JOB_PATHS_H */
