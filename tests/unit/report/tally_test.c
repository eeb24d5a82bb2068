#include <criterion/criterion.h>
#include <stdio.h>

#include "unit/report/report_fixture.h"

Test(tally, keeps_the_files_with_most_findings)
{
    static struct tally tally;
    tally_init(&tally);
    for (unsigned index = 1; index <= 100; index++) {
        static struct count count;
        char name[32];
        snprintf(name, sizeof name, "file %u", index);
        count_clear(&count);
        for (unsigned times = 0; times < index; times++)
            count_finding(&count, &fixture_finding);
        cr_assert_eq(tally_add(&tally, &count, bytes_of_text(name)), SIEVE_OK);
    }
    cr_assert_eq(tally.files_with_findings, 100);
    cr_assert_eq(tally.file_count, TALLY_FILES_MAX);
    for (size_t index = 0; index < TALLY_FILES_MAX; index++)
        cr_assert_gt(tally.files[index].findings, 100 - TALLY_FILES_MAX);
    cr_assert_eq(tally.found.findings, 5050);
    cr_assert_eq(tally.found.brand_count, 1);
    cr_assert_eq(tally.found.brands[0].by_confidence[SIEVE_HIGH], 5050);
    tally_done(&tally);
}

Test(tally, more_brands_than_it_has_rows_for)
{
    static struct count count;
    static sieve_brand brands[2 * TALLY_BRANDS_MAX];
    for (size_t index = 0; index < 2 * TALLY_BRANDS_MAX; index++) {
        sieve_finding finding = fixture_finding;
        finding.brand = &brands[index];
        count_finding(&count, &finding);
    }
    uint64_t sum = 0;
    cr_assert_eq(count.brand_count, TALLY_BRANDS_MAX);
    for (size_t index = 0; index < TALLY_BRANDS_MAX; index++)
        sum += count.brands[index].findings;
    cr_assert_eq(sum, 2 * TALLY_BRANDS_MAX);
}

Test(tally, a_cleared_count_is_empty)
{
    static struct count count;
    count_finding(&count, &fixture_finding);
    count_clear(&count);
    cr_assert_eq(count.findings, 0);
    cr_assert_eq(count.brand_count, 0);
    count_finding(&count, &fixture_finding);
    cr_assert_eq(count.brands[0].findings, 1);
    cr_assert_eq(count.brands[0].by_confidence[SIEVE_HIGH], 1);
}

Test(tally, unexamined_is_not_complete)
{
    static struct tally tally;
    tally_init(&tally);
    cr_assert(tally_is_complete(&tally));
    tally_unexamined(&tally, "permission denied");
    cr_assert_not(tally_is_complete(&tally));
    tally_init(&tally);
    tally.interrupted = 1;
    cr_assert_not(tally_is_complete(&tally));
}
