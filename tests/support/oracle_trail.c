/* oracle_trail.c - section 3 of docs/detection.md: letters that are none in CP932. */
#include "support/oracle_units.h"

#define TRAIL_BACK_MAX 64

/* The length of the UTF-8 character of more than one byte in front, before `end`; 0:
 * there is none. */
static size_t utf8_character(const uint8_t *at, const uint8_t *end)
{
    size_t length = 0;
    if (at[0] >= 0xC2 && at[0] <= 0xDF)
        length = 2;
    else if (at[0] >= 0xE0 && at[0] <= 0xEF)
        length = 3;
    else if (at[0] >= 0xF0 && at[0] <= 0xF4)
        length = 4;
    if (length > (size_t)(end - at))
        return 0;
    for (size_t i = 1; i < length; i++)
        if (at[i] < 0x80 || at[i] > 0xBF)
            return 0;
    return length;
}

static int all_utf8(const uint8_t *at, const uint8_t *end)
{
    while (at < end) {
        size_t length = utf8_character(at, end);
        if (length == 0)
            return 0;
        at += length;
    }
    return 1;
}

static int begins_pair(uint8_t byte)
{
    return (byte >= 0x81 && byte <= 0x9F) || (byte >= 0xE0 && byte <= 0xFC);
}

int trail_ends(const struct oracle_text *text, size_t offset)
{
    const uint8_t *letter = text->bytes + offset - 1;
    const uint8_t *from = letter;
    if (offset < 2 || (*letter | 0x20) < 'a' || (*letter | 0x20) > 'z' || *letter > 'z' ||
        !begins_pair(letter[-1]))
        return 0;
    while (from > text->bytes && from[-1] >= 0x80 && letter - from < TRAIL_BACK_MAX)
        from--;
    int known = from == text->bytes || from[-1] < 0x80;
    if (known && all_utf8(from, letter))
        return 0;
    for (size_t i = 0; !known && i <= 3; i++) {
        if (all_utf8(from + i, letter))
            return 0; /* the character that begins before it is seen in part */
        if (from[i] < 0x80 || from[i] > 0xBF)
            break;
    }
    if (!known)
        return 1;
    while (from < letter)
        from += begins_pair(*from) ? 2 : 1;
    return from > letter;
}
