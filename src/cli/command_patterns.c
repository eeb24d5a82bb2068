/* command_patterns.c - `cardsieve patterns`: what is looked for, whether it is found, and
 * why a string is (not) a card number. */
#include "cli/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/number.h"
#include "base/reason.h"
#include "base/writer.h"
#include "cli/catalogue.h"
#include "cli/explain.h"
#include "cli/explain_column.h"
#include "cli/settings.h"
#include "job/rules.h"
#include "job/selftest.h"
#include "patterns/patterns.h"
#include "patterns/rows.h"

#define EXPLAIN_LENGTH_MAX (16u << 20) /* bytes; a person reads the answer */
#define MISSES_SHOWN       20
#define SEED_DEFAULT       1

struct settings {
    sieve_options options;
    const char *pattern_directory; /* NULL for none */
    const char *language;
    uint64_t seed;
    const char *ledger; /* NULL for none */
};

/* What all subcommands work with. */
struct session {
    const struct command *command;
    const struct settings *settings;
    struct rules rules;
    struct pattern_set *patterns; /* the built-in ones and the user's */
    struct writer writer;
};

/* ---- options --------------------------------------------------------------------- */

static const char *set_patterns(void *settings, const char *value)
{
    ((struct settings *)settings)->pattern_directory = value;
    return NULL;
}

static const char *set_language(void *settings, const char *value)
{
    return language_of(value, &((struct settings *)settings)->language);
}

static const char *set_form(void *settings, const char *value)
{
    return form_of(value, &((struct settings *)settings)->options);
}

static const char *set_seed(void *settings, const char *value)
{
    struct settings *to = settings;
    return number_parse(value, UINT64_MAX, &to->seed) < 0 ? "it is no number" : NULL;
}

static const char *set_ledger(void *settings, const char *value)
{
    ((struct settings *)settings)->ledger = value;
    return NULL;
}

static const struct option_spec patterns_options[] = {
    {"patterns", 'p', "DIR", "add the tables of patterns in DIR", set_patterns},
    {"lang", 'l', "LANG", "explain in en or ja (default: that of the locale)",
     set_language},
    {"form", 0, "FORM", "explain ebcdic too", set_form},
    {"ledger", 0, "FILE", "explain TABLE.COLUMN of a sweep's ledger", set_ledger},
    {"seed", 0, "NUMBER", "of the numbers that check makes", set_seed},
    {NULL, 0, NULL, NULL, NULL},
};

/* ---- list ------------------------------------------------------------------------ */

static int run_list(struct session *session, const char *section)
{
    if (catalogue_write(session->patterns, section, &session->writer))
        return EXIT_CLEAN;
    command_problem(session->command, section, "there is no such section",
                    "name one of " CATALOGUE_SECTIONS);
    return EXIT_INCOMPLETE;
}

/* ---- check --------------------------------------------------------------------- */

struct misses {
    struct writer *writer;
    uint64_t count;
};

static void on_miss(const struct selftest_miss *miss, void *context)
{
    struct misses *misses = context;
    struct writer *writer = misses->writer;
    if (++misses->count > MISSES_SHOWN)
        return;
    writer_text(writer, "missed: ");
    writer_text(writer, miss->brand);
    writer_text(writer, " ");
    writer_text(writer, miss->prefix);
    writer_text(writer, "..., ");
    writer_number(writer, miss->digits);
    writer_text(writer, " digits, as ");
    writer_text(writer, miss->dressing);
    writer_text(writer, ", separator ");
    writer_text(writer, miss->separator);
    writer_text(writer, ": ");
    writer_text(writer, miss->what);
    writer_text(writer, "\n");
}

static void put_column(struct writer *writer, uint64_t number)
{
    char text[NUMBER_TEXT_MAX];
    number_text(number, text);
    for (size_t length = strlen(text); length < 10; length++)
        writer_text(writer, " ");
    writer_text(writer, text);
}

/* Cut, not rounded: 100.0 % is nothing less. */
static void put_rate(struct writer *writer, const struct selftest_count *count)
{
    uint64_t permille = count->expected ? count->found * 1000 / count->expected : 0;
    put_column(writer, permille / 10);
    writer_text(writer, ".");
    writer_number(writer, permille % 10);
    writer_text(writer, " %");
}

static void put_count(struct writer *writer, const char *name,
                      const struct selftest_count *count)
{
    writer_text(writer, name);
    for (size_t length = strlen(name); length < 18; length++)
        writer_text(writer, " ");
    put_column(writer, count->expected);
    put_column(writer, count->found);
    put_rate(writer, count);
    writer_text(writer, "\n");
}

