#include "job/cell_counts.h"

#include "job/luhn.h"
#include "job/tier_table.h"

void cell_counts_number(struct cell_counts *counts, struct bytes digits,
                        const struct tier_table *tiers)
{
    counts->numbers++;
    if (luhn_rest((const char *)digits.at, digits.length) != 0)
        return;
    counts->luhn++;
    counts->tier_a += (uint64_t)tier_table_has(tiers, digits);
}
