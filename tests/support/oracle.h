/* oracle.h - a slow, plain second reading of docs/detection.md.
 *
 * It shares the data tables with the engine (src/patterns/patterns.h) and no code: it
 * looks at every offset in every mode and judges every window, with no sieve and no
 * cleverness. Where the page leaves something open, the comment says which reading was
 * taken.
 *
 * Users' tables, rules and styles other than first6last4 are outside of its world.
 */
#ifndef TESTS_SUPPORT_ORACLE_H
#define TESTS_SUPPORT_ORACLE_H

#include <stddef.h>
#include <stdint.h>

#include "cardsieve.h"

struct oracle_options {
    sieve_confidence min_confidence; /* 0: SIEVE_MEDIUM */
    uint32_t kinds;                  /* as in sieve_options; 0 for all */
    int ebcdic;
};

struct oracle_finding {
    size_t offset;
    size_t length;
    sieve_kind kind;
    sieve_confidence confidence;
    sieve_form form;
    const char *brand; /* NULL: none */
    unsigned digit_count;
    int test_number;
};

/* One digit that masking hides: its bytes, and how it is written in them. */
struct oracle_digit {
    size_t offset;
    size_t length;
    int mode; /* enum oracle_mode of oracle_units.h */
};

struct oracle_result {
    struct oracle_finding *findings; /* what is reported, in order of offset */
    size_t count;
    struct oracle_digit *hidden; /* the union, in no order; may repeat */
    size_t hidden_count;
};

/* Aborts when out of memory.  The caller frees with oracle_result_done(). */
void oracle_scan(const void *bytes, size_t length, const struct oracle_options *options,
                 struct oracle_result *out);
void oracle_result_done(struct oracle_result *result);

/* Zero if `masked` is `original` with exactly the hidden digits written as `mask`;
 * else the offset of the first byte that is wrong, plus one. */
size_t oracle_check_masked(const void *original, const void *masked, size_t length,
                           const struct oracle_result *result, char mask);

#endif
