/* unwrap.h - the step that looks at the first bytes and takes codings off.
 *
 * What is coded gets a decoder, a limit and another unwrap, up to CODEC_DEPTH_MAX on
 * top of each other; what is not goes to the leaf, the step that scans or masks.  To
 * mask, each coding taken off is put on again behind the leaf.
 */
#ifndef SIEVE_CODEC_UNWRAP_H
#define SIEVE_CODEC_UNWRAP_H

#include "base/limits.h"
#include "codec/codec.h"

/* What was met on the way; read when the pipeline has finished or failed. */
struct unwrap_notes {
    size_t coding_count;
    const char *codings[CODEC_DEPTH_MAX]; /* outermost first */
    const char *opaque; /* why the content counts as not examined; NULL if it does not */
    sieve_error error;  /* damage or a limit */
};

struct unwrap_plan {
    /* Makes the step for uncoded bytes.  `sink` is where its output goes, owned when it
     * succeeds; NULL if there is none. */
    sieve_status (*leaf)(void *context, struct stage *sink, struct stage **out);
    void *context;
    int encode;              /* codings are put on again, before the sink */
    int refuses_opaque;      /* SIEVE_E_LIMIT instead of going on with raw bytes */
    uint64_t total;          /* bytes that may come out of a decoder */
    uint64_t ratio;          /* times the input; 0: any */
    const struct gate *gate; /* memory for decoders */
    struct beside *beside;   /* told what is no content; may be NULL */
    const uint64_t *taken;   /* bytes read from outside so far */
    struct unwrap_notes *notes;
};

/* Borrows the plan until free; owns `sink` (which may be NULL) when it succeeds. */
sieve_status unwrap_stage_new(const struct unwrap_plan *plan, struct stage *sink,
                              struct stage **out) SIEVE_MUST_CHECK;

#endif /* SIEVE_CODEC_UNWRAP_H */
