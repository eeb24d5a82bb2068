/* inventory_torture.c - each allocation fails in turn while a report is made: it ends
 * with a status and a reason or is whole, it never crashes, leaks, or leaves a
 * half-written file.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "job/inventory.h"
#include "job/job.h"
#include "support/starve.h"

static char directory[] = "/tmp/inventory_torture.XXXXXX";
static int failures;

/* A ledger as a sweep leaves it. */
static void make_ledger(void)
{
    const char *targets[] = {"sqlite:shop.db"};
    const struct scan_plan plan = {
        .targets = targets,
        .target_count = 1,
        .options = SIEVE_OPTIONS_DEFAULT,
        .expansion = EXPANSION_DEFAULT,
        .workers = 1,
        .quiet = 1,
        .sweep = {.ledger = "ledger", .readers = 1},
    };
    struct outcome outcome;
    if (system("sqlite3 shop.db \"CREATE TABLE orders(id INTEGER PRIMARY KEY, memo TEXT);"
               "INSERT INTO orders VALUES (1, 'card 4111 1111 1111 1111 cvv=123'),"
               "(2, '{\\\"pan\\\":\\\"5555555555554444\\\"}')\"") != 0)
        exit(77); /* without the tool there is no database to sweep */
    outcome_init(&outcome);
    if (job_scan(&plan, NULL, -1, &outcome) != SIEVE_OK || outcome.findings != 3)
        failures++;
    outcome_done(&outcome);
}

static void torture(enum inventory_format format)
{
    const struct inventory_plan plan = {
        .ledger = "ledger",
        .output = "report",
        .title = "of order 123456789012",
        .format = format,
        .style = {LANGUAGE_JA, 100},
        .made = 1700000000,
    };
    sieve_status status = SIEVE_E_MEMORY;
    long whole = -1;
    long call = 1;
    for (; call < 100000; call++) {
        struct inventory_outcome outcome;
        struct stat about;
        unlink("report");
        inventory_outcome_init(&outcome);
        starve_begin(call);
        status = job_inventory(&plan, -1, &outcome);
        const int was_reached = starve_end();
        const int is_there = stat("report", &about) == 0;
        if (is_there != (status == SIEVE_OK) || (status != SIEVE_OK && !outcome.reason))
            failures++;
        if (is_there && (outcome.findings != 3 || !outcome.complete))
            failures++;
        if (!was_reached)
            whole = (long)about.st_size;
        inventory_outcome_done(&outcome);
        if (!was_reached)
            break;
    }
    if (status != SIEVE_OK || whole < 500)
        failures++;
    printf("format %d: %ld allocations failed in turn, %ld bytes\n", (int)format,
           call - 1, whole);
}

int main(void)
{
    if (!mkdtemp(directory) || chdir(directory) != 0)
        return 1;
    make_ledger();
    for (unsigned format = INVENTORY_TEXT; format <= INVENTORY_JSONL; format++)
        torture((enum inventory_format)format);
    if (chdir("/") != 0)
        return 1;
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", directory);
    if (system(command) != 0)
        failures++;
    printf("%d failures\n", failures);
    return failures > 0;
}
