/* command_mask.c - `cardsieve mask`: take card data out. */
#include "cli/command.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "base/writer.h"
#include "cli/mask_database.h"
#include "cli/settings.h"
#include "cli/signals.h"
#include "job/job.h"
#include "report/named.h"
#include "source/locate.h"

#define FLUSH_AFTER_DEFAULT 200 /* milliseconds */

struct mask_settings {
    struct mask_database database; /* the first: its setters take the settings as this */
    struct mask_plan plan;
    struct list brands;
    int quiet;
};

/* ---- setters ----------------------------------------------------------------------- */

static struct mask_plan *plan_of(void *settings)
{
    return &((struct mask_settings *)settings)->plan;
}

static const char *set_output(void *settings, const char *value)
{
    plan_of(settings)->output = strcmp(value, "-") == 0 ? NULL : value;
    return *value ? NULL : "it is empty";
}

static const char *set_in_place(void *settings, const char *value)
{
    (void)value;
    plan_of(settings)->in_place = 1;
    return NULL;
}

static const char *set_style(void *settings, const char *value)
{
    return named_style(bytes_of_text(value), &plan_of(settings)->options.style)
               ? NULL
               : "it is none of first6last4, last4, full, token";
}

static const char *set_key_file(void *settings, const char *value)
{
    plan_of(settings)->key_file = value;
    return NULL;
}

static const char *set_mask_char(void *settings, const char *value)
{
    if (!*value || value[1] || !strchr("*#Xx", *value))
        return "it is none of * # X x";
    plan_of(settings)->options.mask = *value;
    return NULL;
}

static const char *set_min_confidence(void *settings, const char *value)
{
    return confidence_of(value, &plan_of(settings)->options.min_confidence);
}

static const char *set_brand(void *settings, const char *value)
{
    return list_add_words(&((struct mask_settings *)settings)->brands, value);
}

static const char *set_kind(void *settings, const char *value)
{
    return kinds_of(value, &plan_of(settings)->options.kinds);
}

static const char *set_form(void *settings, const char *value)
{
    return form_of(value, &plan_of(settings)->options);
}

static const char *set_patterns(void *settings, const char *value)
{
    plan_of(settings)->pattern_directory = value;
    return NULL;
}

static const char *set_flush_after(void *settings, const char *value)
{
    uint64_t milliseconds = 0;
    if (number_parse_time(value, &milliseconds) < 0 || milliseconds > INT_MAX)
        return "it is no time, such as 200ms or 2s";
    plan_of(settings)->flush_after = (int)milliseconds;
    return NULL;
}

static const char *set_flush_unfinished(void *settings, const char *value)
{
    (void)value;
    plan_of(settings)->flush_unfinished = 1;
    return NULL;
}

static const char *set_follow(void *settings, const char *value)
{
    (void)value;
    plan_of(settings)->follow = 1;
    return NULL;
}

static const char *set_break_links(void *settings, const char *value)
{
    (void)value;
    plan_of(settings)->break_links = 1;
    return NULL;
}

static const char *set_max_expanded(void *settings, const char *value)
{
    return expanded_of(value, &plan_of(settings)->expansion);
}

static const char *set_max_ratio(void *settings, const char *value)
{
    return ratio_of(value, &plan_of(settings)->expansion);
}

static const char *set_max_memory(void *settings, const char *value)
{
    return memory_of(value, &plan_of(settings)->expansion);
}

static const char *set_progress(void *settings, const char *value)
{
    return when_of(value, isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO),
                   &plan_of(settings)->progress);
}

static const char *set_quiet(void *settings, const char *value)
{
    (void)value;
    ((struct mask_settings *)settings)->quiet = 1;
    return NULL;
}

