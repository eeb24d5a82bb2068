/* card.c - card numbers made for tests. */
#include "support/card.h"

#include <stdlib.h>
#include <string.h>

static unsigned luhn_sum(const char *digits, size_t count)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned digit = (unsigned)(digits[i] - '0');
        if ((count - i) % 2 == 0)
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum;
}

int card_luhn_passes(const char *digits)
{
    return luhn_sum(digits, strlen(digits)) % 10 == 0;
}

static void finish(char *digits, size_t length)
{
    digits[length - 1] = '0';
    digits[length] = 0;
    digits[length - 1] = (char)('0' + (10 - luhn_sum(digits, length) % 10) % 10);
}

void card_make(struct dice *dice, const char *prefix, size_t length, char *out)
{
    size_t given = strlen(prefix);
    if (length >= CARD_CAPACITY || given >= length)
        abort();
    memcpy(out, prefix, given);
    for (size_t i = given; i < length; i++)
        out[i] = (char)('0' + dice_below(dice, 10));
    finish(out, length);
}

void card_of_range(struct dice *dice, const struct range_row *row, char *out)
{
    uint64_t span = row->last - row->first + 1;
    uint64_t prefix = row->first + dice_next(dice) % span;
    size_t length;
    do
        length = dice_between(dice, PAN_DIGITS_MIN, PAN_DIGITS_MAX);
    while (!(row->length_mask & (1u << length)));
    for (size_t i = 0; i < length; i++)
        out[i] = (char)('0' + dice_below(dice, 10));
    for (size_t i = row->prefix_length; i > 0; i--, prefix /= 10)
        out[i - 1] = (char)('0' + prefix % 10);
    out[length] = 0;
    if (row->luhn != LUHN_NO && row->prefix_length < length)
        finish(out, length);
}

void card_any(struct dice *dice, char *out, const struct range_row **row_out)
{
    const struct range_row *row =
        &builtin_patterns.ranges[dice_below(dice, builtin_patterns.range_count)];
    if (row_out)
        *row_out = row;
    card_of_range(dice, row, out);
}

void card_any_a(struct dice *dice, char *out, const struct range_row **row_out)
{
    const struct range_row *row;
    do
        row = &builtin_patterns.ranges[dice_below(dice, builtin_patterns.range_count)];
    while (row->tier != TIER_A);
    if (row_out)
        *row_out = row;
    card_of_range(dice, row, out);
}

void card_grouping(struct dice *dice, const struct range_row *row, size_t length,
                   uint8_t *sizes)
{
    const struct brand_row *brand = &builtin_patterns.brands[row->brand];
    size_t fitting = 0;
    sizes[0] = (uint8_t)length;
    sizes[1] = 0;
    for (size_t i = 0; i < brand->grouping_count; i++) {
        size_t total = 0;
        for (size_t j = 0; brand->groupings[i][j]; j++)
            total += brand->groupings[i][j];
        if (total == length && dice_once_in(dice, ++fitting))
            memcpy(sizes, brand->groupings[i], GROUPING_GROUPS_MAX + 1);
    }
}
