/* scan.h - the last step of a pipeline that only looks. */
#ifndef SIEVE_PIPELINE_SCAN_H
#define SIEVE_PIPELINE_SCAN_H

#include "pipeline/stage.h"
#include "pipeline/window.h"

/* Borrows the window, which must have been started, until free. */
sieve_status scan_stage_new(struct window *window, struct stage **out) SIEVE_MUST_CHECK;

#endif /* SIEVE_PIPELINE_SCAN_H */
