/* selftest.h - does the engine find what it says it finds?  (PCI DSS A3.2.5.1)
 *
 * Numbers of every range are made, dressed in every form with several separators, and
 * looked for through the public interface.  Numbers of tier A stand alone; those of tiers
 * B and C stand behind a card word, where the rules say that they are found.
 */
#ifndef SIEVE_JOB_SELFTEST_H
#define SIEVE_JOB_SELFTEST_H

#include <stdint.h>

#include "cardsieve.h"

struct pattern_set;

struct selftest_count {
    uint64_t expected;
    uint64_t found; /* in its place, in its form, of a brand it may be of */
};

/* One number that was not found as it should be.  The number itself is not told. */
struct selftest_miss {
    const char *dressing;  /* "percent-cp932" */
    const char *brand;     /* whose range it was made from */
    const char *separator; /* "hyphen-minus"; "none" */
    const char *what;      /* a constant: "not found", "found as another brand", ... */
    unsigned digits;
    char prefix[8]; /* its first digits, at most 6 */
};

typedef void (*selftest_on_miss)(const struct selftest_miss *miss, void *context);

struct selftest {
    const struct pattern_set *patterns;
    sieve_scanner
        *scanner; /* of a ruleset with these patterns, medium confidence, EBCDIC */
    uint64_t seed;
    selftest_on_miss on_miss; /* may be NULL */
    void *context;
    struct selftest_count forms[SIEVE_FORM_COUNT]; /* the result, by sieve_form */
};

/* Counts into test->forms.  Fails only if scanning does. */
sieve_status selftest_run(struct selftest *test) SIEVE_MUST_CHECK;

#endif /* SIEVE_JOB_SELFTEST_H */
