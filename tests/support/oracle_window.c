/* oracle_window.c - section 2 of docs/detection.md. */
#include "support/oracle_window.h"

#include <string.h>

#include "patterns/patterns.h"
#include "support/oracle_escapes.h"

static int digit_ends(const struct oracle_text *text, enum oracle_mode mode,
                      size_t offset)
{
    struct unit unit;
    return unit_ending(text, mode, offset, UNIT_DIGIT, &unit) ||
           unit_ending(text, mode, skip_nothing_back(text, mode, offset), UNIT_DIGIT,
                       &unit);
}

/* Digits with their high bytes between them are one run, whichever way they are paired.
 */
static int digit_of_the_other_end(const struct oracle_text *text, enum oracle_mode mode,
                                  size_t start, size_t end)
{
    if (mode == MODE_UTF16LE)
        return unit_at(text, MODE_UTF16BE, end - 1).kind == UNIT_DIGIT;
    if (mode == MODE_UTF16BE)
        return start > 0 && unit_at(text, MODE_UTF16LE, start - 1).kind == UNIT_DIGIT;
    return 0;
}

/* Both byte orders read the same digits: an even offset of the first is little. */
static int other_order(const struct oracle_text *text, enum oracle_mode mode,
                       size_t start, size_t end)
{
    if (mode == MODE_UTF16LE)
        return start > 0 && start % 2 == 1 &&
               unit_at(text, MODE_UTF16BE, start - 1).kind == UNIT_DIGIT;
    if (mode == MODE_UTF16BE)
        return (start + 1) % 2 == 0 &&
               unit_at(text, MODE_UTF16LE, end - 1).kind == UNIT_DIGIT;
    return 0;
}

/* ---- joints --------------------------------------------------------------------- */

#define MASKS_MIN 3

static int unit_beside(const struct oracle_text *text, enum oracle_mode mode, size_t at,
                       int forward, enum unit_kind kind, struct unit *out)
{
    if (!forward)
        return unit_ending(text, mode, at, kind, out);
    *out = unit_at(text, mode, at);
    return at < text->length && out->kind == kind;
}

int digit_or_mask_beside(const struct oracle_text *text, enum oracle_mode mode,
                         size_t offset, int forward)
{
    struct unit unit;
    if (unit_beside(text, mode, offset, forward, UNIT_DIGIT, &unit))
        return 1;
    if (!unit_beside(text, mode, offset, forward, UNIT_MASK, &unit))
        return 0;
    if (unit.length > 1 || (unit.code | 0x20) != 'x')
        return 1;
    int count = 0;
    while (count < MASKS_MIN &&
           unit_beside(text, mode, offset, forward, UNIT_MASK, &unit)) {
        offset = forward ? offset + unit.length : offset - unit.length;
        count++;
    }
    return count == MASKS_MIN;
}

/* Behind the joint that begins at `offset`, whatever follows it; 0: there is none. */
static size_t joint_end(const struct oracle_text *text, enum oracle_mode mode,
                        size_t offset, unsigned *class, int *escaped)
{
    struct unit unit;
    size_t at = skip_nothing(text, mode, offset, escaped);
    unsigned separators = 0;
    *class = JOINT_NOTHING;
    for (;; separators++) {
        unit = unit_at(text, mode, at);
        if (unit.kind != UNIT_SEP || separators == 2)
            break;
        if (separators == 1 && (*class != JOINT_SPACE || unit.joint != JOINT_SPACE))
            return 0;
        *class = unit.joint;
        *escaped |= unit.escaped;
        at = skip_nothing(text, mode, at + unit.length, escaped);
    }
    if (unit.kind == UNIT_WRAP) {
        *class = JOINT_WRAP;
        *escaped |= unit.escaped;
        at = skip_nothing(text, mode, at + unit.length, escaped);
    }
    return *class == JOINT_NOTHING ? 0 : at;
}

static size_t joint_at(const struct oracle_text *text, enum oracle_mode mode,
                       size_t offset, unsigned *class, int *escaped)
{
    size_t at = joint_end(text, mode, offset, class, escaped);
    return at > 0 && unit_at(text, mode, at).kind == UNIT_DIGIT ? at : 0;
}

