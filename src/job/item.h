/* item.h - the examination of one file or stream. */
#ifndef SIEVE_JOB_ITEM_H
#define SIEVE_JOB_ITEM_H

#include "job/worker.h"

/* Examines it and hands in what was found, also that it could not be examined: that is
 * no failure.  Fails only when the run cannot go on: SIEVE_STOPPED, SIEVE_E_MEMORY,
 * or what the desk says. */
sieve_status item_scan(struct worker *worker, const struct find *find) SIEVE_MUST_CHECK;

/* Why an item was not examined to its end, from what it was read or judged with;
 * `system` is the errno of SIEVE_E_IO. */
const char *item_reason(sieve_status status, int system);

#endif /* SIEVE_JOB_ITEM_H */
