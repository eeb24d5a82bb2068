/* spool_stage.h - the last step of a pipeline whose bytes wait in a spool. */
#ifndef SIEVE_SERVICE_SPOOL_STAGE_H
#define SIEVE_SERVICE_SPOOL_STAGE_H

#include "pipeline/stage.h"
#include "service/spool.h"

/* Borrows the spool until free; finish() seals it. */
sieve_status spool_stage_new(struct spool *spool, struct stage **out) SIEVE_MUST_CHECK;

#endif /* SIEVE_SERVICE_SPOOL_STAGE_H */
