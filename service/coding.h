/* coding.h - what a request's Content-Encoding says. */
#ifndef SIEVE_SERVICE_CODING_H
#define SIEVE_SERVICE_CODING_H

#include "codec/codec.h"
#include "service/limits.h"
#include "service/problem.h"

/* The codings in the order they were put on; `identity` is none.  PROBLEM_CODING if one
 * of them is not known. */
enum problem coding_read(const struct exchange *exchange,
                         const struct codec *codings[CODINGS_MAX], size_t *count_out);

/* The same of one value, behind those that are there; -1 if one is not known. */
int coding_add(const char *value, const struct codec *codings[CODINGS_MAX],
               size_t *count);

#endif /* SIEVE_SERVICE_CODING_H */
