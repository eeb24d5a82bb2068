/* sweep_verdicts.h - the columns of one table, and the keys inside of their values,
 * judged by what the ledger has of them. */
#ifndef SIEVE_JOB_SWEEP_VERDICTS_H
#define SIEVE_JOB_SWEEP_VERDICTS_H

#include "job/sweep_inside.h"

#define NEIGHBOURS_MAX 384u /* bytes */

/* One that has findings. */
struct judged {
    size_t column;
    char *key; /* NULL: the column with all that is in it */
    enum column_verdict verdict;
    struct ledger_sums sums;
    struct buffer rows; /* keys of the first rows, as a JSON array */
    char reason[COLUMN_REASON_MAX];
    char neighbours[NEIGHBOURS_MAX];
};

/* Begins with sweep, table and probe set, the rest zero. */
struct verdicts {
    struct sweep *sweep;
    struct sweep_table *table;
    sieve_scanner *probe; /* finds everything */
    struct judged **judged;
    size_t count;
    size_t capacity;
    size_t silent; /* keys that were told as not examined */
};

/* Judges all columns and enters the verdicts in the ledger. */
sieve_status verdicts_make(struct verdicts *verdicts) SIEVE_MUST_CHECK;

/* As a report takes them: as many as `count`, to be freed, borrowed from the verdicts. */
sieve_status verdicts_list(struct verdicts *verdicts,
                           struct column_entry **out) SIEVE_MUST_CHECK;

/* Names keys that hold nothing but valid numbers and nothing was found under, because of
 * what they are called: what is not told is not clean. */
sieve_status verdicts_tell_silent(struct verdicts *verdicts,
                                  const struct place *place) SIEVE_MUST_CHECK;

void verdicts_done(struct verdicts *verdicts);

#endif /* SIEVE_JOB_SWEEP_VERDICTS_H */
