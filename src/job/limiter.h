/* limiter.h - not faster than so many bytes a second, for all threads together. */
#ifndef SIEVE_JOB_LIMITER_H
#define SIEVE_JOB_LIMITER_H

#include <stdatomic.h>
#include <stdint.h>

#include "cardsieve.h"

struct limiter;

/* `rate` is bytes a second; `stop` not 0 ends every wait; it may be NULL. */
sieve_status limiter_new(uint64_t rate, const atomic_int *stop,
                         struct limiter **out) SIEVE_MUST_CHECK;
void limiter_free(struct limiter *limiter); /* NULL is legal */

/* Waits until so many bytes more are allowed.  NULL: there is no limit. */
void limiter_take(struct limiter *limiter, uint64_t bytes);

/* Waits so many milliseconds, or until asked to stop. */
void limiter_pause(uint64_t milliseconds, const atomic_int *stop);

#endif /* SIEVE_JOB_LIMITER_H */
