/* command_report.c - `cardsieve report`: what a ledger holds, for people. */
#include "cli/command.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/number.h"
#include "cli/help.h"
#include "cli/settings.h"
#include "job/inventory.h"

#define FINDINGS_DEFAULT 1000u

struct report_settings {
    struct inventory_plan plan;
    const char *language;
    int has_format;
};

static const struct {
    const char *name;
    const char *ending; /* of a file's name */
    enum inventory_format format;
} formats[] = {
    {"text", ".txt", INVENTORY_TEXT},     {"html", ".html", INVENTORY_HTML},
    {"csv", ".csv", INVENTORY_CSV},       {"sarif", ".sarif", INVENTORY_SARIF},
    {"jsonl", ".jsonl", INVENTORY_JSONL},
};
#define FORMAT_COUNT (sizeof formats / sizeof formats[0])

/* ---- options ----------------------------------------------------------------------- */

static struct inventory_plan *plan_of(void *settings)
{
    return &((struct report_settings *)settings)->plan;
}

static const char *set_format(void *settings, const char *value)
{
    for (size_t index = 0; index < FORMAT_COUNT; index++) {
        if (strcmp(value, formats[index].name) != 0)
            continue;
        plan_of(settings)->format = formats[index].format;
        ((struct report_settings *)settings)->has_format = 1;
        return NULL;
    }
    return "it is none of text, html, csv, sarif, jsonl";
}

static const char *set_language(void *settings, const char *value)
{
    return language_of(value, &((struct report_settings *)settings)->language);
}

static const char *set_output(void *settings, const char *value)
{
    plan_of(settings)->output = value;
    return *value ? NULL : "it is empty";
}

static const char *set_title(void *settings, const char *value)
{
    plan_of(settings)->title = value;
    return NULL;
}

static const char *set_findings(void *settings, const char *value)
{
    return number_parse(value, UINT64_MAX, &plan_of(settings)->style.findings_max) < 0
               ? "it is no number"
               : NULL;
}

static const struct option_spec report_options[] = {
    {"format", 'f', "FORMAT", "text (default), html, csv, sarif or jsonl", set_format},
    {"lang", 'l', "LANG", "en or ja (default: that of the locale)", set_language},
    {"output", 'o', "FILE", "write it there; its ending tells the format", set_output},
    {"title", 0, "TEXT", "what the report is about: a firm, an audit", set_title},
    {"findings", 0, "COUNT", "single findings in text and HTML (1000)", set_findings},
    {NULL, 0, NULL, NULL, NULL},
};

/* ---- the command ------------------------------------------------------------------- */

/* A file named report.html is HTML. */
static void choose_format(struct report_settings *settings)
{
    const char *output = settings->plan.output;
    if (settings->has_format || !output)
        return;
    for (size_t index = 0; index < FORMAT_COUNT; index++) {
        const size_t length = strlen(output);
        const size_t ending = strlen(formats[index].ending);
        if (length > ending &&
            strcmp(output + length - ending, formats[index].ending) == 0)
            settings->plan.format = formats[index].format;
    }
}

/* When it was made; reproducible builds of documents set it. */
static uint64_t moment(void)
{
    uint64_t seconds = 0;
    const char *set = getenv("SOURCE_DATE_EPOCH");
    if (set && number_parse(set, UINT64_MAX, &seconds) == 0)
        return seconds;
    return (uint64_t)time(NULL);
}

static int run_plan(const struct command *self, const struct inventory_plan *plan)
{
    struct inventory_outcome outcome;
    int status = EXIT_INCOMPLETE;
    inventory_outcome_init(&outcome);
    if (job_inventory(plan, STDOUT_FILENO, &outcome) != SIEVE_OK)
        command_problem_of(self, safe_text_bytes(&outcome.thing), outcome.reason);
    else if (outcome.findings > 0)
        status = EXIT_FOUND;
    else if (outcome.complete)
        status = EXIT_CLEAN;
    inventory_outcome_done(&outcome);
    return status;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct report_settings settings = {
        .plan = {.format = INVENTORY_TEXT, .style = {.findings_max = FINDINGS_DEFAULT}},
        .language = language_of_locale(),
    };
    int count = 0;
    switch (options_parse(self, argc, argv, &settings, &count)) {
    case OPTIONS_HELP:
        return EXIT_CLEAN;
    case OPTIONS_BAD:
        return EXIT_INCOMPLETE;
    case OPTIONS_OK:
        break;
    }
    if (count != 1) {
        command_problem(self, NULL, count == 0 ? "no ledger" : "one ledger at a time",
                        HELP_HINT);
        return EXIT_INCOMPLETE;
    }
    choose_format(&settings);
    settings.plan.ledger = argv[1];
    settings.plan.made = moment();
    settings.plan.style.language =
        strcmp(settings.language, "ja") == 0 ? LANGUAGE_JA : LANGUAGE_EN;
    return run_plan(self, &settings.plan);
}

const struct command command_report = {
    .name = "report",
    .operands = "LEDGER",
    .summary = "the inventory of a sweep for people: text, HTML, CSV, SARIF",
    .options = report_options,
    .run = run,
};
