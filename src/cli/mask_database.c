#include "cli/mask_database.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/number.h"
#include "base/visible.h"
#include "cli/signals.h"
#include "job/job.h"

#define ANSWER_MAX 16

/* ---- setters ----------------------------------------------------------------------- */

static struct mask_database *database_of(void *settings)
{
    return settings;
}

const char *set_plan_file(void *settings, const char *value)
{
    database_of(settings)->order.plan = value;
    return *value ? NULL : "it is empty";
}

const char *set_apply(void *settings, const char *value)
{
    (void)value;
    database_of(settings)->order.apply = 1;
    return NULL;
}

const char *set_yes(void *settings, const char *value)
{
    (void)value;
    database_of(settings)->yes = 1;
    return NULL;
}

const char *set_numeric(void *settings, const char *value)
{
    static const struct {
        const char *name;
        enum numeric_choice choice;
    } choices[] = {
        {"null", NUMERIC_NULL}, {"zero", NUMERIC_ZERO}, {"skip", NUMERIC_SKIP}};
    for (size_t index = 0; index < sizeof choices / sizeof choices[0]; index++) {
        if (strcmp(value, choices[index].name) == 0) {
            database_of(settings)->order.numeric = choices[index].choice;
            return NULL;
        }
    }
    return "it is none of null, zero, skip";
}

const char *set_delete_sad(void *settings, const char *value)
{
    (void)value;
    database_of(settings)->order.delete_sensitive = 1;
    return NULL;
}

const char *set_readers(void *settings, const char *value)
{
    uint64_t count = 0;
    if (number_parse(value, WORKERS_MAX, &count) < 0 || count == 0)
        return "it is no number from 1 to 256";
    database_of(settings)->sweep.plan.readers = (unsigned)count;
    return NULL;
}

void mask_database_done(struct mask_database *database)
{
    sweep_settings_done(&database->sweep);
}

int mask_database_is_used(const struct mask_database *database)
{
    const struct sweep_settings *sweep = &database->sweep;
    const struct repair_order *order = &database->order;
    return order->plan || order->apply || order->numeric != NUMERIC_ASK ||
           order->delete_sensitive || database->yes || sweep->plan.ledger ||
           sweep->plan.resume || sweep->plan.readers > 0 || sweep->plan.rate > 0 ||
           sweep->plan.pause > 0 || sweep->databases.count > 0 ||
           sweep->schemas.count > 0 || sweep->tables.count > 0 ||
           sweep->excluded_tables.count > 0 || sweep->columns.count > 0;
}

/* ---- asking ------------------------------------------------------------------------ */

static int may_ask(void)
{
    return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

static int ask(struct bytes target, const struct repair_result *what, void *context)
{
    struct buffer shown;
    char number[NUMBER_TEXT_MAX];
    char answer[ANSWER_MAX] = "";
    (void)context;
    buffer_init(&shown, NAME_LENGTH_MAX);
    if (visible_append(&shown, target) != SIEVE_OK)
        shown.length = 0;
    number_grouped(what->rows, number);
    (void)fprintf(stderr, "%.*s: card data is in %s %s.  Change %s? [y/N] ",
                  (int)shown.length, shown.at ? (const char *)shown.at : "", number,
                  what->rows == 1 ? "row" : "rows", what->rows == 1 ? "it" : "them");
    buffer_done(&shown);
    if (!fgets(answer, sizeof answer, stdin))
        return 0;
    return strcmp(answer, "y\n") == 0 || strcmp(answer, "yes\n") == 0;
}

/* ---- running ----------------------------------------------------------------------- */

/* A device, a FIFO or a link would be gone afterwards. */
static int may_be_replaced(const char *path)
{
    struct stat about;
    return lstat(path, &about) < 0 || S_ISREG(about.st_mode);
}

/* A reason why these do not go together, NULL if they do; *way_out is what to do. */
static const char *contradiction(const struct mask_database *database,
                                 const struct mask_plan *plan, const char **way_out)
{
    *way_out = "see --help";
    if (!database->order.plan && !database->order.apply) {
        *way_out = "--plan FILE writes the SQL that would be run; --apply runs it";
        return "a database is changed by a plan only";
    }
    if (database->order.plan && !may_be_replaced(database->order.plan)) {
        *way_out = "--plan takes the name of a new file, or of a regular one";
        return "the plan would take the place of what is no regular file";
    }
    if (plan->in_place || plan->output)
        return "--in-place and --output are for files";
    if (database->sweep.plan.ledger && database->sweep.plan.resume)
        return "--ledger begins a new ledger, --resume goes on with one";
    if (plan->options.style == SIEVE_STYLE_TOKEN && !plan->key_file)
        return "--style token needs --key-file";
    if (plan->options.style != SIEVE_STYLE_TOKEN && plan->key_file)
        return "--key-file is for --style token";
    if (database->order.apply && !database->yes && !may_ask()) {
        *way_out = "--yes says that it is wanted";
        return "there is no terminal to ask on whether to change the database";
    }
    return NULL;
}

static int exit_status_of(const struct outcome *outcome,
                          const struct repair_result *result)
{
    if (result->is_declined || result->left > 0 || !outcome->complete)
        return EXIT_INCOMPLETE;
    return result->rows > 0 ? EXIT_FOUND : EXIT_CLEAN;
}

static int run(const struct command *self, const struct mask_plan *plan,
               const struct sweep_plan *sweep, const char *target)
{
    struct outcome outcome;
    struct stop stop;
    int status = EXIT_INCOMPLETE;
    outcome_init(&outcome);
    signals_watch(&stop);
    if (job_repair(plan, sweep, target, &stop, &outcome) != SIEVE_OK)
        command_problem_of(self, safe_text_bytes(&outcome.thing), outcome.reason);
    else
        status = exit_status_of(&outcome, sweep->repair->result);
    if (sweep->repair->result->is_declined)
        command_problem(self, NULL, "nothing was changed", NULL);
    command_go_on(safe_text_bytes(&outcome.ledger));
    outcome_done(&outcome);
    return status;
}

int mask_database_run(const struct command *self, struct mask_database *database,
                      const struct mask_plan *plan, const char *target)
{
    struct repair_result result = {.rows = 0};
    const char *way_out = NULL;
    const char *reason = contradiction(database, plan, &way_out);
    if (reason) {
        command_problem(self, NULL, reason, way_out);
        return EXIT_INCOMPLETE;
    }
    database->order.result = &result;
    if (database->order.apply && !database->yes)
        database->order.confirm = ask;
    struct sweep_plan sweep = sweep_settings_plan(&database->sweep);
    database->order.pause = sweep.pause;
    sweep.repair = &database->order;
    return run(self, plan, &sweep, target);
}
