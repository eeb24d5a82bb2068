/* body_parts.h - the step that examines each part of a multipart body by itself.
 *
 * A part is looked at like a file: codings that its first bytes tell are taken off and
 * put on again; JSON stays JSON; what hides its content is refused by a mask and counts
 * as not examined by a scan.  The name of a field is context for its value, as a key is.
 */
#ifndef SIEVE_SERVICE_BODY_PARTS_H
#define SIEVE_SERVICE_BODY_PARTS_H

#include "codec/unwrap.h"
#include "service/body.h"
#include "service/multipart.h"

/* All is borrowed until the step is freed. */
struct parts_plan {
    const struct body_plan *body;
    const char *boundary;
    struct body_listener listener; /* of findings in heads and in content */
    struct content_notes *content;
    struct window *window; /* of a scan */
    const struct gate *gate;
    struct beside *beside;
    const uint64_t *taken;      /* bytes read from outside so far */
    struct unwrap_notes *notes; /* of the part at hand */
    const char **unexamined;    /* a scan: why some part was not; kept if set */
};

/* `next` is where a mask's output goes, owned when it succeeds; NULL for a scan. */
sieve_status parts_stage_new(const struct parts_plan *plan, struct stage *next,
                             struct stage **out) SIEVE_MUST_CHECK;

#endif /* SIEVE_SERVICE_BODY_PARTS_H */
