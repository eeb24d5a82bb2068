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

int main(int argc, char **argv)
{
    harden();
    if (argc < 2) {
        command_problem(NULL, NULL, "no command", HELP_HINT);
        return EXIT_INCOMPLETE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        help_print_program(commands);
        return EXIT_CLEAN;
    }
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        printf("cardsieve %s\n", sieve_version());
        return EXIT_CLEAN;
    }
    const struct command *command = find_command(argv[1]);
    if (!command) {
        command_problem(NULL, argv[1], "there is no such command", HELP_HINT);
        return EXIT_INCOMPLETE;
    }
    return command->run(command, argc - 1, argv + 1);
}
