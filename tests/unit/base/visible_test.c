#include <criterion/criterion.h>

#include "base/visible.h"

struct visible_case {
    const char *raw;
    size_t length;
    const char *text;
};

static void check(sieve_status (*append)(struct buffer *, struct bytes),
                  const struct visible_case *cases, size_t count)
{
    struct buffer buffer;
    buffer_init(&buffer, 4096);
    for (size_t index = 0; index < count; index++) {
        buffer_clear(&buffer);
        struct bytes raw = bytes_of(cases[index].raw, cases[index].length);
        cr_assert_eq(append(&buffer, raw), SIEVE_OK);
        cr_assert_eq(buffer.length, strlen(cases[index].text), "case %zu", index);
        cr_assert_arr_eq(buffer.at, cases[index].text, buffer.length);
    }
    buffer_done(&buffer);
}

Test(visible, nothing_harmful_gets_through)
{
    static const struct visible_case cases[] = {
        {"plain", 5, "plain"},
        {"\xE6\xB3\xA8", 3, "\xE6\xB3\xA8"},
        {"a\nb", 3, "a\\x0ab"},
        {"\x1b[31m", 5, "\\x1b[31m"},
        {"\0", 1, "\\x00"},
        {"\x7f", 1, "\\x7f"},
        {"caf\xE9", 4, "caf\\xe9"},
        {"\xC2\x9B", 2, "\\xc2\\x9b"}, /* CSI in one character */
        {"\xE2\x80\xAE"
         "x",
         4, "\\xe2\\x80\\xaex"}, /* right to left */
        {"\xEF\xBB\xBF", 3, "\\xef\\xbb\\xbf"},
    };
    check(visible_append, cases, sizeof cases / sizeof cases[0]);
}

Test(visible, json_strings)
{
    static const struct visible_case cases[] = {
        {"", 0, "\"\""},
        {"plain", 5, "\"plain\""},
        {"a\"b\\c", 5, "\"a\\\"b\\\\c\""},
        {"\b\f\n\r\t", 5, "\"\\b\\f\\n\\r\\t\""},
        {"\0\x1f", 2, "\"\\u0000\\u001f\""},
        {"\xE6\xB3\xA8", 3, "\"\xE6\xB3\xA8\""},
        {"caf\xE9!", 5, "\"caf\xEF\xBF\xBD!\""},
        {"\xE6\xB3", 2, "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
    };
    check(json_append_string, cases, sizeof cases / sizeof cases[0]);
}

Test(visible, stops_at_a_ceiling)
{
    struct buffer buffer;
    buffer_init(&buffer, 8);
    cr_assert_eq(json_append_string(&buffer, bytes_of_text("far too long")),
                 SIEVE_E_LIMIT);
    buffer_done(&buffer);
}
