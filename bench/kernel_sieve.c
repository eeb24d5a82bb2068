/* Our library over one block, through its public header. */
#include "kernels.h"

#include <stdlib.h>

#include "cardsieve.h"

struct sieve_state {
    sieve_ruleset *ruleset;
    sieve_scanner *scanner;
    uint64_t count;
};

static void *sieve_open(size_t length)
{
    struct sieve_state *state = calloc(1, sizeof *state);
    (void)length;
    if (!state || sieve_ruleset_new(NULL, &state->ruleset, NULL) != SIEVE_OK ||
        sieve_scanner_new(state->ruleset, &state->scanner) != SIEVE_OK)
        kernel_fail("cannot make a scanner");
    return state;
}

static void sieve_close(void *context)
{
    struct sieve_state *state = context;
    sieve_scanner_free(state->scanner);
    sieve_ruleset_free(state->ruleset);
    free(state);
}

static sieve_next count_finding(const sieve_finding *finding, void *context)
{
    (void)finding;
    ((struct sieve_state *)context)->count++;
    return SIEVE_CONTINUE;
}

static uint64_t sieve_run(void *context, const char *bytes, size_t length)
{
    struct sieve_state *state = context;
    state->count = 0;
    if (sieve_scan(state->scanner, bytes, length, count_finding, state) != SIEVE_OK)
        kernel_fail("the scan failed");
    return state->count;
}

const struct kernel KERNEL_SIEVE = {"cardsieve", "findings", sieve_open, sieve_run,
                                    sieve_close};
