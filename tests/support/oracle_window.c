/* oracle_window.c - section 2 of docs/detection.md. */
#include "support/oracle_window.h"

#include <string.h>

#include "patterns/patterns.h"

static int is_ascii_digit(const struct oracle_text *text, size_t offset)
{
    return offset < text->length && text->bytes[offset] >= '0' &&
           text->bytes[offset] <= '9';
}

static int digit_ends(const struct oracle_text *text, enum oracle_mode mode,
                      size_t offset)
{
    struct unit unit;
    return unit_ending(text, mode, offset, UNIT_DIGIT, &unit) ||
           unit_ending(text, mode, skip_nothing_back(text, mode, offset), UNIT_DIGIT,
                       &unit);
}

/* Digits with zeros between them are one run, whichever way they are paired. */
static int digit_of_the_other_end(const struct oracle_text *text, enum oracle_mode mode,
                                  size_t start, size_t end)
{
    if (mode == MODE_UTF16LE)
        return is_ascii_digit(text, end) && text->bytes[end - 1] == 0;
    if (mode == MODE_UTF16BE)
        return start > 0 && is_ascii_digit(text, start - 1) && text->bytes[start] == 0;
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

/* The joint that begins at `offset`, with a digit behind it: its end, or 0. */
static size_t joint_at(const struct oracle_text *text, enum oracle_mode mode,
                       size_t offset, unsigned *class, int *escaped)
{
    struct unit unit;
    size_t at = skip_nothing(text, mode, offset, escaped);
    unsigned separators = 0;
    int wrapped = 0;
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
        wrapped = 1;
        *class = JOINT_WRAP;
        *escaped |= unit.escaped;
        at = skip_nothing(text, mode, at + unit.length, escaped);
    }
    if (separators == 0 && !wrapped)
        return 0;
    return unit_at(text, mode, at).kind == UNIT_DIGIT ? at : 0;
}

#define JOINT_LENGTH_MAX 64

/* Something on the same line is joined to the window. */
static int is_chained(const struct oracle_text *text, enum oracle_mode mode, size_t start,
                      size_t end)
{
    unsigned class = JOINT_NOTHING;
    int escaped = 0;
    if (joint_at(text, mode, end, &class, &escaped) && class != JOINT_WRAP)
        return 1;
    for (size_t back = 1; back <= JOINT_LENGTH_MAX && back <= start; back++)
        if (digit_ends(text, mode, start - back) &&
            joint_at(text, mode, start - back, &class, &escaped) == start &&
            class != JOINT_WRAP)
            return 1;
    return 0;
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
        window->escaped |= unit.escaped || soft;
        if (window->form == SIEVE_FORM_ASCII)
            window->form = unit.form;
        end = at = next + unit.length;
        size++;
    }
    number->groups[number->group_count++] = size;
    return end;
}

/* An escape stands directly before; in quoted-printable a letter or digit written so is
 * most likely none ("pan=4136..."). */
static int is_led(const struct oracle_text *text, enum oracle_mode mode, size_t start)
{
    uint32_t code;
    if (!escape_ending(text, mode, skip_nothing_back(text, mode, start), &code))
        return 0;
    int is_alnum = (code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') ||
                   (code >= 'a' && code <= 'z');
    return mode != MODE_QP || !is_alnum;
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
        other_order(text, copy.mode, copy.start, copy.end) ||
        digit_of_the_other_end(text, copy.mode, copy.start, copy.end))
        return;
    if (forms[copy.mode]) {
        if (!copy.escaped && !is_led(text, copy.mode, copy.start))
            return; /* it is raw's */
        copy.form = forms[copy.mode];
    }
    copy.number.is_chain = !is_chained(text, copy.mode, copy.start, copy.end);
    copy.number.before = copy.start > 0 ? (char)text->bytes[copy.start - 1] : 0;
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
        window.escaped |= escaped;
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
