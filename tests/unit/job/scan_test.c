/* scan_test.c - whole runs, with one worker and with many; also under the thread
 * sanitizer, so without Criterion. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "job/job.h"

static int failures;

#define CHECK(claim)                                                                     \
    do {                                                                                 \
        if (!(claim)) {                                                                  \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #claim);                  \
            failures++;                                                                  \
        }                                                                                \
    } while (0)

#define SMALL_COUNT  300
#define LARGE_LENGTH (SHARED_LENGTH_MIN + 3 * PART_LENGTH + 12345)

static char directory[] = "/tmp/scan_test.XXXXXX";

static void put_small(void)
{
    char name[64];
    for (int index = 0; index < SMALL_COUNT; index++) {
        if (index % 50 == 0) {
            snprintf(name, sizeof name, "tree/d%d", index / 50);
            CHECK(mkdir(name, 0700) == 0);
        }
        snprintf(name, sizeof name, "tree/d%d/f%d", index / 50, index);
        FILE *file = fopen(name, "w");
        fprintf(file, "order %d\ncard 4111111111111111\n", index);
        fclose(file);
    }
}

static uint64_t put_large(const char *name)
{
    FILE *file = fopen(name, "w");
    uint64_t findings = 0;
    for (unsigned line = 0; ftell(file) < (long)LARGE_LENGTH; line++) {
        if (line % 211 == 0) {
            fprintf(file, "card 4111 1111 1111 1111 of %u\n", line);
            findings++;
        } else {
            fprintf(file,
                    line % 3 ? "somebody bought %u things and paid for them\n"
                             : "%u is where this line begins, and there it ends\n",
                    line);
        }
    }
    fclose(file);
    return findings;
}

static void scan(const char *target, unsigned workers, enum format format,
                 int summary_only, const char *output, uint64_t findings, int complete)
{
    const struct scan_plan plan = {
        .targets = &target,
        .target_count = 1,
        .options = SIEVE_OPTIONS_DEFAULT,
        .expansion = EXPANSION_DEFAULT,
        .workers = workers,
        .format = format,
        .summary_only = summary_only,
    };
    struct outcome outcome;
    int file = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    outcome_init(&outcome);
    CHECK(job_scan(&plan, NULL, file, &outcome) == SIEVE_OK);
    CHECK(outcome.findings == findings);
    CHECK(outcome.complete == complete);
    outcome_done(&outcome);
    close(file);
}

static char *read_all(const char *name)
{
    FILE *file = fopen(name, "r");
    char *text = NULL;
    size_t length = 0;
    if (getdelim(&text, &length, '\0', file) < 0)
        text = strdup("");
    fclose(file);
    /* The summary tells the time. */
    char *seconds = strstr(text, "\"seconds\"");
    if (seconds)
        *seconds = '\0';
    return text;
}

static void test_large(void)
{
    uint64_t findings = put_large("large");
    scan("large", 1, FORMAT_JSONL, 0, "one", findings, 1);
    char *one = read_all("one");
    for (unsigned workers = 2; workers <= 5; workers++) {
        scan("large", workers, FORMAT_JSONL, 0, "many", findings, 1);
        char *many = read_all("many");
        CHECK(strcmp(one, many) == 0);
        free(many);
    }
    scan("large", 4, FORMAT_TEXT, 0, "many", findings, 1);
    scan("large", 4, FORMAT_TEXT, 1, "many", findings, 1);
    free(one);
}

static void test_tree(void)
{
    put_small();
    for (unsigned workers = 1; workers <= 5; workers += 2) {
        scan("tree", workers, FORMAT_JSONL, 0, "out", SMALL_COUNT, 1);
        scan("tree", workers, FORMAT_TEXT, 1, "out", SMALL_COUNT, 1);
    }
    /* Small and large together. */
    CHECK(rename("large", "tree/d3/large") == 0);
    uint64_t findings = SMALL_COUNT + put_large("tree/large");
    findings += findings - SMALL_COUNT;
    scan("tree", 4, FORMAT_JSONL, 0, "out", findings, 1);
    scan("missing", 4, FORMAT_JSONL, 0, "out", 0, 0);
}

/* Nobody reads: the run ends, and ends well. */
static void test_full_output(void)
{
    const char *target = "tree";
    const struct scan_plan plan = {.targets = &target,
                                   .target_count = 1,
                                   .options = SIEVE_OPTIONS_DEFAULT,
                                   .expansion = EXPANSION_DEFAULT,
                                   .workers = 4};
    struct outcome outcome;
    int full = open("/dev/full", O_WRONLY);
    outcome_init(&outcome);
    CHECK(job_scan(&plan, NULL, full, &outcome) == SIEVE_E_IO);
    CHECK(outcome.reason && strcmp(outcome.reason, "no space left on the device") == 0);
    outcome_done(&outcome);
    close(full);
}

static void test_interrupt(void)
{
    atomic_int flag = 1;
    const struct stop stop = {&flag, -1};
    const char *target = "tree";
    struct scan_plan plan = {.targets = &target,
                             .target_count = 1,
                             .options = SIEVE_OPTIONS_DEFAULT,
                             .expansion = EXPANSION_DEFAULT,
                             .workers = 4};
    struct outcome outcome;
    int output = open("out", O_WRONLY | O_TRUNC);
    plan.walk.stop = &flag;
    outcome_init(&outcome);
    CHECK(job_scan(&plan, &stop, output, &outcome) == SIEVE_OK);
    CHECK(outcome.complete == 0);
    outcome_done(&outcome);
    close(output);
}

int main(void)
{
    char command[64];
    if (!mkdtemp(directory) || chdir(directory) != 0 || mkdir("tree", 0700) != 0)
        return 1;
    test_large();
    test_tree();
    test_full_output();
    test_interrupt();
    snprintf(command, sizeof command, "rm -rf %s", directory);
    CHECK(system(command) == 0);
    return failures > 0;
}
