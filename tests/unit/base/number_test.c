#include <criterion/criterion.h>

#include "base/number.h"

Test(number, as_text)
{
    char text[NUMBER_TEXT_MAX];
    cr_assert_eq(number_text(0, text), 1);
    cr_assert_str_eq(text, "0");
    number_text(UINT64_MAX, text);
    cr_assert_str_eq(text, "18446744073709551615");
    number_grouped(1234567, text);
    cr_assert_str_eq(text, "1,234,567");
    number_grouped(999, text);
    cr_assert_str_eq(text, "999");
}

Test(number, as_sizes)
{
    static const struct {
        uint64_t bytes;
        const char *text;
    } cases[] = {
        {0, "0 B"},
        {1023, "1023 B"},
        {1024, "1.0 KiB"},
        {1536, "1.5 KiB"},
        {UINT64_C(50) << 20, "50.0 MiB"},
        {UINT64_C(20) << 30, "20.0 GiB"},
        {UINT64_MAX, "16383.9 PiB"},
    };
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        char text[NUMBER_TEXT_MAX];
        number_size(cases[index].bytes, text);
        cr_assert_str_eq(text, cases[index].text);
    }
}

Test(number, as_seconds)
{
    char text[NUMBER_TEXT_MAX];
    number_seconds(21500000, 3, text);
    cr_assert_str_eq(text, "0.021");
    number_seconds(UINT64_C(12) * 1000000000 + 340000000, 2, text);
    cr_assert_str_eq(text, "12.34");
    number_seconds(999999999, 0, text);
    cr_assert_str_eq(text, "0");
}

Test(number, parses_sizes_with_units)
{
    static const struct {
        const char *text;
        int answer;
        uint64_t bytes;
    } cases[] = {
        {"0", 0, 0},
        {"64", 0, 64},
        {"64K", 0, 65536},
        {"64M", 0, UINT64_C(64) << 20},
        {"2G", 0, UINT64_C(2) << 30},
        {"1T", 0, UINT64_C(1) << 40},
        {"", -1, 0},
        {"M", -1, 0},
        {"-1", -1, 0},
        {"1.5M", -1, 0},
        {"64MB", -1, 0},
        {"64m", -1, 0},
        {" 64", -1, 0},
        {"18446744073709551615", -1, 0},
        {"99999999T", -1, 0},
        {"99999999999999999999999", -1, 0},
    };
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        uint64_t bytes = 0;
        cr_assert_eq(number_parse_size(cases[index].text, &bytes), cases[index].answer,
                     "%s", cases[index].text);
        cr_assert_eq(bytes, cases[index].bytes);
    }
}

Test(number, parses_times_that_have_a_unit)
{
    uint64_t milliseconds = 0;
    cr_assert_eq(number_parse_time("200ms", &milliseconds), 0);
    cr_assert_eq(milliseconds, 200);
    cr_assert_eq(number_parse_time("2s", &milliseconds), 0);
    cr_assert_eq(milliseconds, 2000);
    cr_assert_eq(number_parse_time("1m", &milliseconds), 0);
    cr_assert_eq(milliseconds, 60000);
    cr_assert_eq(number_parse_time("5", &milliseconds), -1);
    cr_assert_eq(number_parse_time("5h", &milliseconds), -1);
    cr_assert_eq(number_parse_time("s", &milliseconds), -1);
}

Test(number, parses_plain_numbers_up_to_a_maximum)
{
    uint64_t number = 7;
    cr_assert_eq(number_parse("256", 256, &number), 0);
    cr_assert_eq(number, 256);
    cr_assert_eq(number_parse("257", 256, &number), -1);
    cr_assert_eq(number_parse("2x", 256, &number), -1);
    cr_assert_eq(number_parse("", 256, &number), -1);
    cr_assert_eq(number_parse("9", 5, &number), -1);
    cr_assert_eq(number, 256);
}

Test(number, as_hex)
{
    char text[7];
    number_hex((const unsigned char *)"\x00\xE9\x7F", 3, text);
    cr_assert_str_eq(text, "00e97f");
}
