#include "job/job.h"

#include <unistd.h>

#include "job/key.h"

sieve_status job_repair(const struct mask_plan *plan, const struct sweep_plan *sweep,
                        const char *target, const struct stop *stop,
                        struct outcome *outcome)
{
    struct key key = {.length = 0};
    const struct scan_plan scan = {
        .targets = &target,
        .target_count = target != NULL,
        .options = plan->options,
        .pattern_directory = plan->pattern_directory,
        .sweep = *sweep,
        .expansion = plan->expansion,
        .workers = 1,
        .quiet = 1,
        /* A line that is written anew all the time would cover the question. */
        .progress = plan->progress && !sweep->repair->confirm,
    };
    struct scan_plan with_key = scan;
    sieve_status status = SIEVE_OK;
    if (plan->key_file) {
        status = key_read(plan->key_file, &key, &outcome->reason);
        if (status != SIEVE_OK)
            return safe_text_set(&outcome->thing, bytes_of_text(plan->key_file), NULL) ==
                           SIEVE_OK
                       ? status
                       : SIEVE_E_MEMORY;
        with_key.options.key = key.bytes;
        with_key.options.key_length = key.length;
    }
    status = job_scan(&with_key, stop, STDOUT_FILENO, outcome);
    key_done(&key);
    return status;
}