#define JOINT_LENGTH_MAX 64

/* A soft break ends what is a neighbour. */
static int has_soft_break(const struct oracle_text *text, enum oracle_mode mode,
                          size_t from, size_t to)
{
    for (size_t at = from; mode == MODE_QP && at < to; at++) {
        int soft = 0;
        if (skip_nothing(text, mode, at, &soft) > at)
            return 1;
    }
    return 0;
}

/* From `at` over a joint on the same line to a digit or mask; SIZE_MAX: there is none. */
static size_t over_joint(const struct oracle_text *text, enum oracle_mode mode, size_t at,
                         int forward)
{
    unsigned class = JOINT_NOTHING;
    int escaped = 0;
    if (forward) {
        size_t end = joint_end(text, mode, at, &class, &escaped);
        return end > 0 && class != JOINT_WRAP && !has_soft_break(text, mode, at, end) &&
                       digit_or_mask_beside(text, mode, end, 1)
                   ? end
                   : SIZE_MAX;
    }
    for (size_t back = 1; back <= JOINT_LENGTH_MAX && back <= at; back++) {
        size_t from = at - back;
        size_t end = mode == MODE_QP ? from : skip_nothing_back(text, mode, from);
        if (digit_or_mask_beside(text, mode, end, 0) &&
            joint_end(text, mode, from, &class, &escaped) == at && class != JOINT_WRAP &&
            !has_soft_break(text, mode, from, at))
            return end;
    }
    return SIZE_MAX;
}

size_t joint_beside(const struct oracle_text *text, enum oracle_mode mode, size_t at,
                    int forward)
{
    unsigned class = JOINT_NOTHING;
    int escaped = 0;
    size_t found = SIZE_MAX;
    if (forward) {
        size_t end = joint_end(text, mode, at, &class, &escaped);
        return end > 0 && class != JOINT_WRAP && !has_soft_break(text, mode, at, end)
                   ? end
                   : SIZE_MAX;
    }
    for (size_t back = 1; back <= JOINT_LENGTH_MAX && back <= at; back++) {
        size_t from = at - back;
        if (joint_end(text, mode, from, &class, &escaped) == at && class != JOINT_WRAP &&
            !has_soft_break(text, mode, from, at))
            found = mode == MODE_QP ? from : skip_nothing_back(text, mode, from);
    }
    return found;
}

/* Groups of digits or masks joined to one side of a window on its line. */
static size_t groups_beside(const struct oracle_text *text, enum oracle_mode mode,
                            size_t at, int forward)
{
    size_t groups = 0;
    size_t size = 0;
    /* Behind a run too long for any number there is no more to see. */
    while (size <= ORACLE_DIGITS_MAX &&
           (at = over_joint(text, mode, at, forward)) != SIZE_MAX) {
        struct unit unit;
        groups++;
        for (size = 0;
             size <= ORACLE_DIGITS_MAX && digit_or_mask_beside(text, mode, at, forward);
             size++) {
            if (!unit_beside(text, mode, at, forward, UNIT_DIGIT, &unit))
                unit_beside(text, mode, at, forward, UNIT_MASK, &unit);
            at = forward ? at + unit.length : at - unit.length;
        }
    }
    return groups;
}

/* ---- windows -------------------------------------------------------------------- */

/* Reads one group onto the window; returns its end, 0 if there are too many digits. */
static size_t read_group(const struct oracle_text *text, struct window *window, size_t at)
{
    struct number *number = &window->number;
    unsigned size = 0;
    size_t end = at;
    for (;;) {
        int soft = 0;
        size_t next = size ? skip_nothing(text, window->mode, at, &soft) : at;
        struct unit unit = unit_at(text, window->mode, next);
        if (unit.kind != UNIT_DIGIT)
            break;
        if (number->digit_count == ORACLE_DIGITS_MAX)
            return 0;
        window->digit_offsets[number->digit_count] = next;
        window->digit_lengths[number->digit_count] = unit.length;
        number->digits[number->digit_count++] = (char)('0' + unit.value);
        window->escaped += unit.escaped + soft;
        if (window->form == SIEVE_FORM_ASCII)
            window->form = unit.form;
        end = at = next + unit.length;
        size++;
    }
    number->groups[number->group_count++] = size;
    return end;
}

