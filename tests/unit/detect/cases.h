/* cases.h - tables of texts and what is found in them. */
#ifndef TESTS_UNIT_DETECT_CASES_H
#define TESTS_UNIT_DETECT_CASES_H

#include <stddef.h>

#include "cardsieve.h"
#include "support/engine.h"

struct found_case {
    const char *text; /* with escapes \n \r \t \e \\ \xHH of its own */
    /* "5+16 pan high ascii visa": offset, length, kind, confidence, form, brand ("-":
     * none); of several, parted by "; ".  Empty: nothing is found. */
    const char *found;
};

/* Asserts all of them, telling of each that differs.  `options` NULL: the default. */
void check_found(const struct found_case *cases, size_t count,
                 const sieve_options *options);
#define CHECK_FOUND(cases, options)                                                      \
    check_found(cases, sizeof(cases) / sizeof(cases)[0], options)

/* The same at low confidence, so that refused and low can be told apart. */
void check_found_low(const struct found_case *cases, size_t count);
#define CHECK_FOUND_LOW(cases) check_found_low(cases, sizeof(cases) / sizeof(cases)[0])

struct masked_case {
    const char *text;   /* with escapes */
    const char *masked; /* with escapes */
};

void check_masked(const struct masked_case *cases, size_t count,
                  const sieve_options *options);
#define CHECK_MASKED(cases, options)                                                     \
    check_masked(cases, sizeof(cases) / sizeof(cases)[0], options)

/* The first finding's reasons, parted by spaces. */
void reasons_of(const struct engine *engine, const char *text, struct text *out);

#endif
