/* property.h - the loop of a property: seeds, a time limit, and what to print.
 *
 *     struct property property = property_begin("cut", 200000);
 *     while (property_next(&property)) {
 *         texts_make(&text, property.seed, ...);
 *         property_check(&property, &text, holds, &what_it_needs);
 *     }
 *     property_end(&property);
 *
 * SIEVE_SEED sets the first seed, SIEVE_RUNS how many there are, SIEVE_SECONDS the time
 * limit (4 seconds; CI at night takes more of all), SIEVE_FAILURES how many failures to
 * print before it ends (1).  A failure prints its seed and the text, made as short as it
 * still fails, with escapes.
 */
#ifndef TESTS_PROPERTY_PROPERTY_H
#define TESTS_PROPERTY_PROPERTY_H

#include <stdint.h>

#include "support/text.h"

struct property {
    const char *name;
    uint64_t first;
    uint64_t seed;
    uint64_t runs;
    uint64_t runs_max;
    uint64_t failures;
    uint64_t failures_max;
    double deadline;
};

/* One if it holds for the text.  `why` is NULL or gets what to print if it does not. */
typedef int (*property_holds)(const struct text *text, uint64_t seed, void *context,
                              struct text *why);

struct property property_begin(const char *name, uint64_t runs_max);

/* Zero when time, runs or patience are over. */
int property_next(struct property *property);

void property_check(struct property *property, const struct text *text,
                    property_holds holds, void *context);

/* Says how many runs there were, and asserts that none failed. */
void property_end(const struct property *property);

#endif
