#include <criterion/criterion.h>

#include "base/utf8.h"

Test(utf8, length_of_a_character)
{
    static const struct {
        const char *bytes;
        size_t given;
        size_t length;
    } cases[] = {
        {"a", 1, 1},
        {"\0", 1, 1},
        {"\xC3\xA9", 2, 2},
        {"\xE6\xB3\xA8", 3, 3},
        {"\xF0\x9F\x98\x80", 4, 4},
        {"\xF4\x8F\xBF\xBF", 4, 4},
        {"", 0, 0},
        {"\x80", 1, 0},             /* a second byte first */
        {"\xC3", 1, 0},             /* cut */
        {"\xE6\xB3", 2, 0},         /* cut */
        {"\xC0\xAF", 2, 0},         /* overlong */
        {"\xE0\x80\xAF", 3, 0},     /* overlong */
        {"\xF0\x80\x80\xAF", 4, 0}, /* overlong */
        {"\xED\xA0\x80", 3, 0},     /* surrogate */
        {"\xF4\x90\x80\x80", 4, 0}, /* past the end */
        {"\xF5\x80\x80\x80", 4, 0},
        {"\xE6\x28\xA8", 3, 0},
        {"\xE6\xB3\x28", 3, 0},
        {"\xFF", 1, 0},
    };
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++)
        cr_assert_eq(utf8_character(bytes_of(cases[index].bytes, cases[index].given)),
                     cases[index].length, "case %zu", index);
}

Test(utf8, code_points)
{
    cr_assert_eq(utf8_code_point((const unsigned char *)"a", 1), 'a');
    cr_assert_eq(utf8_code_point((const unsigned char *)"\xC3\xA9", 2), 0xE9);
    cr_assert_eq(utf8_code_point((const unsigned char *)"\xEF\xBC\x91", 3), 0xFF11);
    cr_assert_eq(utf8_code_point((const unsigned char *)"\xF0\x9F\x98\x80", 4), 0x1F600);
}

Test(utf8, whole_texts)
{
    cr_assert(utf8_valid(bytes_of(NULL, 0)));
    cr_assert(utf8_valid(bytes_of_text("\xE6\xB3\xA8\xE6\x96\x87 card")));
    cr_assert_not(utf8_valid(bytes_of_text("caf\xE9")));
}
