#include <criterion/criterion.h>

#include "base/limits.h"
#include "job/spool.h"

Test(spool, gives_back_what_was_put_in)
{
    struct spool spool;
    spool_init(&spool);
    for (uint64_t index = 0; index < 100; index++) {
        sieve_finding finding = {.offset = index, .shown = "411111******1111"};
        const struct sighting sighting = {
            .finding = &finding,
            .line = index + 1,
            .column = 2,
            .excerpt = bytes_of("an excerpt", index % 11),
            .shown_at = 1,
            .shown_length = 2,
        };
        cr_assert_eq(spool_add(&spool, &sighting), SIEVE_OK);
    }
    cr_assert_eq(spool.count, 100);
    size_t cursor = 0;
    struct sighting sighting;
    sieve_finding finding;
    for (uint64_t index = 0; index < 100; index++) {
        cr_assert_eq(spool_next(&spool, &cursor, &sighting, &finding), 1);
        cr_assert_eq(sighting.finding->offset, index);
        cr_assert_str_eq(sighting.finding->shown, "411111******1111");
        cr_assert_eq(sighting.line, index + 1);
        cr_assert_eq(sighting.excerpt.length, index % 11);
        cr_assert_eq(sighting.card, 0);
        if (sighting.excerpt.length > 0)
            cr_assert_arr_eq(sighting.excerpt.at, "an excerpt", sighting.excerpt.length);
    }
    cr_assert_eq(spool_next(&spool, &cursor, &sighting, &finding), 0);
    spool_done(&spool);
}

Test(spool, has_a_ceiling_and_can_be_emptied)
{
    struct spool spool;
    const sieve_finding finding = {.offset = 1};
    const struct sighting sighting = {.finding = &finding};
    sieve_status status = SIEVE_OK;
    spool_init(&spool);
    for (int times = 0; times < 2; times++) {
        while ((status = spool_add(&spool, &sighting)) == SIEVE_OK) {
        }
        cr_assert_eq(status, SIEVE_E_LIMIT);
        cr_assert_gt(spool.count, 1000);
        cr_assert_leq(spool.records.capacity, SPOOL_CAPACITY_MAX);
        spool_clear(&spool);
        cr_assert_eq(spool.count, 0);
    }
    spool_done(&spool);
}
