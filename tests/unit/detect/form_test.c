/* Section 1 of docs/detection.md: every form, with its exact place. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "support/card.h"
#include "support/dress.h"
#include "unit/detect/cases.h"

static const char digits[] = "4539148803436467";

/* One number in a dress, between other characters of the same text. */
static void check_dress(const struct engine *engine, struct dress dress,
                        const uint8_t *sizes, uint32_t separator)
{
    struct text text = {0};
    struct findings findings = {0};
    size_t lead = dress.writing == WRITE_JIS ? 3 : 0;
    text_add_string(&text, "== ");
    size_t from = text.length + lead;
    if (!dress_number(&text, dress, digits, sizes, separator)) {
        text_done(&text);
        return;
    }
    size_t to = text.length - lead;
    text_add_string(&text, " ==");
    cr_assert_eq(engine_scan(engine, text.bytes, text.length, &findings), SIEVE_OK);
    int good =
        findings.count == 1 && findings.at[0].offset == from &&
        findings.at[0].length == to - from && findings.at[0].form == dress_form(dress) &&
        findings.at[0].digit_count == 16 && findings.at[0].confidence == SIEVE_HIGH;
    if (!good) {
        struct text shown = {0};
        text_add_shown(&shown, text.bytes, text.length);
        text_add_string(&shown, "\n");
        findings_show(&shown, &findings);
        cr_log_error("writing %d, charset %d, wide %d, separator U+%04X, %zu to %zu\n%s",
                     (int)dress.writing, (int)dress.charset, dress.wide,
                     (unsigned)separator, from, to, text_string(&shown));
        text_done(&shown);
    }
    cr_expect(good);
    findings_done(&findings);
    text_done(&text);
}

static void check_all_dresses(const uint8_t *sizes, uint32_t separator)
{
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    options.ebcdic = 1;
    struct engine engine = engine_open(&options);
    for (int writing = 0; writing < WRITE_COUNT; writing++)
        for (int charset = 0; charset < CHARSET_COUNT; charset++)
            for (int wide = 0; wide < 2; wide++) {
                struct dress dress = {(enum writing)writing, (enum charset)charset, wide};
                /* Hex is of ASCII, and these have one width and no charset. */
                if (((writing >= WRITE_HEX_JOINED && writing <= WRITE_HEX_SPACED) ||
                     writing == WRITE_JIS || writing == WRITE_EBCDIC) &&
                    (wide || charset))
                    continue;
                check_dress(&engine, dress, sizes, separator);
            }
    engine_close(&engine);
}

Test(form, bare_numbers_in_every_form)
{
    static const uint8_t bare[] = {16, 0};
    check_all_dresses(bare, 0);
}

static const uint8_t fours[] = {4, 4, 4, 4, 0};

Test(form, grouped_by_spaces_in_every_form)
{
    check_all_dresses(fours, ' ');
}

Test(form, grouped_by_hyphens_in_every_form)
{
    check_all_dresses(fours, '-');
}

/* Every separator of the table in every form that has it. */
Test(form, every_separator_in_every_form)
{
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    options.ebcdic = 1;
    struct engine engine = engine_open(&options);
    for (size_t i = 0; i < builtin_patterns.separator_count; i++)
        for (int writing = 0; writing < WRITE_COUNT; writing++)
            for (int charset = 0; charset < CHARSET_COUNT; charset++) {
                struct dress dress = {(enum writing)writing, (enum charset)charset, 0};
                uint32_t code = builtin_patterns.separators[i].code_point;
                if (writing >= WRITE_HEX_JOINED && writing <= WRITE_HEX_SPACED &&
                    code > 0x7F)
                    continue;
                if ((writing == WRITE_JIS || writing == WRITE_EBCDIC) && charset)
                    continue;
                check_dress(&engine, dress, fours, code);
            }
    engine_close(&engine);
}

Test(form, mixed_widths)
{
    static const struct found_case cases[] = {
        {"\\xEF\\xBC\\x94111 1111 1111 1111", "0+21 pan high fullwidth-utf8 visa"},
        {"411\\x82P-1111-1111-1111", "0+20 pan high cp932 visa"},
        {"41111111111111\\xA3\\xB1\\xEF\\xBC\\x91", "0+19 pan high euc-jp visa"},
    };
    CHECK_FOUND(cases, NULL);
}

