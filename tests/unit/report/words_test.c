#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "report/words.h"

/* Which arguments a sentence has, as bits. */
static unsigned places(const char *text)
{
    unsigned found = 0;
    for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{')) {
        cr_expect(at[1] >= '0' && at[1] <= '9' && at[2] == '}', "%s", text);
        found |= 1u << (at[1] - '0');
    }
    return found;
}

Test(words, each_is_there_in_both_languages)
{
    for (unsigned which = 0; which < WORD_COUNT; which++) {
        for (unsigned language = 0; language < LANGUAGE_COUNT; language++) {
            const char *text = word((enum word)which, (enum language)language);
            cr_assert_not_null(text, "word %u has no language %u", which, language);
            cr_expect_gt(strlen(text), 0, "word %u", which);
            cr_expect(utf8_valid(bytes_of_text(text)), "word %u", which);
        }
        const char *english = word((enum word)which, LANGUAGE_EN);
        const char *japanese = word((enum word)which, LANGUAGE_JA);
        cr_expect_eq(places(english), places(japanese), "%s", english);
        cr_expect_str_neq(english, japanese, "not translated: %s", english);
    }
}

Test(words, take_their_arguments_where_the_language_has_them)
{
    const struct bytes arguments[] = {bytes_of_text("3"), bytes_of_text("{0}")};
    struct buffer out;
    buffer_init(&out, 1024);
    cr_assert_eq(word_append(&out, WORD_ROWS_OF, LANGUAGE_EN, arguments, 2), SIEVE_OK);
    cr_expect(out.length == 8 && memcmp(out.at, "3 of {0}", 8) == 0);
    out.length = 0;
    cr_assert_eq(word_append(&out, WORD_ROWS_OF, LANGUAGE_JA, arguments, 2), SIEVE_OK);
    cr_assert_eq(buffer_append(&out, bytes_of("", 1)), SIEVE_OK);
    cr_expect_str_eq((const char *)out.at, "{0} 行中 3 行");
    buffer_done(&out);
    buffer_init(&out, 4);
    cr_expect_eq(word_append(&out, WORD_ROWS_OF, LANGUAGE_EN, arguments, 2),
                 SIEVE_E_LIMIT);
    buffer_done(&out);
}

Test(words, say_what_is_stable_and_leave_what_is_not_known)
{
    struct bytes said = word_translated(bytes_of_text("card column"), LANGUAGE_JA);
    cr_expect(memcmp(said.at, "カード番号の列", said.length) == 0);
    said = word_translated(bytes_of_text("permission denied"), LANGUAGE_EN);
    cr_expect(memcmp(said.at, "permission denied", said.length) == 0);
    const struct bytes own = bytes_of_text("card columns");
    cr_expect_eq(word_translated(own, LANGUAGE_JA).at, own.at);
    cr_expect_eq(word_translated(bytes_of(NULL, 0), LANGUAGE_JA).length, 0);
}
