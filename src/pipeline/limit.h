/* limit.h - the step that stops a bomb: so many bytes, and so many times the input. */
#ifndef SIEVE_PIPELINE_LIMIT_H
#define SIEVE_PIPELINE_LIMIT_H

#include "pipeline/stage.h"

/* Bytes that may come out whatever the ratio: small files compress well. */
#define LIMIT_FREE_LENGTH (64u << 20)

struct limit {
    uint64_t total;        /* bytes that may pass in all */
    uint64_t ratio;        /* ... and for each byte of `taken`; 0 for any */
    const uint64_t *taken; /* bytes read so far from outside; borrowed, it moves */
    sieve_error *error;    /* told why, on SIEVE_E_LIMIT; may be NULL */
};

/* `limit` is copied; owns `next` when it succeeds. */
sieve_status limit_stage_new(const struct limit *limit, struct stage *next,
                             struct stage **out) SIEVE_MUST_CHECK;

#endif /* SIEVE_PIPELINE_LIMIT_H */
