/* spool.h - findings of one item that wait to be written together. */
#ifndef SIEVE_JOB_SPOOL_H
#define SIEVE_JOB_SPOOL_H

#include "base/buffer.h"
#include "report/report.h"

struct spool {
    struct buffer records;
    size_t count;
};

void spool_init(struct spool *spool);
void spool_done(struct spool *spool);
void spool_clear(struct spool *spool);

/* Copies it.  SIEVE_E_LIMIT when it is time to write. */
sieve_status spool_add(struct spool *spool,
                       const struct sighting *sighting) SIEVE_MUST_CHECK;

/* Goes through them in order: start with *cursor 0; returns 0 past the last one.  What
 * is given is borrowed from `finding_out` and from the spool. */
int spool_next(const struct spool *spool, size_t *cursor, struct sighting *out,
               sieve_finding *finding_out);

#endif /* SIEVE_JOB_SPOOL_H */
