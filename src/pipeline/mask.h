/* mask.h - the step that takes card data out: bytes in, as many bytes on, masked. */
#ifndef SIEVE_PIPELINE_MASK_H
#define SIEVE_PIPELINE_MASK_H

#include "pipeline/stage.h"

/* Borrows the scanner until free; owns `next` when it succeeds.  `on_finding` may be
 * NULL. */
sieve_status mask_stage_new(sieve_scanner *scanner, sieve_on_finding on_finding,
                            void *context, struct stage *next,
                            struct stage **out) SIEVE_MUST_CHECK;

/* For a filter on live data.  Bytes taken and not yet handed on; handing on the line
 * that has ended; and everything, where a number that is cut by it may be missed. */
size_t mask_stage_held(const struct stage *stage);
sieve_status mask_stage_pause(struct stage *stage) SIEVE_MUST_CHECK;
sieve_status mask_stage_flush(struct stage *stage) SIEVE_MUST_CHECK;

#endif /* SIEVE_PIPELINE_MASK_H */
