/* output.h - the last step of a pipeline that writes: to a descriptor. */
#ifndef SIEVE_PIPELINE_OUTPUT_H
#define SIEVE_PIPELINE_OUTPUT_H

#include "base/writer.h"
#include "pipeline/stage.h"

/* Borrows the writer until free.  finish() flushes it; until then the caller may. */
sieve_status output_stage_new(struct writer *writer, struct stage **out) SIEVE_MUST_CHECK;

#endif /* SIEVE_PIPELINE_OUTPUT_H */
