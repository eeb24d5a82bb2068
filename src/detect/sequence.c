#include "detect/sequence.h"

#include <string.h>

#include "detect/lexicon.h"

/* Where the last digit ended and what stood between it and the next. */
struct gap {
    size_t at; /* of the next unit */
    struct unit unit;
    uint8_t joint;
    bool escaped;
};

static struct unit read_past_soft(const struct view *view, enum mode mode, size_t *at,
                                  bool *escaped)
{
    struct unit unit = unit_read(view, mode, *at);
    while (unit.kind == UNIT_SOFT) {
        *escaped = true;
        *at += unit.length;
        unit = unit_read(view, mode, *at);
    }
    return unit;
}

/* Takes one unit of the gap, notes it and reads the next. */
static void gap_take(const struct view *view, enum mode mode, struct gap *gap)
{
    if (gap->unit.kind == UNIT_WRAP)
        gap->joint |= JOINT_WRAP;
    else
        gap->joint = (uint8_t)(gap->unit.kind - UNIT_SPACE + 1);
    gap->escaped |= gap->unit.escaped != 0;
    gap->at += gap->unit.length;
    gap->unit = read_past_soft(view, mode, &gap->at, &gap->escaped);
}

/* A hex dump parts its pairs with one space; it is no joint there. */
static bool hex_spaced(const struct view *view, size_t at)
{
    return at + 2 < view->length && view->bytes[at] == ' ' &&
           hex_value(view->bytes[at + 1]) >= 0 && hex_value(view->bytes[at + 2]) >= 0 &&
           (at + 3 == view->length || hex_value(view->bytes[at + 3]) < 0);
}

/* Reads from the end of a digit to the next digit.  False: the chain ends there. */
static bool gap_read(const struct view *view, enum mode mode, bool spaced, size_t at,
                     struct gap *gap)
{
    *gap = (struct gap){.at = at};
    if (mode == MODE_HEX && spaced) {
        if (!hex_spaced(view, at))
            return false;
        gap->at = at + 1;
    }
    gap->unit = read_past_soft(view, mode, &gap->at, &gap->escaped);
    if (gap->unit.kind == UNIT_DIGIT)
        return true;
    if (mode == MODE_HEX && spaced && unit_is_joint(gap->unit)) {
        gap_take(view, mode, gap);
        if (!hex_spaced(view, gap->at))
            return false;
        gap->at++;
        gap->unit = unit_read(view, mode, gap->at);
        return gap->unit.kind == UNIT_DIGIT;
    }
    bool space = gap->unit.kind == UNIT_SPACE;
    if (unit_is_joint(gap->unit)) {
        gap_take(view, mode, gap);
        if (space && gap->unit.kind == UNIT_SPACE) {
            gap_take(view, mode, gap);
        }
    }
    if (gap->unit.kind == UNIT_WRAP)
        gap_take(view, mode, gap);
    return gap->unit.kind == UNIT_DIGIT;
}

void sequence_read(const struct view *view, enum mode mode, size_t start,
                   struct sequence *out)
{
    struct gap gap = {.at = start, .unit = unit_read(view, mode, start)};
    bool escaped = false;
    bool spaced = mode == MODE_HEX && hex_spaced(view, start + gap.unit.length);
    out->start = start;
    out->count = 0;
    while (out->count < SEQUENCE_DIGITS_MAX) {
        size_t index = out->count++;
        escaped |= gap.escaped || gap.unit.escaped;
        out->digits[index] = gap.unit.value;
        out->at[index] = (uint16_t)(gap.at - start);
        out->length[index] = gap.unit.length;
        out->coding[index] = gap.unit.coding;
        out->joint[index] = gap.joint;
        out->escaped[index] = escaped;
        size_t next = gap.at + gap.unit.length;
        if (mode <= MODE_QP && next < view->length && byte_is_digit(view->bytes[next])) {
            /* The commonest case, spelt out. */
            struct unit digit = {UNIT_DIGIT, view->bytes[next] & 0x0Fu, 1, CODING_ASCII,
                                 0};
            gap = (struct gap){.at = next, .unit = digit};
            continue;
        }
        if (!gap_read(view, mode, spaced, next, &gap))
            return;
        if (mode == MODE_HEX && gap.unit.length != out->length[0])
            return; /* \x before each pair or before none */
    }
}

/* Pairs of hex digits are counted from where the run of hex digits begins. */
static bool hex_aligned(const struct view *view, size_t at)
{
    size_t stop = at > SIEVE_BEFORE / 2 ? at - SIEVE_BEFORE / 2 : 0;
    size_t first = at;
    while (first > stop && hex_value(view->bytes[first - 1]) >= 0)
        first--;
    return (at - first) % 2 == 0;
}

static bool hex_may_start(const struct view *view, size_t at)
{
    struct unit unit = unit_read(view, MODE_HEX, at);
    if (unit.kind != UNIT_DIGIT)
        return false;
    if (unit.length == 2 && !hex_aligned(view, at))
        return false;
    if (unit.length == 4 && (at + 4 >= view->length || view->bytes[at + 4] != '\\'))
        return false; /* \x3431...: led once, then joined */
    struct unit before = {0};
    if (at >= unit.length)
        before = unit_read(view, MODE_HEX, at - unit.length);
    if (before.kind == UNIT_DIGIT && before.length == unit.length)
        return false;
    if (!hex_spaced(view, at + unit.length))
        return true;
    if (unit.length == 2 && at > 0 && hex_value(view->bytes[at - 1]) >= 0)
        return false; /* joined to what is before, parted from what is behind */
    if (at < 3 || view->bytes[at - 1] != ' ')
        return true;
    before = unit_read(view, MODE_HEX, at - 3);
    bool alone = at == 3 || hex_value(view->bytes[at - 4]) < 0;
    return !(before.kind == UNIT_DIGIT && before.length == 2 && alone);
}

