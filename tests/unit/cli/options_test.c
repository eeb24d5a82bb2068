#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <string.h>

#include "cli/command.h"

struct settings {
    const char *format;
    int quiet;
    int follow;
};

static const char *set_format(void *settings, const char *value)
{
    if (strcmp(value, "bad") == 0)
        return "it is bad";
    ((struct settings *)settings)->format = value;
    return NULL;
}

static const char *set_quiet(void *settings, const char *value)
{
    cr_assert_null(value);
    ((struct settings *)settings)->quiet++;
    return NULL;
}

static const char *set_follow(void *settings, const char *value)
{
    cr_assert_null(value);
    ((struct settings *)settings)->follow++;
    return NULL;
}

static const struct option_spec options[] = {
    {"format", 'f', "FORMAT", "how it looks", set_format},
    {"quiet", 'q', NULL, "say nothing", set_quiet},
    {"follow", 0, NULL, "go on", set_follow},
    {NULL, 0, NULL, NULL, NULL},
};

static const struct command command = {.name = "test",
                                       .operands = "THING...",
                                       .summary = "does nothing",
                                       .options = options};

static struct settings settings;
static int operand_count;
static char *words[16];

/* Parses space-parted words. */
static enum options_outcome parse(const char *line)
{
    static char copy[256];
    int count = 0;
    strcpy(copy, line);
    memset(&settings, 0, sizeof settings);
    words[count++] = (char *)"test";
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
        words[count++] = word;
    return options_parse(&command, count, words, &settings, &operand_count);
}

Test(options, every_way_to_write_one)
{
    static const char *const lines[] = {"--format x", "--format=x", "-f x",     "-fx",
                                        "-qf x",      "-qfx",       "-f y -f x"};
    for (size_t index = 0; index < sizeof lines / sizeof lines[0]; index++) {
        cr_assert_eq(parse(lines[index]), OPTIONS_OK);
        cr_assert_str_eq(settings.format, "x");
        cr_assert_eq(operand_count, 0);
    }
    cr_assert_eq(parse("--format="), OPTIONS_OK);
    cr_assert_str_eq(settings.format, "");
}

Test(options, operands_anywhere)
{
    cr_assert_eq(parse("a -q b --format x c - -- -q --format"), OPTIONS_OK);
    cr_assert_eq(operand_count, 6);
    cr_assert_str_eq(words[1], "a");
    cr_assert_str_eq(words[2], "b");
    cr_assert_str_eq(words[3], "c");
    cr_assert_str_eq(words[4], "-");
    cr_assert_str_eq(words[5], "-q");
    cr_assert_str_eq(words[6], "--format");
    cr_assert_eq(settings.quiet, 1);
}

Test(options, what_is_wrong_is_told, .init = cr_redirect_stderr)
{
    static const char *const lines[] = {"--nonsense", "-z",  "--format", "-f",
                                        "--quiet=1",  "-qz", "--form x", "--follow=x",
                                        "-f bad",     "---", "-q-"};
    for (size_t index = 0; index < sizeof lines / sizeof lines[0]; index++)
        cr_assert_eq(parse(lines[index]), OPTIONS_BAD, "%s", lines[index]);
}

Test(options, the_message_names_thing_reason_and_way_out, .init = cr_redirect_stderr)
{
    cr_assert_eq(parse("--format=bad"), OPTIONS_BAD);
    fflush(stderr);
    cr_assert_stderr_eq_str("cardsieve test: --format: it is bad; see --help\n");
}

Test(options, a_number_is_not_repeated, .init = cr_redirect_stderr)
{
    cr_assert_eq(parse("--4111111111111111"), OPTIONS_BAD);
    fflush(stderr);
    cr_assert_stderr_eq_str(
        "cardsieve test: --****************: there is no such option; see --help\n");
}

Test(options, help_comes_from_the_table, .init = cr_redirect_stdout)
{
    cr_assert_eq(parse("-q --help --nonsense"), OPTIONS_HELP);
    cr_assert_stdout_eq_str("Usage: cardsieve test [OPTION...] THING...\n"
                            "\n"
                            "does nothing.\n"
                            "\n"
                            "Options:\n"
                            "  -f, --format=FORMAT       how it looks\n"
                            "  -q, --quiet               say nothing\n"
                            "      --follow              go on\n"
                            "  -h, --help                tell this and leave\n");
}
