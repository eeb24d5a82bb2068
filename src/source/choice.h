/* choice.h - patterns of names as psql and pg_dump know them.
 *
 * `*` is any text, `?` any character, "quoted" parts stand for themselves, and a dot
 * outside of quotes parts the schema from the name.  Outside of quotes the case of
 * ASCII letters does not matter.
 */
#ifndef SIEVE_SOURCE_CHOICE_H
#define SIEVE_SOURCE_CHOICE_H

#include "source/database.h"

/* Of one kind. */
#define CHOICE_PATTERNS_MAX 64u

/* `schema` NULL: there are none; then a pattern's schema must be `main`. */
int pattern_matches(const char *pattern, const char *schema, const char *name);

/* 1 if the table, or the column, was asked for. */
int choice_takes_table(const struct choice *choice, const char *schema, const char *name);
int choice_takes_column(const struct choice *choice, const char *name);

int choice_takes_database(const struct choice *choice, const char *name);

/* Which patterns asked for something that is there: a sweep over several databases looks
 * at all of them first.  All zero to begin with. */
struct choice_matches {
    unsigned char databases[CHOICE_PATTERNS_MAX];
    unsigned char schemas[CHOICE_PATTERNS_MAX];
    unsigned char tables[CHOICE_PATTERNS_MAX];
    unsigned char columns[CHOICE_PATTERNS_MAX];
};

/* Marks the patterns that match these tables; with `schemas_are_databases` those of
 * databases too. */
void choice_match(const struct choice *choice, const struct table *tables, size_t count,
                  int schemas_are_databases, struct choice_matches *matches);

/* The first pattern that is not marked; NULL if there is none. */
const char *choice_unmatched(const struct choice *choice,
                             const struct choice_matches *matches);

#endif /* SIEVE_SOURCE_CHOICE_H */
