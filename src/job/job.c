#include "job/job.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/reason.h"
#include "job/pool.h"
#include "job/progress.h"
#include "job/rules.h"
#include "job/sweep.h"
#include "source/locate.h"
#include "source/walk.h"

/* All that a run owns. */
struct job {
    struct run run;
    struct rules rules;
    struct writer writer;
    struct writer error_writer;
    struct report *report;
    struct report *errors;
    struct desk *desk;
    struct veil *veil;
    struct pool *pool;
    pthread_mutex_t gate;
};

void outcome_init(struct outcome *outcome)
{
    memset(outcome, 0, sizeof *outcome);
    safe_text_init(&outcome->thing);
    safe_text_init(&outcome->ledger);
}

void outcome_done(struct outcome *outcome)
{
    safe_text_done(&outcome->thing);
    safe_text_done(&outcome->ledger);
}

static sieve_status scan_targets(struct job *job, struct outcome *outcome)
{
    const struct scan_plan *plan = job->run.plan;
    struct door *door = pool_door(job->pool);
    const char *database = NULL;
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < plan->target_count && status == SIEVE_OK; index++) {
        if (is_database(plan->targets[index]))
            database = plan->targets[index];
        else
            status = walk(&plan->walk, plan->targets[index], door);
    }
    sieve_status closed = pool_close(job->pool);
    status = status == SIEVE_OK ? closed : status;
    if (status == SIEVE_OK && (database || plan->sweep.resume))
        status = sweep_run(&job->run, database, outcome);
    return status;
}

/* ---- making and unmaking ----------------------------------------------------------- */

static sieve_status make_report(struct job *job, int output)
{
    const struct scan_plan *plan = job->run.plan;
    const struct report_style style = {plan->colour, plan->summary_only};
    sieve_status status = writer_init(&job->writer, output);
    if (status != SIEVE_OK || plan->quiet)
        return status;
    return plan->format == FORMAT_JSONL
               ? jsonl_report_new(&job->writer, &style, &job->report)
               : text_report_new(&job->writer, &style, &job->report);
}

/* On a terminal the list at the end tells the same. */
static sieve_status make_errors(struct job *job, int output)
{
    if (!job->run.plan->quiet && isatty(output))
        return SIEVE_OK;
    sieve_status status = writer_init(&job->error_writer, STDERR_FILENO);
    return status == SIEVE_OK ? quiet_report_new(&job->error_writer, &job->errors)
                              : status;
}

static sieve_status make_desk(struct job *job)
{
    const struct outlet output = {job->report, &job->writer};
    const struct outlet errors = {job->errors, &job->error_writer};
    return desk_new(&output, &errors, &job->desk);
}

static sieve_status make(struct job *job, int output, struct outcome *outcome)
{
    const struct scan_plan *plan = job->run.plan;
    sieve_status status = rules_make(&plan->options, plan->pattern_directory, &job->rules,
                                     &outcome->thing, &outcome->reason);
    if (status != SIEVE_OK)
        return status;
    job->run.ruleset = job->rules.ruleset;
    job->run.has_expressions = rules_have_expressions(&job->rules);
    status = make_report(job, output);
    if (status == SIEVE_OK)
        status = make_errors(job, output);
    if (status == SIEVE_OK)
        status = make_desk(job);
    if (status == SIEVE_OK)
        status = veil_new(&job->rules.options, &job->veil);
    job->run.desk = job->desk;
    job->run.veil = job->veil;
    if (status == SIEVE_OK)
        status = pool_new(&job->run, plan->workers, &job->pool);
    if (status != SIEVE_OK)
        outcome->reason = "not enough memory";
    return status;
}

static void unmake(struct job *job)
{
    pool_free(job->pool);
    veil_free(job->veil);
    desk_free(job->desk);
    report_free(job->report);
    report_free(job->errors);
    writer_done(&job->writer);
    writer_done(&job->error_writer);
    rules_done(&job->rules);
}

