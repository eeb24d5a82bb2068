#include "base/hide.h"

#include <string.h>

#define LONG_NUMBER_DIGITS 11
#define JOINT_LENGTH_MAX   4
#define CHECKED_MIN        13
#define CHECKED_MAX        19
#define SHOWN_FIRST        6
#define SHOWN_LAST         4

static int is_ascii_digit(unsigned char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Bytes of the digit at `offset`: 1, 3 (full-width), or 0 if there is none. */
static size_t digit_length(const unsigned char *text, size_t length, size_t offset)
{
    if (is_ascii_digit(text[offset]))
        return 1;
    if (length - offset >= 3 && text[offset] == 0xEF && text[offset + 1] == 0xBC &&
        text[offset + 2] >= 0x90 && text[offset + 2] <= 0x99)
        return 3;
    return 0;
}

static int is_joint(const unsigned char *text, size_t offset)
{
    unsigned char byte = text[offset];
    if (byte >= 0x80)
        return 1;
    /* \u0034, \x34, &#x34; */
    if ((byte | 0x20) == 'x' || byte == 'u')
        return offset > 0 && (text[offset - 1] == '\\' || text[offset - 1] == '#');
    return byte == '\0' || (byte != 0 && strchr(" -.+_/%\\&#;=", byte));
}

static void hide_digit(unsigned char *at, size_t digit)
{
    at[digit - 1] = digit == 1 ? '*' : 0x8A; /* EF BC 8A: a full-width asterisk */
}

static void hide_between(unsigned char *text, size_t from, size_t to)
{
    while (from < to) {
        size_t digit = digit_length(text, to, from);
        if (digit > 0)
            hide_digit(text + from, digit);
        from += digit > 0 ? digit : 1;
    }
}

/* Where the sequence of digits at `offset` ends; counts its digits. */
static size_t sequence_end(const unsigned char *text, size_t length, size_t offset,
                           size_t *count_out)
{
    size_t end = offset;
    size_t at = offset;
    size_t count = 0;
    while (at < length && at - end <= JOINT_LENGTH_MAX) {
        size_t digit = digit_length(text, length, at);
        if (digit > 0) {
            count++;
            at += digit;
            end = at;
        } else if (is_joint(text, at)) {
            at++;
        } else {
            break;
        }
    }
    *count_out = count;
    return end;
}

void hide_long_numbers(unsigned char *text, size_t length)
{
    size_t at = 0;
    while (at < length) {
        size_t count = 0;
        if (digit_length(text, length, at) == 0) {
            at++;
            continue;
        }
        size_t end = sequence_end(text, length, at, &count);
        if (count >= LONG_NUMBER_DIGITS)
            hide_between(text, at, end);
        at = end;
    }
}

static int check_digit_right(const unsigned char *digits, size_t count)
{
    unsigned sum = 0;
    for (size_t index = 0; index < count; index++) {
        unsigned digit = (unsigned)(digits[count - 1 - index] - '0');
        if (index % 2 == 1)
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum % 10 == 0;
}

void hide_checked_runs(unsigned char *text, size_t length)
{
    size_t at = 0;
    while (at < length) {
        size_t end = at;
        while (end < length && is_ascii_digit(text[end]))
            end++;
        size_t count = end - at;
        if (count >= CHECKED_MIN && count <= CHECKED_MAX &&
            check_digit_right(text + at, count))
            memset(text + at + SHOWN_FIRST, '*', count - SHOWN_FIRST - SHOWN_LAST);
        at = end + 1;
    }
}
