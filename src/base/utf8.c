#include "base/utf8.h"

static size_t claimed_length(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first <= 0xDF)
        return 2;
    if (first >= 0xE0 && first <= 0xEF)
        return 3;
    if (first >= 0xF0 && first <= 0xF4)
        return 4;
    return 0;
}

/* The second byte's range is narrower behind some first bytes. */
static int second_fits(unsigned char first, unsigned char second)
{
    if (first == 0xE0)
        return second >= 0xA0 && second <= 0xBF;
    if (first == 0xED)
        return second >= 0x80 && second <= 0x9F;
    if (first == 0xF0)
        return second >= 0x90 && second <= 0xBF;
    if (first == 0xF4)
        return second >= 0x80 && second <= 0x8F;
    return second >= 0x80 && second <= 0xBF;
}

size_t utf8_character(struct bytes bytes)
{
    if (bytes.length == 0)
        return 0;
    size_t length = claimed_length(bytes.at[0]);
    if (length == 0 || length > bytes.length)
        return 0;
    if (length > 1 && !second_fits(bytes.at[0], bytes.at[1]))
        return 0;
    for (size_t index = 2; index < length; index++) {
        if ((bytes.at[index] & 0xC0) != 0x80)
            return 0;
    }
    return length;
}

unsigned long utf8_code_point(const unsigned char *at, size_t length)
{
    static const unsigned char first_mask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    unsigned long code_point = (unsigned long)at[0] & first_mask[length];
    for (size_t index = 1; index < length; index++)
        code_point = code_point << 6 | (at[index] & 0x3Fu);
    return code_point;
}

int utf8_valid(struct bytes bytes)
{
    while (bytes.length > 0) {
        size_t length = utf8_character(bytes);
        if (length == 0)
            return 0;
        bytes = bytes_from(bytes, length);
    }
    return 1;
}
