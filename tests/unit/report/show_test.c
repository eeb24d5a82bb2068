#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "report/show.h"

typedef sieve_status (*shower)(struct buffer *out, struct bytes text);

static void expect(shower show, const char *text, const char *expected)
{
    struct buffer out;
    buffer_init(&out, 1024);
    cr_assert_eq(show(&out, bytes_of_text(text)), SIEVE_OK);
    cr_assert_eq(buffer_append(&out, bytes_of("", 1)), SIEVE_OK);
    cr_expect_str_eq((const char *)out.at, expected);
    buffer_done(&out);
}

Test(show, html_has_no_tags_of_others)
{
    expect(show_html, "<b a=\"x\" b='y'>&amp;</b>",
           "&lt;b a=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;&lt;/b&gt;");
    expect(show_html, "受注", "受注");
    expect(show_html, "", "");
}

Test(show, csv_has_no_formulas)
{
    static const char *const formulas[] = {"=1+1", "+1",  "-1",  "@x",  "\tx",
                                           "\rx",  "＝1", "＋1", "－1", "＠x"};
    for (size_t index = 0; index < sizeof formulas / sizeof formulas[0]; index++) {
        char expected[32];
        snprintf(expected, sizeof expected, "\"'%s\"", formulas[index]);
        expect(show_csv, formulas[index], expected);
    }
    expect(show_csv, "a=1", "\"a=1\"");
    expect(show_csv, "say \"x\", y", "\"say \"\"x\"\", y\"");
    expect(show_csv, "", "\"\"");
}

Test(show, rows_are_names_and_values)
{
    expect(show_row, "{\"id\":\"42\"}", "id=42");
    expect(show_row, "{\"a b\":\"x,y\",\"c\":\"{}\"}", "a b=x,y, c={}");
    expect(show_row, "{\"a\":\"say \\\"x\\\"\"}", "a=say \\\"x\\\"");
    expect(show_row, "{}", "");
    /* What is none is shown as it is, harmless. */
    expect(show_row, "{\"a\":1}", "{\"a\":1}");
    expect(show_row, "\x1b[2J", "\\x1b[2J");
    expect(show_row, "{\"a\":\"\xe2\x80\xae\"}", "a=\\xe2\\x80\\xae");
}

Test(show, tells_objects_of_strings_from_all_else)
{
    static const char *const objects[] = {"{}", "{\"a\":\"b\"}",
                                          "{\"a\":\"\\u00e9\\\\\\\"\",\"\":\"\"}",
                                          "{\"受\":\"注\"}"};
    static const char *const others[] = {
        "",
        "{",
        "x",
        "[]",
        "{}x",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1}",
        "{\"a\":\"b\"",
        "{\"a\":\"b\",}",
        "{\"a\":\"b\"},{",
        "{\"a\":\"b\" }",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":\"\\u12\"",
        "{\"a\":\"\\",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\xff\"}",
        "{\"a\":{\"b\":\"c\"}}",
        "{,\"a\":\"b\"}",
    };
    for (size_t index = 0; index < sizeof objects / sizeof objects[0]; index++)
        cr_expect(show_is_object(bytes_of_text(objects[index])), "%s", objects[index]);
    for (size_t index = 0; index < sizeof others / sizeof others[0]; index++)
        cr_expect_not(show_is_object(bytes_of_text(others[index])), "%s", others[index]);
    cr_expect_not(show_is_object(bytes_of("{\"a\":\"\0\"}", 9)));
    cr_expect_not(show_is_object(bytes_of("{\"a\":\"\\\0\"}", 10)));
    cr_expect_not(show_is_object(bytes_of("{\"a\":\"\\u\0\0\0\0\"}", 14)));
}
