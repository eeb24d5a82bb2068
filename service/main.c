/* main.c - cardsieved: reads the configuration, listens, serves until told to end. */
#include <signal.h>
#include <stdio.h>

#include "service/daemon.h"

int main(int argc, char **argv)
{
    static struct arguments arguments;
    static struct settings settings;
    static struct config_lines lines;
    struct config_problem problem;
    (void)signal(SIGPIPE, SIG_IGN);
    daemon_block_signals();
    const enum arguments_outcome outcome = arguments_read(argc, argv, &arguments);
    if (outcome != ARGUMENTS_OK)
        return outcome == ARGUMENTS_DONE ? 0 : 2;
    if (config_read(arguments.file, &arguments.typed, &settings, &lines, &problem) !=
        SIEVE_OK) {
        problem_print(&problem);
        return 2;
    }
    if (!arguments.checks)
        return daemon_run(&arguments, &settings, &lines);
    const int status = daemon_check(&settings, &lines);
    if (status == 0)
        printf("the configuration is fine\n");
    return status;
}
