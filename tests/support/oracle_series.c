/* oracle_series.c - section 3 of docs/detection.md: fractions, hex words, lists of
 * numbers in order, integers of programs. */
#include <string.h>

#include "patterns/patterns.h"
#include "support/oracle_window.h"

/* ---- 3. a fraction -------------------------------------------------------------- */

int is_fraction(const struct oracle_text *text, const struct window *window)
{
    const struct number *number = &window->number;
    if (number->group_count != 2 || number->joints[0] != JOINT_DOT)
        return 0;
    size_t last = number->groups[0] - 1;
    size_t at = window->digit_offsets[last] + window->digit_lengths[last];
    int soft = 0;
    return unit_at(text, window->mode, skip_nothing(text, window->mode, at, &soft))
               .code == '.';
}

/* ---- 4. hex words --------------------------------------------------------------- */

#define WORD_MIN 4
#define WORD_MAX 6

static int is_alnum(uint32_t code)
{
    return (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') ||
           (code >= 'A' && code <= 'Z');
}

static int is_hex_letter(uint32_t code)
{
    return (code >= 'a' && code <= 'f') || (code >= 'A' && code <= 'F');
}

/* It may hide a digit of a word, so that masking a word changes nothing here. */
static int is_mask(uint32_t code)
{
    return code == '*' || code == '#' || code == 'X' || code == 'x';
}

/* 0: no hex word stands there; else 1, or 2 if a letter is in it.  *at moves over it. */
static int hex_word(const struct oracle_text *text, enum oracle_mode mode, size_t *at,
                    int forward)
{
    int letters = 0;
    size_t length = 0;
    uint32_t code;
    size_t bytes;
    while (char_beside(text, mode, *at, forward, &code, &bytes) &&
           (is_alnum(code) || is_mask(code))) {
        if (code > '9' && !is_hex_letter(code) && !is_mask(code))
            return 0;
        letters |= is_hex_letter(code);
        *at = forward ? *at + bytes : *at - bytes;
        if (++length > WORD_MAX)
            return 0;
    }
    return length < WORD_MIN ? 0 : 1 + letters;
}

static int has_wrap(const struct number *number)
{
    for (size_t i = 0; i + 1 < number->group_count; i++)
        if (number->joints[i] == JOINT_WRAP)
            return 1;
    return 0;
}

static void count_words(const struct oracle_text *text, const struct window *window,
                        int forward, int *words, int *letters)
{
    size_t at = forward ? window->end : window->start;
    for (int left = forward ? 8 : 12; left > 0; left--) {
        struct unit wrap;
        size_t next = joint_beside(text, window->mode, at, forward);
        if (!forward && has_wrap(&window->number) &&
            unit_ending(text, window->mode, at, UNIT_WRAP, &wrap))
            next = at - wrap.length;
        if (next == SIZE_MAX)
            return;
        at = next;
        int word = hex_word(text, window->mode, &at, forward);
        if (word == 0)
            return;
        ++*words;
        *letters |= word == 2;
    }
}

int is_among_hex(const struct oracle_text *text, const struct window *window)
{
    int words = 0;
    int letters = 0;
    if (window->number.group_count < 2)
        return 0;
    count_words(text, window, 0, &words, &letters);
    count_words(text, window, 1, &words, &letters);
    return words >= 3 && letters;
}

/* ---- 6. a list in order --------------------------------------------------------- */

#define NO_LIKE (-1)
#define HIDDEN  (-2) /* a mask is in it: it may be any number */

/* The number of exactly `size` digits or masks beyond a joint; *at moves over it. */
static int64_t like_beside(const struct oracle_text *text, enum oracle_mode mode,
                           size_t size, size_t *at, int forward)
{
    int64_t value = 0;
    int64_t place = 1;
    int hidden = 0;
    size_t digit = joint_beside(text, mode, *at, forward);
    for (size_t i = 0; digit != SIZE_MAX && i < size; i++, place *= 10) {
        struct unit unit;
        if (forward)
            unit = unit_at(text, mode, digit);
        else if (!unit_ending(text, mode, digit, UNIT_DIGIT, &unit) &&
                 !unit_ending(text, mode, digit, UNIT_MASK, &unit))
            return NO_LIKE;
        if (unit.kind != UNIT_DIGIT && unit.kind != UNIT_MASK)
            return NO_LIKE;
        hidden |= unit.kind == UNIT_MASK;
        value = forward ? value * 10 + unit.value : value + place * unit.value;
        digit = forward ? digit + unit.length : digit - unit.length;
    }
    *at = digit;
    if (digit == SIZE_MAX || digit_or_mask_beside(text, mode, digit, forward))
        return NO_LIKE;
    return hidden ? HIDDEN : value;
}

int is_in_order(const struct oracle_text *text, const struct window *window)
{
    const struct number *number = &window->number;
    int64_t all[4 + ORACLE_DIGITS_MAX + 4];
    int64_t before[4];
    size_t count = 0;
    size_t likes = 0;
    size_t size = number->groups[0];
    if (number->group_count < 2 || has_wrap(number))
        return 0;
    size_t at = window->start;
    while (likes < 4 &&
           (before[likes] = like_beside(text, window->mode, size, &at, 0)) != NO_LIKE)
        likes++;
    while (count < likes) {
        all[count] = before[likes - 1 - count];
        count++;
    }
    const char *digits = number->digits;
    for (size_t i = 0; i < number->group_count; i++) {
        if (number->groups[i] != size)
            return 0;
        all[count] = 0;
        for (size_t j = 0; j < size; j++)
            all[count] = all[count] * 10 + (*digits++ - '0');
        count++;
    }
    at = window->end;
    for (int i = 0; i < 4; i++, count++, likes++)
        if ((all[count] = like_beside(text, window->mode, size, &at, 1)) == NO_LIKE)
            break;
    int rises = 1;
    int falls = 1;
    int64_t last = HIDDEN;
    for (size_t i = 0; i < count; i++) {
        if (all[i] == HIDDEN)
            continue;
        rises &= last == HIDDEN || all[i] > last;
        falls &= last == HIDDEN || all[i] < last;
        last = all[i];
    }
    return likes >= 3 && (rises || falls);
}

/* ---- 7. an integer -------------------------------------------------------------- */

int is_integer(const struct oracle_text *text, const struct window *window)
{
    static const char suffixes[][4] = {"l", "ll", "u", "ul", "ull", "lu", "llu", "n"};
    char letters[5] = "";
    uint32_t code;
    size_t bytes;
    size_t at = window->end;
    if (window->number.group_count != 1 || window->number.digit_count < 17)
        return 0;
    for (size_t i = 0; i < 4; i++) {
        if (!char_beside(text, window->mode, at, 1, &code, &bytes) || !is_alnum(code))
            break;
        letters[i] = (char)code;
        at += bytes;
    }
    int mangled =
        letters[0] == 'E' &&
        char_beside(text, window->mode, window->start, 0, &code, &bytes) && code < 0x80 &&
        code && strchr("ijlmxy", (int)code) &&
        char_beside(text, window->mode, window->start - bytes, 0, &code, &bytes) &&
        code == 'L';
    for (size_t i = 0; i < 4; i++)
        letters[i] = (char)(letters[i] | (letters[i] ? 0x20 : 0));
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
        if (strcmp(letters, suffixes[i]) == 0)
            return 1;
    return mangled;
}
