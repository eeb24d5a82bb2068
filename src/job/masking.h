/* masking.h - bytes through the mask, and the look afterwards that they are clean. */
#ifndef SIEVE_JOB_MASKING_H
#define SIEVE_JOB_MASKING_H

#include "base/writer.h"
#include "codec/unwrap.h"
#include "job/headway.h"
#include "job/plan.h"
#include "pipeline/window.h"
#include "source/file.h"

/* What one thread needs to mask files one after the other. */
struct masking {
    const struct mask_plan *plan;
    const struct stop *stop;
    sieve_scanner *scanner;
    struct window *window; /* made when something is looked at again */
    struct beside beside;  /* what a coded file carries beside its content */
    struct stage *leaf;    /* the mask of the file at hand; NULL until it is known */
    uint64_t findings;     /* of the file at hand */
    struct headway headway;
    struct unwrap_notes notes;
    struct gate gate; /* memory for decoders */
    int has_gate;
};

sieve_status masking_init(struct masking *masking, const struct mask_plan *plan,
                          const sieve_ruleset *ruleset,
                          const struct stop *stop) SIEVE_MUST_CHECK;
void masking_done(struct masking *masking);

/* Everything from the file, masked, to the writer; codings are taken off and put on
 * again.  What a stream gave is handed on before more is waited for.  When asked to
 * stop it ends as if the input ended there, and returns SIEVE_STOPPED after that.
 * SIEVE_E_IO is the input's (errno) unless the writer has failed. */
sieve_status masking_run(struct masking *masking, struct file *file,
                         struct writer *writer) SIEVE_MUST_CHECK;

/* Scans what was written to `descriptor` (open for reading, a regular file) from its
 * start.  *is_clean_out is 1 if all of it was examined and nothing found. */
sieve_status masking_verify(struct masking *masking, int descriptor,
                            int *is_clean_out) SIEVE_MUST_CHECK;

#endif /* SIEVE_JOB_MASKING_H */
