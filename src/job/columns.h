/* columns.h - a column judged as a whole: what chance gives, and what is more than that.
 *
 * One in ten numbers passes Luhn by chance.  A column of order numbers that happen to be
 * in a brand's range gives hits at that rate; a column of cards gives nothing else.
 */
#ifndef SIEVE_JOB_COLUMNS_H
#define SIEVE_JOB_COLUMNS_H

#include "job/cells.h"
#include "job/names.h"

/* Numbers a column must have before it can be told from chance. */
#define COLUMN_NUMBERS_MIN 20u

/* Where other columns say that cards are near, chance needs more of them. */
#define COLUMN_NUMBERS_MIN_NEAR 50u

#define COLUMN_REASON_MAX 768u

/* How many numbers have a right check digit by chance, and how many random ones of 16
 * digits are in a range of tier A besides. */
#define COLUMN_LUHN_CHANCE   0.1
#define COLUMN_TIER_A_CHANCE 0.023

/* Probabilities that are smaller are told as this. */
#define COLUMN_LEAST_SHOWN 1e-99

/* The reason of a finding that chance explains; the stable word of reports. */
#define COLUMN_CHANCE_REASON "chance"

enum column_verdict {
    COLUMN_CLEAN, /* nothing was found */
    COLUMN_CARDS, /* its values are card data */
    COLUMN_TEXT,  /* there are cards among other things */
    COLUMN_CHANCE /* identifiers of a card's length; hits as chance gives them */
};

/* "card column": the stable words of reports. */
const char *column_verdict_name(enum column_verdict verdict);

/* All that a verdict is made of. */
struct column_facts {
    struct cell_counts counts;
    enum name_effect effect; /* of its name */
    /* Other columns near by that speak of cards: "the expiry date (exp), ..."; empty if
     * there are none.  Safe. */
    const char *neighbours;
    int is_inside;      /* 1: it is a key inside of a column's values */
    int distinct_least; /* 1: there may be more distinct values than were counted */
};

/* `reason` gets the arithmetic in words. */
enum column_verdict column_judge(const struct column_facts *facts,
                                 char reason[COLUMN_REASON_MAX]);

/* The tests that chance is asked for: as many as there are distinct values, where these
 * come again and again. */
struct column_trials {
    uint64_t count;
    uint64_t luhn;
    double probability; /* that chance gives as many */
};
struct column_trials column_trials_of(const struct cell_counts *counts);

/* 1 if a finding is one that chance explains in a column of that verdict: a number that
 * stands alone in its value, and is no published test number. */
int column_explains(enum column_verdict verdict, const sieve_finding *finding,
                    int is_whole);

/* 1 if its name lowers what is found in it, and its numbers say that it is wrong: nearly
 * all of them have a right check digit. */
int column_outweighs_name(const struct cell_counts *counts, enum name_effect effect);

/* The probability that of `count` things that each happen with `probability` at least
 * `least` do. */
double binomial_tail(uint64_t count, uint64_t least, double probability);

#endif /* SIEVE_JOB_COLUMNS_H */
