/* number.h - is a string of digits a card's: its range, its check digit, its looks. */
#ifndef SIEVE_DETECT_NUMBER_H
#define SIEVE_DETECT_NUMBER_H

#include <stdbool.h>

#include "patterns/patterns.h"

struct number_tables;

/* `brands` narrows the ranges to those of these brands (indices set in a bit map of
 * pattern_set.brand_count bytes); NULL for all.  NULL on no memory. */
struct number_tables *number_tables_new(const struct pattern_set *patterns,
                                        const uint8_t *wanted);
void number_tables_free(struct number_tables *tables);

/* What the tables say of a number. */
struct number_verdict {
    const struct range_row *row; /* NULL: not a card's; see `refusal` */
    uint8_t tier;                /* after Luhn and test numbers: enum tier */
    bool luhn;                   /* the check digit is right */
    bool test;                   /* a published test number */
    bool near;                   /* only a spreadsheet's damage of one */
    const char *refusal;         /* "range" or "luhn" */
};

/* `count` digits of value 0-9, 11 to 19. */
struct number_verdict number_judge(const struct number_tables *tables,
                                   const uint8_t *digits, size_t count);

/* Quickly: some row fits, by Luhn too where it must, or may fit a damaged number. */
bool number_may_be(const struct number_tables *tables, const uint8_t *digits,
                   size_t count);

/* Some row has this number of digits and these first two digits. */
bool number_may_begin(const struct number_tables *tables, unsigned first_two,
                      size_t count);

/* Some row has this number of digits, these first two and no check digit. */
bool number_is_waived(const struct number_tables *tables, unsigned first_two,
                      size_t count);

/* Some row has this number of digits and these first ones, and does without a check digit
 * or may be a damaged number's, if `luhn` is not right. */
bool number_is_in_range(const struct number_tables *tables, const uint8_t *digits,
                        size_t count, bool luhn);

/* Some row of more than `count` digits fits these first ones. */
bool number_may_continue(const struct number_tables *tables, const uint8_t *digits,
                         size_t count);

/* The fewest digits that any row has. */
size_t number_digits_min(const struct number_tables *tables);

bool luhn_valid(const uint8_t *digits, size_t count);

/* "repeated" or "sequential", or NULL. */
const char *number_is_trivial(const uint8_t *digits, size_t count);

#endif /* SIEVE_DETECT_NUMBER_H */
