/* multipart.h - a multipart body, cut at its boundaries as it comes (RFC 2046, 5.1).
 *
 * It reads generously, so that no receiver sees a part where this sees none: a line that
 * begins with the boundary parts, whether lines end with CR LF or LF alone.  What is
 * before the first boundary and behind the last one is content without a head.  A body in
 * which the boundary does not occur may have others: whoever masks it holds it back.
 */
#ifndef SIEVE_SERVICE_MULTIPART_H
#define SIEVE_SERVICE_MULTIPART_H

#include "base/buffer.h"
#include "cardsieve.h"
#include "service/media_type.h"

#define PART_HEAD_LENGTH_MAX (16u << 10)

/* In this order for each part: head (but not before the first boundary), content as often
 * as may be, end.  The bytes of a head begin with the line of its boundary; see
 * part_head.h. */
struct multipart_events {
    sieve_status (*head)(void *context, void *bytes, size_t length);
    sieve_status (*content)(void *context, struct bytes bytes);
    sieve_status (*end)(void *context);
    void *context;
    int holds_back; /* nothing is content before there was a boundary */
};

struct multipart {
    struct multipart_events events;
    size_t pattern_length;
    char pattern[BOUNDARY_LENGTH_MAX + 2]; /* "--" and the boundary */
    int state;
    int is_open;            /* the part has begun */
    int has_begun;          /* there was a boundary */
    int has_line_end;       /* what is matched stands at the start of a line */
    size_t matched;         /* bytes of the pattern; then, of what is behind it */
    struct buffer held;     /* a line end and a possible boundary, and then the head */
    struct buffer preamble; /* what is held back */
};

void multipart_init(struct multipart *multipart, const char *boundary,
                    const struct multipart_events *events);
void multipart_done(struct multipart *multipart); /* wipes */

/* SIEVE_E_CORRUPT for a head that is too long, or, if it is held back, for what is before
 * the first boundary if that is longer, or if there is none; or what an event returned.
 */
sieve_status multipart_write(struct multipart *multipart,
                             struct bytes bytes) SIEVE_MUST_CHECK;
sieve_status multipart_finish(struct multipart *multipart) SIEVE_MUST_CHECK;

#endif /* SIEVE_SERVICE_MULTIPART_H */
