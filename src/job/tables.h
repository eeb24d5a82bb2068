/* tables.h - the user's own patterns: the files of one directory, read into memory. */
#ifndef SIEVE_JOB_TABLES_H
#define SIEVE_JOB_TABLES_H

#include "base/limits.h"
#include "base/safe_text.h"
#include "cardsieve.h"

struct tables {
    size_t count;
    sieve_table rows[TABLE_COUNT_MAX]; /* as sieve_options takes them */
    size_t lengths[TABLE_COUNT_MAX];   /* bytes allocated for each text */
};

/* Reads every file PATH/NAME.tsv, in the order of their names.  On failure
 * *reason_out is a constant and `thing` the file it is about (made safe). */
sieve_status tables_read(const char *path, struct tables *out, struct safe_text *thing,
                         const char **reason_out) SIEVE_MUST_CHECK;

void tables_done(struct tables *tables);

#endif /* SIEVE_JOB_TABLES_H */
