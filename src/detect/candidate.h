/* candidate.h - a number that passed its own checks and waits for its context. */
#ifndef SIEVE_DETECT_CANDIDATE_H
#define SIEVE_DETECT_CANDIDATE_H

#include "detect/number.h"
#include "detect/sequence.h"

enum shape {
    SHAPE_BARE,
    SHAPE_GROUPED,
    SHAPE_MIXED,
    SHAPE_MERGED,
    SHAPE_WRAPPED,
    SHAPE_WRAPPED_BARE,
    SHAPE_ODD
};

struct candidate {
    uint64_t begin; /* of the finding, in the item */
    uint64_t end;
    uint64_t number;     /* of the first digit; at[] counts from here */
    uint64_t number_end; /* behind the last digit */
    uint64_t hide_from;  /* sensitive data: all digits in here are hidden; else equal */
    uint64_t hide_to;
    sieve_kind kind;
    sieve_confidence confidence;
    uint8_t accepted; /* after its context was looked at */
    uint8_t mode;     /* enum mode */
    uint8_t count;    /* digits */
    uint8_t shape;    /* enum shape */
    uint8_t tier;     /* enum tier */
    uint8_t luhn;
    uint8_t test;
    uint8_t near;
    uint8_t hide_hex;     /* in hide_from..: hex digits too */
    uint8_t words_before; /* only words before the number count */
    uint8_t reason_count;
    uint8_t digits[SEQUENCE_DIGITS_MAX];
    uint16_t at[SEQUENCE_DIGITS_MAX];
    uint8_t length[SEQUENCE_DIGITS_MAX];
    uint8_t coding[SEQUENCE_DIGITS_MAX];
    const struct range_row *row; /* NULL: a code, a PIN block or a user's rule */
    const char *excusable;       /* a refusal that a card word near excuses, or NULL */
    const char *lookalike;       /* a refusal that a card key excuses, or NULL */
    const char *refusal;         /* why it was not accepted */
    const char *rule;            /* the user's rule, or NULL */
    const char *reasons[SIEVE_REASONS_MAX];
};

/* Candidates in the order they were found. */
struct candidate_list {
    struct candidate *items;
    size_t count;
    size_t capacity;
};

/* Room for one more, cleared; of its reasons only as many are set as it counts.  NULL on
 * no memory. */
struct candidate *candidate_add(struct candidate_list *list);

/* Sorts by begin, then sensitive first, then end. */
void candidate_sort(struct candidate_list *list);

void candidate_reason(struct candidate *candidate, const char *reason);

static inline bool shape_has_joints(const struct candidate *candidate)
{
    return candidate->shape != SHAPE_BARE;
}

#endif /* SIEVE_DETECT_CANDIDATE_H */
