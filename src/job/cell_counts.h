/* cell_counts.h - what was seen in one column, or under one key inside of its values. */
#ifndef SIEVE_JOB_CELL_COUNTS_H
#define SIEVE_JOB_CELL_COUNTS_H

#include <stdint.h>

#include "base/bytes.h"

#define CELL_DIGITS_MIN 12u
#define CELL_DIGITS_MAX 19u

struct tier_table;

struct cell_counts {
    uint64_t values;   /* that are not NULL */
    uint64_t distinct; /* about so many of them are; 0: not counted */
    uint64_t sketched; /* values that were looked at for that */
    uint64_t bytes;
    uint64_t numbers; /* values that are one run of 12 to 19 digits */
    uint64_t luhn;    /* ... whose check digit is right */
    uint64_t tier_a;  /* ... and that are in a range of tier A */
    uint64_t findings;
};

/* Counts a value that is nothing but digits, CELL_DIGITS_MIN to CELL_DIGITS_MAX of them.
 * `tiers` may be NULL. */
void cell_counts_number(struct cell_counts *counts, struct bytes digits,
                        const struct tier_table *tiers);

#endif /* SIEVE_JOB_CELL_COUNTS_H */
