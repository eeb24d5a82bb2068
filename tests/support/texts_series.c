/* texts_series.c - numbers among their like, and numbers in long runs of one thing. */
#include "support/texts_pieces.h"

#include <string.h>

#include "support/card.h"
#include "support/dress.h"

/* ---- among their like ------------------------------------------------------------ */

static void add_group(struct text *text, struct dice *dice, unsigned group,
                      uint32_t separator)
{
    struct dress dress = {WRITE_PLAIN, CHARSET_UTF8, 0};
    text_add_format(text, "%04u", group % 10000);
    if (dice_once_in(dice, 30))
        separator = any_separator(dice);
    dress_code(text, dress, separator);
}

/* Four groups in order that are a number, and more of the list around them. */
static void add_list(struct text *text, struct dice *dice)
{
    unsigned step = (unsigned)dice_between(dice, 1, dice_once_in(dice, 2) ? 60 : 700);
    unsigned first = (unsigned)dice_between(dice, 3530, 5599);
    unsigned before = (unsigned)dice_below(dice, 6);
    uint32_t separator = dice_once_in(dice, 2) ? ' ' : any_separator(dice);
    unsigned groups[4] = {first, first + step, first + 2 * step, first + 3 * step};
    char digits[32] = "";
    if (dice_once_in(dice, 2)) { /* falling */
        groups[1] = first - step % 100;
        groups[2] = first - 2 * (step % 100);
        groups[3] = first - 3 * (step % 100);
    }
    for (int tries = 0; tries < 10; tries++, groups[3]++) {
        struct text number = {0};
        for (size_t i = 0; i < 4; i++)
            text_add_format(&number, "%04u", groups[i] % 10000);
        memcpy(digits, text_string(&number), 17);
        text_done(&number);
        if (card_luhn_passes(digits))
            break;
    }
    int falls = groups[1] < groups[0];
    for (unsigned i = before; i > 0; i--)
        add_group(text, dice,
                  dice_once_in(dice, 20) ? first
                  : falls                ? first + i * step
                                         : first - i * (step % 100),
                  separator);
    for (size_t i = 0; i < 4; i++)
        add_group(text, dice, groups[i], separator);
    for (unsigned i = (unsigned)dice_below(dice, 6); i > 0; i--) {
        groups[3] += falls ? 9999 : 1;
        add_group(text, dice, groups[3], separator);
    }
}

static void add_hex_words(struct text *text, struct dice *dice, const char *partings)
{
    for (size_t i = dice_below(dice, 14); i > 0; i--) {
        size_t length = dice_once_in(dice, 8) ? dice_between(dice, 1, 9) : 4;
        for (size_t j = 0; j < length; j++)
            text_add_byte(
                text,
                (unsigned char)"0123456789ABCDEFabcdefg0123456789"[dice_below(dice, 33)]);
        text_add_byte(text, (unsigned char)partings[dice_below(dice, strlen(partings))]);
    }
}

static void add_among_hex(struct text *text, struct dice *dice)
{
    const char *partings = dice_once_in(dice, 2) ? "        \n" : "    -";
    add_hex_words(text, dice, partings);
    add_mixed_number(text, dice);
    text_add_byte(text, (unsigned char)partings[dice_below(dice, strlen(partings))]);
    add_hex_words(text, dice, partings);
}

static void add_fraction(struct text *text, struct dice *dice)
{
    char digits[CARD_CAPACITY];
    const struct range_row *row;
    struct dress dress = dress_any(dice);
    any_number(dice, digits, &row);
    uint8_t sizes[3] = {(uint8_t)dice_between(dice, 1, 10), 0, 0};
    sizes[1] = (uint8_t)(strlen(digits) - sizes[0]);
    dress_number(text, dress, digits, sizes, dice_once_in(dice, 4) ? 0xFF0E : '.');
}

