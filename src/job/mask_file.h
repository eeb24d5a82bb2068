/* mask_file.h - one file masked, to where the plan says. */
#ifndef SIEVE_JOB_MASK_FILE_H
#define SIEVE_JOB_MASK_FILE_H

#include "job/masking.h"

/* How it went; `reason` NULL: well.  Everything in it is a constant. */
struct mask_result {
    const char *reason;
    int in_output;   /* the reason is about the output, not about the file */
    int closed_pipe; /* nobody wanted the rest */
    int interrupted;
    uint64_t findings;
};

/* Masks `name` to standard output, to plan->output, or in place.  A failure is in the
 * result: then nothing was replaced. */
void mask_file(struct masking *masking, const char *name, struct mask_result *out);

#endif /* SIEVE_JOB_MASK_FILE_H */
