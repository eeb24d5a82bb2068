/* oracle_neighbours.c - section 3 of docs/detection.md. */
#include <string.h>

#include "detect/patterns.h"
#include "support/oracle_window.h"

#define MASKS_MIN   4
#define HEX_RUN_MAX 128

static int is_hex(int byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') ||
           (byte >= 'A' && byte <= 'F');
}

static int is_alnum(int byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z');
}

/* The unit that ends at, or begins at, a place; `forward` says which. */
static int unit_beside(const struct oracle_text *text, enum oracle_mode mode, size_t at,
                       int forward, enum unit_kind kind, struct unit *out)
{
    if (!forward)
        return unit_ending(text, mode, at, kind, out);
    *out = unit_at(text, mode, at);
    return at < text->length && out->kind == kind;
}

static size_t past(size_t at, const struct unit *unit, int forward)
{
    return forward ? at + unit->length : at - unit->length;
}

static size_t skip(const struct oracle_text *text, enum oracle_mode mode, size_t at,
                   int forward)
{
    int soft = 0;
    return forward ? skip_nothing(text, mode, at, &soft)
                   : skip_nothing_back(text, mode, at);
}

/* ---- 1. mask -------------------------------------------------------------------- */

static int masked_beside(const struct oracle_text *text, enum oracle_mode mode, size_t at,
                         int forward)
{
    unsigned masks = 0;
    int separated = 0;
    while (masks < MASKS_MIN) {
        struct unit unit;
        at = skip(text, mode, at, forward);
        if (unit_beside(text, mode, at, forward, UNIT_MASK, &unit)) {
            masks++;
            separated = 0;
        } else if (!separated && unit_beside(text, mode, at, forward, UNIT_SEP, &unit)) {
            separated = 1;
        } else {
            return 0;
        }
        at = past(at, &unit, forward);
    }
    return 1;
}

/* ---- 2. uuid -------------------------------------------------------------------- */

static int uuid_at(const struct oracle_text *text, size_t offset)
{
    static const char form[] = "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh";
    if (text->length - offset < sizeof form - 1)
        return 0;
    for (size_t i = 0; i < sizeof form - 1; i++) {
        uint8_t byte = text->bytes[offset + i];
        if (form[i] == '-' ? byte != '-' : !is_hex(byte))
            return 0;
    }
    return 1;
}

static int overlaps_uuid(const struct oracle_text *text, const struct window *window)
{
    for (size_t at = window->start > 35 ? window->start - 35 : 0; at < window->end; at++)
        if (uuid_at(text, at))
            return 1;
    return 0;
}

/* ---- 3. decimal ----------------------------------------------------------------- */

/* x and X are letters where letters are: they hide digits only among themselves. */
static int is_token_of_x(const struct oracle_text *text, size_t at, int forward)
{
    for (;;) {
        size_t i = forward ? at : at - 1;
        if ((!forward && at == 0) || i >= text->length || !is_alnum(text->bytes[i]))
            return 1;
        if ((text->bytes[i] | 0x20) != 'x')
            return 0;
        at = forward ? at + 1 : at - 1;
    }
}

static int digit_or_mask(const struct oracle_text *text, enum oracle_mode mode, size_t at,
                         int forward)
{
    struct unit unit;
    if (unit_beside(text, mode, at, forward, UNIT_DIGIT, &unit))
        return 1;
    return unit_beside(text, mode, at, forward, UNIT_MASK, &unit) &&
           (unit.length > 1 || (unit.code | 0x20) != 'x' ||
            is_token_of_x(text, at, forward));
}

static enum neighbours decimal_before(const struct oracle_text *text,
                                      const struct window *window)
{
    struct unit dot;
    size_t at = skip(text, window->mode, window->start, 0);
    if (!unit_ending(text, window->mode, at, UNIT_SEP, &dot) || dot.code != '.')
        return NEIGHBOURS_CLEAN;
    at = skip(text, window->mode, at - dot.length, 0);
    if (digit_or_mask(text, window->mode, at, 0))
        return NEIGHBOURS_BAD;
    if (at == 0 || memchr(" \t\r\n,:;=([{+-<>\"'", text->bytes[at - 1], 17))
        return NEIGHBOURS_WORD;
    return NEIGHBOURS_CLEAN;
}

