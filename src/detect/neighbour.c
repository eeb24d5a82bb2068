#include "detect/neighbour.h"

#include <string.h>

#include "detect/neighbour_hex.h"
#include "detect/sequence.h"
#include "detect/series.h"
#include "detect/text.h"

#define UUID_LENGTH 36u
#define TOUCH_REACH 64u /* characters of a hyphenated neighbour */

/* ---- already masked -------------------------------------------------------- */

static bool masked_before(const struct view *view, enum mode mode, size_t at)
{
    struct unit unit = unit_before(view, mode, at);
    for (size_t masks = 0; unit.kind == UNIT_MASK;) {
        if (++masks == MASKS_MIN)
            return true;
        at -= unit.length;
        unit = unit_before(view, mode, at);
        if (!unit_is_joint(unit))
            continue;
        at -= unit.length;
        unit = unit_before(view, mode, at);
    }
    return false;
}

static bool masked_behind(const struct view *view, enum mode mode, size_t at)
{
    struct unit unit = unit_read(view, mode, at);
    for (size_t masks = 0; unit.kind == UNIT_MASK;) {
        if (++masks == MASKS_MIN)
            return true;
        at += unit.length;
        unit = unit_read(view, mode, at);
        if (!unit_is_joint(unit))
            continue;
        at += unit.length;
        unit = unit_read(view, mode, at);
    }
    return false;
}

/* ---- UUID ------------------------------------------------------------------ */

static bool is_uuid(const struct view *view, size_t at, size_t stride, size_t low)
{
    for (size_t i = 0; i < UUID_LENGTH; i++) {
        size_t byte = at + i * stride;
        uint8_t value = view->bytes[byte + low];
        if (stride == 2 && view->bytes[byte + 1 - low] != 0)
            return false;
        bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? value != '-' : hex_value(value) < 0)
            return false;
    }
    return true;
}

static bool in_uuid(const struct view *view, enum mode mode, size_t start, size_t end)
{
    bool wide = mode == MODE_UTF16LE || mode == MODE_UTF16BE;
    size_t stride = wide ? 2 : 1;
    size_t low = mode == MODE_UTF16BE;
    size_t size = UUID_LENGTH * stride;
    size_t first = start + stride > size ? start + stride - size : start % stride;
    size_t last = end + size < view->length ? end + size : view->length;
    if (!memchr(view->bytes + first, '-', last - first))
        return false;
    for (size_t at = first; at < end && at + size <= view->length; at += stride)
        if (view->bytes[at + 8 * stride + low] == '-' && is_uuid(view, at, stride, low))
            return true;
    return false;
}

/* ---- decimals ---------------------------------------------------------------- */

static bool opens_a_number(int value)
{
    return value != NOT_ASCII && value != 0 && strchr(" \t\r\n,:;=([{+-<>\"'", value);
}

/* "0.5309136012499991": a fraction.  ".53" may be one, "No.4111" not. */
static const char *decimal_refusal(const struct view *view, enum mode mode, size_t start,
                                   size_t end, bool *excusable_out)
{
    struct character dot = character_before(view, mode, start);
    if (dot.value == '.') {
        size_t at = start - dot.length;
        struct character before = character_before(view, mode, at);
        if (digit_before(view, mode, at))
            return "decimal";
        if (before.length == 0 || opens_a_number(before.value)) {
            *excusable_out = true;
            return "decimal";
        }
    }
    dot = character_at(view, mode, end);
    if (dot.value == '.' && digit_behind(view, mode, end + dot.length)) {
        *excusable_out = true;
        return "decimal";
    }
    if (series_is_fraction(view, mode, start, end)) {
        *excusable_out = true;
        return "decimal";
    }
    return NULL;
}

/* ---- part of a hyphenated id -------------------------------------------------- */

struct touch {
    bool any;
    bool digit_or_mask; /* seen for certain: nothing more need be read */
    bool all_hex;
    size_t x_run; /* so many X in a row: MASKS_MIN hide digits */
    bool all_x;   /* masks if nothing else is in the token, else letters: Max-4111 */
};

static bool is_id_part(struct touch touch)
{
    return touch.any && (touch.digit_or_mask || touch.all_hex || touch.all_x);
}