Test(form, partly_escaped)
{
    static const struct found_case cases[] = {
        {"%34111111111111111", "0+18 pan high percent visa"},
        {"4111%201111%201111%201111", "0+25 pan high percent visa"},
        {"4111%2D1111%2D1111%2D1111", "0+25 pan high percent visa"},
        {"4111+1111+1111+1111", "0+19 pan high ascii visa"},
        {"%82%53%82P%82P%82P 1111 1111 1111", "0+33 pan high percent visa"},
        {"4111\\\\u20131111\\\\u20131111\\\\u20131111", "0+34 pan high json-escape visa"},
        {"4111 1111\\\\n1111 1111", "0+20 pan medium json-escape visa"},
        {"4111&nbsp;1111&#160;1111&#xA0;1111", "0+34 pan high html-entity visa"},
        {"&#0000052;111111111111111", "0+25 pan high html-entity visa"},
        {"4111111=\\n111111111", "0+18 pan high quoted-printable visa"},
        {"4111 1111=\\r\\n 1111 1111", "0+22 pan high quoted-printable visa"},
        {"4111=E2=80=931111=E2=80=931111=E2=80=931111",
         "0+43 pan high quoted-printable visa"},
    };
    CHECK_FOUND(cases, NULL);
}

/* An escape directly before belongs to it; what it stands for does not touch. */
Test(form, led_by_an_escape)
{
    static const struct found_case cases[] = {
        {"%224111111111111111%22", "3+16 pan high percent visa"},
        {"x%3D4111111111111111%26", "4+16 pan high percent visa"},
        {"x=3D4111111111111111", "4+16 pan high quoted-printable visa"},
        {"\\\\u00224111111111111111\\\\u0022", "6+16 pan high json-escape visa"},
        {"%414111111111111111", ""},
        {"\\\"x\\\\n4111111111111111\\\"", "4+16 pan high ascii visa"},
    };
    CHECK_FOUND(cases, NULL);
}

Test(form, hex_of_databases)
{
    static const struct found_case cases[] = {
        {"\\\\x34313131313131313131313131313131", "2+32 pan high hex visa"},
        {"0x34313131313131313131313131313131 ", "2+32 pan high hex visa"},
        {"00a434313131313131313131313131313131", "4+32 pan high hex visa"},
        {"a34313131313131313131313131313131", ""},
    };
    CHECK_FOUND(cases, NULL);
}

Test(form, utf_16_with_and_without_mark)
{
    static const struct found_case cases[] = {
        {"\\xFF\\xFE\\x34\\x00\\x31\\x00\\x31\\x00\\x31\\x00\\x31\\x00\\x31\\x00\\x31\\x0"
         "0"
         "\\x31\\x00\\x31\\x00\\x31\\x00\\x31\\x00\\x31\\x00\\x31\\x00\\x31\\x00\\x31\\x0"
         "0"
         "\\x31\\x00",
         "2+32 pan high utf-16le visa"},
        {"\\x00\\x34\\x00\\x31\\x00\\x31\\x00\\x31\\x00\\x31\\x00\\x31\\x00\\x31\\x00\\x3"
         "1"
         "\\x00\\x31\\x00\\x31\\x00\\x31\\x00\\x31\\x00\\x31\\x00\\x31\\x00\\x31\\x00\\x3"
         "1",
         "0+32 pan high utf-16be visa"},
    };
    CHECK_FOUND(cases, NULL);
}

/* FF before a full-width digit's low byte: the pairs are told by where they stand. */
Test(form, full_width_utf_16_is_told_by_its_offset)
{
    static const struct found_case cases[] = {
        {"\\xFF\\x14\\xFF\\x11\\xFF\\x11\\xFF\\x11\\xFF\\x11\\xFF\\x11\\xFF\\x1"
         "1"
         "\\xFF\\x11\\xFF\\x11\\xFF\\x11\\xFF\\x11\\xFF\\x11\\xFF\\x11\\xFF\\x1"
         "1"
         "\\xFF\\x11\\xFF\\x11",
         "0+32 pan high utf-16be visa"},
        {"\\x14\\xFF\\x11\\xFF\\x11\\xFF\\x11\\xFF\\x11\\xFF\\x11\\xFF\\x11\\xF"
         "F"
         "\\x11\\xFF\\x11\\xFF\\x11\\xFF\\x11\\xFF\\x11\\xFF\\x11\\xFF\\x11\\xF"
         "F"
         "\\x11\\xFF\\x11\\xFF",
         "0+32 pan high utf-16le visa"},
    };
    CHECK_FOUND(cases, NULL);
}

