/* explain_column.h - why a column of a database is judged as it is: the arithmetic. */
#ifndef SIEVE_CLI_EXPLAIN_COLUMN_H
#define SIEVE_CLI_EXPLAIN_COLUMN_H

#include "base/writer.h"
#include "cardsieve.h"
#include "cli/command.h"

struct column_explanation {
    const char *ledger;           /* its path */
    const sieve_options *options; /* for what hides numbers in names */
    const char *language;         /* "en" or "ja" */
    struct writer *writer;
    size_t count;     /* columns told of */
    size_t found;     /* of these, with findings that chance does not explain */
    size_t unsettled; /* not read to their end, or left out */
};

/* Tells of all columns, and keys inside of their values, that are called `name` (NULL is
 * an error that is told).  The exit status is that of a scan of nothing else. */
int explain_column_run(const struct command *command,
                       struct column_explanation *explanation, const char *name);

#endif /* SIEVE_CLI_EXPLAIN_COLUMN_H */
