#include "cli/help.h"

#include <stdio.h>
#include <string.h>

#define OPTION_WIDTH 28

static void print_option(const struct option_spec *option)
{
    char text[96];
    char letter[] = "    ";
    if (option->letter)
        (void)snprintf(letter, sizeof letter, "-%c, ", option->letter);
    (void)snprintf(text, sizeof text, "  %s--%s%s%s", letter, option->name,
                   option->argument ? "=" : "", option->argument ? option->argument : "");
    if (strlen(text) < OPTION_WIDTH)
        printf("%-*s%s\n", OPTION_WIDTH, text, option->help);
    else
        printf("%s\n%-*s%s\n", text, OPTION_WIDTH, "", option->help);
}

void help_print(const struct command *command)
{
    static const struct option_spec help = {"help", 'h', NULL, "tell this and leave",
                                            NULL};
    printf("Usage: cardsieve %s [OPTION...] %s\n\n%s.\n\nOptions:\n", command->name,
           command->operands, command->summary);
    for (const struct option_spec *option = command->options; option->name; option++)
        print_option(option);
    print_option(&help);
    if (command->notes)
        printf("\n%s", command->notes);
    (void)fflush(stdout);
}

void help_print_program(const struct command *const *commands)
{
    printf("Usage: cardsieve COMMAND [OPTION...] ...\n\n"
           "Finds payment card data where it must not be, and takes it out.\n\n"
           "Commands:\n");
    for (; *commands; commands++)
        printf("  %-10s%s\n", (*commands)->name, (*commands)->summary);
    printf("\n`cardsieve help COMMAND` tells of one; `--version` tells the version.\n\n"
           "Exit status: 0 everything was examined and nothing found; 1 something was\n"
           "found; 2 something could not be examined, or the command could not run.\n");
    (void)fflush(stdout);
}
