/* share.h - one large file, shared by several workers.
 *
 * The file is cut into parts at borders that depend on its bytes alone, so that the
 * findings are those of one worker.  Parts are taken in order, judged in any order and
 * written in order: who is ahead keeps its findings here, and waits if they are many.
 */
#ifndef SIEVE_JOB_SHARE_H
#define SIEVE_JOB_SHARE_H

#include "job/worker.h"

struct share;

/* Takes over the open file.  `find` is copied, its directory kept; `head` are the
 * file's first bytes, SIEVE_HEAD of them or all. */
sieve_status share_new(const struct file *file, const struct find *find,
                       struct bytes head, unsigned workers,
                       struct share **out) SIEVE_MUST_CHECK;

/* 1 if there is something left to take.  From any thread. */
int share_has_parts(struct share *share);

/* Takes parts until there are none.  Fails only if the run cannot go on. */
sieve_status share_work(struct share *share, struct worker *worker) SIEVE_MUST_CHECK;

/* Writes what the worker has spooled of its part, when it is its turn. */
sieve_status share_write(struct share *share, struct worker *worker) SIEVE_MUST_CHECK;

/* By the last worker: hands in the sums and releases it all. */
sieve_status share_end(struct share *share, struct worker *worker) SIEVE_MUST_CHECK;

#endif /* SIEVE_JOB_SHARE_H */
