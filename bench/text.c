#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char hex_digits[] = "0123456789abcdef";

void text_done(struct text *text)
{
    free(text->at);
    *text = (struct text){0};
}

void text_reserve(struct text *text, size_t length)
{
    if (text->capacity - text->length >= length)
        return;
    size_t capacity = (text->capacity + length) * 2 + 4096;
    char *at = realloc(text->at, capacity);
    if (!at) {
        fputs("corpora: out of memory\n", stderr);
        exit(2);
    }
    text->at = at;
    text->capacity = capacity;
}

void text_bytes(struct text *text, const char *bytes, size_t length)
{
    text_reserve(text, length);
    memcpy(text->at + text->length, bytes, length);
    text->length += length;
}

void text_string(struct text *text, const char *string)
{
    text_bytes(text, string, strlen(string));
}

void text_char(struct text *text, char value)
{
    text_reserve(text, 1);
    text->at[text->length++] = value;
}

void text_number(struct text *text, uint64_t value)
{
    text_padded(text, value, 1);
}

void text_padded(struct text *text, uint64_t value, unsigned width)
{
    char digits[24];
    size_t count = 0;
    while (value != 0 || count < width) {
        digits[sizeof digits - ++count] = (char)('0' + value % 10);
        value /= 10;
    }
    text_bytes(text, digits + sizeof digits - count, count);
}

void text_hex(struct text *text, struct dice *dice, unsigned count)
{
    text_reserve(text, count);
    uint64_t value = 0;
    for (unsigned i = 0; i < count; i++) {
        if (i % 16 == 0)
            value = dice_next(dice);
        text->at[text->length++] = hex_digits[value & 15];
        value >>= 4;
    }
}

void text_digits(struct text *text, struct dice *dice, unsigned count)
{
    text_reserve(text, count);
    for (unsigned i = 0; i < count; i++)
        text->at[text->length++] = (char)('0' + dice_below(dice, 10));
}

void text_base64(struct text *text, struct dice *dice, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        text_char(
            text,
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[dice_below(
                dice, 64)]);
}

void text_uuid(struct text *text, struct dice *dice)
{
    text_hex(text, dice, 8);
    text_char(text, '-');
    text_hex(text, dice, 4);
    text_string(text, "-4");
    text_hex(text, dice, 3);
    text_char(text, '-');
    text_char(text, "89ab"[dice_below(dice, 4)]);
    text_hex(text, dice, 3);
    text_char(text, '-');
    text_hex(text, dice, 12);
}

static int is_plain(unsigned char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z');
}

void text_percent(struct text *text, const char *string)
{
    for (; *string; string++) {
        unsigned char byte = (unsigned char)*string;
        if (is_plain(byte)) {
            text_char(text, *string);
            continue;
        }
        text_char(text, '%');
        text_char(text, "0123456789ABCDEF"[byte >> 4]);
        text_char(text, "0123456789ABCDEF"[byte & 15]);
    }
}

/* The corpora hold no characters past the basic plane. */
static unsigned character_at(const unsigned char **cursor)
{
    const unsigned char *at = *cursor;
    if (at[0] < 0x80) {
        *cursor = at + 1;
        return at[0];
    }
    if (at[0] < 0xE0) {
        *cursor = at + 2;
        return (at[0] & 31u) << 6 | (at[1] & 63u);
    }
    *cursor = at + 3;
    return (at[0] & 15u) << 12 | (at[1] & 63u) << 6 | (at[2] & 63u);
}

void text_escaped(struct text *text, const char *string)
{
    const unsigned char *cursor = (const unsigned char *)string;
    while (*cursor) {
        unsigned character = character_at(&cursor);
        if (character < 0x80) {
            text_char(text, (char)character);
            continue;
        }
        text_string(text, "\\u");
        for (int shift = 12; shift >= 0; shift -= 4)
            text_char(text, hex_digits[character >> shift & 15]);
    }
}

void text_wide_number(struct text *text, uint32_t value)
{
    if (value >= 10)
        text_wide_number(text, value / 10);
    text_string(text, "\xEF\xBC");
    text_char(text, (char)(0x90 + value % 10));
}

/* Days to a date by shifting the year's start to March, as in the Gregorian
 * rule of 400 years. */
static void date_of_day(uint64_t day, struct moment *moment)
{
    day += 719468;
    uint64_t era = day / 146097;
    uint64_t in_era = day % 146097;
    uint64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    uint64_t in_year = in_era - (365 * year + year / 4 - year / 100);
    uint64_t month = (5 * in_year + 2) / 153;
    moment->day = (unsigned)(in_year - (153 * month + 2) / 5 + 1);
    moment->month = (unsigned)(month < 10 ? month + 3 : month - 9);
    moment->year = (unsigned)(era * 400 + year + (moment->month <= 2));
}

struct moment moment_at(uint64_t micros)
{
    uint64_t seconds = micros / 1000000 + 9 * 3600;
    struct moment moment = {
        .hour = (unsigned)(seconds / 3600 % 24),
        .minute = (unsigned)(seconds / 60 % 60),
        .second = (unsigned)(seconds % 60),
        .micro = (unsigned)(micros % 1000000),
    };
    date_of_day(seconds / 86400, &moment);
    return moment;
}

void text_date(struct text *text, const struct moment *moment)
{
    text_number(text, moment->year);
    text_char(text, '-');
    text_padded(text, moment->month, 2);
    text_char(text, '-');
    text_padded(text, moment->day, 2);
}

void text_clock(struct text *text, const struct moment *moment)
{
    text_padded(text, moment->hour, 2);
    text_char(text, ':');
    text_padded(text, moment->minute, 2);
    text_char(text, ':');
    text_padded(text, moment->second, 2);
}
