/* choice.h - patterns of names as psql and pg_dump know them.
 *
 * `*` is any text, `?` any character, "quoted" parts stand for themselves, and a dot
 * outside of quotes parts the schema from the name.  Outside of quotes the case of
 * ASCII letters does not matter.
 */
#ifndef SIEVE_SOURCE_CHOICE_H
#define SIEVE_SOURCE_CHOICE_H

#include "source/database.h"

/* `schema` NULL: there are none; then a pattern's schema must be `main`. */
int pattern_matches(const char *pattern, const char *schema, const char *name);

/* 1 if the table, or the column, was asked for. */
int choice_takes_table(const struct choice *choice, const char *schema, const char *name);
int choice_takes_column(const struct choice *choice, const char *name);

/* The first pattern that asks for something which none of these tables has; NULL if
 * there is none. */
const char *choice_unmatched(const struct choice *choice, const struct table *tables,
                             size_t count);

#endif /* SIEVE_SOURCE_CHOICE_H */
