#include "job/tier_table.h"

#include <stdlib.h>

#include "patterns/patterns.h"
#include "patterns/rows.h"

#define LEAD_DIGITS 4u
#define LEADS       10000u

struct tier_table {
    struct pattern_set *patterns;
    const struct range_row **rows;
    size_t row_count;
    unsigned char leads[LEADS]; /* 1: some row has numbers that begin so */
};

/* The first digits, as a number. */
static uint64_t lead_of(struct bytes digits, size_t length)
{
    uint64_t lead = 0;
    for (size_t index = 0; index < length; index++)
        lead = 10 * lead + (uint64_t)(digits.at[index] - '0');
    return lead;
}

/* A prefix shortened or lengthened (by `filler`) to the digits that lead. */
static size_t lead_of_prefix(uint64_t prefix, unsigned length, unsigned filler)
{
    for (; length > LEAD_DIGITS; length--)
        prefix /= 10;
    for (; length < LEAD_DIGITS; length++)
        prefix = 10 * prefix + filler;
    return (size_t)prefix % LEADS;
}

static void add_row(struct tier_table *tiers, const struct range_row *row)
{
    const size_t last = lead_of_prefix(row->last, row->prefix_length, 9);
    tiers->rows[tiers->row_count++] = row;
    for (size_t lead = lead_of_prefix(row->first, row->prefix_length, 0); lead <= last;
         lead++)
        tiers->leads[lead] = 1;
}

sieve_status tier_table_new(const sieve_options *options, struct tier_table **out)
{
    struct tier_table *tiers = calloc(1, sizeof *tiers);
    if (!tiers)
        return SIEVE_E_MEMORY;
    sieve_error error;
    sieve_status status = patterns_merge(&builtin_patterns, options->tables,
                                         options->table_count, &tiers->patterns, &error);
    if (status == SIEVE_OK) {
        tiers->rows =
            calloc(tiers->patterns->range_count + 1, sizeof(const struct range_row *));
        status = tiers->rows ? SIEVE_OK : SIEVE_E_MEMORY;
    }
    if (status != SIEVE_OK) {
        tier_table_free(tiers);
        return status;
    }
    for (size_t index = 0; index < tiers->patterns->range_count; index++) {
        if (tiers->patterns->ranges[index].tier == TIER_A)
            add_row(tiers, &tiers->patterns->ranges[index]);
    }
    *out = tiers;
    return SIEVE_OK;
}

void tier_table_free(struct tier_table *tiers)
{
    if (!tiers)
        return;
    patterns_free(tiers->patterns);
    free(tiers->rows);
    free(tiers);
}

int tier_table_has(const struct tier_table *tiers, struct bytes digits)
{
    if (!tiers || digits.length < PAN_DIGITS_MIN || digits.length > PAN_DIGITS_MAX ||
        !tiers->leads[lead_of(digits, LEAD_DIGITS)])
        return 0;
    for (size_t index = 0; index < tiers->row_count; index++) {
        const struct range_row *row = tiers->rows[index];
        if (!(row->length_mask >> digits.length & 1) ||
            row->prefix_length > digits.length)
            continue;
        const uint64_t lead = lead_of(digits, row->prefix_length);
        if (lead >= row->first && lead <= row->last)
            return 1;
    }
    return 0;
}
