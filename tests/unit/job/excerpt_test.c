#include <criterion/criterion.h>

#include "job/excerpt.h"

#define CARD  "4111111111111111"
#define SHOWN "411111******1111"

/* The excerpt of the finding that begins where CARD first stands in the text. */
static void check_around(const char *text, const char *excerpt,
                         const sieve_finding *others, size_t count, int strict)
{
    const char *card = strstr(text, CARD);
    sieve_finding findings[4] = {
        {.offset = (uint64_t)(card - text), .length = 16, .shown = SHOWN}};
    for (size_t index = 0; index < count; index++)
        findings[index + 1] = others[index];
    struct converter converter;
    converter_init(&converter);
    const struct surroundings around = {
        .bytes = (const unsigned char *)text,
        .to = strlen(text),
        .findings = findings,
        .count = count + 1,
        .converter = &converter,
        .strict = strict,
    };
    struct buffer buffer;
    struct sighting sighting = {.finding = &findings[0]};
    buffer_init(&buffer, 4096);
    cr_assert_eq(excerpt_make(&around, 0, &buffer, &sighting), SIEVE_OK);
    cr_assert_eq(buffer_append(&buffer, bytes_of("", 1)), SIEVE_OK);
    cr_assert_str_eq((const char *)buffer.at, excerpt);
    cr_assert_arr_eq(sighting.excerpt.at + sighting.shown_at, SHOWN, 16);
    cr_assert_eq(sighting.shown_length, 16);
    buffer_done(&buffer);
    converter_done(&converter);
}

static void check(const char *text, const char *excerpt)
{
    check_around(text, excerpt, NULL, 0, 0);
}

Test(excerpt, the_line_around_it)
{
    check(CARD, SHOWN);
    check("card=" CARD " ok", "card=" SHOWN " ok");
    check("line before\ncard=" CARD " ok\nline behind", "card=" SHOWN " ok");
    check("line before\r\ncard=" CARD "\r\n", "card=" SHOWN);
}

Test(excerpt, cut_to_width)
{
    check("somebody, abcdefghij klmnopqrst uvwxyz, and card " CARD " x",
          "\xE2\x80\xA6"
          " abcdefghij klmnopqrst uvwxyz, and card " SHOWN " x");
}

Test(excerpt, characters_are_not_cut)
{
    /* 14 characters of three bytes: the cut is inside the first one that is shown. */
    check("\xE6\xB3\xA8\xE6\xB3\xA8\xE6\xB3\xA8\xE6\xB3\xA8\xE6\xB3\xA8\xE6\xB3\xA8"
          "\xE6\xB3\xA8\xE6\xB3\xA8\xE6\xB3\xA8\xE6\xB3\xA8\xE6\xB3\xA8\xE6\xB3\xA8"
          "\xE6\xB3\xA8\xE6\xB3\xA8" CARD,
          "\xE2\x80\xA6"
          "\xE6\xB3\xA8\xE6\xB3\xA8\xE6\xB3\xA8\xE6\xB3\xA8\xE6\xB3\xA8\xE6\xB3\xA8"
          "\xE6\xB3\xA8\xE6\xB3\xA8\xE6\xB3\xA8\xE6\xB3\xA8\xE6\xB3\xA8\xE6\xB3\xA8"
          "\xE6\xB3\xA8" SHOWN);
}

Test(excerpt, neighbours_are_hidden)
{
    check("a 5555555555554444 b " CARD " c 12345678901",
          "a **************** b " SHOWN " c ***********");
    check("2026-01-31 12:00 " CARD " x 1234", "2026-01-31 12:00 " SHOWN " x 1234");
    const sieve_finding code = {.offset = 26, .length = 3, .shown = "***"};
    check_around("pan=" CARD " cvv= 123 x", "pan=" SHOWN " cvv= *** x", &code, 1, 0);
    check_around("at 2026 " CARD " x 12", "at **** " SHOWN " x **", NULL, 0, 1);
}

Test(excerpt, controls_are_made_visible)
{
    check("\x1b[31m" CARD "\a", "\\x1b[31m" SHOWN "\\x07");
}

Test(excerpt, japanese_encodings_are_readable)
{
    /* "bangou 4 desu", in CP932 and EUC-JP, the digit full-width. */
    check("\x94\xD4\x8D\x86 " CARD " \x82\x53\x82\xC5\x82\xB7",
          "\xE7\x95\xAA\xE5\x8F\xB7 " SHOWN " \xEF\xBC\x94\xE3\x81\xA7\xE3\x81\x99");
    check("\xC8\xD6\xB9\xE6 " CARD " \xA3\xB4\xA4\xC7\xA4\xB9",
          "\xE7\x95\xAA\xE5\x8F\xB7 " SHOWN " \xEF\xBC\x94\xE3\x81\xA7\xE3\x81\x99");
    /* A full-width number beside it is hidden in any encoding. */
    check(CARD " \x82\x53\x82\x50\x82\x50\x82\x50\x82\x50\x82\x50\x82\x50\x82\x50\x82\x50"
               "\x82\x50\x82\x50\x82\xC5",
          SHOWN
          " \xEF\xBC\x8A\xEF\xBC\x8A\xEF\xBC\x8A\xEF\xBC\x8A\xEF\xBC\x8A\xEF\xBC\x8A"
          "\xEF\xBC\x8A\xEF\xBC\x8A\xEF\xBC\x8A\xEF\xBC\x8A\xEF\xBC\x8A\xE3\x81\xA7");
}

Test(excerpt, what_is_in_no_known_encoding_shows_no_second_bytes)
{
    check("\x82\x53\x82\x50\xFF\x82\x50 " CARD " \x83\x4A\x81[x",
          "....... " SHOWN " ....x");
}
