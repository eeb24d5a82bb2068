/* tokens.h - bearer tokens (RFC 6750) from a file that is nobody else's.
 *
 * One token a line; blank lines and lines that begin with # mean nothing.  To change
 * one, write both in the file, reload, and take the old one out later.
 */
#ifndef SIEVE_SERVICE_TOKENS_H
#define SIEVE_SERVICE_TOKENS_H

#include "cardsieve.h"

#define TOKEN_LENGTH_MIN 16u
#define TOKEN_LENGTH_MAX 256u
#define TOKENS_MAX       256u

struct tokens;

/* On failure *reason_out is a constant; SIEVE_E_IO with errno. */
sieve_status tokens_read(const char *path, struct tokens **out,
                         const char **reason_out) SIEVE_MUST_CHECK;
void tokens_free(struct tokens *tokens); /* wipes; NULL is legal */

/* 1 if this Authorization header shows one of them.  Takes as long whichever it is, and
 * however much of it is right. */
int tokens_know(const struct tokens *tokens, const char *authorization);

#endif /* SIEVE_SERVICE_TOKENS_H */
