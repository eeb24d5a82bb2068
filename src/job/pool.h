/* pool.h - the workers of a run, and the queue between them and the walk.
 *
 * Files come in batches of one directory, so that many small ones cost few locks; a
 * worker gives back the rest of its batch when others have nothing to do, and shares a
 * large file with whoever is free.  With one worker there are no threads: the walk
 * itself examines what it finds.
 */
#ifndef SIEVE_JOB_POOL_H
#define SIEVE_JOB_POOL_H

#include "job/worker.h"

struct pool;

/* Borrows the run until free. */
sieve_status pool_new(const struct run *run, unsigned workers,
                      struct pool **out) SIEVE_MUST_CHECK;

/* Also after a failure; stops what still runs.  NULL is legal. */
void pool_free(struct pool *pool);

/* Takes finds; for one thread. */
struct door *pool_door(struct pool *pool);

/* No more will come: waits until all is done.  The first failure of any worker. */
sieve_status pool_close(struct pool *pool) SIEVE_MUST_CHECK;

/* What all engines did together, when they are done. */
void pool_stats(const struct pool *pool, sieve_stats *out);

/* By a worker that met a large file: takes over `file`, and returns when it is done.
 * SIEVE_E_STATE without other workers: then nothing was taken. */
sieve_status pool_share(struct worker *worker, const struct file *file,
                        struct bytes head) SIEVE_MUST_CHECK;

#endif /* SIEVE_JOB_POOL_H */