/* Fewer digits in hex are any bytes. */
static int is_too_short(const struct window *window)
{
    return window->mode >= MODE_HEX_JOINED && window->mode <= MODE_HEX_SPACED &&
           window->number.groups[0] < 4;
}

/* An escape stands directly before; in quoted-printable one that its writers need. */
static int is_led(const struct oracle_text *text, enum oracle_mode mode, size_t start)
{
    uint32_t code;
    struct unit unit;
    if (recoded_digit_ends(text, mode, start) || recoded_ending(text, mode, start, &unit))
        return 1;
    if (!escape_ending(text, mode, start, &code))
        return 0;
    if (mode == MODE_QP && unit_ending(text, mode, start, UNIT_SEP, &unit) &&
        unit.escaped && unit.code >= 0x80)
        return 1;
    return mode != MODE_QP || code >= 0x80 || code == '=' || code == ' ' || code == '\t';
}

/* "=36" and more digits behind is most likely a value behind an equals sign. */
static int only_first_escaped(const struct oracle_text *text, const struct window *window)
{
    size_t first = window->digit_offsets[0];
    return window->mode == MODE_QP && text->bytes[first] == '=' &&
           window->digit_lengths[0] == 3 && window->escaped == 1;
}

static void give(const struct oracle_text *text, struct window *window, on_window found,
                 void *context)
{
    static const sieve_form forms[MODE_COUNT] = {
        [MODE_PERCENT] = SIEVE_FORM_PERCENT,
        [MODE_JSON] = SIEVE_FORM_JSON_ESCAPE,
        [MODE_HTML] = SIEVE_FORM_HTML_ENTITY,
        [MODE_QP] = SIEVE_FORM_QUOTED_PRINTABLE,
    };
    struct window copy = *window;
    if (copy.number.digit_count < PAN_DIGITS_MIN ||
        (copy.mode <= MODE_QP && text->jis[copy.start]) || is_too_short(&copy) ||
        other_order(text, copy.mode, copy.start, copy.end) ||
        digit_of_the_other_end(text, copy.mode, copy.start, copy.end))
        return;
    if (forms[copy.mode]) {
        if (only_first_escaped(text, &copy) ||
            (!copy.escaped && !is_led(text, copy.mode, copy.start)))
            return; /* it is raw's */
        copy.form = forms[copy.mode];
    }
    copy.number.chained = groups_beside(text, copy.mode, copy.start, 0) +
                          groups_beside(text, copy.mode, copy.end, 1);
    copy.number.before = copy.start > 0 && !trail_ends(text, copy.start)
                             ? (char)text->bytes[copy.start - 1]
                             : 0;
    found(&copy, context);
}

static void windows_from(const struct oracle_text *text, enum oracle_mode mode,
                         size_t start, on_window found, void *context)
{
    struct window window = {.mode = mode, .start = start, .form = SIEVE_FORM_ASCII};
    size_t at = start;
    int wraps = 0;
    for (;;) {
        unsigned class = JOINT_NOTHING;
        int escaped = 0;
        at = read_group(text, &window, at);
        if (at == 0)
            return;
        window.end = at;
        give(text, &window, found, context);
        at = joint_at(text, mode, at, &class, &escaped);
        wraps += class == JOINT_WRAP;
        if (at == 0 || wraps > 1)
            return;
        window.number.joints[window.number.group_count - 1] = class;
        window.escaped += escaped;
    }
}

void windows_each(const struct oracle_text *text, enum oracle_mode mode, on_window found,
                  void *context)
{
    for (size_t start = 0; start < text->length; start++)
        if (unit_at(text, mode, start).kind == UNIT_DIGIT &&
            !digit_ends(text, mode, start))
            windows_from(text, mode, start, found, context);
}