static const struct option_spec mask_options[] = {
    {"output", 'o', "FILE", "write to FILE, which appears when it is complete",
     set_output},
    {"in-place", 'i', NULL, "replace each file by its masked self", set_in_place},
    {"style", 's', "STYLE", "first6last4 (default), last4, full or token", set_style},
    {"key-file", 0, "FILE", "the key of tokens: 16 bytes or more, readable by you only",
     set_key_file},
    {"mask-char", 0, "CHAR", "what a hidden digit becomes: * (default) # X x",
     set_mask_char},
    {"min-confidence", 'c', "LEVEL", "low, medium (default) or high", set_min_confidence},
    {"brand", 'b', "LIST", "only these brands: visa,jcb", set_brand},
    {"kind", 'k', "LIST", "only these kinds: pan,track2,security_code", set_kind},
    {"form", 0, "FORM", "look for ebcdic too", set_form},
    {"patterns", 'p', "DIR", "add the tables of patterns in DIR", set_patterns},
    {"flush-after", 0, "TIME", "longest wait of a quiet stream's last line (200ms)",
     set_flush_after},
    {"flush-unfinished", 0, NULL, "... also of one that has not ended, such as a prompt",
     set_flush_unfinished},
    {"follow", 'L', NULL, "in place: mask what a symbolic link leads to", set_follow},
    {"break-links", 0, NULL, "in place: also files with other names, this name alone",
     set_break_links},
    {"max-expanded", 0, "SIZE", "most bytes one compressed file may become (1024G)",
     set_max_expanded},
    {"max-ratio", 0, "TIMES", "most times its size, past 64M (10000; 0: any)",
     set_max_ratio},
    {"max-memory", 0, "SIZE", "most memory one decoder may ask for (40M)",
     set_max_memory},
    {"plan", 0, "FILE", "of a database: write the SQL that would repair it",
     set_plan_file},
    {"apply", 0, NULL, "of a database: repair it", set_apply},
    {"yes", 'y', NULL, "of a database: do not ask before the first change", set_yes},
    {"numeric", 0, "WAY",
     "of a database: numbers in columns of numbers: null, zero, skip", set_numeric},
    {"delete-sad", 0, NULL, "of a database: codes and tracks become NULL or empty",
     set_delete_sad},
    {"database", 'd', "PATTERN", "of a server: the one that matches", sweep_set_database},
    {"schema", 'n', "PATTERN", "in databases, only these schemas", sweep_set_schema},
    {"table", 't', "PATTERN", "in databases, only these tables: shop.order*",
     sweep_set_table},
    {"exclude-table", 'T', "PATTERN", "in databases, leave out these tables",
     sweep_set_exclude_table},
    {"column", 0, "PATTERN", "in databases, only these columns", sweep_set_column},
    {"ledger", 0, "FILE", "of a database: what was read, found and repaired",
     sweep_set_ledger},
    {"resume", 0, "FILE", "go on with the sweep or the repair of this ledger",
     sweep_set_resume},
    {"jobs", 'j', "COUNT", "connections that read a database (2)", set_readers},
    {"rate", 0, "SIZE", "read at most so many bytes a second from a database",
     sweep_set_rate},
    {"pause", 0, "TIME", "rest between ranges and transactions of a database (100ms)",
     sweep_set_pause},
    {"statement-timeout", 0, "TIME", "most that a statement may take on a server",
     sweep_set_statement_timeout},
    {"lock-timeout", 0, "TIME", "longest wait for what is locked on a server (10s)",
     sweep_set_lock_timeout},
    {"progress", 0, "WHEN", "auto (default), always or never", set_progress},
    {"quiet", 'q', NULL, "no counts on standard error", set_quiet},
    {NULL, 0, NULL, NULL, NULL},
};

/* ---- what it tells ----------------------------------------------------------------- */

struct speaker {
    const struct command *command;
    int quiet;
};

static void tell_done(struct bytes name, uint64_t findings, void *context)
{
    const struct speaker *speaker = context;
    char number[NUMBER_TEXT_MAX];
    char text[NUMBER_TEXT_MAX + 32];
    if (speaker->quiet)
        return;
    number_grouped(findings, number);
    (void)snprintf(text, sizeof text, "%s %s masked", number,
                   findings == 1 ? "finding" : "findings");
    command_problem_of(speaker->command, name, findings > 0 ? text : "nothing found");
}

static void tell_failed(struct bytes name, const char *reason, void *context)
{
    command_problem_of(((const struct speaker *)context)->command, name, reason);
}

/* ---- the command ------------------------------------------------------------------- */

