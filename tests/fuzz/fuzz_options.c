/* fuzz_options.c - whatever stands on the command line: options and operands are told
 * apart, each refusal is told once, and no operand is lost.
 *
 * The bytes are arguments with line feeds between them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/safe_text.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/settings.h"
#include "fuzz/fuzz.h"
#include "source/locate.h"

#define ARGUMENT_COUNT_MAX 40

static void claim(int holds, const char *words)
{
    if (holds)
        return;
    fprintf(stderr, "fuzz_options: not so: %s\n", words);
    abort();
}

/* ---- instead of standard error and output -------------------------------------------
 */

static unsigned problems;
static unsigned helps;

static void check_hidden(struct bytes text)
{
    size_t digits = 0;
    for (size_t index = 0; index < text.length; index++) {
        int is_digit = text.at[index] >= '0' && text.at[index] <= '9';
        digits = is_digit ? digits + 1 : 0;
        claim(digits < 13, "no message shows a long number");
    }
}

void command_problem(const struct command *command, const char *thing, const char *reason,
                     const char *way_out)
{
    struct safe_text safe;
    claim(command && reason && *reason && way_out && *way_out, "a reason and a way out");
    safe_text_init(&safe);
    if (thing && safe_text_set(&safe, bytes_of_text(thing), NULL) == SIEVE_OK)
        check_hidden(safe_text_bytes(&safe));
    safe_text_done(&safe);
    problems++;
}

void help_print(const struct command *command)
{
    claim(command != NULL, "help is about a command");
    helps++;
}

/* ---- a command that takes everything ------------------------------------------------
 */

struct settings {
    struct list words;
    struct list globs;
    sieve_options options;
    struct expansion expansion;
    uint64_t time;
    uint64_t count;
    int when;
    int flags;
};

static const char *set_words(void *settings, const char *value)
{
    return list_add_words(&((struct settings *)settings)->words, value);
}

static const char *set_glob(void *settings, const char *value)
{
    return list_add(&((struct settings *)settings)->globs, value);
}

static const char *set_kind(void *settings, const char *value)
{
    return kinds_of(value, &((struct settings *)settings)->options.kinds);
}

static const char *set_form(void *settings, const char *value)
{
    return form_of(value, &((struct settings *)settings)->options);
}

static const char *set_confidence(void *settings, const char *value)
{
    return confidence_of(value, &((struct settings *)settings)->options.min_confidence);
}

static const char *set_expanded(void *settings, const char *value)
{
    return expanded_of(value, &((struct settings *)settings)->expansion);
}

static const char *set_ratio(void *settings, const char *value)
{
    return ratio_of(value, &((struct settings *)settings)->expansion);
}

static const char *set_memory(void *settings, const char *value)
{
    return memory_of(value, &((struct settings *)settings)->expansion);
}

static const char *set_when(void *settings, const char *value)
{
    return when_of(value, 2, &((struct settings *)settings)->when);
}

static const char *set_time(void *settings, const char *value)
{
    uint64_t *time = &((struct settings *)settings)->time;
    return number_parse_time(value, time) < 0 ? "it is no time" : NULL;
}

static const char *set_count(void *settings, const char *value)
{
    uint64_t *count = &((struct settings *)settings)->count;
    return number_parse(value, 256, count) < 0 ? "it is no number" : NULL;
}

static const char *set_flag(void *settings, const char *value)
{
    claim(value == NULL, "a flag has no value");
    ((struct settings *)settings)->flags++;
    return NULL;
}

static const struct option_spec all_options[] = {
    {"brand", 'b', "LIST", "words", set_words},
    {"include", 0, "GLOB", "globs", set_glob},
    {"kind", 'k', "LIST", "kinds", set_kind},
    {"form", 0, "FORM", "a form", set_form},
    {"min-confidence", 'c', "LEVEL", "a level", set_confidence},
    {"max-expanded", 0, "SIZE", "a size", set_expanded},
    {"max-ratio", 0, "TIMES", "a ratio", set_ratio},
    {"max-memory", 'm', "SIZE", "a size", set_memory},
    {"color", 0, "WHEN", "a time", set_when},
    {"flush-after", 0, "TIME", "a time", set_time},
    {"jobs", 'j', "COUNT", "a count", set_count},
    {"quiet", 'q', NULL, "a flag", set_flag},
    {"follow", 'L', NULL, "a flag", set_flag},
    {NULL, 0, NULL, NULL, NULL},
};

static const struct command all = {.name = "all", .options = all_options};

static void check_settings(const struct settings *settings)
{
    const uint32_t kinds = settings->options.kinds;
    claim(settings->words.count <= LIST_MAX && settings->globs.count <= LIST_MAX,
          "lists keep their limits");
    for (size_t index = 0; index < settings->words.count; index++)
        claim(*settings->words.items[index] && !strchr(settings->words.items[index], ','),
              "words are not empty and have no commas");
    claim(kinds < UINT32_C(1) << SIEVE_KIND_COUNT, "only kinds that there are");
    claim(settings->count <= 256, "no more than may be");
    claim(settings->when >= 0 && settings->when <= 2, "one of three");
}

/* The operands are some of the arguments, in their order. */
static void check_operands(char **before, char **after, int argc, int count)
{
    int at = 1;
    claim(count >= 0 && count < argc, "no more operands than arguments");
    for (int index = 1; index <= count; index++) {
        while (at < argc && before[at] != after[index])
            at++;
        claim(at++ < argc, "each operand was an argument, and in this order");
    }
}

static void try_arguments(int argc, char **argv)
{
    char *before[ARGUMENT_COUNT_MAX + 1];
    struct settings settings = {.options = SIEVE_OPTIONS_DEFAULT,
                                .expansion = EXPANSION_DEFAULT};
    int count = 0;
    memcpy(before, argv, (size_t)argc * sizeof *argv);
    problems = 0;
    helps = 0;
    enum options_outcome outcome = options_parse(&all, argc, argv, &settings, &count);
    claim(problems == (outcome == OPTIONS_BAD), "a refusal is told once");
    claim(helps == (outcome == OPTIONS_HELP), "help is given once");
    if (outcome == OPTIONS_OK) {
        check_settings(&settings);
        check_operands(before, argv, argc, count);
        for (int index = 1; index <= count; index++)
            (void)is_database(argv[index]);
    }
    list_done(&settings.words);
    list_done(&settings.globs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char name[] = "all";
    char *argv[ARGUMENT_COUNT_MAX + 1] = {name};
    int argc = 1;
    char *text = malloc(size + 1);
    if (!text)
        abort();
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    for (char *at = text; at && argc < ARGUMENT_COUNT_MAX; argc++) {
        char *end = strchr(at, '\n');
        if (end)
            *end = '\0';
        argv[argc] = at;
        at = end ? end + 1 : NULL;
    }
    try_arguments(argc, argv);
    free(text);
    return 0;
}
