/* engine.h - patterns made ready for one set of options, shared by those who ask for
 * the same, with a scanner for each thread.
 *
 * Making them takes some milliseconds, so the last ENGINES_MAX sets stay ready.
 */
#ifndef SIEVE_SERVICE_ENGINE_H
#define SIEVE_SERVICE_ENGINE_H

#include <stdint.h>

#include "cardsieve.h"
#include "service/limits.h"

#define BRANDS_MAX 32

/* What a request may ask for.  Plain old data; equal bytes are equal wishes, so it is
 * cleared before it is filled. */
struct wishes {
    sieve_style style;
    sieve_confidence min_confidence;
    uint32_t kinds;                 /* 0: all */
    char brands[OPTION_LENGTH_MAX]; /* "visa,jcb"; "": all */
};

void wishes_init(struct wishes *wishes);

struct engine;
struct engines;

/* `key` is copied, may be NULL: then there are no tokens. */
sieve_status engines_new(const void *key, size_t key_length,
                         struct engines **out) SIEVE_MUST_CHECK;
/* After all engines were given back.  NULL is legal. */
void engines_free(struct engines *engines);

/* Lends one until engine_release().  SIEVE_E_INVALID if the wishes cannot be met,
 * SIEVE_E_LIMIT if too many different ones are in use, SIEVE_E_MEMORY.  Any thread. */
sieve_status engines_take(struct engines *engines, const struct wishes *wishes,
                          struct engine **out) SIEVE_MUST_CHECK;
void engine_release(struct engine *engine); /* NULL is legal */

/* This thread's scanner; lives as long as the engine is lent. */
sieve_status engine_scanner(struct engine *engine, sieve_scanner **out) SIEVE_MUST_CHECK;

/* A scanner for one body, in whatever thread that is; back with engine_return() before
 * the engine is. */
sieve_status engine_lend(struct engine *engine, sieve_scanner **out) SIEVE_MUST_CHECK;
void engine_return(struct engine *engine, sieve_scanner *scanner); /* NULL is legal */

#endif /* SIEVE_SERVICE_ENGINE_H */
