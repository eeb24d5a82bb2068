/* help.h - what `--help` says, made from the options tables. */
#ifndef SIEVE_CLI_HELP_H
#define SIEVE_CLI_HELP_H

#include "cli/command.h"

#define HELP_HINT "see --help"

/* A command's help, on standard output. */
void help_print(const struct command *command);

/* The program's: its commands.  The list ends with NULL. */
void help_print_program(const struct command *const *commands);

#endif /* SIEVE_CLI_HELP_H */
