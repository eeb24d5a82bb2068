/* oracle_neighbours.c - section 3 of docs/detection.md. */
#include <string.h>

#include "patterns/patterns.h"
#include "support/oracle_escapes.h"
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

/* The space between pairs of hex; a soft break ends what is a neighbour. */
static size_t skip(const struct oracle_text *text, enum oracle_mode mode, size_t at,
                   int forward)
{
    int soft = 0;
    if (mode == MODE_QP)
        return at;
    return forward ? skip_nothing(text, mode, at, &soft)
                   : skip_nothing_back(text, mode, at);
}

/* ---- 1. mask -------------------------------------------------------------------- */

static int masked_beside(const struct oracle_text *text, enum oracle_mode mode, size_t at,
                         int forward)
{
    unsigned masks = 0;
    int separated = 1; /* the first stands directly beside the number */
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

/* `step` 2: in UTF-16, whose units begin at `offset`. */
static int uuid_at(const struct oracle_text *text, enum oracle_mode mode, size_t offset,
                   size_t step)
{
    static const char form[] = "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh";
    if (text->length - offset < (sizeof form - 1) * step)
        return 0;
    for (size_t i = 0; i < sizeof form - 1; i++) {
        const uint8_t *at = text->bytes + offset + i * step;
        int byte = at[0];
        if (step == 2)
            byte = mode == MODE_UTF16LE ? at[0] + 256 * at[1] : at[1] + 256 * at[0];
        if (form[i] == '-' ? byte != '-' : !is_hex(byte))
            return 0;
    }
    return 1;
}

static int overlaps_uuid(const struct oracle_text *text, const struct window *window)
{
    size_t step = window->mode == MODE_UTF16LE || window->mode == MODE_UTF16BE ? 2 : 1;
    size_t back = window->start / step < 35 ? window->start / step : 35;
    for (size_t at = window->start - back * step; at < window->end; at += step)
        if (uuid_at(text, window->mode, at, step))
            return 1;
    return 0;
}

/* ---- 3. decimal ----------------------------------------------------------------- */

int char_beside(const struct oracle_text *text, enum oracle_mode mode, size_t at,
                int forward, uint32_t *code, size_t *length)
{
    if (mode == MODE_UTF16LE || mode == MODE_UTF16BE) {
        *length = 2;
        if (forward ? at + 2 > text->length : at < 2)
            return 0;
        const uint8_t *unit = text->bytes + (forward ? at : at - 2);
        *code =
            mode == MODE_UTF16LE ? unit[0] + 256u * unit[1] : unit[1] + 256u * unit[0];
        return 1;
    }
    struct unit joint;
    *length = forward ? recoded_at(text, mode, at, &joint)
                      : recoded_ending(text, mode, at, &joint);
    if (*length > 0) {
        *code = joint.code;
        return 1;
    }
    *length =
        forward ? escape_at(text, mode, at, code) : escape_ending(text, mode, at, code);
    if (*length > 0)
        return 1;
    *length = 1;
    if (forward ? at >= text->length : at == 0)
        return 0;
    if (!forward && (shift_ends(text, at) || trail_ends(text, at))) {
        *code = 0xFFFF; /* some character, of no kind */
        return 1;
    }
    *code = text->bytes[forward ? at : at - 1];
    return 1;
}

struct run {
    size_t length; /* characters */
    size_t bytes;
    uint8_t at[HEX_RUN_MAX + 1]; /* outwards from the number */
};

/* Masks of 4 and more in a row, which stand for digits, as one does beyond a digit: their
 * bytes; 0: there are none. */
static size_t masks_beside(const struct oracle_text *text, enum oracle_mode mode,
                           size_t at, int forward, int beyond_digit)
{
    struct unit unit;
    size_t from = at;
    unsigned count = 0;
    while (unit_beside(text, mode, at, forward, UNIT_MASK, &unit)) {
        if (count == 0 && (unit.code | 0x20) == 'x')
            beyond_digit = 0;
        at = past(at, &unit, forward);
        count++;
    }
    if (count == 0 || (count < MASKS_MIN && !beyond_digit))
        return 0;
    return forward ? at - from : from - at;
}

/* The letters of ASCII, digits of any width, and masks, directly beside a place; a mask
 * reads as "0". */
static struct run run_beside(const struct oracle_text *text, enum oracle_mode mode,
                             size_t at, int forward)
{
    struct run run = {0, 0, {0}};
    uint32_t code;
    size_t length;
    int is_digit = 0; /* the last one */
    while (run.bytes < HEX_RUN_MAX) {
        struct unit digit;
        size_t masks = masks_beside(text, mode, at, forward, is_digit);
        if (unit_beside(text, mode, at, forward, UNIT_DIGIT, &digit)) {
            code = '0' + digit.value;
            length = digit.length;
        } else if (masks > 0) {
            code = '0';
            length = masks;
        } else if (!char_beside(text, mode, at, forward, &code, &length) || code > 0x7F ||
                   !is_alnum((int)code)) {
            break;
        }
        is_digit = masks == 0 && code >= '0' && code <= '9';
        run.at[run.length++] = (uint8_t)code;
        run.bytes += length;
        at = forward ? at + length : at - length;
    }
    return run;
}

/* x and X are letters where letters are: they hide digits only among themselves. */
static int is_token_of_x(const struct oracle_text *text, enum oracle_mode mode, size_t at,
                         int forward)
{
    uint32_t code;
    size_t length;
    for (size_t count = 0;; count++) {
        if (!char_beside(text, mode, at, forward, &code, &length) || code > 0x7F ||
            !is_alnum((int)code))
            return count > 0;
        if ((code | 0x20) != 'x')
            return 0;
        at = forward ? at + length : at - length;
    }
}

static int digit_or_mask(const struct oracle_text *text, enum oracle_mode mode, size_t at,
                         int forward)
{
    struct unit unit;
    if (unit_beside(text, mode, at, forward, UNIT_DIGIT, &unit))
        return 1;
    return unit_beside(text, mode, at, forward, UNIT_MASK, &unit) &&
           ((unit.code | 0x20) != 'x' || is_token_of_x(text, mode, at, forward));
}

static enum neighbours decimal_before(const struct oracle_text *text,
                                      const struct window *window)
{
    struct unit dot;
    size_t at = skip(text, window->mode, window->start, 0);
    if (!unit_ending(text, window->mode, at, UNIT_SEP, &dot) || dot.code != '.')
        return NEIGHBOURS_CLEAN;
    at = skip(text, window->mode, at - dot.length, 0);
    if (digit_or_mask_beside(text, window->mode, at, 0))
        return NEIGHBOURS_BAD;
    uint32_t code;
    size_t length;
    if (!char_beside(text, window->mode, at, 0, &code, &length) ||
        (code < 0x80 && memchr(" \t\r\n,:;=([{+-<>\"'", (int)code, 17)))
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
    return digit_or_mask_beside(text, window->mode, at, 1) ? NEIGHBOURS_WORD
                                                           : NEIGHBOURS_CLEAN;
}

/* ---- 4. hex --------------------------------------------------------------------- */

static int all_hex(const struct run *run)
{
    for (size_t i = 0; i < run->length; i++)
        if (!is_hex(run->at[i]))
            return 0;
    return 1;
}

/* A percent form that was encoded one to three times more. */
static int recoded_before(const struct oracle_text *text, const struct window *window)
{
    return (window->mode == MODE_RAW || window->mode == MODE_PERCENT) &&
           recoded_byte_ends(text, window->start);
}

static enum neighbours hex_around(const struct oracle_text *text,
                                  const struct window *window)
{
    static const size_t hashes[] = {16, 24, 32, 40, 48, 56, 64, 96, 128};
    struct run left = {0, 0, {0}};
    if (!recoded_before(text, window))
        left = run_beside(text, window->mode, window->start, 0);
    struct run right = run_beside(text, window->mode, window->end, 1);
    int prefixed = left.length >= 2 && left.at[1] == '0' && (left.at[0] | 0x20) == 'x';
    int hex = left.length + right.length > 0 && all_hex(&left) && all_hex(&right);
    size_t length = left.bytes + (window->end - window->start) + right.bytes;
    if (window->mode == MODE_UTF16LE || window->mode == MODE_UTF16BE)
        length /= 2;
    if (!hex && !prefixed)
        return NEIGHBOURS_CLEAN;
    for (size_t i = 0; i < sizeof hashes / sizeof hashes[0]; i++)
        if (length == hashes[i])
            return NEIGHBOURS_BAD;
    return NEIGHBOURS_WORD;
}

/* ---- 5. hyphenated id ----------------------------------------------------------- */

/* A token of letters and digits that holds a digit of any width or a mask, or that could
 * be hex. */
static int token_beside(const struct oracle_text *text, enum oracle_mode mode, size_t at,
                        int forward)
{
    int hex = 1;
    size_t in_a_row = 0;
    if (digit_or_mask(text, mode, at, forward))
        return 1;
    for (size_t bytes = 0; bytes <= HEX_RUN_MAX;) {
        struct unit unit;
        uint32_t code;
        size_t length;
        if (unit_beside(text, mode, at, forward, UNIT_DIGIT, &unit))
            return 1;
        if (unit_beside(text, mode, at, forward, UNIT_MASK, &unit) &&
            (unit.code | 0x20) != 'x')
            return 1;
        if (!char_beside(text, mode, at, forward, &code, &length) || code > 0x7F ||
            !is_alnum((int)code))
            return hex && bytes > 0;
        hex &= is_hex((int)code);
        in_a_row = (code | 0x20) == 'x' ? in_a_row + 1 : 0;
        if (in_a_row == MASKS_MIN)
            return 1;
        bytes += length;
        at = forward ? at + length : at - length;
    }
    return hex;
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

int is_masked(const struct oracle_text *text, const struct window *window)
{
    return masked_beside(text, window->mode, window->start, 0) ||
           masked_beside(text, window->mode, window->end, 1);
}

enum neighbours neighbours_of(const struct oracle_text *text, const struct window *window)
{
    if (is_masked(text, window))
        return NEIGHBOURS_BAD;
    if (window->mode >= MODE_HEX_JOINED && window->mode != MODE_UTF16LE &&
        window->mode != MODE_UTF16BE)
        return NEIGHBOURS_CLEAN;
    if (overlaps_uuid(text, window))
        return NEIGHBOURS_BAD;
    enum neighbours found =
        worse(decimal_before(text, window), decimal_behind(text, window));
    found = worse(found, hyphen_beside(text, window, 0));
    found = worse(found, hyphen_beside(text, window, 1));
    if (is_fraction(text, window) || is_among_hex(text, window) ||
        is_in_order(text, window) || is_integer(text, window))
        found = worse(found, NEIGHBOURS_WORD);
    return worse(found, hex_around(text, window));
}
