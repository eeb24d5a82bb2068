/* job.h - one run: a plan, workers, a desk. */
#ifndef SIEVE_JOB_JOB_H
#define SIEVE_JOB_JOB_H

#include "base/safe_text.h"
#include "job/plan.h"
#include "report/tally.h"
#include "source/file.h"

/* How a run ended. */
struct outcome {
    uint64_t findings;
    int complete;      /* everything named was examined to its end */
    int closed_pipe;   /* nobody wanted the rest of the output */
    sieve_stats stats; /* of all workers; only if the plan asks */
    uint64_t nanoseconds;
    /* Why it could not run: the thing, made safe, and a constant reason. */
    struct safe_text thing;
    const char *reason;
    const char *note; /* what a run that went well has to say of itself, or NULL */
    /* The ledger of a sweep that can be gone on with, made safe; empty if there is none
     * or nothing is left to read. */
    struct safe_text ledger;
};

void outcome_init(struct outcome *outcome);
void outcome_done(struct outcome *outcome);

/* Examines what the plan names and writes the report to descriptor `output`.  Fails
 * with outcome->reason set when the run could not be made or not be finished. */
sieve_status job_scan(const struct scan_plan *plan, const struct stop *stop, int output,
                      struct outcome *outcome) SIEVE_MUST_CHECK;

/* Who hears of each file that was masked.  Names are made safe; reasons constant. */
struct mask_listener {
    void (*done)(struct bytes name, uint64_t findings, void *context);
    void (*failed)(struct bytes name, const char *reason, void *context);
    void *context;
};

/* Masks what the plan names.  outcome->complete is 0 if anything failed. */
sieve_status job_mask(const struct mask_plan *plan, const struct stop *stop,
                      const struct mask_listener *listener,
                      struct outcome *outcome) SIEVE_MUST_CHECK;

/* Sweeps the database `target` (NULL: the one of the ledger to be resumed) and repairs it
 * as sweep->repair orders; of `plan` the options of masking count.  What came of it is
 * told on standard output and in sweep->repair->result. */
sieve_status job_repair(const struct mask_plan *plan, const struct sweep_plan *sweep,
                        const char *target, const struct stop *stop,
                        struct outcome *outcome) SIEVE_MUST_CHECK;

#endif /* SIEVE_JOB_JOB_H */
