#include "job/job.h"

#include <string.h>
#include <sys/stat.h>

#include "base/reason.h"
#include "job/key.h"
#include "job/mask_file.h"
#include "job/progress.h"
#include "job/rules.h"
#include "job/veil.h"

/* All that a run owns. */
struct mask_job {
    const struct mask_plan *plan;
    const struct mask_listener *listener;
    struct key key;
    struct rules rules;
    struct veil *veil;
    struct masking masking;
};

static sieve_status read_key(struct mask_job *job, struct outcome *outcome)
{
    const char *name = job->plan->key_file;
    if (!name)
        return SIEVE_OK;
    sieve_status status = key_read(name, &job->key, &outcome->reason);
    if (status != SIEVE_OK &&
        safe_text_set(&outcome->thing, bytes_of_text(name), NULL) != SIEVE_OK)
        status = SIEVE_E_MEMORY;
    return status;
}

static sieve_status make(struct mask_job *job, const struct stop *stop,
                         struct outcome *outcome)
{
    sieve_options options = job->plan->options;
    sieve_status status = read_key(job, outcome);
    if (status != SIEVE_OK)
        return status;
    options.key = job->plan->key_file ? job->key.bytes : NULL;
    options.key_length = job->key.length;
    status = rules_make(&options, job->plan->pattern_directory, &job->rules,
                        &outcome->thing, &outcome->reason);
    if (status != SIEVE_OK)
        return status;
    status = veil_new(&job->rules.options, &job->veil);
    if (status == SIEVE_OK)
        status = masking_init(&job->masking, job->plan, job->rules.ruleset, stop);
    if (status != SIEVE_OK)
        outcome->reason = "not enough memory";
    return status;
}

static void unmake(struct mask_job *job)
{
    masking_done(&job->masking);
    veil_free(job->veil);
    rules_done(&job->rules);
    key_done(&job->key);
}

/* The name a message is about. */
static const char *subject(const struct mask_job *job, const char *name,
                           const struct mask_result *result)
{
    const char *output = job->plan->output;
    if (result->reason && result->in_output && !job->plan->in_place)
        return output ? output : "standard output";
    return strcmp(name, "-") == 0 ? "standard input" : name;
}

static sieve_status tell(const struct mask_job *job, const char *name,
                         const struct mask_result *result)
{
    const struct mask_listener *listener = job->listener;
    struct safe_text safe;
    safe_text_init(&safe);
    sieve_status status =
        veil_set(job->veil, &safe, bytes_of_text(subject(job, name, result)));
    if (status == SIEVE_OK && result->reason)
        listener->failed(safe_text_bytes(&safe), result->reason, listener->context);
    else if (status == SIEVE_OK)
        listener->done(safe_text_bytes(&safe), result->findings, listener->context);
    safe_text_done(&safe);
    return status;
}

/* Progress for whoever looks at a terminal on which nothing else appears. */
static struct progress *show_progress(struct mask_job *job)
{
    struct progress *progress = NULL;
    struct stat about;
    uint64_t total = 0;
    if (!job->plan->progress)
        return NULL;
    for (size_t index = 0; index < job->plan->file_count; index++) {
        if (stat(job->plan->files[index], &about) == 0 && S_ISREG(about.st_mode))
            total += (uint64_t)about.st_size;
    }
    /* Without it the work is done as well. */
    return progress_new(&job->masking.headway, total, &progress) == SIEVE_OK ? progress
                                                                             : NULL;
}

static sieve_status mask_all(struct mask_job *job, struct outcome *outcome)
{
    const struct mask_plan *plan = job->plan;
    struct progress *progress = show_progress(job);
    sieve_status status = SIEVE_OK;
    outcome->complete = 1;
    for (size_t index = 0; index < plan->file_count && status == SIEVE_OK; index++) {
        struct mask_result result;
        mask_file(&job->masking, plan->files[index], &result);
        headway_add(&job->masking.headway.items, 1);
        if (progress)
            progress_clear(progress);
        status = tell(job, plan->files[index], &result);
        outcome->findings += result.reason ? 0 : result.findings;
        outcome->complete &= !result.reason;
        outcome->closed_pipe |= result.closed_pipe;
        if (result.interrupted) {
            outcome->complete &= index + 1 == plan->file_count;
            break;
        }
    }
    progress_free(progress);
    if (status != SIEVE_OK)
        outcome->reason = "not enough memory";
    return status;
}

sieve_status job_mask(const struct mask_plan *plan, const struct stop *stop,
                      const struct mask_listener *listener, struct outcome *outcome)
{
    struct mask_job job;
    memset(&job, 0, sizeof job);
    job.plan = plan;
    job.listener = listener;
    sieve_status status = make(&job, stop, outcome);
    if (status == SIEVE_OK)
        status = mask_all(&job, outcome);
    unmake(&job);
    return status;
}
