/* sqlite_border.h - where a range of a primary key begins, as a text that can be kept.
 *
 *   i-17        a whole number: -17     i41e6   41000000
 *   tgbgc       a text; its bytes in halves, a for 0 to p for 15
 *   bgbgc       bytes likewise
 *
 * One value for each of the key's first columns, parted by commas.  A border is as short
 * and as round as can be, and has too few digits to tell a card number.
 */
#ifndef SIEVE_SOURCE_SQLITE_BORDER_H
#define SIEVE_SOURCE_SQLITE_BORDER_H

#include "source/sqlite.h"

/* Room for one; NUL-ended. */
#define SQLITE_BORDER_MAX 512u

/* Appends the `length`th shortest text, from 1, for a value that is not before this one:
 * the value itself, or what it begins with.  *is_whole_out is 1 if it is the value.  0 if
 * there is no such text or it may not be kept. */
int sqlite_border_add(struct sql_query *query, int column, size_t length,
                      char border[SQLITE_BORDER_MAX], int *is_whole_out);

/* Puts a condition such as ("a", "b") >= (17, 'x'); `comparison` is the sign. */
sieve_status sqlite_border_put(const struct sqlite_plan *plan, const char *border,
                               const char *comparison,
                               struct buffer *out) SIEVE_MUST_CHECK;

/* 1 if the text of `length` bytes is a border of a key of these columns. */
int sqlite_border_fits(const struct sqlite_plan *plan, const char *border, size_t length);

#endif /* SIEVE_SOURCE_SQLITE_BORDER_H */
