/* Section 6 of docs/detection.md: the table, row by row. */
#include <criterion/criterion.h>
#include <string.h>

#include "unit/detect/cases.h"

Test(confidence, tier_a)
{
    static const struct found_case cases[] = {
        {"4111111111111111", "0+16 pan high ascii visa"},
        {"card 4111111111111111", "5+16 pan high ascii visa"},
        {"card=4111111111111111", "5+16 pan high ascii visa"},
        {"4111 1111 1111 1111", "0+19 pan high ascii visa"},
        {"4111 1111-1111 1111", "0+19 pan medium ascii visa"},
        {"card 4111 1111-1111 1111", "5+19 pan high ascii visa"},
        {"41111111 11111111", "0+17 pan medium ascii visa"},
        {"card=41111111 11111111", "5+17 pan high ascii visa"},
        {"4111 1111 1111\\n1111", "0+19 pan medium ascii visa"},
        {"card 4111 1111 1111\\n1111", "5+19 pan high ascii visa"},
        {"411 111111 1111111", ""},
        {"card 411 111111 1111111", "5+18 pan medium ascii visa"},
        {"card=411 111111 1111111", "5+18 pan medium ascii visa"},
        {"41111111\\n11111111", ""},
        {"card 41111111\\n11111111", "5+17 pan medium ascii visa"},
        {"card=41111111\\n11111111", "5+17 pan medium ascii visa"},
    };
    CHECK_FOUND_LOW(cases);
}

Test(confidence, tier_b)
{
    static const struct found_case cases[] = {
        {"4222222222222", "0+13 pan high ascii visa"}, /* a test number is tier A */
        {"4532261615478", "0+13 pan low ascii visa"},
        {"card 4532261615478", "5+13 pan medium ascii visa"},
        {"card=4532261615478", "5+13 pan high ascii visa"},
        {"4532 2616 1547 8", "0+16 pan low ascii visa"},
        {"card 4532 2616 1547 8", "5+16 pan medium ascii visa"},
        {"45322616 15478", ""},
        {"card 45322616 15478", "5+14 pan low ascii visa"},
        {"card=45322616 15478", "5+14 pan medium ascii visa"},
        /* UnionPay whose check digit is wrong */
        {"6212345678900001", "0+16 pan low ascii unionpay"},
        {"card 6212345678900001", "5+16 pan medium ascii unionpay"},
        {"card=6212345678900001", "5+16 pan medium ascii unionpay"},
    };
    CHECK_FOUND_LOW(cases);
}

Test(confidence, tier_c)
{
    static const struct found_case cases[] = {
        {"5050603626533565", "0+16 pan low ascii maestro"},
        {"card 5050603626533565", "5+16 pan low ascii maestro"},
        {"card=5050603626533565", "5+16 pan medium ascii maestro"},
        {"5050 6036 2653 3565", "0+19 pan low ascii maestro"},
        {"card 50506036 26533565", ""},
        {"card=50506036 26533565", "5+17 pan low ascii maestro"},
    };
    CHECK_FOUND_LOW(cases);
}

Test(confidence, a_wrong_check_digit)
{
    static const struct found_case cases[] = {
        {"4111111111111112", ""},
        {"card=4111111111111112", ""},
        /* a spreadsheet keeps 15 digits */
        {"4539148803436460", ""},
        {"card 4539148803436460", ""},
        {"card=4539148803436460", "5+16 pan low ascii visa"},
        {"card=4539 1488 0343 6460", ""},
    };
    CHECK_FOUND_LOW(cases);
}

Test(confidence, lowering_words)
{
    static const struct found_case cases[] = {
        {"imei=4539148803436467", "5+16 pan low ascii visa"},
        {"imei: 4539 1488 0343 6467", "6+19 pan medium ascii visa"},
        {"imei: 4539 1488-0343 6467", "6+19 pan low ascii visa"},
        {"\\\"order_id\\\":4539148803436467", "11+16 pan low ascii visa"},
        /* an everyday word is one only as the key */
        {"order id was 4539148803436467", "13+16 pan high ascii visa"},
        /* a published test number stays medium */
        {"imei=4111111111111111", "5+16 pan medium ascii visa"},
        /* a nearer card word */
        {"imei no, card 4539148803436467", "14+16 pan high ascii visa"},
    };
    CHECK_FOUND_LOW(cases);
}

/* What is below is neither reported nor masked. */
Test(confidence, the_threshold)
{
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    static const char text[] = "4532261615478\n\ncard 41111111\n11111111";
    static const size_t counts[] = {2, 1, 0};
    for (int level = SIEVE_LOW; level <= SIEVE_HIGH; level++) {
        char bytes[sizeof text];
        struct findings findings = {0};
        options.min_confidence = (sieve_confidence)level;
        struct engine engine = engine_open(&options);
        memcpy(bytes, text, sizeof text);
        cr_assert_eq(engine_mask(&engine, bytes, sizeof text - 1, &findings), SIEVE_OK);
        cr_assert_eq(findings.count, counts[level - SIEVE_LOW], "level %d: %zu", level,
                     findings.count);
        cr_assert_eq(memcmp(bytes, text, 13) == 0, level > SIEVE_LOW);
        findings_done(&findings);
        engine_close(&engine);
    }
}

Test(confidence, reasons_tell_why)
{
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    options.min_confidence = SIEVE_LOW;
    struct engine engine = engine_open(&options);
    struct text reasons = {0};
    static const struct {
        const char *text;
        const char *reasons;
    } cases[] = {
        {"4539 1488 0343 6467", "range luhn grouped"},
        {"card 45391488 03436467", "range luhn merged word:card"},
        {"card_no=4532261615478", "range luhn bare tier-b key:card"},
        {"card=4539148803436460", "near key:card"},
        {"imei=4539148803436467", "range luhn bare lowered:device"},
        {";4539148803436467=27121010000012345?", "range luhn track"},
        {"5A084539148803436467", "range luhn emv"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        reasons_of(&engine, cases[i].text, &reasons);
        cr_expect_str_eq(text_string(&reasons), cases[i].reasons, "%s: %s", cases[i].text,
                         text_string(&reasons));
    }
    text_done(&reasons);
    engine_close(&engine);
}
