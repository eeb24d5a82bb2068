/* arguments.h - the command line of cardsieved: the table of keys, and four words more.
 */
#ifndef SIEVE_SERVICE_ARGUMENTS_H
#define SIEVE_SERVICE_ARGUMENTS_H

#include "service/config.h"

struct arguments {
    const char *file; /* --config; NULL: none */
    int checks;       /* --check: say what is wrong, and end */
    struct config_typed typed;
};

enum arguments_outcome {
    ARGUMENTS_OK,
    ARGUMENTS_DONE, /* help or the version was printed */
    ARGUMENTS_BAD   /* the problem was printed */
};

enum arguments_outcome arguments_read(int argc, char **argv, struct arguments *out);

/* Prints what is wrong with the configuration to standard error; of a value no more than
 * the problem tells, and of that no number that could be a card. */
void problem_print(const struct config_problem *problem);

#endif /* SIEVE_SERVICE_ARGUMENTS_H */
