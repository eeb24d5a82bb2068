/* texts_special.c - two-byte text, stripes, chip tags, codes, tables. */
#include "support/texts_pieces.h"

#include <string.h>

#include "support/card.h"
#include "support/dress.h"

/* ---- two-byte text -------------------------------------------------------------- */

void add_utf16(struct text *text, struct dice *dice)
{
    int big = dice_once_in(dice, 2);
    struct text narrow = {0};
    struct dress dress = {big ? WRITE_UTF16BE : WRITE_UTF16LE, CHARSET_UTF8, 0};
    add_letters(&narrow, dice);
    if (dice_once_in(dice, 2))
        text_add_string(&narrow, "card no: ");
    for (size_t i = 0; i < narrow.length; i++)
        dress_code(text, dress, narrow.bytes[i]);
    char digits[CARD_CAPACITY];
    uint8_t sizes[GROUPING_GROUPS_MAX + 1];
    const struct range_row *row;
    any_number(dice, digits, &row);
    any_grouping(dice, row, strlen(digits), sizes);
    dress.wide = dice_once_in(dice, 4);
    dress_number(text, dress, digits, sizes, any_separator(dice));
    if (dice_once_in(dice, 2))
        dress_code(text, dress, dice_once_in(dice, 2) ? '\n' : 'x');
    text_done(&narrow);
}

void add_jis(struct text *text, struct dice *dice)
{
    char digits[CARD_CAPACITY];
    uint8_t sizes[GROUPING_GROUPS_MAX + 1];
    const struct range_row *row;
    struct dress dress = {WRITE_JIS, CHARSET_UTF8, 0};
    text_add_string(text, "\x1B$B");
    for (size_t i = 2 * dice_below(dice, 12); i > 0; i--)
        text_add_byte(text, 0x30 + (unsigned)dice_below(dice, 10));
    if (dice_once_in(dice, 3))
        return; /* an open segment */
    text_add_string(text, "\x1B(B");
    any_number(dice, digits, &row);
    any_grouping(dice, row, strlen(digits), sizes);
    dress_number(text, dress, digits, sizes, dice_once_in(dice, 2) ? 0x3000 : 0x2212);
}

/* ---- stripes, tags, codes ------------------------------------------------------- */

static void add_expiry(struct text *text, struct dice *dice)
{
    text_add_format(text, "%02u%02u%03u", (unsigned)dice_between(dice, 20, 40),
                    (unsigned)dice_between(dice, 0, 13),
                    (unsigned)dice_below(dice, 1000));
    for (size_t i = dice_below(dice, 12); i > 0; i--)
        text_add_byte(text, '0' + (unsigned)dice_below(dice, 10));
}

void add_track(struct text *text, struct dice *dice)
{
    char digits[CARD_CAPACITY];
    any_number(dice, digits, NULL);
    if (dice_once_in(dice, 2)) {
        text_add_format(text, "%sB%s^DOE/JANE %u^", dice_once_in(dice, 2) ? "%" : "",
                        digits, (unsigned)dice_below(dice, 100));
        add_expiry(text, dice);
    } else {
        text_add_format(text, "%s%s%c", dice_once_in(dice, 2) ? ";" : "", digits,
                        "=Dd"[dice_below(dice, 3)]);
        add_expiry(text, dice);
    }
    if (dice_once_in(dice, 2))
        text_add_byte(text, dice_once_in(dice, 2) ? '?' : 'F');
}

void add_tag(struct text *text, struct dice *dice)
{
    char digits[CARD_CAPACITY];
    struct text value = {0};
    size_t which = dice_below(dice, 3);
    any_number(dice, digits, NULL);
    text_add_string(&value, digits);
    if (which > 0) {
        text_add_byte(&value, dice_once_in(dice, 2) ? 'D' : 'd');
        add_expiry(&value, dice);
    }
    if (value.length % 2)
        text_add_byte(&value, 'F');
    if (dice_once_in(dice, 2))
        text_add_string(text, "9F1F0412345678");
    text_add_format(text, "%s%02X",
                    which == 0   ? "5A"
                    : which == 1 ? "57"
                                 : "9F6B",
                    (unsigned)(value.length / 2));
    text_add(text, value.bytes, value.length);
    if (dice_once_in(dice, 2))
        text_add_string(text, "5F24032712319F2008303132333435363F");
    text_done(&value);
}

/* The same in a run as long as a digest: by chance, or all of it tags. */
void add_digest(struct text *text, struct dice *dice)
{
    static const char hex[] = "0123456789abcdef";
    static const size_t lengths[] = {32, 40, 56, 64, 96, 128};
    struct text chip = {0};
    add_tag(&chip, dice);
    size_t length = lengths[dice_below(dice, 6)];
    size_t before = chip.length < length ? dice_below(dice, length - chip.length + 1) : 0;
    text_add_byte(text, ' ');
    if (dice_once_in(dice, 2))
        before = 0;
    for (size_t i = 0; i < before; i++)
        text_add_byte(text, (unsigned char)hex[dice_below(dice, 16)]);
    text_add(text, chip.bytes, chip.length);
    for (size_t i = before + chip.length; i < length; i++)
        text_add_byte(text, (unsigned char)hex[dice_below(dice, 16)]);
    text_add_byte(text, ' ');
    text_done(&chip);
}

/* The Japanese name, in UTF-8. */
static const char security_code[] =
    "\xE3\x82\xBB\xE3\x82\xAD\xE3\x83\xA5\xE3\x83\xAA\xE3\x83\x86\xE3\x82\xA3"
    "\xE3\x82\xB3\xE3\x83\xBC\xE3\x83\x89";

void add_code(struct text *text, struct dice *dice)
{
    static const char *const names[] = {"cvv", "cvv2",      "CVC", "securityCode",
                                        "cid", "pin block", "pin", security_code};
    static const char *const gaps[] = {"=", ": ", "\":\"",     ">",
                                       " ", "  ", "\";s:3:\"", ","};
    text_add_string(text, names[dice_below(dice, sizeof names / sizeof names[0])]);
    text_add_string(text, gaps[dice_below(dice, sizeof gaps / sizeof gaps[0])]);
    for (size_t i = dice_between(dice, 2, 6); i > 0; i--)
        text_add_byte(text, '0' + (unsigned)dice_below(dice, 10));
    if (dice_once_in(dice, 8))
        text_add_string(text, "0123456789ABCDEF");
}

void add_table(struct text *text, struct dice *dice)
{
    static const char *const heads[] = {
        "id,card_number,cvv\n", "order id;phone;card no\n", "\"name\",\"card number\"\n",
        "id\tcvv2\tpin\r\n", "a,b,token\n"};
    text_add_string(text, heads[dice_below(dice, sizeof heads / sizeof heads[0])]);
    for (size_t row = dice_between(dice, 1, 3); row > 0; row--) {
        add_digits(text, dice);
        text_add_byte(text, dice_once_in(dice, 3) ? ';' : ',');
        add_plain_number(text, dice);
        text_add_format(text, ",%u\n", (unsigned)dice_below(dice, 2000));
    }
}
