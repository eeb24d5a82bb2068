/* command_scan.c - `cardsieve scan`: find; never change anything. */
#include "cli/command.h"

#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/number.h"
#include "cli/help.h"
#include "cli/settings.h"
#include "cli/signals.h"
#include "cli/statistics.h"
#include "cli/sweep_settings.h"
#include "job/job.h"
#include "source/locate.h"

struct scan_settings {
    struct sweep_settings sweep; /* first: its setters take it for all */
    struct scan_plan plan;
    struct list brands;
    struct list include;
    struct list exclude;
};

/* ---- setters ----------------------------------------------------------------------- */

static struct scan_plan *plan_of(void *settings)
{
    return &((struct scan_settings *)settings)->plan;
}

static const char *set_format(void *settings, const char *value)
{
    if (strcmp(value, "text") == 0)
        plan_of(settings)->format = FORMAT_TEXT;
    else if (strcmp(value, "jsonl") == 0)
        plan_of(settings)->format = FORMAT_JSONL;
    else
        return "it is none of text, jsonl";
    return NULL;
}

static const char *set_min_confidence(void *settings, const char *value)
{
    return confidence_of(value, &plan_of(settings)->options.min_confidence);
}

static const char *set_brand(void *settings, const char *value)
{
    return list_add_words(&((struct scan_settings *)settings)->brands, value);
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

static const char *set_include(void *settings, const char *value)
{
    return list_add(&((struct scan_settings *)settings)->include, value);
}

static const char *set_exclude(void *settings, const char *value)
{
    return list_add(&((struct scan_settings *)settings)->exclude, value);
}

static const char *set_follow(void *settings, const char *value)
{
    (void)value;
    plan_of(settings)->walk.follow = 1;
    return NULL;
}

static const char *set_one_file_system(void *settings, const char *value)
{
    (void)value;
    plan_of(settings)->walk.one_file_system = 1;
    return NULL;
}

static const char *set_jobs(void *settings, const char *value)
{
    uint64_t count = 0;
    if (number_parse(value, WORKERS_MAX, &count) < 0 || count == 0)
        return "it is no number from 1 to 256";
    plan_of(settings)->workers = (unsigned)count;
    ((struct scan_settings *)settings)->sweep.plan.readers = (unsigned)count;
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

static const char *set_colour(void *settings, const char *value)
{
    return when_of(value, colour_is_welcome(), &plan_of(settings)->colour);
}

static const char *set_progress(void *settings, const char *value)
{
    return when_of(value, isatty(STDERR_FILENO), &plan_of(settings)->progress);
}

static const char *set_summary(void *settings, const char *value)
{
    (void)value;
    plan_of(settings)->summary_only = 1;
    return NULL;
}

static const char *set_quiet(void *settings, const char *value)
{
    (void)value;
    plan_of(settings)->quiet = 1;
    return NULL;
}

static const char *set_stats(void *settings, const char *value)
{
    (void)value;
    plan_of(settings)->statistics = 1;
    return NULL;
}

static const struct option_spec scan_options[] = {
    {"format", 'f', "FORMAT", "text (for people) or jsonl (for scripts)", set_format},
    {"summary", 's', NULL, "only the closing sums, no single findings", set_summary},
    {"quiet", 'q', NULL, "no report; the exit status tells", set_quiet},
    {"min-confidence", 'c', "LEVEL", "low, medium (default) or high", set_min_confidence},
    {"brand", 'b', "LIST", "only these brands: visa,jcb", set_brand},
    {"kind", 'k', "LIST", "only these kinds: pan,track2,security_code", set_kind},
    {"form", 0, "FORM", "look for ebcdic too", set_form},
    {"patterns", 'p', "DIR", "add the tables of patterns in DIR", set_patterns},
    {"include", 0, "GLOB", "in directories, only files that match", set_include},
    {"exclude", 0, "GLOB", "in directories, leave out what matches", set_exclude},
    {"follow", 'L', NULL, "in directories, follow symbolic links", set_follow},
    {"one-file-system", 'x', NULL, "stay on each directory's file system",
     set_one_file_system},
    {"jobs", 'j', "COUNT", "workers (default: all cores; to a database: 2)", set_jobs},
    {"database", 'd', "PATTERN", "on a server, these databases instead of the named one",
     sweep_set_database},
    {"all-databases", 'A', NULL, "on a server, all databases but templates",
     sweep_set_all_databases},
    {"schema", 'n', "PATTERN", "in databases, only these schemas", sweep_set_schema},
    {"table", 't', "PATTERN", "in databases, only these tables: shop.order*",
     sweep_set_table},
    {"exclude-table", 'T', "PATTERN", "in databases, leave out these tables",
     sweep_set_exclude_table},
    {"column", 0, "PATTERN", "in databases, only these columns", sweep_set_column},
    {"foreign-tables", 0, NULL, "in databases, foreign tables too",
     sweep_set_foreign_tables},
    {"ledger", 0, "FILE", "what a sweep has read and found (cardsieve-TIME.ledger)",
     sweep_set_ledger},
    {"resume", 0, "FILE", "go on with the sweep of this ledger", sweep_set_resume},
    {"dry-run", 0, NULL, "tell what a database has, read no rows", sweep_set_dry_run},
    {"sample", 0, "PERCENT", "read only so much of each table of a database",
     sweep_set_sample},
    {"rate", 0, "SIZE", "read at most so many bytes a second from a database",
     sweep_set_rate},
    {"pause", 0, "TIME", "rest between the ranges of a table (100ms)", sweep_set_pause},
    {"statement-timeout", 0, "TIME", "most that a database may take for one range (any)",
     sweep_set_statement_timeout},
    {"lock-timeout", 0, "TIME", "most to wait for a locked table (10s)",
     sweep_set_lock_timeout},
    {"max-expanded", 0, "SIZE", "most bytes one compressed file may become (1024G)",
     set_max_expanded},
    {"max-ratio", 0, "TIMES", "most times its size, past 64M (10000; 0: any)",
     set_max_ratio},
    {"max-memory", 0, "SIZE", "most memory one decoder may ask for (40M)",
     set_max_memory},
    {"stats", 0, NULL, "tell on standard error what each stage saw", set_stats},
    {"color", 0, "WHEN", "auto (default), always or never", set_colour},
    {"progress", 0, "WHEN", "auto (default), always or never", set_progress},
    {NULL, 0, NULL, NULL, NULL},
};

/* ---- the command ------------------------------------------------------------------- */

static void settings_init(struct scan_settings *settings)
{
    *settings = (struct scan_settings){
        .plan =
            {
                .options = SIEVE_OPTIONS_DEFAULT,
                .expansion = EXPANSION_DEFAULT,
                .workers = worker_count_default(),
                .colour = colour_is_welcome(),
                .progress = isatty(STDERR_FILENO),
            },
    };
}

static void settings_done(struct scan_settings *settings)
{
    list_done(&settings->brands);
    list_done(&settings->include);
    list_done(&settings->exclude);
    sweep_settings_done(&settings->sweep);
}

/* Brings the lists into the plan. */
static void complete_plan(struct scan_settings *settings, char **targets, int count)
{
    struct scan_plan *plan = &settings->plan;
    plan->targets = (const char *const *)targets;
    plan->target_count = (size_t)count;
    plan->options.brands = settings->brands.count > 0 ? settings->brands.items : NULL;
    plan->walk.include = settings->include.items;
    plan->walk.include_count = settings->include.count;
    plan->walk.exclude = settings->exclude.items;
    plan->walk.exclude_count = settings->exclude.count;
    plan->sweep = sweep_settings_plan(&settings->sweep);
}

/* One ledger is of one database. */
static int are_too_many(const struct command *self, char **targets, int count)
{
    int databases = 0;
    for (int index = 0; index < count; index++)
        databases += is_database(targets[index]);
    if (databases < 2)
        return 0;
    command_problem(self, NULL, "databases are swept one at a time", "name one of them");
    return 1;
}

static int run_plan(const struct command *self, struct scan_plan *plan)
{
    struct outcome outcome;
    struct stop stop;
    int status = EXIT_INCOMPLETE;
    outcome_init(&outcome);
    signals_watch(&stop);
    plan->walk.stop = stop.flag;
    if (job_scan(plan, &stop, STDOUT_FILENO, &outcome) != SIEVE_OK) {
        struct bytes thing = safe_text_bytes(&outcome.thing);
        command_problem_of(self, thing, outcome.reason);
    } else {
        if (plan->statistics)
            statistics_print(&outcome);
        if (outcome.note)
            command_problem(self, NULL, outcome.note, NULL);
        if (outcome.findings > 0)
            status = EXIT_FOUND;
        else if (outcome.complete || outcome.closed_pipe)
            status = EXIT_CLEAN;
    }
    command_go_on(safe_text_bytes(&outcome.ledger));
    outcome_done(&outcome);
    return status;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct scan_settings settings;
    int count = 0;
    int status = EXIT_INCOMPLETE;
    settings_init(&settings);
    switch (options_parse(self, argc, argv, &settings, &count)) {
    case OPTIONS_HELP:
        status = EXIT_CLEAN;
        break;
    case OPTIONS_BAD:
        break;
    case OPTIONS_OK:
        if (count == 0 && !settings.sweep.plan.resume) {
            command_problem(self, NULL, "nothing to scan",
                            "name files or directories, or - for standard input");
            break;
        }
        if (are_too_many(self, argv + 1, count))
            break;
        complete_plan(&settings, argv + 1, count);
        status = run_plan(self, &settings.plan);
        break;
    }
    settings_done(&settings);
    return status;
}

const struct command command_scan = {
    .name = "scan",
    .operands = "TARGET...",
    .summary = "find card data in files, streams and databases; change nothing",
    .notes =
        "TARGET is a file, a directory with all that is in it, or - for standard "
        "input,\nor a database: sqlite:FILE, postgresql://... or mysql://...  A database "
        "is read\nwhole, in one snapshot; what was read and found stands in a ledger, "
        "and a sweep\nthat was ended goes on from it.\n"
        "Compressed files (gzip, zstd, bzip2, xz, lz4) are told by their content "
        "and read\nthrough.  What cannot be read through is listed as not examined.\n"
        "\n"
        "Exit status: 0 everything was examined and nothing found; 1 something was\n"
        "found; 2 nothing found, but something could not be examined, or the "
        "command\ncould not run.\n",
    .options = scan_options,
    .run = run,
};
