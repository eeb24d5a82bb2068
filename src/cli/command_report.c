/* command_report.c - `cardsieve report`: has its name, and not yet a ledger to read. */
#include "cli/command.h"

static const struct option_spec report_options[] = {
    {NULL, 0, NULL, NULL, NULL},
};

static int run(const struct command *self, int argc, char **argv)
{
    int count = 0;
    if (options_parse(self, argc, argv, NULL, &count) == OPTIONS_HELP)
        return EXIT_CLEAN;
    command_problem(self, NULL, "reports from a ledger are not in this version",
                    "use scan --format jsonl");
    return EXIT_INCOMPLETE;
}

const struct command command_report = {
    .name = "report",
    .operands = "LEDGER",
    .summary = "the inventory for people (not in this version)",
    .options = report_options,
    .run = run,
};
