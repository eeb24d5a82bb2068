#include "cli/options.h"

#include <stddef.h>
#include <string.h>

#include "cli/command.h"
#include "cli/help.h"

/* Where the reading of the arguments stands. */
struct reading {
    const struct command *command;
    void *settings;
    int argc;
    char **argv;
    int at;            /* argument that is read now */
    int operand_count; /* moved to argv[1..] so far */
};

/* The row whose name is the first `length` bytes of `text`. */
static const struct option_spec *find_long(const struct option_spec *options,
                                           const char *text, size_t length)
{
    for (; options->name; options++) {
        if (strlen(options->name) == length && memcmp(options->name, text, length) == 0)
            return options;
    }
    return NULL;
}

static const struct option_spec *find_letter(const struct option_spec *options,
                                             char letter)
{
    for (; options->name; options++) {
        if (options->letter == letter && letter != '\0')
            return options;
    }
    return NULL;
}

static enum options_outcome refuse(const struct reading *reading, const char *thing,
                                   const char *reason)
{
    command_problem(reading->command, thing, reason, HELP_HINT);
    return OPTIONS_BAD;
}

/* Hands the value on; `shown` is what the user typed. */
static enum options_outcome set(const struct reading *reading,
                                const struct option_spec *option, const char *value)
{
    char name[64] = "--";
    const char *reason = option->set(reading->settings, value);
    if (!reason)
        return OPTIONS_OK;
    strncat(name, option->name, sizeof name - 3);
    return refuse(reading, name, reason);
}

/* The next argument as a value; NULL past the last one. */
static const char *next_value(struct reading *reading)
{
    return reading->at + 1 < reading->argc ? reading->argv[++reading->at] : NULL;
}

static enum options_outcome read_long(struct reading *reading)
{
    const char *text = reading->argv[reading->at] + 2;
    const size_t length = strcspn(text, "=");
    const char *value = text[length] == '=' ? text + length + 1 : NULL;
    if (strcmp(text, "help") == 0) {
        help_print(reading->command);
        return OPTIONS_HELP;
    }
    const struct option_spec *option = find_long(reading->command->options, text, length);
    if (!option)
        return refuse(reading, reading->argv[reading->at], "there is no such option");
    if (!option->argument && value)
        return refuse(reading, reading->argv[reading->at], "it takes no value");
    if (option->argument && !value)
        value = next_value(reading);
    if (option->argument && !value)
        return refuse(reading, reading->argv[reading->at], "its value is missing");
    return set(reading, option, value);
}

/* "-qLj4": letters, the last may bring its value. */
static enum options_outcome read_letters(struct reading *reading)
{
    const char *typed = reading->argv[reading->at];
    for (const char *at = typed + 1; *at; at++) {
        if (*at == 'h') {
            help_print(reading->command);
            return OPTIONS_HELP;
        }
        const struct option_spec *option = find_letter(reading->command->options, *at);
        if (!option)
            return refuse(reading, typed, "there is no such option");
        const char *value = NULL;
        if (option->argument)
            value = at[1] ? at + 1 : next_value(reading);
        if (option->argument && !value)
            return refuse(reading, typed, "its value is missing");
        enum options_outcome outcome = set(reading, option, value);
        if (outcome != OPTIONS_OK || option->argument)
            return outcome;
    }
    return OPTIONS_OK;
}

static void keep_operand(struct reading *reading)
{
    reading->argv[++reading->operand_count] = reading->argv[reading->at];
}

static enum options_outcome read_argument(struct reading *reading)
{
    const char *text = reading->argv[reading->at];
    if (text[0] != '-' || text[1] == '\0') {
        keep_operand(reading);
        return OPTIONS_OK;
    }
    return text[1] == '-' ? read_long(reading) : read_letters(reading);
}

enum options_outcome options_parse(const struct command *command, int argc, char **argv,
                                   void *settings, int *operand_count_out)
{
    struct reading reading = {command, settings, argc, argv, 1, 0};
    enum options_outcome outcome = OPTIONS_OK;
    for (; reading.at < argc && outcome == OPTIONS_OK; reading.at++) {
        if (strcmp(argv[reading.at], "--") == 0) {
            while (++reading.at < argc)
                keep_operand(&reading);
            break;
        }
        outcome = read_argument(&reading);
    }
    *operand_count_out = reading.operand_count;
    return outcome;
}
