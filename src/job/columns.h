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

#define COLUMN_REASON_MAX 256u

enum column_verdict {
    COLUMN_CLEAN, /* nothing was found */
    COLUMN_CARDS, /* its values are card data */
    COLUMN_TEXT,  /* there are cards among other things */
    COLUMN_CHANCE /* identifiers of a card's length; hits as chance gives them */
};

/* "card column": the stable words of reports. */
const char *column_verdict_name(enum column_verdict verdict);

/* `effect` is that of the column's name.  `reason` gets the arithmetic in words. */
enum column_verdict column_judge(const struct cell_counts *counts,
                                 enum name_effect effect, char reason[COLUMN_REASON_MAX]);

/* 1 if its name lowers what is found in it, and its numbers say that it is wrong: nearly
 * all of them have a right check digit. */
int column_outweighs_name(const struct cell_counts *counts, enum name_effect effect);

/* The probability that of `count` things that each happen with `probability` at least
 * `least` do. */
double binomial_tail(uint64_t count, uint64_t least, double probability);

#endif /* SIEVE_JOB_COLUMNS_H */
