/* Sections 2 and 9 of docs/detection.md: overlapping starts, what is reported of them,
 * and what is masked. */
#include <criterion/criterion.h>

#include "unit/detect/cases.h"

Test(overlap, a_refused_start_hides_nothing)
{
    static const struct found_case cases[] = {
        {"2026 4111 1111 1111 1111", "5+19 pan high ascii visa"},
        {"12 4111 1111 1111 1111", "3+19 pan high ascii visa"},
        {"12 4111111111111111", "3+16 pan high ascii visa"},
        {"9999 4321 9999 9999 9995 1234 5678 9000", "5+19 pan high ascii visa"},
        {"4111 1111 1111 1111 123", "0+19 pan high ascii visa"},
        {"4111 1111 1111 1111 12 27", "0+19 pan high ascii visa"},
        {"2026-01-15 4111-1111-1111-1111", "11+19 pan high ascii visa"},
    };
    CHECK_FOUND(cases, NULL);
}

/* 4-4-4-4 and 4-4-4-4-3 of the same digits may both be numbers. */
Test(overlap, a_shorter_number_inside_a_longer_one)
{
    struct engine engine = engine_open(NULL);
    struct findings findings = {0};
    static const char text[] = "4111 1111 1111 1111 006 4111 1111 1111 1111";
    cr_assert_eq(engine_scan(&engine, text, sizeof text - 1, &findings), SIEVE_OK);
    for (size_t i = 1; i < findings.count; i++)
        cr_assert_geq(findings.at[i].offset,
                      findings.at[i - 1].offset + findings.at[i - 1].length);
    findings_done(&findings);
    engine_close(&engine);
}

Test(overlap, sensitive_data_wins)
{
    static const struct found_case cases[] = {
        {";4111111111111111=27121010000012345?", "0+36 track2 high ascii visa"},
        {"%B4111111111111111^DOE/JANE^27121010000000000000?",
         "0+49 track1 high ascii visa"},
        {"5A084111111111111111", "4+16 emv high ascii visa"},
    };
    CHECK_FOUND(cases, NULL);
}
