/* command_mask.c - placeholder */
#include "cli/command.h"
static const struct option_spec mask_options[] = {{NULL, 0, NULL, NULL, NULL}};
static int run(const struct command *self, int argc, char **argv)
{
    int count = 0;
    return (int)options_parse(self, argc, argv, NULL, &count);
}
const struct command command_mask = {.name = "mask", .operands = "", .summary = "", .options = mask_options, .run = run};
