/* progress.h - a line on a terminal that tells how far a run is. */
#ifndef SIEVE_JOB_PROGRESS_H
#define SIEVE_JOB_PROGRESS_H

#include "job/desk.h"

struct progress;

/* Starts telling on standard error, in a thread of its own.  `total` is the number of
 * bytes to read, 0 if nobody knows.  Clears its line before the desk writes. */
sieve_status progress_new(struct desk *desk, uint64_t total,
                          struct progress **out) SIEVE_MUST_CHECK;

/* Clears the line and ends.  NULL is legal. */
void progress_free(struct progress *progress);

#endif /* SIEVE_JOB_PROGRESS_H */
