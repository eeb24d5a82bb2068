#include <criterion/criterion.h>

#include "job/tier_table.h"

static int has(const struct tier_table *tiers, const char *digits)
{
    return tier_table_has(tiers, bytes_of_text(digits));
}

Test(tier_table, knows_the_ranges)
{
    const sieve_options options = SIEVE_OPTIONS_DEFAULT;
    struct tier_table *tiers = NULL;
    cr_assert_eq(tier_table_new(&options, &tiers), SIEVE_OK);
    /* The check digit is not its affair. */
    cr_expect(has(tiers, "4539148803436460"));
    cr_expect(has(tiers, "5413330089020010"));
    cr_expect(has(tiers, "2221000000000000"));
    cr_expect(has(tiers, "378282246310000"));
    cr_expect_not(has(tiers, "1000000000000000"));
    cr_expect_not(has(tiers, "2220990000000000"));
    cr_expect_not(has(tiers, "9999999999999999"));
    cr_expect_not(has(tiers, "378282246310000000"));
    cr_expect_not(has(tiers, "123"));
    cr_expect_not(has(NULL, "4539148803436460"));
    tier_table_free(tiers);
    tier_table_free(NULL);
}

Test(tier_table, knows_the_users_own)
{
    static const char text[] = "brand\tfirst\tlast\tlengths\tluhn\ttier\tsource\n"
                               "visa\t9911\t9912\t16\tyes\tA\town\n";
    const sieve_table table = {"ranges.tsv", text, sizeof text - 1};
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    struct tier_table *tiers = NULL;
    options.tables = &table;
    options.table_count = 1;
    cr_assert_eq(tier_table_new(&options, &tiers), SIEVE_OK);
    cr_expect(has(tiers, "9912000000000000"));
    cr_expect_not(has(tiers, "9913000000000000"));
    tier_table_free(tiers);
}
