/* main.c - finds the command and runs it. */
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "cardsieve.h"
#include "cli/command.h"
#include "cli/help.h"

static const struct command *const commands[] = {
    &command_scan, &command_mask, &command_report, &command_patterns, NULL,
};

/* What is in memory may not end on a disk, and a closed pipe is a status, no death. */
static void harden(void)
{
    const struct rlimit none = {0, 0};
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)signal(SIGPIPE, SIG_IGN);
}

static const struct command *find_command(const char *name)
{
    for (size_t index = 0; commands[index]; index++) {
        if (strcmp(commands[index]->name, name) == 0)
            return commands[index];
    }
    return NULL;
}

static int refuse(const char *thing, const char *reason, const char *way_out)
{
    command_problem(NULL, thing, reason, way_out);
    return EXIT_INCOMPLETE;
}

static int is_one_of(const char *word, const char *const *words)
{
    for (; *words; words++) {
        if (strcmp(word, *words) == 0)
            return 1;
    }
    return 0;
}

/* "help", or "help COMMAND". */
static int help(const char *name)
{
    const struct command *command = name ? find_command(name) : NULL;
    if (name && !command)
        return refuse(name, "there is no such command", HELP_HINT);
    if (command)
        help_print(command);
    else
        help_print_program(commands);
    return EXIT_CLEAN;
}

int main(int argc, char **argv)
{
    static const char *const help_words[] = {"help", "--help", "-h", NULL};
    static const char *const version_words[] = {"version", "--version", "-V", NULL};
    harden();
    if (argc < 2)
        return refuse(NULL, "no command", HELP_HINT);
    if (is_one_of(argv[1], help_words))
        return help(argc > 2 ? argv[2] : NULL);
    if (is_one_of(argv[1], version_words)) {
        printf("cardsieve %s\n", sieve_version());
        return EXIT_CLEAN;
    }
    const struct command *command = find_command(argv[1]);
    if (command)
        return command->run(command, argc - 1, argv + 1);
    if (argv[1][0] == '-')
        return refuse(argv[1], "options stand behind a command", HELP_HINT);
    return refuse(argv[1], "there is no such command", HELP_HINT);
}