/* ---- the run ----------------------------------------------------------------------- */

static void tell_outcome(struct job *job, sieve_status status, struct outcome *outcome)
{
    const struct tally *tally = desk_tally(job->desk);
    /* The sums know of items that have ended, the headway of all; but of what a sweep
     * has found only the sums know what chance does not explain. */
    outcome->findings = tally->found.findings;
    if (outcome->findings == 0 && tally->snapshots == 0)
        outcome->findings = headway_read(&desk_headway(job->desk)->findings);
    outcome->complete = tally_is_complete(tally);
    outcome->closed_pipe = job->writer.status == SIEVE_STOPPED;
    if (status == SIEVE_OK || outcome->closed_pipe || outcome->reason)
        return;
    const sieve_error error = {status, NULL, NULL, 0, job->writer.system};
    outcome->reason = reason_of_error(&error);
    if (job->writer.status != SIEVE_OK &&
        safe_text_set(&outcome->thing, bytes_of_text("standard output"), NULL) !=
            SIEVE_OK)
        outcome->reason = "not enough memory";
}

/* Bytes the targets have, 0 if one of them does not say. */
static uint64_t known_total(const struct scan_plan *plan)
{
    uint64_t total = 0;
    for (size_t index = 0; index < plan->target_count; index++) {
        struct stat about;
        if (stat(plan->targets[index], &about) < 0 || !S_ISREG(about.st_mode))
            return 0;
        total += (uint64_t)about.st_size;
    }
    return total;
}

static sieve_status scan_with_progress(struct job *job, struct outcome *outcome)
{
    struct progress *progress = NULL;
    const struct scan_plan *plan = job->run.plan;
    if (plan->progress) {
        sieve_status status =
            progress_new(desk_headway(job->desk), known_total(plan), &progress);
        if (status != SIEVE_OK)
            return status;
        desk_before_write(job->desk, progress_clear, progress);
    }
    sieve_status status = scan_targets(job, outcome);
    desk_before_write(job->desk, NULL, NULL);
    progress_free(progress);
    return status;
}

/* A ledger that is gone on with names its target itself. */
static size_t target_count(const struct scan_plan *plan)
{
    size_t databases = 0;
    for (size_t index = 0; index < plan->target_count; index++)
        databases += (size_t)is_database(plan->targets[index]);
    return plan->target_count + (plan->sweep.resume && databases == 0);
}

static sieve_status run(struct job *job, struct outcome *outcome)
{
    const struct scan_plan *plan = job->run.plan;
    const uint64_t began = clock_now();
    sieve_status status = scan_with_progress(job, outcome);
    int interrupted = job->run.stop && *job->run.stop->flag;
    outcome->nanoseconds = clock_now() - began;
    if (status == SIEVE_OK || (status == SIEVE_STOPPED && interrupted))
        status =
            desk_close(job->desk, target_count(plan), outcome->nanoseconds, interrupted);
    if (plan->statistics)
        pool_stats(job->pool, &outcome->stats);
    tell_outcome(job, status, outcome);
    return outcome->closed_pipe ? SIEVE_OK : status;
}

sieve_status job_scan(const struct scan_plan *plan, const struct stop *stop, int output,
                      struct outcome *outcome)
{
    struct job job;
    memset(&job, 0, sizeof job);
    job.run.plan = plan;
    job.run.stop = stop;
    job.run.gate = &job.gate;
    if (pthread_mutex_init(&job.gate, NULL) != 0)
        return SIEVE_E_MEMORY; /* on Linux it never fails */
    if (fstat(output, &job.run.output) < 0)
        job.run.output.st_mode = 0; /* the writer will tell */
    sieve_status status = make(&job, output, outcome);
    if (status == SIEVE_OK)
        status = run(&job, outcome);
    unmake(&job);
    pthread_mutex_destroy(&job.gate);
    return status;
}
