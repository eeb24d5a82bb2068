#include <criterion/criterion.h>
#include <string.h>

#include "base/hide.h"

struct hide_case {
    const char *before;
    const char *after;
};

static void check(void (*hide)(unsigned char *, size_t), const struct hide_case *cases,
                  size_t count)
{
    for (size_t index = 0; index < count; index++) {
        char text[256];
        strcpy(text, cases[index].before);
        hide((unsigned char *)text, strlen(text));
        cr_assert_str_eq(text, cases[index].after);
    }
}

#define CHECK(hide, cases) check(hide, cases, sizeof(cases) / sizeof((cases)[0]))

Test(hide, long_numbers_however_they_are_parted)
{
    static const struct hide_case cases[] = {
        {"4111111111111111", "****************"},
        {"4111 1111 1111 1111", "**** **** **** ****"},
        {"a 4111-1111-1111-1111 b", "a ****-****-****-**** b"},
        {"%34%31%31%31%31%31", "%**%**%**%**%**%**"},
        {"\\u0034\\u0031\\u0031\\u0031", "\\u****\\u****\\u****\\u****"},
        {"\\x34\\x31\\x31\\x31\\x31\\x31", "\\x**\\x**\\x**\\x**\\x**\\x**"},
        {"&#52;&#49;&#49;&#49;&#49;&#49;", "&#**;&#**;&#**;&#**;&#**;&#**;"},
        {"\xEF\xBC\x94\xEF\xBC\x91 1111111111", "\xEF\xBC\x8A\xEF\xBC\x8A **********"},
        {"12345678901", "***********"},
    };
    CHECK(hide_long_numbers, cases);
}

Test(hide, leaves_what_is_too_short_or_parted)
{
    static const struct hide_case cases[] = {
        {"", ""},
        {"1234567890", "1234567890"},
        {"2026-01-31 12:34:56", "2026-01-31 12:34:56"},
        {"12345678,12345678", "12345678,12345678"},
        {"1234567 abc 1234567", "1234567 abc 1234567"},
        {"411111******1111", "411111******1111"},
        {"12345678\t12345678", "12345678\t12345678"},
        {"no digits", "no digits"},
    };
    CHECK(hide_long_numbers, cases);
}

Test(hide, checked_runs_in_names)
{
    static const struct hide_case cases[] = {
        {"dump-4111111111111111.sql", "dump-411111******1111.sql"},
        {"4111111111111111", "411111******1111"},
        {"4111111111111112", "4111111111111112"},
        {"20240131235959", "20240131235959"},
        {"41111111111111114111111111111111", "41111111111111114111111111111111"},
        {"x4222222222222", "x422222***2222"},
        {"", ""},
    };
    CHECK(hide_checked_runs, cases);
}

Test(hide, ends_with_the_text)
{
    /* A full-width digit cut in the middle is none. */
    unsigned char text[] = "1234567890\xEF\xBC";
    hide_long_numbers(text, 12);
    cr_assert_str_eq((char *)text, "1234567890\xEF\xBC");
}
