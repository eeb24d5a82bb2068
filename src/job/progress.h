/* progress.h - a line on a terminal that tells how far a run is. */
#ifndef SIEVE_JOB_PROGRESS_H
#define SIEVE_JOB_PROGRESS_H

#include "cardsieve.h"
#include "job/headway.h"

struct progress;

/* Starts telling on standard error, in a thread of its own.  `total` is the number of
 * bytes to read, 0 if nobody knows.  Borrows the headway until free. */
sieve_status progress_new(struct headway *headway, uint64_t total,
                          struct progress **out) SIEVE_MUST_CHECK;

/* Clears the line; for who writes to the same terminal.  The argument is a progress. */
void progress_clear(void *context);

/* Clears the line and ends.  NULL is legal. */
void progress_free(struct progress *progress);

#endif /* SIEVE_JOB_PROGRESS_H */
