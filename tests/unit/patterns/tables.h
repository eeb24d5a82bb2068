/* tables.h - tables written in a test, merged over the built-in ones or over nothing. */
#ifndef TESTS_UNIT_PATTERNS_TABLES_H
#define TESTS_UNIT_PATTERNS_TABLES_H

#include <string.h>

#include "patterns/patterns.h"
#include "patterns/rows.h"

static inline sieve_table table_of(const char *name, const char *text)
{
    return (sieve_table){name, text, strlen(text)};
}

static inline sieve_status merge_one(const struct pattern_set *base, const char *name,
                                     const char *text, struct pattern_set **out,
                                     sieve_error *error)
{
    const sieve_table table = table_of(name, text);
    return patterns_merge(base, &table, 1, out, error);
}

#endif /* TESTS_UNIT_PATTERNS_TABLES_H */