/* 1 if every number of every form was found. */
static int put_result(struct writer *writer, const struct selftest *test)
{
    struct selftest_count total = {0, 0};
    int complete = 1;
    writer_text(writer, "form                    made     found          rate\n");
    for (int form = 0; form < SIEVE_FORM_COUNT; form++) {
        const struct selftest_count *count = &test->forms[form];
        put_count(writer, sieve_form_name((sieve_form)form), count);
        total.expected += count->expected;
        total.found += count->found;
        complete = complete && count->expected > 0 && count->found == count->expected;
    }
    put_count(writer, "all", &total);
    writer_text(writer, "\nNumbers of ");
    writer_number(writer, test->patterns->range_count);
    writer_text(writer, " ranges of ");
    writer_number(writer, test->patterns->brand_count);
    writer_text(writer, " brands, made from seed ");
    writer_number(writer, test->seed);
    writer_text(writer, ".\n");
    return complete;
}

static int run_check(struct session *session, const char *operand)
{
    (void)operand;
    struct misses misses = {.writer = &session->writer};
    struct selftest test = {
        .patterns = session->patterns,
        .seed = session->settings->seed,
        .on_miss = on_miss,
        .context = &misses,
    };
    sieve_status status = sieve_scanner_new(session->rules.ruleset, &test.scanner);
    if (status == SIEVE_OK)
        status = selftest_run(&test);
    sieve_scanner_free(test.scanner);
    if (status != SIEVE_OK) {
        const sieve_error error = {.status = status};
        command_problem(session->command, "check", reason_of_error(&error), NULL);
        return EXIT_INCOMPLETE;
    }
    if (misses.count > MISSES_SHOWN) {
        writer_number(&session->writer, misses.count - MISSES_SHOWN);
        writer_text(&session->writer, " more were missed\n");
    }
    return put_result(&session->writer, &test) ? EXIT_CLEAN : EXIT_FOUND;
}

/* ---- explain ------------------------------------------------------------------- */

static sieve_status read_input(struct buffer *input)
{
    for (;;) {
        sieve_status status = buffer_reserve(input, 4096);
        if (status != SIEVE_OK)
            return status;
        ssize_t count = read(STDIN_FILENO, input->at + input->length,
                             input->capacity - input->length);
        if (count == 0)
            return SIEVE_OK;
        if (count > 0)
            input->length += (size_t)count;
        else if (errno != EINTR)
            return SIEVE_E_IO;
    }
}

static int run_explain(struct session *session, const char *text)
{
    const struct settings *settings = session->settings;
    struct column_explanation column = {.ledger = settings->ledger,
                                        .options = &settings->options,
                                        .language = settings->language,
                                        .writer = &session->writer};
    if (column.ledger)
        return explain_column_run(session->command, &column, text);

    struct explanation explanation = {
        .patterns = session->patterns,
        .ruleset = session->rules.ruleset,
        .language = settings->language,
        .writer = &session->writer,
    };
    struct buffer input;
    sieve_status status = SIEVE_OK;
    int from_stdin = !text || strcmp(text, "-") == 0;
    buffer_init(&input, EXPLAIN_LENGTH_MAX);
    if (from_stdin)
        status = read_input(&input);
    if (status == SIEVE_OK)
        status = explain_bytes(&explanation,
                               from_stdin ? buffer_bytes(&input) : bytes_of_text(text));
    buffer_done(&input);
    if (status == SIEVE_OK)
        return explanation.accepted > 0 ? EXIT_FOUND : EXIT_CLEAN;
    const sieve_error error = {.status = status,
                               .system = status == SIEVE_E_IO ? errno : 0};
    command_problem(session->command, from_stdin ? "standard input" : "the string",
                    reason_of_error(&error), NULL);
    return EXIT_INCOMPLETE;
}

/* ---- the command --------------------------------------------------------------- */

static const struct subcommand {
    const char *name;
    int (*run)(struct session *session, const char *operand);
    sieve_confidence min_confidence;
    uint8_t ebcdic; /* 1: always */
} subcommands[] = {
    {"list", run_list, SIEVE_MEDIUM, 0},
    {"check", run_check, SIEVE_MEDIUM, 1},
    {"explain", run_explain, SIEVE_LOW, 0},
};

