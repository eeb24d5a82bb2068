/* torture.c - the N-th allocation fails, for every N: a status, no leak, no crash.
 *
 * Plain, without Criterion, whose own allocations would be counted too. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cardsieve.h"
#include "support/starve.h"

/* ---- what is tried ---------------------------------------------------------------- */

static const char text[] =
    "id,card_number,cvv\n1,4111111111111111,123\n2,5555 5555 5555 4444,999\n"
    "%B4111111111111111^DOE/JANE^27121010000000000000?;4111111111111111=27121010000?\n"
    "5A084111111111111111 \\u0034111111111111111 4111%201111%201111%201111 rule-77\n";

static const char ranges[] = "brand\tfirst\tlast\tlengths\tluhn\ttier\tsource\nvisa\t4444"
                             "\t4444\t17\tyes\tA\tours\n";

static sieve_next count_finding(const sieve_finding *finding, void *context)
{
    (void)finding;
    ++*(unsigned *)context;
    return SIEVE_CONTINUE;
}

static sieve_status swallow(const void *bytes, size_t length, void *context)
{
    (void)bytes;
    *(size_t *)context += length;
    return SIEVE_OK;
}

static void ignore_verdict(const sieve_verdict *verdict, void *context)
{
    (void)verdict;
    (void)context;
}

static sieve_status use_stream(sieve_scanner *scanner)
{
    size_t handed = 0;
    sieve_stream_sink sink = {NULL, swallow, &handed};
    sieve_stream *stream = NULL;
    sieve_status status = sieve_stream_new(scanner, &sink, &stream);
    if (status != SIEVE_OK)
        return status;
    for (size_t at = 0; status == SIEVE_OK && at < sizeof text - 1; at += 50) {
        size_t left = sizeof text - 1 - at;
        status = sieve_stream_write(stream, text + at, left < 50 ? left : 50);
    }
    if (status == SIEVE_OK)
        status = sieve_stream_finish(stream);
    sieve_stream_free(stream);
    if (status == SIEVE_OK && handed != sizeof text - 1)
        status = SIEVE_E_INTERNAL;
    return status;
}

static sieve_status use_scanner(const sieve_ruleset *ruleset)
{
    char copy[sizeof text];
    unsigned count = 0;
    sieve_scanner *scanner = NULL;
    sieve_status status = sieve_scanner_new(ruleset, &scanner);
    if (status != SIEVE_OK)
        return status;
    memcpy(copy, text, sizeof text);
    status = sieve_scan(scanner, text, sizeof text - 1, count_finding, &count);
    if (status == SIEVE_OK)
        status = sieve_mask(scanner, copy, sizeof text - 1, NULL, NULL);
    if (status == SIEVE_OK)
        status = sieve_explain(scanner, text, sizeof text - 1, ignore_verdict, NULL);
    if (status == SIEVE_OK)
        status = use_stream(scanner);
    sieve_scanner_free(scanner);
    if (status == SIEVE_OK && count == 0)
        status = SIEVE_E_INTERNAL;
    return status;
}

/* `tables`: with a user's own range, which copies and compiles more. */
static sieve_status use_all(int tables)
{
    const sieve_table table = {"ranges.tsv", ranges, sizeof ranges - 1};
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    sieve_error error;
    sieve_ruleset *ruleset = NULL;
    options.tables = tables ? &table : NULL;
    options.table_count = tables ? 1 : 0;
    sieve_status status = sieve_ruleset_new(&options, &ruleset, &error);
    if (status == SIEVE_OK)
        status = use_scanner(ruleset);
    sieve_ruleset_free(ruleset);
    return status;
}

/* Fails each call in turn until none is left to fail. */
static int torture(int tables)
{
    for (long call = 1; call < 1000000; call++) {
        starve_begin(call);
        sieve_status status = use_all(tables);
        int was_reached = starve_end();
        if (!was_reached && status == SIEVE_OK) {
            printf("torture%s: %ld allocations failed, each a status\n",
                   tables ? " with tables" : "", call - 1);
            return call == 1; /* nothing failed: the wrap does not work */
        }
        if (!was_reached || status != SIEVE_E_MEMORY) {
            printf("torture: allocation %ld of a run with%s tables ends in %s\n", call,
                   tables ? "" : "out", sieve_status_name(status));
            return 1;
        }
    }
    return 1;
}

int main(void)
{
    return torture(0) | torture(1);
}
