/* access_log.h - one line for each request; never a byte of a body.
 *
 * All that a client chose - target, method, referer, user agent, user - goes through the
 * masker at its lowest confidence, everything hidden, before it is written.
 *
 * A line is written when its thread has had nothing to do for a millisecond; where
 * requests come without a pause, some go together, 20 ms late at most.  All lines are
 * whole.
 */
#ifndef SIEVE_SERVICE_ACCESS_LOG_H
#define SIEVE_SERVICE_ACCESS_LOG_H

#include "service/settings.h"

struct access_log;
struct exchange;
struct visit;

/* `path` "": standard output.  On failure *reason_out is a constant; SIEVE_E_IO with
 * errno.  So with the next two. */
sieve_status access_log_new(const char *path, struct access_log **out,
                            const char **reason_out) SIEVE_MUST_CHECK;
void access_log_free(struct access_log *log); /* NULL is legal */

/* Whether that file can be written, or made, by who asks; it is not made. */
sieve_status access_log_check(const char *path, const char **reason_out) SIEVE_MUST_CHECK;

/* Opens `path` anew: after a rotation, or another one.  A file that cannot be opened
 * leaves the old one in use. */
sieve_status access_log_reopen(struct access_log *log, const char *path,
                               const char **reason_out) SIEVE_MUST_CHECK;

/* Adds one line.  `veil` is this thread's scanner that hides everything; NULL: every
 * long number is hidden.  Any thread. */
void access_log_write(struct access_log *log, enum log_format format,
                      const struct exchange *exchange, const struct visit *visit,
                      sieve_scanner *veil);

/* A connection that was refused before there was a request: nothing of it is told but
 * its address and the enum problem. */
void access_log_refusal(struct access_log *log, enum log_format format,
                        const struct sockaddr *peer, unsigned problem);

#endif /* SIEVE_SERVICE_ACCESS_LOG_H */