/* Takes one more character of the token.  False: it ended before. */
static bool touch_take(struct touch *touch, struct unit unit, struct character character)
{
    bool letter_x = (character.value | 0x20) == 'x';
    bool mask = unit.kind == UNIT_MASK && !letter_x;
    if (unit.kind == UNIT_MASK && unit.length < character.length)
        return false; /* half of a character: 8E 78, whose x hides nothing */
    if (unit.kind == UNIT_DIGIT || mask)
        touch->digit_or_mask = true;
    else if (!value_is_alnum(character.value))
        return false;
    touch->any = true;
    touch->all_hex &= value_is_hex(character.value);
    touch->all_x &= letter_x;
    touch->x_run = letter_x ? touch->x_run + 1 : 0;
    if (touch->x_run == MASKS_MIN)
        touch->digit_or_mask = true;
    return !touch->digit_or_mask;
}

static bool hyphenated_before(const struct view *view, enum mode mode, size_t start)
{
    struct unit hyphen = unit_before(view, mode, start);
    if (hyphen.kind != UNIT_HYPHEN)
        return false;
    struct touch touch = {false, false, true, 0, true};
    size_t at = start - hyphen.length;
    for (size_t i = 0; i < TOUCH_REACH; i++) {
        struct character character = character_before(view, mode, at);
        if (!touch_take(&touch, unit_before(view, mode, at), character))
            break;
        at -= character.length;
    }
    return is_id_part(touch);
}

static bool hyphenated_behind(const struct view *view, enum mode mode, size_t end)
{
    struct unit hyphen = unit_read(view, mode, end);
    if (hyphen.kind != UNIT_HYPHEN)
        return false;
    struct touch touch = {false, false, true, 0, true};
    size_t at = end + hyphen.length;
    for (size_t i = 0; i < TOUCH_REACH; i++) {
        struct character character = character_at(view, mode, at);
        if (!touch_take(&touch, unit_read(view, mode, at), character))
            break;
        at += character.length;
    }
    return is_id_part(touch);
}

/* A byte that says nothing of its neighbour, nor does what is beyond it. */
static bool isolates(uint8_t byte)
{
    return byte == '\n' || byte == '\r' || byte == '\t' || byte == ',' || byte == ';' ||
           byte == '"' || byte == '\'' || byte == '<' || byte == '>';
}

static bool is_isolated(const struct view *view, enum mode mode, size_t start, size_t end)
{
    return mode == MODE_RAW && (start == 0 || isolates(view->bytes[start - 1])) &&
           (end >= view->length || isolates(view->bytes[end]));
}

/* What the number's own writing says where nothing touches it. */
static const char *alone_refusal(const struct view *view, size_t start, size_t end,
                                 bool *excusable_out)
{
    *excusable_out = true;
    if (series_is_fraction(view, MODE_RAW, start, end))
        return "decimal";
    if (memchr(view->bytes + start, '\n', end - start) &&
        series_is_hex(view, MODE_RAW, start, end))
        return "hex";
    return NULL;
}

static const char *series_refusal(const struct view *view, enum mode mode, size_t start,
                                  size_t end)
{
    bool may_be = series_may_be(view, mode, start, end);
    if (may_be && series_is_hex(view, mode, start, end))
        return "hex";
    if (may_be && series_is_ordered(view, mode, start, end))
        return "series";
    return series_is_integer(view, mode, start, end) ? "integer" : NULL;
}

bool neighbour_masked(const struct view *view, enum mode mode, size_t start, size_t end)
{
    return masked_before(view, mode, start) || masked_behind(view, mode, end);
}

const char *neighbour_refusal(const struct view *view, enum mode mode, size_t start,
                              size_t end, bool *excusable_out)
{
    *excusable_out = false;
    if (is_isolated(view, mode, start, end))
        return alone_refusal(view, start, end, excusable_out);
    if (neighbour_masked(view, mode, start, end))
        return "masked";
    if (mode == MODE_HEX || mode == MODE_JIS || mode == MODE_EBCDIC)
        return NULL;
    if (in_uuid(view, mode, start, end))
        return "uuid";
    bool decimal_excusable = false;
    bool hex_excusable = false;
    const char *decimal = decimal_refusal(view, mode, start, end, &decimal_excusable);
    if (decimal && !decimal_excusable)
        return decimal;
    const char *hex = hex_refusal(view, mode, start, end, &hex_excusable);
    if (hex && !hex_excusable)
        return hex;
    *excusable_out = true;
    if (decimal)
        return decimal;
    if (hex)
        return hex;
    if (hyphenated_before(view, mode, start) || hyphenated_behind(view, mode, end))
        return "hyphenated";
    return series_refusal(view, mode, start, end);
}
