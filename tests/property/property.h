/* property.h - the loop of a property: seeds, a time limit, and what to print.
 *
 *     struct property property = property_begin("cut", 200000);
 *     while (property_next(&property))
 *         if (!holds(property.seed))
 *             property_fail(&property, bytes, length, "...");
 *
 * SIEVE_SEED sets the first seed, SIEVE_SECONDS the time limit (5 seconds; CI at night
 * takes more).  A failure prints the seed and the text with its escapes. */
#ifndef TESTS_PROPERTY_PROPERTY_H
#define TESTS_PROPERTY_PROPERTY_H

#include <stddef.h>
#include <stdint.h>

struct property {
    const char *name;
    uint64_t first;
    uint64_t seed;
    uint64_t runs;
    uint64_t runs_max;
    double deadline;
};

struct property property_begin(const char *name, uint64_t runs_max);

/* Zero when time or runs are over; says then how many runs there were. */
int property_next(struct property *property);

/* Prints; the caller then asserts. */
void property_fail(const struct property *property, const void *bytes, size_t length,
                   const char *what);

#endif
