#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "job/columns.h"

Test(columns, binomial_tail)
{
    /* Exact values. */
    cr_expect_lt(fabs(binomial_tail(1, 1, 0.1) - 0.1), 1e-12);
    cr_expect_lt(fabs(binomial_tail(3, 3, 0.1) - 1e-3), 1e-12);
    cr_expect_lt(fabs(binomial_tail(10, 2, 0.1) - 0.2639010709), 1e-9);
    cr_expect_lt(fabs(binomial_tail(20, 9, 0.1) - 5.985853174e-5), 1e-13);
    cr_expect_lt(fabs(binomial_tail(1000, 130, 0.1) / 0.00140 - 1), 0.05);
    cr_expect_eq(binomial_tail(5, 6, 0.1), 0);
    cr_expect_eq(binomial_tail(100, 5, 0.1), 1);
    cr_expect_lt(binomial_tail(1000000000, 200000000, 0.1), 1e-100);
    cr_expect_gt(binomial_tail(1000000000, 100001000, 0.1), 0.1);
}

static const char *near = "";

static enum column_verdict judge(uint64_t values, uint64_t numbers, uint64_t luhn,
                                 uint64_t findings, enum name_effect effect)
{
    char reason[COLUMN_REASON_MAX];
    const struct cell_counts counts = {
        .values = values, .numbers = numbers, .luhn = luhn, .findings = findings};
    const struct column_facts facts = {
        .counts = counts, .effect = effect, .neighbours = near};
    enum column_verdict verdict = column_judge(&facts, reason);
    cr_expect(near[0] == '\0' || strstr(reason, near));
    cr_expect_not_null(strstr(reason, "chance gives"));
    return verdict;
}

Test(columns, verdicts)
{
    cr_expect_eq(judge(1000, 1000, 100, 0, NAME_SILENT), COLUMN_CLEAN);
    cr_expect_eq(judge(0, 0, 0, 0, NAME_SILENT), COLUMN_CLEAN);
    cr_expect_eq(judge(1000, 1000, 1000, 1000, NAME_SILENT), COLUMN_CARDS);
    cr_expect_eq(judge(1000, 1000, 104, 23, NAME_SILENT), COLUMN_CHANCE);
    cr_expect_eq(judge(1000, 1000, 104, 23, NAME_LOWERS), COLUMN_CHANCE);
    /* Its name says so. */
    cr_expect_neq(judge(1000, 1000, 104, 23, NAME_RAISES), COLUMN_CHANCE);
    /* More than chance gives: some of them are cards. */
    cr_expect_eq(judge(1000, 1000, 300, 200, NAME_SILENT), COLUMN_TEXT);
    /* Too few to tell. */
    cr_expect_neq(judge(10, 10, 1, 1, NAME_SILENT), COLUMN_CHANCE);
    cr_expect_eq(judge(1000, 3, 3, 40, NAME_SILENT), COLUMN_TEXT);
}

Test(columns, neighbours_ask_chance_for_more)
{
    /* 30 ids tell nothing beside an expiry date; 1,000 do. */
    cr_expect_eq(judge(30, 30, 3, 1, NAME_SILENT), COLUMN_CHANCE);
    near = "the expiry date (exp)";
    cr_expect_neq(judge(30, 30, 3, 1, NAME_SILENT), COLUMN_CHANCE);
    cr_expect_eq(judge(1000, 1000, 104, 23, NAME_SILENT), COLUMN_CHANCE);
    /* 125 of 1,000 happen once in 200 times. */
    cr_expect_neq(judge(1000, 1000, 130, 23, NAME_SILENT), COLUMN_CHANCE);
    near = "";
    cr_expect_eq(judge(1000, 1000, 130, 23, NAME_SILENT), COLUMN_CHANCE);
}

Test(columns, what_comes_again_is_one_trial)
{
    char reason[COLUMN_REASON_MAX];
    struct column_facts facts = {
        .counts = {.values = 1000000,
                   .distinct = 100,
                   .numbers = 1000000,
                   .luhn = 130000,
                   .findings = 130000},
        .neighbours = "",
    };
    /* A hundred shop numbers, thirteen of which pass: as chance gives. */
    cr_expect_eq(column_judge(&facts, reason), COLUMN_CHANCE);
    cr_expect(strstr(reason, "about 100 distinct"));
    cr_expect(strstr(reason, "taken as 13 of 100"));
    facts.counts.distinct = 0;
    cr_expect_eq(column_judge(&facts, reason), COLUMN_TEXT);
    /* Three tell nothing. */
    facts.counts.distinct = 3;
    cr_expect_neq(column_judge(&facts, reason), COLUMN_CHANCE);
    /* Nearly all distinct is all distinct: an estimate is a little off. */
    facts.counts = (struct cell_counts){
        .values = 1000, .distinct = 900, .numbers = 1000, .luhn = 100};
    cr_expect_eq(column_trials_of(&facts.counts).count, 1000);
}

Test(columns, chance_explains_what_stands_alone)
{
    sieve_finding finding = {.kind = SIEVE_KIND_PAN};
    cr_expect(column_explains(COLUMN_CHANCE, &finding, 1));
    cr_expect_not(column_explains(COLUMN_CHANCE, &finding, 0));
    cr_expect_not(column_explains(COLUMN_TEXT, &finding, 1));
    finding.test_number = 1;
    cr_expect_not(column_explains(COLUMN_CHANCE, &finding, 1));
    finding = (sieve_finding){.kind = SIEVE_KIND_SECURITY_CODE};
    cr_expect_not(column_explains(COLUMN_CHANCE, &finding, 1));
}

Test(columns, a_name_may_be_wrong)
{
    struct cell_counts counts = {.values = 100, .numbers = 100, .luhn = 95};
    cr_expect(column_outweighs_name(&counts, NAME_LOWERS));
    cr_expect_not(column_outweighs_name(&counts, NAME_SILENT));
    counts.luhn = 80;
    cr_expect_not(column_outweighs_name(&counts, NAME_LOWERS));
    counts = (struct cell_counts){.values = 10, .numbers = 10, .luhn = 10};
    cr_expect_not(column_outweighs_name(&counts, NAME_LOWERS));
}
