/* texts_pieces.c - digits, separators, neighbours, words, numbers. */
#include "support/texts_pieces.h"

#include <string.h>

#include "support/card.h"
#include "support/dress.h"

/* ---- pieces of raw text --------------------------------------------------------- */

void add_digits(struct text *text, struct dice *dice)
{
    for (size_t i = dice_between(dice, 1, 21); i > 0; i--)
        text_add_byte(text, '0' + (unsigned)dice_below(dice, 10));
}

uint32_t any_separator(struct dice *dice)
{
    static const uint32_t often[] = {' ', '-', ' ', '-', '.', '+', 0x3000, 0xFF0D, 0};
    if (!dice_once_in(dice, 4))
        return often[dice_below(dice, sizeof often / sizeof often[0])];
    return builtin_patterns.separators[dice_below(dice, builtin_patterns.separator_count)]
        .code_point;
}

void add_separator(struct text *text, struct dice *dice)
{
    struct dress dress = {WRITE_PLAIN, (enum charset)dice_below(dice, CHARSET_COUNT), 0};
    dress_code(text, dress, any_separator(dice));
}

void add_break(struct text *text, struct dice *dice)
{
    static const char *const breaks[] = {"\n", "\r\n", "\n", "\t", ",", ";", "\n\n", "="};
    text_add_string(text, breaks[dice_below(dice, sizeof breaks / sizeof breaks[0])]);
}

void add_sign(struct text *text, struct dice *dice)
{
    static const char signs[] = " .-:=,;/_\"'()[]{}<>*#xX+&%\\?^~@!|TBD";
    text_add_byte(text, (unsigned char)signs[dice_below(dice, sizeof signs - 1)]);
}

void add_letters(struct text *text, struct dice *dice)
{
    static const char letters[] = "abcdefABCDEFxXghijknopqrstuvwyzGTZ";
    for (size_t i = dice_between(dice, 1, 6); i > 0; i--)
        text_add_byte(text, (unsigned char)letters[dice_below(dice, sizeof letters - 1)]);
}

void add_masks(struct text *text, struct dice *dice)
{
    static const char *const masks[] = {
        "*", "#", "X", "x", "*", "\xE2\x80\xA2", "\xEF\xBC\x8A", "\x81\x96", "\xA1\xF6"};
    const char *mask = masks[dice_below(dice, sizeof masks / sizeof masks[0])];
    for (size_t i = dice_between(dice, 1, 7); i > 0; i--) {
        text_add_string(text, mask);
        if (dice_once_in(dice, 5))
            add_separator(text, dice);
    }
}

void add_japanese(struct text *text, struct dice *dice)
{
    static const char *const words[] = {
        "\xE7\x95\xAA\xE5\x8F\xB7\xE3\x81\xAF", /* UTF-8 */
        "\xE3\x81\xA7\xE3\x81\x99",
        "\x94\xD4\x8D\x86\x82\xCD", /* CP932 */
        "\x82\xC5\x82\xB7\x81\x42",
        "\xC8\xD6\xB9\xE6\xA4\xCF", /* EUC-JP */
        "\xA4\xC7\xA4\xB9\xA1\xA3",
        "\xE5\x86\x86",
        "\x89\x7E",
        "\xB1\xDF",
    };
    text_add_string(text, words[dice_below(dice, sizeof words / sizeof words[0])]);
}

/* A word of patterns/words.tsv in one of its spellings. */
void add_word(struct text *text, struct dice *dice)
{
    if (builtin_patterns.literal_count == 0)
        return;
    const struct word_literal *literal =
        &builtin_patterns.literals[dice_below(dice, builtin_patterns.literal_count)];
    const uint8_t *bytes = builtin_patterns.literal_bytes + literal->offset;
    const uint8_t *folds = builtin_patterns.literal_folds + literal->offset;
    int upper = dice_once_in(dice, 4);
    for (size_t i = 0; i < literal->length; i++)
        text_add_byte(text, bytes[i] - (upper && folds[i] ? 0x20u : 0));
}

void add_key(struct text *text, struct dice *dice)
{
    static const char *const gaps[] = {
        "=",         ": ",           "\": \"", "\":\"",    ">", " = ",
        "]=",        "\xEF\xBC\x9A", " ",      "\" => \"", "_", "",
        "\\\":\\\"", "\";s:16:\"",   ",",      " no "};
    add_word(text, dice);
    text_add_string(text, gaps[dice_below(dice, sizeof gaps / sizeof gaps[0])]);
}

void add_hex(struct text *text, struct dice *dice)
{
    static const char digits[] = "0123456789abcdef0123456789012345";
    for (size_t i = dice_between(dice, 1, 40); i > 0; i--)
        text_add_byte(text, (unsigned char)digits[dice_below(dice, sizeof digits - 1)]);
}

void add_uuid(struct text *text, struct dice *dice)
{
    static const char form[] = "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh";
    size_t letters = dice_between(dice, 10, 16);
    for (size_t i = 0; i < sizeof form - 1; i++)
        text_add_byte(text,
                      form[i] == '-'
                          ? '-'
                          : (unsigned char)"0123456789abcdef"[dice_below(dice, letters)]);
}

void add_noise(struct text *text, struct dice *dice)
{
    for (size_t i = dice_between(dice, 1, 5); i > 0; i--)
        text_add_byte(text, (unsigned)dice_below(dice, 256));
}

/* ---- numbers -------------------------------------------------------------------- */

