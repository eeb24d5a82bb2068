/* guard.h - the step that watches containers which may or may not hide something.
 *
 * A tar archive's and a PDF's own bytes are examined as they are; what they hold is
 * not, if it is coded itself.  The guard passes everything on and tells when it sees
 * that.
 */
#ifndef SIEVE_CODEC_GUARD_H
#define SIEVE_CODEC_GUARD_H

#include "codec/codec.h"
#include "codec/tar.h"

/* Bytes of a PDF that are looked at again with the next ones, and as many of those. */
#define PDF_CARRY_MAX 32u

enum container {
    CONTAINER_NONE,
    CONTAINER_TAR,
    CONTAINER_PDF
};

/* What these first bytes of an item (SNIFF_LENGTH or all) begin.  If more are needed
 * to tell, *wants_more is 1, else it is left alone. */
enum container container_sniff(struct bytes first, int *wants_more);

/* Follows a container's bytes from its start; plain old data. */
struct watch {
    enum container container;
    const char *hides; /* why the content counts as not examined; NULL so far */
    struct tar_walk tar;
    size_t carried; /* PDF: bytes of `carry` in use */
    unsigned char carry[PDF_CARRY_MAX];
};

void watch_start(struct watch *watch, enum container container);
void watch_bytes(struct watch *watch, struct bytes bytes);

/* A step around it.  *hides_out is set when something is seen; if `refuses`, the step
 * then fails with SIEVE_E_LIMIT.  Owns `next` when it succeeds. */
sieve_status guard_stage_new(enum container container, int refuses,
                             const char **hides_out, struct stage *next,
                             struct stage **out) SIEVE_MUST_CHECK;

#endif /* SIEVE_CODEC_GUARD_H */
