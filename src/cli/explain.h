/* explain.h - why a string is, or is not, a card number, in a person's words. */
#ifndef SIEVE_CLI_EXPLAIN_H
#define SIEVE_CLI_EXPLAIN_H

#include <stddef.h>

#include "base/bytes.h"
#include "base/writer.h"
#include "cardsieve.h"

struct pattern_set;

struct explanation {
    const struct pattern_set *patterns;
    const sieve_ruleset *ruleset; /* of these patterns, lowest confidence */
    const char *language;         /* "en" or "ja" */
    struct writer *writer;
    size_t count;    /* candidates told of */
    size_t accepted; /* of these */
};

/* Tells of every candidate in `bytes`; numbers are masked. */
sieve_status explain_bytes(struct explanation *explanation,
                           struct bytes bytes) SIEVE_MUST_CHECK;

#endif /* SIEVE_CLI_EXPLAIN_H */