void any_number(struct dice *dice, char *digits, const struct range_row **row)
{
    if (dice_once_in(dice, 3))
        card_any(dice, digits, row);
    else
        card_any_a(dice, digits, row);
    if (dice_once_in(dice, 8)) {
        char *digit = &digits[dice_below(dice, strlen(digits))];
        *digit = (char)('0' + (*digit - '0' + 1) % 10);
    }
}

/* Mostly the brand's grouping, sometimes merged, sometimes any. */
void any_grouping(struct dice *dice, const struct range_row *row, size_t length,
                  uint8_t *sizes)
{
    size_t count = 0;
    card_grouping(dice, row, length, sizes);
    if (dice_once_in(dice, 3)) {
        sizes[0] = (uint8_t)length;
        sizes[1] = 0;
        return;
    }
    if (!dice_once_in(dice, 4))
        return;
    for (size_t left = length; left > 0 && count < GROUPING_GROUPS_MAX; count++) {
        size_t size = dice_once_in(dice, 2) ? 4 : dice_between(dice, 1, 8);
        sizes[count] = (uint8_t)(size < left ? size : left);
        left -= sizes[count];
    }
    sizes[count] = 0;
}

void add_plain_number(struct text *text, struct dice *dice)
{
    char digits[CARD_CAPACITY];
    uint8_t sizes[GROUPING_GROUPS_MAX + 1];
    const struct range_row *row;
    struct dress dress = {WRITE_PLAIN, (enum charset)dice_below(dice, CHARSET_COUNT),
                          dice_once_in(dice, 4)};
    any_number(dice, digits, &row);
    any_grouping(dice, row, strlen(digits), sizes);
    dress_number(text, dress, digits, sizes, any_separator(dice));
}

/* Everything may change between two digits: width, separator, a line break. */
void add_mixed_number(struct text *text, struct dice *dice)
{
    char digits[CARD_CAPACITY];
    uint8_t sizes[GROUPING_GROUPS_MAX + 1];
    const struct range_row *row;
    const char *at = digits;
    uint32_t separator = any_separator(dice);
    any_number(dice, digits, &row);
    any_grouping(dice, row, strlen(digits), sizes);
    for (size_t group = 0; sizes[group]; group++) {
        struct dress dress = {WRITE_PLAIN, (enum charset)dice_below(dice, CHARSET_COUNT),
                              dice_once_in(dice, 4)};
        if (group > 0 && !dice_once_in(dice, 6))
            dress_code(text, dress,
                       dice_once_in(dice, 4) ? any_separator(dice) : separator);
        if (group > 0 && dice_once_in(dice, 6))
            text_add_string(text, dice_once_in(dice, 2) ? "\n" : " ");
        for (size_t i = 0; i < sizes[group] && *at; i++)
            dress_digit(text, dress, *at++);
    }
}

void add_dressed_number(struct text *text, struct dice *dice)
{
    char digits[CARD_CAPACITY];
    uint8_t sizes[GROUPING_GROUPS_MAX + 1];
    const struct range_row *row;
    struct dress dress = dress_any(dice);
    any_number(dice, digits, &row);
    any_grouping(dice, row, strlen(digits), sizes);
    dress_number(text, dress, digits, sizes, any_separator(dice));
}

void add_ebcdic_number(struct text *text, struct dice *dice)
{
    char digits[CARD_CAPACITY];
    uint8_t sizes[GROUPING_GROUPS_MAX + 1];
    const struct range_row *row;
    struct dress dress = {WRITE_EBCDIC, CHARSET_UTF8, 0};
    any_number(dice, digits, &row);
    any_grouping(dice, row, strlen(digits), sizes);
    dress_number(text, dress, digits, sizes, dice_once_in(dice, 2) ? ' ' : '-');
}

/* Only some digits escaped, and soft breaks. */
void add_half_escaped(struct text *text, struct dice *dice)
{
    static const enum writing ways[] = {WRITE_PERCENT, WRITE_JSON, WRITE_HTML, WRITE_QP};
    char digits[CARD_CAPACITY];
    const struct range_row *row;
    struct dress plain = {WRITE_PLAIN, CHARSET_UTF8, 0};
    struct dress escaped = {ways[dice_below(dice, 4)],
                            (enum charset)dice_below(dice, CHARSET_COUNT),
                            dice_once_in(dice, 3)};
    size_t rarely = dice_between(dice, 1, 8);
    any_number(dice, digits, &row);
    for (size_t i = 0; digits[i]; i++) {
        if (i > 0 && i % 4 == 0 && dice_once_in(dice, 2))
            dress_code(text, dice_once_in(dice, 2) ? escaped : plain,
                       any_separator(dice));
        if (escaped.writing == WRITE_QP && dice_once_in(dice, 8))
            text_add_string(text, dice_once_in(dice, 2) ? "=\n" : "=\r\n");
        if (escaped.writing == WRITE_JSON && dice_once_in(dice, 16))
            text_add_string(text, "\\n");
        dress_digit(text, dice_once_in(dice, rarely) ? escaped : plain, digits[i]);
    }
}

void add_escape(struct text *text, struct dice *dice)
{
    static const char *const escapes[] = {
        "%20",     "%22",       "%3D",    "%2D",     "+",      "%0A",     "\\u0020",
        "\\u002d", "\\n",       "\\\"",   "=\n",     "=20",    "=3D",     "=2E",
        "&nbsp;",  "&#32;",     "&#x2D;", "&ndash;", "%2A%2A", "\\u002a", "&#42;",
        "=2A",     "%E3%80%80", "=81=40", "\\u3000"};
    text_add_string(text, escapes[dice_below(dice, sizeof escapes / sizeof escapes[0])]);
}
