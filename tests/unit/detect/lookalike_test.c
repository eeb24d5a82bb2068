/* Section 4 of docs/detection.md: numbers that are something else. */
#include <criterion/criterion.h>
#include <string.h>

#include "unit/detect/cases.h"

/* What refuses the one candidate of a text. */
static void note_refusal(const sieve_verdict *verdict, void *context)
{
    const char **refusal = context;
    if (!verdict->accepted)
        *refusal = verdict->refusal;
}

static void check_refusal(const char *text, const char *wanted)
{
    const char *refusal = NULL;
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    options.min_confidence = SIEVE_LOW;
    struct engine engine = engine_open(&options);
    cr_assert_eq(
        sieve_explain(engine.scanner, text, strlen(text), note_refusal, &refusal),
        SIEVE_OK);
    cr_assert(refusal && strcmp(refusal, wanted) == 0, "%s: %s, not %s", text,
              refusal ? refusal : "accepted", wanted);
    engine_close(&engine);
}

/* All of these are in a range, and pass Luhn. */
Test(lookalike, each_is_refused_by_name)
{
    check_refusal("4987698260977", "jan");
    check_refusal("4963598799877", "houjin");
    check_refusal("501887183066", "slip");
    check_refusal("501831173296", "mynumber");
    check_refusal("4501016456108", "za-id");
    check_refusal("621355968000000000", "ticks");
    check_refusal("4907260782000000000", "round");
    check_refusal("44444444444444444", "repeated");
    check_refusal("4567890123456789012", "sequential");
    check_refusal("654321098765432109", "sequential");
    check_refusal("4111111111111112", "luhn");
    check_refusal("20260115123008", "range");
}

Test(lookalike, numbers_of_other_kinds_are_not_found)
{
    static const struct found_case cases[] = {
        {"1767225600009", ""},                                 /* epoch milliseconds */
        {"1767225600000000", ""},                              /* epoch microseconds */
        {"1767225600000000000", ""},                           /* epoch nanoseconds */
        {"20260115123008", ""},       {"490154203237518", ""}, /* IMEI */
        {"89811234567890123456", ""},                          /* ICCID */
        {"73282932000074", ""},                                /* SIRET */
        {"7000012050002", ""}, /* corporate number of the tax agency */
        {"T7000012050002", ""},       {"9784003101018", ""}, /* ISBN */
        {"249-1234567-1234567", ""},                         /* order */
    };
    CHECK_FOUND(cases, NULL);
}

Test(lookalike, a_card_named_key_overrules)
{
    static const struct found_case cases[] = {
        {"4987698260977", ""},
        {"my visa 4987698260977", ""},
        {"card_number=4987698260977", "12+13 pan high ascii visa"},
        {"id,card_number\\n7,4987698260977\\n", "17+13 pan high ascii visa"},
        {"card_number=44444444444444444", ""},
    };
    CHECK_FOUND_LOW(cases);
}

Test(lookalike, published_test_numbers_are_labelled)
{
    struct engine engine = engine_open(NULL);
    struct findings findings = {0};
    static const char text[] = "4111111111111111 4539148803436467";
    cr_assert_eq(engine_scan(&engine, text, sizeof text - 1, &findings), SIEVE_OK);
    cr_assert_eq(findings.count, 2);
    cr_assert_eq(findings.at[0].test_number, 1);
    findings_done(&findings);
    engine_close(&engine);
}
