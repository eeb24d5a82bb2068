/* card.h - card numbers made for tests.
 *
 * No number here belongs to anybody on purpose: the prefix from the caller or from
 * patterns/, the rest from dice, the last digit by Luhn. */
#ifndef TESTS_SUPPORT_CARD_H
#define TESTS_SUPPORT_CARD_H

#include "patterns/patterns.h"
#include "support/dice.h"

#define CARD_CAPACITY 20

/* `length` (at most 19) digits that begin with `prefix` and pass Luhn, as a string. */
void card_make(struct dice *dice, const char *prefix, size_t length, char *out);

/* A number of that row, of one of its lengths: Luhn-valid unless the row says no. */
void card_of_range(struct dice *dice, const struct range_row *row, char *out);

/* A number of any row of any tier; *row_out (may be NULL) tells which. */
void card_any(struct dice *dice, char *out, const struct range_row **row_out);

/* Any row of tier A. */
void card_any_a(struct dice *dice, char *out, const struct range_row **row_out);

/* One of the groupings of the row's brand for `length` digits, or {length, 0}.  The sizes
 * end with 0. */
void card_grouping(struct dice *dice, const struct range_row *row, size_t length,
                   uint8_t *sizes);

int card_luhn_passes(const char *digits);

#endif
