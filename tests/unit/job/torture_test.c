/* torture_test.c - each allocation fails in turn: the run ends with a status or goes
 * on, it never crashes, leaks or calls a thing clean that it did not examine. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "job/job.h"
#include "support/starve.h"

static char directory[] = "/tmp/torture_test.XXXXXX";
static int failures;

static void make_files(void)
{
    int bad =
        system("mkdir tree && printf 'card 4111111111111111 \\202\\240\\n' >tree/plain"
               " && cp tree/plain 'tree/4111111111111111'"
               " && gzip -c tree/plain | xz -c | zstd -qc | bzip2 -c >tree/coded"
               " && lz4 -qc tree/plain >tree/lz4"
               " && printf 'PK\\003\\004' >tree/zip"
               " && printf '%%PDF-1 /FlateDecode' >tree/pdf");
    if (bad)
        failures++;
}

static void scan(unsigned workers, enum format format, struct outcome *outcome,
                 sieve_status *status)
{
    const char *targets[] = {"tree", "missing"};
    const struct scan_plan plan = {
        .targets = targets,
        .target_count = 2,
        .options = SIEVE_OPTIONS_DEFAULT,
        .expansion = EXPANSION_DEFAULT,
        .workers = workers,
        .format = format,
        .quiet = 0,
    };
    int output = open("/dev/null", O_WRONLY);
    outcome_init(outcome);
    *status = job_scan(&plan, NULL, output, outcome);
    close(output);
}

static void torture_scan(unsigned workers, enum format format)
{
    sieve_status status = SIEVE_E_MEMORY;
    long call = 1;
    for (; call < 100000; call++) {
        struct outcome outcome;
        starve_begin(call);
        scan(workers, format, &outcome, &status);
        int was_reached = starve_end();
        if (status == SIEVE_OK && outcome.complete)
            failures++; /* "missing" cannot have been examined */
        if (status != SIEVE_OK && !outcome.reason)
            failures++;
        outcome_done(&outcome);
        if (!was_reached)
            break;
    }
    if (status != SIEVE_OK)
        failures++;
    printf("scan: %ld allocations failed in turn\n", call - 1);
}

static void done(struct bytes name, uint64_t findings, void *context)
{
    (void)name;
    (void)findings;
    (void)context;
}

static void failed(struct bytes name, const char *reason, void *context)
{
    (void)name;
    (void)context;
    if (!reason)
        failures++;
}

static void torture_mask(const char *name)
{
    const struct mask_listener listener = {done, failed, NULL};
    const struct mask_plan plan = {
        .files = &name,
        .file_count = 1,
        .output = "masked",
        .options = SIEVE_OPTIONS_DEFAULT,
        .expansion = EXPANSION_DEFAULT,
    };
    sieve_status status = SIEVE_E_MEMORY;
    long call = 1;
    for (; call < 100000; call++) {
        struct outcome outcome;
        unlink("masked");
        outcome_init(&outcome);
        starve_begin(call);
        status = job_mask(&plan, NULL, &listener, &outcome);
        int was_reached = starve_end();
        /* Nothing half done, and nothing done in silence. */
        int is_there = access("masked", F_OK) == 0;
        if (is_there != (status == SIEVE_OK && outcome.complete) &&
            !(is_there && status == SIEVE_E_MEMORY))
            failures++;
        outcome_done(&outcome);
        if (!was_reached)
            break;
    }
    if (status != SIEVE_OK || access("masked", F_OK) != 0)
        failures++;
    printf("mask: %ld allocations failed in turn\n", call - 1);
}

int main(void)
{
    int silent = open("/dev/null", O_WRONLY);
    if (!mkdtemp(directory) || chdir(directory) != 0 || dup2(silent, 2) < 0)
        return 1;
    close(silent);
    make_files();
    torture_scan(1, FORMAT_TEXT);
    torture_scan(1, FORMAT_JSONL);
    torture_mask("tree/plain");
    torture_mask("tree/coded");
    if (chdir("/") != 0)
        return 1;
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", directory);
    if (system(command) != 0)
        failures++;
    printf("%d failures\n", failures);
    return failures > 0;
}
