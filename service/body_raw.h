/* body_raw.h - the step before a brotli decoder that looks at what comes as it is.
 *
 * A brotli stream may carry metadata, which the decoder skips and tells nobody of.  What
 * is found in the coded bytes and not in the content stands there.  Some content lies in
 * the coded bytes as it is, too: so what is found waits for the end of the content.
 */
#ifndef SIEVE_SERVICE_BODY_RAW_H
#define SIEVE_SERVICE_BODY_RAW_H

#include "service/body_inside.h"

/* Borrows the body; owns `next` when it succeeds. */
sieve_status raw_stage_new(struct http_body *body, struct stage *next,
                           struct stage **out) SIEVE_MUST_CHECK;

/* The content has this. */
sieve_status raw_see_content(struct http_body *body,
                             const sieve_finding *finding) SIEVE_MUST_CHECK;

#endif /* SIEVE_SERVICE_BODY_RAW_H */
