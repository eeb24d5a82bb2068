/* command.h - one subcommand of the program.
 *
 * A subcommand is one file command_NAME.c that defines one `struct command` and
 * nothing else that is visible:
 *
 *     static const struct option_spec list_options[] = {
 *         {"patterns", 'p', "DIR", "add the tables in DIR", set_patterns},
 *         {0},
 *     };
 *
 *     const struct command command_patterns = {
 *         .name = "patterns",
 *         .operands = "list | check | explain [STRING]",
 *         .summary = "what is looked for, and why a string is (not) a card number",
 *         .options = list_options,
 *         .run = run,
 *     };
 *
 *     static int run(const struct command *self, int argc, char **argv)
 *     {
 *         struct settings settings = {0};
 *         int operand_count = 0;
 *         switch (options_parse(self, argc, argv, &settings, &operand_count)) { ... }
 *         ... argv[1] to argv[operand_count] are the operands ...
 *     }
 *
 * main.c lists the commands; it finds the row, calls run() and leaves with what
 * it returns.  A command writes its answer through `struct writer` (base/writer.h)
 * to descriptor 1 and tells its problems with command_problem().
 */
#ifndef SIEVE_CLI_COMMAND_H
#define SIEVE_CLI_COMMAND_H

#include "base/bytes.h"
#include "cli/options.h"

/* The exit statuses of every command (the stable contract). */
enum exit_status {
    EXIT_CLEAN = 0,     /* everything named was examined to its end, nothing found */
    EXIT_FOUND = 1,     /* something was found */
    EXIT_INCOMPLETE = 2 /* something could not be examined, or the command not run */
};

struct command {
    const char *name;                  /* "scan" */
    const char *operands;              /* "TARGET..."; what stands behind the options */
    const char *summary;               /* one line for the list of commands */
    const char *notes;                 /* paragraphs behind the options; NULL for none */
    const struct option_spec *options; /* ends with a row whose name is NULL */
    /* argv[0] is the command's name.  Returns an exit status. */
    int (*run)(const struct command *self, int argc, char **argv);
};

/* Writes "cardsieve NAME: THING: REASON; WAY OUT" to standard error.  `thing` may
 * be anything the user typed: whatever could be a card number in it is hidden.
 * `thing` and `way_out` may be NULL, and so may `command`. */
void command_problem(const struct command *command, const char *thing, const char *reason,
                     const char *way_out);

/* The same for a thing that was made safe already; it may be empty. */
void command_problem_of(const struct command *command, struct bytes thing,
                        const char *reason);

/* Writes "go on with: cardsieve scan --resume LEDGER" to standard error, as a shell takes
 * it.  `ledger` was made safe; nothing is written if it is empty. */
void command_go_on(struct bytes ledger);

extern const struct command command_scan;
extern const struct command command_mask;
extern const struct command command_report;
extern const struct command command_patterns;

#endif /* SIEVE_CLI_COMMAND_H */