bool sequence_may_start(const struct view *view, enum mode mode, size_t at)
{
    if (mode == MODE_HEX)
        return hex_may_start(view, at);
    struct unit unit = unit_read(view, mode, at);
    if (unit.kind != UNIT_DIGIT)
        return false;
    if (mode == MODE_JIS) {
        size_t segment = jis_segment(view, at);
        if (segment == SIZE_MAX || (at - segment) % 2 != 0)
            return false;
    }
    if (!unit.escaped && unit_inside_escape(view, mode, at))
        return false;
    struct unit before = unit_before(view, mode, at);
    while (before.kind == UNIT_SOFT) {
        at -= before.length;
        before = unit_before(view, mode, at);
    }
    return before.kind != UNIT_DIGIT;
}

enum unit_kind joint_before(const struct view *view, enum mode mode, size_t at,
                            size_t *end_out)
{
    struct unit last = unit_before(view, mode, at);
    if (!unit_is_joint(last))
        return UNIT_OTHER;
    at -= last.length;
    if (last.kind == UNIT_SPACE) {
        struct unit first = unit_before(view, mode, at);
        if (first.kind == UNIT_SPACE)
            at -= first.length;
    }
    *end_out = at;
    return (enum unit_kind)last.kind;
}

enum unit_kind joint_behind(const struct view *view, enum mode mode, size_t at,
                            size_t *begin_out)
{
    struct unit first = unit_read(view, mode, at);
    if (!unit_is_joint(first))
        return UNIT_OTHER;
    at += first.length;
    if (first.kind == UNIT_SPACE) {
        struct unit second = unit_read(view, mode, at);
        if (second.kind == UNIT_SPACE)
            at += second.length;
    }
    *begin_out = at;
    return (enum unit_kind)first.kind;
}

/* The letter x is a mask only among its like: a hidden code has three. */
#define X_MASKS_MIN 3u

static bool is_letter_x(const struct view *view, size_t at, struct unit unit)
{
    return unit.length == 1 && (view->bytes[at] | 0x20) == 'x';
}

bool digit_before(const struct view *view, enum mode mode, size_t at)
{
    struct unit unit = unit_before(view, mode, at);
    if (unit.kind != UNIT_MASK || !is_letter_x(view, at - unit.length, unit))
        return unit.kind == UNIT_DIGIT || unit.kind == UNIT_MASK;
    size_t count = 0;
    while (unit.kind == UNIT_MASK && count < X_MASKS_MIN) {
        count++;
        at -= unit.length;
        unit = unit_before(view, mode, at);
    }
    return count == X_MASKS_MIN;
}

bool digit_behind(const struct view *view, enum mode mode, size_t at)
{
    struct unit unit = unit_read(view, mode, at);
    if (unit.kind != UNIT_MASK || !is_letter_x(view, at, unit))
        return unit.kind == UNIT_DIGIT || unit.kind == UNIT_MASK;
    size_t count = 0;
    while (unit.kind == UNIT_MASK && count < X_MASKS_MIN) {
        count++;
        at += unit.length;
        unit = unit_read(view, mode, at);
    }
    return count == X_MASKS_MIN;
}

/* An ASCII byte that joins nothing and is no second half of a character. */
static bool parts_chains(const struct view *view, enum mode mode, uint8_t byte)
{
    uint8_t kind = view->lexicon->single[byte];
    return mode == MODE_RAW && byte < 0x40 && (kind == UNIT_OTHER || kind == UNIT_WRAP);
}

size_t sequence_groups_around(const struct view *view, enum mode mode, size_t start,
                              size_t end, size_t most)
{
    size_t groups = 0;
    size_t next = 0;
    bool parted = start == 0 || parts_chains(view, mode, view->bytes[start - 1]);
    for (size_t at = start; !parted && groups < most; groups++) {
        if (joint_before(view, mode, at, &next) == UNIT_OTHER ||
            !digit_before(view, mode, next))
            break;
        at = next;
        for (size_t i = 0; i < PAN_DIGITS_MAX && digit_before(view, mode, at); i++)
            at -= unit_before(view, mode, at).length;
    }
    parted = end >= view->length || parts_chains(view, mode, view->bytes[end]);
    for (size_t at = end; !parted && groups < most; groups++) {
        if (joint_behind(view, mode, at, &next) == UNIT_OTHER ||
            !digit_behind(view, mode, next))
            break;
        at = next;
        for (size_t i = 0; i < PAN_DIGITS_MAX && digit_behind(view, mode, at); i++)
            at += unit_read(view, mode, at).length;
    }
    return groups;
}

bool sequence_continues_before(const struct view *view, enum mode mode, size_t at)
{
    size_t end = 0;
    if (joint_before(view, mode, at, &end) == UNIT_OTHER)
        return false;
    return digit_before(view, mode, end);
}

bool sequence_continues_behind(const struct view *view, enum mode mode, size_t at)
{
    size_t begin = 0;
    if (joint_behind(view, mode, at, &begin) == UNIT_OTHER)
        return false;
    return digit_behind(view, mode, begin);
}
