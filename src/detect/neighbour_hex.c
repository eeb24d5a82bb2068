#include "detect/neighbour_hex.h"

#include <string.h>

#include "detect/recoded.h"
#include "detect/sequence.h"
#include "detect/text.h"

#define TOKEN_REACH 128u /* characters of a hex token looked at each way */

struct token {
    size_t length; /* bytes */
    bool hex;      /* all are hex digits, or hidden ones */
    bool is_0x;    /* those next to the number are 0x */
};

/* So many masks in a row hide digits: fewer than MASKS_MIN only beyond a digit, where a
 * number may begin to be hidden; but an x is a letter then. */
static size_t masks_least(struct character nearest, bool is_beyond_digit)
{
    return is_beyond_digit && (nearest.value | 0x20) != 'x' ? 1 : MASKS_MIN;
}

/* How many characters in a row hide a digit. */
static size_t masks_before(const struct view *view, enum mode mode, size_t at,
                           bool is_beyond_digit, size_t *begin_out)
{
    size_t count = 0;
    struct unit unit = unit_before(view, mode, at);
    const size_t least = masks_least(character_before(view, mode, at), is_beyond_digit);
    for (; unit.kind == UNIT_MASK && count < TOKEN_REACH;
         unit = unit_before(view, mode, at)) {
        at -= unit.length;
        count++;
    }
    *begin_out = at;
    return count >= least ? count : 0;
}

static size_t masks_behind(const struct view *view, enum mode mode, size_t at,
                           bool is_beyond_digit, size_t *end_out)
{
    size_t count = 0;
    struct unit unit = unit_read(view, mode, at);
    const size_t least = masks_least(character_at(view, mode, at), is_beyond_digit);
    for (; unit.kind == UNIT_MASK && count < TOKEN_REACH;
         unit = unit_read(view, mode, at)) {
        at += unit.length;
        count++;
    }
    *end_out = at;
    return count >= least ? count : 0;
}

/* A character of a token.  A digit of any width is one, as the mask that hides it. */
static struct character token_character(struct unit unit, struct character character)
{
    if (unit.kind == UNIT_DIGIT)
        return (struct character){'0' + unit.value, unit.length};
    return character;
}

static struct token token_before(const struct view *view, enum mode mode, size_t at)
{
    struct token token = {0, true, false};
    int nearest = NOT_ASCII;
    bool is_digit = false; /* the last one */
    while (token.length < TOKEN_REACH) {
        size_t begin = at;
        if (masks_before(view, mode, at, is_digit, &begin) > 0) {
            token.length += at - begin;
            at = begin;
            continue;
        }
        struct character character = token_character(unit_before(view, mode, at),
                                                     character_before(view, mode, at));
        if (!value_is_alnum(character.value))
            break;
        is_digit = character.value >= '0' && character.value <= '9';
        token.hex &= value_is_hex(character.value);
        if (token.length == 0)
            nearest = character.value;
        else if (nearest != NOT_ASCII) {
            token.is_0x = (nearest | 0x20) == 'x' && character.value == '0';
            nearest = NOT_ASCII; /* only the second counts */
        }
        token.length += character.length;
        at -= character.length;
    }
    return token;
}

static struct token token_behind(const struct view *view, enum mode mode, size_t at)
{
    struct token token = {0, true, false};
    bool is_digit = false; /* the last one */
    while (token.length < TOKEN_REACH) {
        size_t end = at;
        if (masks_behind(view, mode, at, is_digit, &end) > 0) {
            token.length += end - at;
            at = end;
            continue;
        }
        struct character character =
            token_character(unit_read(view, mode, at), character_at(view, mode, at));
        if (!value_is_alnum(character.value))
            break;
        is_digit = character.value >= '0' && character.value <= '9';
        token.hex &= value_is_hex(character.value);
        token.length += character.length;
        at += character.length;
    }
    return token;
}

static bool is_digest_length(size_t length)
{
    static const uint8_t lengths[] = {16, 24, 32, 40, 48, 56, 64, 96, 128};
    return memchr(lengths, (int)length, sizeof lengths) != NULL && length <= 128;
}

/* "%253D4111": a percent form of a percent form, and so on, is no part of a code. */
static bool is_behind_recoded(const struct view *view, enum mode mode, size_t start)
{
    return (mode == MODE_RAW || mode == MODE_PERCENT) && recoded_ends(view, start);
}

const char *hex_refusal(const struct view *view, enum mode mode, size_t start, size_t end,
                        bool *excusable_out)
{
    struct token before = {0, true, false};
    if (!is_behind_recoded(view, mode, start))
        before = token_before(view, mode, start);
    struct token behind = token_behind(view, mode, end);
    if (before.length + behind.length == 0)
        return NULL;
    if (!before.is_0x && !(before.hex && behind.hex))
        return NULL;
    size_t stride = mode == MODE_UTF16LE || mode == MODE_UTF16BE ? 2 : 1;
    size_t length = (before.length + (end - start) + behind.length) / stride;
    *excusable_out = !is_digest_length(length);
    return "hex";
}
