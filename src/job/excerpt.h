/* excerpt.h - the words around a finding, fit to be shown. */
#ifndef SIEVE_JOB_EXCERPT_H
#define SIEVE_JOB_EXCERPT_H

#include "base/buffer.h"
#include "job/charset.h"
#include "report/report.h"

/* Bytes shown before and behind a finding. */
#define EXCERPT_BEFORE 40
#define EXCERPT_BEHIND 40

/* What may be looked at: an item's bytes from offset `begin` on; only [from, to) is
 * shown, and in it all that the engine found is in `findings`, in order. */
struct surroundings {
    const unsigned char *bytes;
    uint64_t begin;
    uint64_t from;
    uint64_t to;
    const sieve_finding *findings;
    size_t count;
    struct converter *converter;
    int strict; /* hide every digit but those of the finding itself */
};

/* Makes the excerpt of findings[index] in `out` (cleared first) and sets the sighting's
 * excerpt to it. */
sieve_status excerpt_make(const struct surroundings *around, size_t index,
                          struct buffer *out, struct sighting *sighting) SIEVE_MUST_CHECK;

#endif /* SIEVE_JOB_EXCERPT_H */
