#include "card.h"

#include <string.h>

struct brand_row {
    unsigned weight; /* out of 100 */
    const char *first, *last;
    unsigned count;
    const char *groups;
};

/* Mostly what a shop in Japan sees; every row is a range all sources agree on. */
static const struct brand_row brands[] = {
    {38, "4", "4", 16, "4444"},          {20, "51", "55", 16, "4444"},
    {5, "2221", "2720", 16, "4444"},     {20, "3528", "3589", 16, "4444"},
    {4, "34", "34", 15, "465"},          {4, "37", "37", 15, "465"},
    {3, "36", "36", 14, "464"},          {2, "6011", "6011", 16, "4444"},
    {2, "622126", "622925", 16, "4444"}, {2, "4", "4", 19, "44443"},
};

unsigned luhn_digit(const char *digits, unsigned count)
{
    static const unsigned doubled[10] = {0, 2, 4, 6, 8, 1, 3, 5, 7, 9};
    unsigned sum = 0;
    for (unsigned i = 0; i < count; i++) {
        unsigned digit = (unsigned)(digits[count - 1 - i] - '0');
        sum += i % 2 == 0 ? doubled[digit] : digit;
    }
    return (10 - sum % 10) % 10;
}

static uint32_t number_of(const char *digits)
{
    uint32_t number = 0;
    for (; *digits; digits++)
        number = number * 10 + (uint32_t)(*digits - '0');
    return number;
}

static const struct brand_row *choose_brand(struct dice *dice)
{
    unsigned roll = dice_below(dice, 100);
    const struct brand_row *row = brands;
    while (roll >= row->weight) {
        roll -= row->weight;
        row++;
    }
    return row;
}

struct card card_make(struct dice *dice)
{
    const struct brand_row *row = choose_brand(dice);
    struct card card = {.count = row->count, .groups = row->groups};
    unsigned prefix_count = (unsigned)strlen(row->first);
    uint32_t prefix = dice_between(dice, number_of(row->first), number_of(row->last));
    for (unsigned i = prefix_count; i > 0; i--) {
        card.digits[i - 1] = (char)('0' + prefix % 10);
        prefix /= 10;
    }
    for (unsigned i = prefix_count; i + 1 < card.count; i++)
        card.digits[i] = (char)('0' + dice_below(dice, 10));
    card.digits[card.count - 1] = (char)('0' + luhn_digit(card.digits, card.count - 1));
    return card;
}

static void put_digit(struct text *text, char digit, enum card_writing writing)
{
    if (writing == CARD_WIDE)
        text_wide_number(text, (uint32_t)(digit - '0'));
    else
        text_char(text, digit);
}

void text_card(struct text *text, const struct card *card, enum card_writing writing)
{
    static const char *const joints[] = {"", " ", "-", "+", "%20", ""};
    unsigned next = 0;
    for (const char *group = card->groups; *group; group++) {
        if (group != card->groups)
            text_string(text, joints[writing]);
        for (char i = '0'; i < *group; i++)
            put_digit(text, card->digits[next++], writing);
    }
}

/* Leading digits of many brands' ranges and of none; not of those ranges whose
 * numbers need no check digit. */
static const char *const reference_starts[] = {"4", "4", "51", "53", "35", "37",  "36",
                                               "1", "0", "7",  "9",  "20", "300", "84"};
#define REFERENCE_START_COUNT (sizeof reference_starts / sizeof *reference_starts)

static void spoil_check_digit(char *digits, unsigned count)
{
    unsigned right = luhn_digit(digits, count - 1);
    if ((unsigned)(digits[count - 1] - '0') == right)
        digits[count - 1] = (char)('0' + (right + 3) % 10);
}

void text_reference(struct text *text, struct dice *dice, unsigned count)
{
    size_t begin = text->length;
    text_string(text, reference_starts[dice_below(dice, REFERENCE_START_COUNT)]);
    text_digits(text, dice, count - (unsigned)(text->length - begin));
    spoil_check_digit(text->at + begin, count);
}

void text_jan(struct text *text, struct dice *dice)
{
    text_string(text, dice_once_in(dice, 3) ? "45" : "49");
    text_digits(text, dice, 10);
    const char *digits = text->at + text->length - 12;
    unsigned sum = 0;
    for (unsigned i = 0; i < 12; i++)
        sum += (unsigned)(digits[i] - '0') * (i % 2 == 0 ? 1 : 3);
    text_char(text, (char)('0' + (10 - sum % 10) % 10));
}

void text_trace(struct text *text, struct dice *dice, unsigned count)
{
    text_hex(text, dice, count);
    char *digits = text->at + text->length - count;
    for (unsigned i = 0; i < count; i++)
        if (digits[i] > '9')
            return;
    spoil_check_digit(digits, count);
}