static void add_integer(struct text *text, struct dice *dice)
{
    static const char *const befores[] = {"ILm", "Lj", "-",         "= ",
                                          "L",   "Lz", "\xE3\x83Lm"};
    static const char *const behinds[] = {"L", "LL",   "ull", "n",  "EEE",   "ELi16EE",
                                          "U", "LLUU", "lx",  "L0", "%4C%20"};
    char digits[CARD_CAPACITY];
    uint8_t sizes[2] = {0, 0};
    struct dress dress = dice_once_in(dice, 2) ? dress_any(dice) : (struct dress){0};
    do
        any_number(dice, digits, NULL);
    while (strlen(digits) < 16);
    sizes[0] = (uint8_t)strlen(digits);
    text_add_string(text, befores[dice_below(dice, sizeof befores / sizeof befores[0])]);
    dress_number(text, dress, digits, sizes, 0);
    text_add_string(text, behinds[dice_below(dice, sizeof behinds / sizeof behinds[0])]);
}

void add_series(struct text *text, struct dice *dice)
{
    switch (dice_below(dice, 4)) {
    case 0:
        add_list(text, dice);
        break;
    case 1:
        add_among_hex(text, dice);
        break;
    case 2:
        add_fraction(text, dice);
        break;
    default:
        add_integer(text, dice);
    }
}

/* ---- long runs ------------------------------------------------------------------- */

/* One thing again and again, up to `most` bytes, that a fast look may skip or take for
 * digits, over the borders of its blocks: separators, kana and full-width characters of
 * each encoding, lead bytes alone, escapes. */
static void add_run(struct text *text, struct dice *dice, size_t most)
{
    static const struct {
        const char *bytes;
        size_t length; /* of those with NUL */
    } runs[] = {
        {" ", 0},
        {"=\n", 0},
        {"-", 0},
        {".", 0},
        {"+", 0},
        {"\t", 0},
        {",", 0},
        {"0", 0},
        {"\xE3\x82\xA2", 0},
        {"\x83\x41", 0},
        {"\xA5\xA2", 0},
        {"\xB1", 0},
        {"\xEF\xBD\xB1", 0},
        {"\xEF\xBC\x94", 0},
        {"\x82\x53", 0},
        {"\xA3\xB4", 0},
        {"\xE3\x80\x80", 0},
        {"\x81\x40", 0},
        {"\xA1\xA1", 0},
        {"\xC2\xA0", 0},
        {"\xE2\x80\x90", 0},
        {"\xE3\x83\xBC", 0},
        {"\x82", 0},
        {"\xEF", 0},
        {"\xEF\xBC", 0},
        {"\xA3", 0},
        {"%", 0},
        {"%20", 0},
        {"%EF%BC%94", 0},
        {"\\u3000", 0},
        {"\\", 0},
        {"&nbsp;", 0},
        {"&", 0},
        {"=20", 0},
        {"=", 0},
        {"\n", 0},
        {"\0", 1},
        {"\0 ", 2},
        {"4\0", 2},
        {"*", 0},
        {"\x1B$B#4\x1B(B", 0},
    };
    size_t which = dice_below(dice, sizeof runs / sizeof runs[0]);
    const char *run = runs[which].bytes;
    size_t length = runs[which].length ? runs[which].length : strlen(run);
    size_t bytes = dice_below(dice, most + 1);
    for (size_t at = 0; at < bytes; at += length)
        text_add(text, run, length);
}

void add_cover(struct text *text, struct dice *dice)
{
    char digits[CARD_CAPACITY];
    const struct range_row *row;
    uint8_t sizes[GROUPING_GROUPS_MAX + 1];
    struct dress dress = dress_any(dice);
    uint32_t separator = any_separator(dice);
    add_run(text, dice, 200);
    any_number(dice, digits, &row);
    any_grouping(dice, row, strlen(digits), sizes);
    if (dice_once_in(dice, 2)) {
        dress_number(text, dress, digits, sizes, separator);
    } else {
        const char *at = digits;
        size_t torn = dice_below(dice, 4);
        for (size_t group = 0; sizes[group]; group++) {
            uint8_t one[2] = {sizes[group], 0};
            char part[CARD_CAPACITY] = "";
            memcpy(part, at, sizes[group]);
            at += sizes[group];
            if (group == torn)
                add_run(text, dice, dice_once_in(dice, 2) ? 6 : 100);
            else if (group > 0)
                dress_code(text, dress, separator);
            dress_number(text, dress, part, one, 0);
        }
    }
    add_run(text, dice, dice_once_in(dice, 2) ? 3 : 200);
}
