/* oracle_number.h - sections 4 and 6 of docs/detection.md: what digits alone tell. */
#ifndef TESTS_SUPPORT_ORACLE_NUMBER_H
#define TESTS_SUPPORT_ORACLE_NUMBER_H

#include <stddef.h>

#include "cardsieve.h"
#include "support/oracle_words.h"

#define ORACLE_DIGITS_MAX 19
#define JOINT_WRAP        9
#define JOINT_NOTHING     10

enum shape {
    SHAPE_BARE,
    SHAPE_GROUPED,
    SHAPE_MIXED,
    SHAPE_MERGED,
    SHAPE_WRAPPED_GROUPED,
    SHAPE_WRAPPED_BARE,
    SHAPE_ODD
};

/* Digits as characters, in groups; joints[i] stands behind group i. */
struct number {
    char digits[ORACLE_DIGITS_MAX + 1];
    size_t digit_count;
    unsigned groups[ORACLE_DIGITS_MAX];
    unsigned joints[ORACLE_DIGITS_MAX]; /* enum joint_class or JOINT_WRAP */
    size_t group_count;
    size_t chained; /* groups joined before and behind, on the same line */
    char before;    /* the byte before; 0 at the begin */
};

/* What the tables say of the digits. */
struct standing {
    const char *brand; /* NULL: none */
    int tier;          /* enum tier as it counts; -1: no row fits */
    int luhn_passes;
    int test_number;
    int is_near; /* no row fits, but one of tier A would with a right check digit */
    size_t brand_index;
};

int luhn_passes(const char *digits, size_t count);
struct standing standing_of(const struct number *number);
enum shape shape_of(const struct number *number, const struct standing *standing);

/* All digits equal, or each the one before plus or minus one. */
int is_pattern(const struct number *number);

/* 0: refused; else a sieve_confidence.  Everything of section 4 and 6 but neighbours. */
int number_confidence(const struct number *number, const struct context *context,
                      struct standing *out);

#endif
