/* options.h - one table says what a command takes.
 *
 * The parser, `--help` and the man page's test all read the same rows, so a new
 * option is one row and one setter.  `--help` and `-h` need no row: every
 * command has them.  Options and operands may stand in any order; `--` ends the
 * options.  A value follows as `--name=VALUE`, `--name VALUE`, `-xVALUE` or
 * `-x VALUE`.
 */
#ifndef SIEVE_CLI_OPTIONS_H
#define SIEVE_CLI_OPTIONS_H

struct command;

/* Takes one option's value (NULL for a flag) into `settings`.  Returns NULL, or a
 * constant reason in lower case: "is not one of text, jsonl".  The value is
 * borrowed from argv, which lives as long as the program. */
typedef const char *(*option_setter)(void *settings, const char *value);

struct option_spec {
    const char *name;     /* "format", without dashes */
    char letter;          /* 'f', or 0 for none */
    const char *argument; /* "FORMAT", or NULL for a flag */
    const char *help;     /* one line, lower case, no full stop */
    option_setter set;
};

enum options_outcome {
    OPTIONS_OK,
    OPTIONS_HELP, /* help was printed; leave with EXIT_CLEAN */
    OPTIONS_BAD   /* the problem was printed; leave with EXIT_INCOMPLETE */
};

/* Reads argv[1..argc) by the command's table.  The operands are moved together to
 * argv[1..], in their order, and counted. */
enum options_outcome options_parse(const struct command *command, int argc, char **argv,
                                   void *settings, int *operand_count_out);

#endif /* SIEVE_CLI_OPTIONS_H */
