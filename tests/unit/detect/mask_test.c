/* Masking: every style in every encoding, same length, same width. */
#include <criterion/criterion.h>
#include <string.h>

#include "unit/detect/cases.h"

Test(mask, styles)
{
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    static const struct masked_case first6last4[] = {
        {"card 4111 1111 1111 1111.", "card 4111 11** **** 1111."},
        {"378282246310005", "378282*****0005"},
        {"30569309025904", "305693****5904"},
        {"card 4222222222222", "card *********2222"}, /* 13 digits: last 4 only */
        {"6205500000000000004", "620550*********0004"},
    };
    static const struct masked_case last4[] = {
        {"4111-1111-1111-1111", "****-****-****-1111"},
        {"378282246310005", "***********0005"},
    };
    static const struct masked_case full[] = {
        {"4111-1111-1111-1111", "****-****-****-****"},
    };
    CHECK_MASKED(first6last4, &options);
    options.style = SIEVE_STYLE_LAST4;
    CHECK_MASKED(last4, &options);
    options.style = SIEVE_STYLE_FULL;
    CHECK_MASKED(full, &options);
}

Test(mask, characters)
{
    static const char masks[] = "*#Xx";
    for (size_t i = 0; masks[i]; i++) {
        sieve_options options = SIEVE_OPTIONS_DEFAULT;
        char bytes[] = "4111111111111111";
        struct findings findings = {0};
        options.mask = masks[i];
        struct engine engine = engine_open(&options);
        cr_assert_eq(engine_mask(&engine, bytes, 16, &findings), SIEVE_OK);
        for (size_t at = 6; at < 12; at++)
            cr_assert_eq(bytes[at], masks[i]);
        cr_assert_eq(memcmp(bytes, "411111", 6), 0);
        cr_assert_eq(memcmp(bytes + 12, "1111", 4), 0);
        findings_done(&findings);
        engine_close(&engine);
    }
}

Test(mask, every_form_keeps_its_width)
{
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    static const struct masked_case cases[] = {
        {"\\xEF\\xBC\\x94111 1\\xEF\\xBC\\x91\\xEF\\xBC\\x91"
         "1 1111 1111",
         "\\xEF\\xBC\\x94111 1\\xEF\\xBC\\x91\\xEF\\xBC\\x8A"
         "* **** 1111"},
        {"411111\\x82P\\x82P11111111", "411111\\x81\\x96\\x81\\x96****1111"},
        {"411111\\xA3\\xB1\\xA3\\xB111111111", "411111\\xA1\\xF6\\xA1\\xF6****1111"},
        {"4111%201111%201%3111%201111", "4111%2011**%20*%2A**%201111"},
        {"411111%EF%BC%91111111111", "411111%EF%BC%8A*****1111"},
        {"\\\\u0034111 111\\\\u0031 1111 1111", "\\\\u0034111 11*\\\\u002a **** 1111"},
        {"411111\\\\uff11111111111", "411111\\\\uff0a*****1111"},
        {"411111&#49;&#x31;&#65297;1111111", "411111&#42;&#x2a;&#65290;***1111"},
        {"411111=31=3111=EF=BC=91=\\n11111", "411111=2A=2A**=EF=BC=8A=\\n*1111"},
        {"\\\\x34313131313131313131313131313131",
         "\\\\x3431313131312a2a2a2a2a2a31313131"},
        {"\\e$B#4#1#1#1#1#1#1#1#1#1#1#1#1#1#1#1\\e(B",
         "\\e$B#4#1#1#1#1#1!v!v!v!v!v!v#1#1#1#1\\e(B"},
    };
    CHECK_MASKED(cases, &options);
}

Test(mask, lengths_of_serialised_text_stay_right)
{
    static const struct masked_case cases[] = {
        {"s:16:\\\"4111111111111111\\\";", "s:16:\\\"411111******1111\\\";"},
        {"Content-Length: 16\\r\\n\\r\\n4111111111111111",
         "Content-Length: 16\\r\\n\\r\\n411111******1111"},
    };
    CHECK_MASKED(cases, NULL);
}

Test(mask, the_union_of_overlapping_numbers)
{
    struct engine engine = engine_open(NULL);
    /* 16 and 19 digits from the same start: both are numbers. */
    char bytes[] = "4111 1111 1111 1111 006";
    struct findings findings = {0};
    cr_assert_eq(engine_mask(&engine, bytes, sizeof bytes - 1, &findings), SIEVE_OK);
    cr_assert_geq(findings.count, 1);
    cr_assert_eq(engine_scan(&engine, bytes, sizeof bytes - 1, &findings), SIEVE_OK);
    cr_assert_eq(findings.count, 0, "%s", bytes);
    findings_done(&findings);
    engine_close(&engine);
}

/* A token is the same for the same number, another for another number or key, and shows
 * nothing of it. */
Test(mask, tokens)
{
    static const char text[] = "4111111111111111 5555555555554444 4111 1111 1111 1111";
    static const char *const keys[] = {"0123456789abcdef", "0123456789abcdeg"};
    char bytes[2][sizeof text];
    for (int i = 0; i < 2; i++) {
        sieve_options options = SIEVE_OPTIONS_DEFAULT;
        struct findings findings = {0};
        options.style = SIEVE_STYLE_TOKEN;
        options.key = keys[i];
        options.key_length = 16;
        struct engine engine = engine_open(&options);
        memcpy(bytes[i], text, sizeof text);
        cr_assert_eq(engine_mask(&engine, bytes[i], sizeof text - 1, &findings),
                     SIEVE_OK);
        cr_assert_eq(findings.count, 3);
        for (size_t at = 0; at < sizeof text - 1; at++)
            cr_assert(text[at] == ' ' ? bytes[i][at] == ' '
                                      : bytes[i][at] < '0' || bytes[i][at] > '9',
                      "%s", bytes[i]);
        findings_done(&findings);
        engine_close(&engine);
    }
    cr_assert_neq(memcmp(bytes[0], bytes[1], 16), 0);
    cr_assert_neq(memcmp(bytes[0], bytes[0] + 17, 16), 0);
    for (int group = 0; group < 4; group++)
        cr_assert_eq(memcmp(bytes[0] + 4 * group, bytes[0] + 34 + 5 * group, 4), 0, "%s",
                     bytes[0]);
}

Test(mask, what_is_shown_is_masked_in_every_style)
{
    for (int style = SIEVE_STYLE_FIRST6_LAST4; style <= SIEVE_STYLE_FULL; style++) {
        sieve_options options = SIEVE_OPTIONS_DEFAULT;
        struct findings findings = {0};
        options.style = (sieve_style)style;
        struct engine engine = engine_open(&options);
        static const char text[] = "4539 1488 0343 6467 cvv=123 378282246310005";
        cr_assert_eq(engine_scan(&engine, text, sizeof text - 1, &findings), SIEVE_OK);
        cr_assert_eq(findings.count, 3);
        cr_assert_str_eq(findings.at[1].shown, "***");
        for (size_t i = 0; i < findings.count; i++) {
            size_t clear = 0;
            for (const char *at = findings.at[i].shown; *at; at++)
                clear += *at >= '0' && *at <= '9';
            cr_assert_leq(clear, 10, "%s", findings.at[i].shown);
        }
        findings_done(&findings);
        engine_close(&engine);
    }
}
