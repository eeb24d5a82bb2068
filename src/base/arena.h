/* arena.h - small things of one owner, which all end at once.  Under the ceiling of a
 * catalog (base/limits.h); nothing secret, for it is not wiped. */
#ifndef SIEVE_BASE_ARENA_H
#define SIEVE_BASE_ARENA_H

#include "base/bytes.h"

struct arena_block;

/* All zeros is an empty one. */
struct arena {
    struct arena_block *last;
    size_t length; /* bytes of all blocks */
};

/* Zeroed bytes, aligned for anything; NULL without memory or past the ceiling. */
void *arena_take(struct arena *arena, size_t length);

/* A copy of the text, NUL-ended; NULL as above. */
const char *arena_keep(struct arena *arena, struct bytes text);

/* Frees all that was taken; the arena is empty then. */
void arena_done(struct arena *arena);

#endif /* SIEVE_BASE_ARENA_H */