/* The sieve looks at 64 bytes at once: a digit's two bytes may stand in two blocks. */
Test(form, a_digit_of_cp932_across_blocks)
{
    for (int before = 58; before < 68; before++) {
        char commas[80] = "";
        char texts[2][160];
        char found[64];
        memset(commas, ',', (size_t)before);
        (void)snprintf(texts[0], sizeof texts[0], "%s\\x82\\x53111111111111111,", commas);
        (void)snprintf(texts[1], sizeof texts[1], "%s\\x82\\x504111111111111111,",
                       commas);
        (void)snprintf(found, sizeof found, "%d+17 pan high cp932 visa", before);
        const struct found_case cases[] = {{texts[0], found}, {texts[1], ""}};
        CHECK_FOUND(cases, NULL);
    }
}

/* A hex dump's pairs with a joint between them are spaced throughout. */
Test(form, spaced_hex_ends_where_pairs_are_joined)
{
    static const struct found_case cases[] = {
        {"34 31 31 31 20 31 31 31 31 20 31 31 31 31 20 31 31 31 31",
         "0+56 pan high hex visa"},
        {"34 31 31 31 31 31 31 31 31 31 31 31 31 31 31 2031", ""},
    };
    CHECK_FOUND(cases, NULL);
}

/* Kanji of two bytes that are digits: 100 of them stand in JIS text. */
Test(form, kanji_in_iso_2022_jp_are_no_digits)
{
    static const struct found_case cases[] = {
        {"\\e$B4111111111111111\\e(B", ""},
        {"\\e$B4111111111111111", ""},
        {"\\e$B#4#1#1#1#1#1#1#1#1#1#1#1#1#1#1#1\\e(B", "3+32 pan high iso-2022-jp visa"},
        {"\\e$B!!\\e(B4111111111111111", "8+16 pan high ascii visa"},
        {"\\e$B!!\\n4111111111111111", "6+16 pan high ascii visa"},
    };
    CHECK_FOUND(cases, NULL);
}

Test(form, ebcdic_only_when_asked_for)
{
    static const struct found_case off[] = {
        {"\\xF4\\xF1\\xF1\\xF1\\xF1\\xF1\\xF1\\xF1\\xF1\\xF1\\xF1\\xF1\\xF1\\xF1\\xF1\\xF"
         "1",
         ""},
    };
    static const struct found_case on[] = {
        {"\\xF4\\xF1\\xF1\\xF1\\xF1\\xF1\\xF1\\xF1\\xF1\\xF1\\xF1\\xF1\\xF1\\xF1\\xF1\\xF"
         "1",
         "0+16 pan high ebcdic visa"},
        {"\\xF4\\xF1\\xF1\\xF1@\\xF1\\xF1\\xF1\\xF1@\\xF1\\xF1\\xF1\\xF1@"
         "\\xF1\\xF1\\xF1\\xF1",
         "0+19 pan high ebcdic visa"},
    };
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    CHECK_FOUND(off, &options);
    options.ebcdic = 1;
    CHECK_FOUND(on, &options);
}

Test(form, escaped_line_breaks)
{
    static const struct found_case cases[] = {
        {"card=4539+1488%0D%0A0343+6467", "5+24 pan high percent visa"},
        {"card=4539+1488%0A0343+6467", "5+21 pan high percent visa"},
        {"card 4539 1488=0D=0A0343 6467", "5+24 pan high quoted-printable visa"},
        {"card 4539 1488\\n0343 6467", "5+19 pan high ascii visa"},
        {"card 4539 1488\\\\n0343 6467", "5+20 pan high json-escape visa"},
    };
    CHECK_FOUND(cases, NULL);
}