static const struct subcommand *find_subcommand(const char *name)
{
    for (size_t i = 0; i < sizeof subcommands / sizeof subcommands[0]; i++) {
        if (strcmp(subcommands[i].name, name) == 0)
            return &subcommands[i];
    }
    return NULL;
}

/* Writes what was said; a closed pipe is success. */
static int finish(struct session *session, int outcome)
{
    sieve_status status = writer_flush(&session->writer);
    if (status == SIEVE_OK || status == SIEVE_STOPPED)
        return outcome;
    command_problem(session->command, "standard output",
                    reason_of_system(session->writer.system), NULL);
    return EXIT_INCOMPLETE;
}

static int run_subcommand(struct session *session, const struct subcommand *subcommand,
                          const char *operand)
{
    sieve_error error = {.status = SIEVE_OK};
    sieve_status status =
        patterns_merge(&builtin_patterns, session->rules.tables.rows,
                       session->rules.tables.count, &session->patterns, &error);
    if (status == SIEVE_OK)
        status = writer_init(&session->writer, STDOUT_FILENO);
    if (status != SIEVE_OK) {
        error.status = status;
        command_problem(session->command, NULL, reason_of_error(&error), NULL);
        patterns_free(session->patterns);
        return EXIT_INCOMPLETE;
    }
    int outcome = finish(session, subcommand->run(session, operand));
    writer_done(&session->writer);
    patterns_free(session->patterns);
    return outcome;
}

/* Compiles the patterns, which also checks the user's own. */
static int run_with_rules(struct session *session, const struct subcommand *subcommand,
                          const char *operand)
{
    sieve_options options = session->settings->options;
    struct safe_text thing;
    const char *reason = NULL;
    options.min_confidence = subcommand->min_confidence;
    options.ebcdic |= subcommand->ebcdic;
    safe_text_init(&thing);
    sieve_status status = rules_make(&options, session->settings->pattern_directory,
                                     &session->rules, &thing, &reason);
    int outcome = EXIT_INCOMPLETE;
    if (status == SIEVE_OK) {
        outcome = run_subcommand(session, subcommand, operand);
        rules_done(&session->rules);
    } else {
        command_problem_of(session->command, safe_text_bytes(&thing), reason);
    }
    safe_text_done(&thing);
    return outcome;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct settings settings = {
        .options = SIEVE_OPTIONS_DEFAULT,
        .language = language_of_locale(),
        .seed = SEED_DEFAULT,
    };
    struct session session = {.command = self, .settings = &settings};
    int count = 0;
    switch (options_parse(self, argc, argv, &settings, &count)) {
    case OPTIONS_HELP:
        return EXIT_CLEAN;
    case OPTIONS_BAD:
        return EXIT_INCOMPLETE;
    case OPTIONS_OK:
        break;
    }
    const struct subcommand *subcommand = count > 0 ? find_subcommand(argv[1]) : NULL;
    if (!subcommand) {
        command_problem(self, count > 0 ? argv[1] : NULL,
                        count > 0 ? "there is no such subcommand" : "no subcommand",
                        "name one of list, check, explain");
        return EXIT_INCOMPLETE;
    }
    if (count > (subcommand->run == run_check ? 1 : 2)) {
        command_problem(self, argv[count], "there is nothing to do with it",
                        "put a string with spaces in quotes");
        return EXIT_INCOMPLETE;
    }
    return run_with_rules(&session, subcommand, count > 1 ? argv[2] : NULL);
}

const struct command command_patterns = {
    .name = "patterns",
    .operands = "list [SECTION] | check | explain [STRING | TABLE.COLUMN]",
    .summary = "what is looked for, and why a string is (not) a card number",
    .notes =
        "`list` tells all, or one section: " CATALOGUE_SECTIONS ".\n"
        "`check` makes numbers of every brand in every form, looks for them, and leaves\n"
        "with 1 if it misses any: the test of the method that PCI DSS A3.2.5.1 asks "
        "for.\n"
        "`explain` takes the string, or standard input, and tells of every candidate "
        "which\n"
        "rules accepted or refused it; numbers are masked.  It leaves with 1 if there "
        "was\n"
        "card data.  Who else may see the arguments of a command sees the string: for a\n"
        "real number use standard input.  With `--ledger` it tells how a column was "
        "judged, "
        "or\na key inside of its values (TABLE.COLUMN.KEY): the arithmetic of its "
        "verdict.\n",
    .options = patterns_options,
    .run = run,
};