/* A reason why these do not go together, NULL if they do. */
static const char *contradiction(const struct mask_plan *plan)
{
    const int is_token = plan->options.style == SIEVE_STYLE_TOKEN;
    if (plan->in_place && plan->output)
        return "--in-place and --output exclude each other";
    if (plan->in_place && plan->file_count == 0)
        return "--in-place needs the files it shall mask";
    if (!plan->in_place && plan->file_count > 1)
        return "several files can only be masked with --in-place";
    if (is_token && !plan->key_file)
        return "--style token needs --key-file";
    if (!is_token && plan->key_file)
        return "--key-file is for --style token";
    return NULL;
}

static int run_plan(const struct command *self, const struct mask_plan *plan, int quiet)
{
    struct speaker speaker = {self, quiet};
    const struct mask_listener listener = {tell_done, tell_failed, &speaker};
    struct outcome outcome;
    struct stop stop;
    int status = EXIT_INCOMPLETE;
    outcome_init(&outcome);
    signals_watch(&stop);
    if (job_mask(plan, &stop, &listener, &outcome) != SIEVE_OK)
        command_problem_of(self, safe_text_bytes(&outcome.thing), outcome.reason);
    else if (outcome.complete)
        status = outcome.findings > 0 ? EXIT_FOUND : EXIT_CLEAN;
    outcome_done(&outcome);
    return status;
}

static int run_settings(const struct command *self, struct mask_settings *settings,
                        char **files, int count)
{
    static const char *const standard_input[] = {"-"};
    struct mask_plan *plan = &settings->plan;
    plan->files = (const char *const *)files;
    plan->file_count = (size_t)count;
    plan->options.brands = settings->brands.count > 0 ? settings->brands.items : NULL;
    int databases = 0;
    for (int index = 0; index < count; index++)
        databases += is_database(files[index]);
    if (count == 1 && databases == 1)
        return mask_database_run(self, &settings->database, plan, files[0]);
    if (count == 0 && settings->database.sweep.plan.resume)
        return mask_database_run(self, &settings->database, plan, NULL);
    const char *reason = contradiction(plan);
    if (databases > 0)
        reason = "a database is masked alone";
    else if (mask_database_is_used(&settings->database) && !reason)
        reason = "some of these options are for a database, and none is named";
    if (reason) {
        command_problem(self, NULL, reason, "see --help");
        return EXIT_INCOMPLETE;
    }
    if (count == 0) {
        plan->files = standard_input;
        plan->file_count = 1;
    }
    return run_plan(self, plan, settings->quiet);
}

static int run(const struct command *self, int argc, char **argv)
{
    struct mask_settings settings = {
        .plan =
            {
                .options = SIEVE_OPTIONS_DEFAULT,
                .expansion = EXPANSION_DEFAULT,
                .flush_after = FLUSH_AFTER_DEFAULT,
                .progress = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO),
            },
    };
    int count = 0;
    int status = EXIT_INCOMPLETE;
    enum options_outcome outcome = options_parse(self, argc, argv, &settings, &count);
    if (outcome == OPTIONS_HELP)
        status = EXIT_CLEAN;
    else if (outcome == OPTIONS_OK)
        status = run_settings(self, &settings, argv + 1, count);
    list_done(&settings.brands);
    mask_database_done(&settings.database);
    return status;
}

const struct command command_mask = {
    .name = "mask",
    .operands = "[FILE...] | DATABASE",
    .summary =
        "take card data out of a stream, of files or of a database; every length stays",
    .notes =
        "Without FILE it is a filter from standard input to standard output: what has\n"
        "been judged leaves at once.  A FILE goes to standard output, to --output or,\n"
        "with --in-place, into its own place.  Coded files (gzip, zstd, bzip2, xz, lz4)\n"
        "are coded again.  A written file is scanned again, and replaces nothing unless\n"
        "it is clean.\n"
        "\n"
        "DATABASE is sqlite:FILE, postgresql://... or mysql://...  It is swept first, or "
        "a\nledger of it is taken (--resume).  --plan writes the SQL that would be run "
        "and changes "
        "nothing;\n--apply runs it.  A row that somebody changed in between is never "
        "overwritten.\nWhat was repaired is read and judged again before it is "
        "committed.\n"
        "\n"
        "Exit status: 0 all went well and nothing was found; 1 all went well and\n"
        "something was found, which is masked now; 2 something could not be masked: "
        "then\nnothing was replaced by it.\n",
    .options = mask_options,
    .run = run,
};