static enum neighbours decimal_behind(const struct oracle_text *text,
                                      const struct window *window)
{
    size_t at = skip(text, window->mode, window->end, 1);
    struct unit dot = unit_at(text, window->mode, at);
    if (at >= text->length || dot.kind != UNIT_SEP || dot.code != '.')
        return NEIGHBOURS_CLEAN;
    at = skip(text, window->mode, at + dot.length, 1);
    return digit_or_mask(text, window->mode, at, 1) ? NEIGHBOURS_WORD : NEIGHBOURS_CLEAN;
}

/* ---- 4. hex --------------------------------------------------------------------- */

static int all_hex(const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!is_hex(bytes[i]))
            return 0;
    return 1;
}

static enum neighbours hex_around(const struct oracle_text *text,
                                  const struct window *window)
{
    static const size_t hashes[] = {16, 24, 32, 40, 48, 56, 64, 96, 128};
    size_t left = 0;
    size_t right = 0;
    while (left < HEX_RUN_MAX && left < window->start &&
           is_alnum(text->bytes[window->start - left - 1]))
        left++;
    while (right < HEX_RUN_MAX && window->end + right < text->length &&
           is_alnum(text->bytes[window->end + right]))
        right++;
    const uint8_t *before = text->bytes + window->start - left;
    int prefixed =
        left >= 2 && before[left - 2] == '0' && (before[left - 1] | 0x20) == 'x';
    int hex = left + right > 0 && all_hex(before, left) &&
              all_hex(text->bytes + window->end, right);
    if (!hex && !prefixed)
        return NEIGHBOURS_CLEAN;
    for (size_t i = 0; i < sizeof hashes / sizeof hashes[0]; i++)
        if (left + (window->end - window->start) + right == hashes[i])
            return NEIGHBOURS_BAD;
    return NEIGHBOURS_WORD;
}

/* ---- 5. hyphenated id ----------------------------------------------------------- */

static int token_beside(const struct oracle_text *text, enum oracle_mode mode, size_t at,
                        int forward)
{
    size_t length = 0;
    int digits = 0;
    int hex = 1;
    if (digit_or_mask(text, mode, at, forward))
        return 1;
    for (;; length++) {
        size_t i = forward ? at + length : at - length - 1;
        if ((!forward && length == at) || i >= text->length || !is_alnum(text->bytes[i]))
            break;
        digits |= text->bytes[i] <= '9';
        hex &= is_hex(text->bytes[i]);
    }
    return length > 0 && (digits || hex);
}

static enum neighbours hyphen_beside(const struct oracle_text *text,
                                     const struct window *window, int forward)
{
    struct unit unit;
    size_t at = skip(text, window->mode, forward ? window->end : window->start, forward);
    if (!unit_beside(text, window->mode, at, forward, UNIT_SEP, &unit) ||
        unit.joint != JOINT_HYPHEN)
        return NEIGHBOURS_CLEAN;
    at = skip(text, window->mode, past(at, &unit, forward), forward);
    return token_beside(text, window->mode, at, forward) ? NEIGHBOURS_WORD
                                                         : NEIGHBOURS_CLEAN;
}

/* ---- all ------------------------------------------------------------------------ */

static enum neighbours worse(enum neighbours one, enum neighbours other)
{
    return one > other ? one : other;
}

enum neighbours neighbours_before(const struct oracle_text *text,
                                  const struct window *window)
{
    if (masked_beside(text, window->mode, window->start, 0) ||
        overlaps_uuid(text, window))
        return NEIGHBOURS_BAD;
    return worse(decimal_before(text, window), hyphen_beside(text, window, 0));
}

enum neighbours neighbours_of(const struct oracle_text *text, const struct window *window)
{
    if (window->mode >= MODE_HEX_JOINED)
        return NEIGHBOURS_CLEAN;
    enum neighbours found = neighbours_before(text, window);
    if (masked_beside(text, window->mode, window->end, 1))
        return NEIGHBOURS_BAD;
    found = worse(found, decimal_behind(text, window));
    found = worse(found, hyphen_beside(text, window, 1));
    return worse(found, hex_around(text, window));
}
