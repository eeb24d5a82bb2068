#include "detect/places.h"

#include <string.h>

#include "detect/probe.h"

#define CHIP_DIGITS_MIN  11u
#define RUN_LOOK         256u /* digits of a run that matter: a track's are fewer */
#define NAMES_FIRST      16u
#define NAME_VALUE_REACH 160u /* a name and its value are nearer than that */
#define JIS_SEGMENT_MAX  1000u

static void start_if_any(struct judge *judge, enum mode mode, size_t at)
{
    if (sequence_may_start(judge->view, mode, at))
        judge_start(judge, mode, at);
}

/* Judges the chip data in the run of digits [at, end), if it is long and touches a hex
 * letter. */
static void judge_chip_run(struct judge *judge, size_t at, size_t end)
{
    const struct view *view = judge->view;
    if (end - at < CHIP_DIGITS_MIN)
        return;
    bool before = at > 0 && hex_value(view->bytes[at - 1]) >= 10;
    bool behind = end < view->length && hex_value(view->bytes[end]) >= 10;
    if (before || behind)
        judge_chip(judge, at, end);
}

/* ---- raw digits ------------------------------------------------------------------- */

/* Starts are looked at in this part of the view only. */
struct bounds {
    size_t from;
    size_t to;
};

static void start_within(struct judge *judge, enum mode mode, size_t at,
                         struct bounds bounds)
{
    if (at >= bounds.from && at < bounds.to)
        start_if_any(judge, mode, at);
}

/* Behind other escapes of quoted-printable no number begins: see judge_escape_ends(). */
static bool ends_as_text(const struct view *view, size_t at)
{
    if (view->length - at < 3)
        return false;
    int high = hex_value(view->bytes[at + 1]);
    int low = hex_value(view->bytes[at + 2]);
    int value = high * 16 + low;
    return high >= 0 && low >= 0 &&
           (value >= 0x80 || value == '=' || value == ' ' || value == '\t');
}

/* A number behind an escape: %3D4111... and \u00224111..., where raw digits begin inside
 * the escape or touch it. */
static void judge_behind_escape(struct judge *judge, size_t at, struct bounds bounds)
{
    const struct view *view = judge->view;
    size_t stop = at > 5 ? at - 5 : 0;
    for (size_t back = at; back-- > stop;) {
        uint8_t byte = view->bytes[back];
        if (byte == '%' && at - back <= 3)
            start_within(judge, MODE_PERCENT, back + 3, bounds);
        else if (byte == '=' && at - back <= 3 && ends_as_text(view, back))
            start_within(judge, MODE_QP, back + 3, bounds);
        else if (byte == '\\' && view->bytes[back + 1] == 'u')
            start_within(judge, MODE_JSON, back + 6, bounds);
        else if (byte != 'u' && hex_value(byte) < 0)
            return;
    }
}

/* Where the run of digits around `at` begins, if that is near. */
static size_t near_run_begin(const struct view *view, size_t at)
{
    size_t stop = at > 6 ? at - 6 : 0;
    while (at > stop && byte_is_digit(view->bytes[at - 1]))
        at--;
    return at;
}

/* What stands before digits that begin in or behind an escape. */
static bool may_end_escape(uint8_t byte)
{
    return byte == '%' || byte == '=' || byte == 'u' || hex_value(byte) >= 10;
}

/* What stands behind a digit: what ends the number, what joins it to the next digit, or a
 * byte that is not ASCII, of which only a proper look can tell. */
enum {
    END,
    JOINS,
    WIDE
};

/* Reads the joint at *at in ASCII alone, as sequence_read() does. */
static unsigned plain_joint(const struct view *view, size_t *at, uint8_t *joint)
{
    const uint8_t *bytes = view->bytes;
    size_t end = view->length;
    size_t next = *at;
    if (next >= end)
        return END;
    if (bytes[next] >= 0x80)
        return WIDE;
    uint8_t kind = view->lexicon->single[bytes[next]];
    *joint = 0;
    if (kind >= UNIT_SPACE && kind <= UNIT_PLUS) {
        *joint = (uint8_t)(kind - UNIT_SPACE + 1);
        next++;
        if (next < end && kind == UNIT_SPACE && bytes[next] == ' ')
            next++;
    }
    if (next < end && bytes[next] == '\r')
        next += next + 1 < end && bytes[next + 1] == '\n';
    if (next < end && bytes[next] == '\n') {
        *joint |= JOINT_WRAP;
        next++;
    }
    if (next < end && bytes[next] >= 0x80)
        return WIDE;
    if (*joint == 0 || next >= end || !byte_is_digit(bytes[next]))
        return END;
    *at = next;
    return JOINS;
}

/* Reads digits from `at` on as sequence_read() does, in ASCII alone.  False: it cannot.
 */
static bool read_plain(const struct view *view, size_t at, struct sequence *out)
{
    const uint8_t *bytes = view->bytes;
    uint8_t joint = JOINED;
    size_t start = at;
    size_t count = 0;
    unsigned next = JOINS;
    do {
        do {
            out->digits[count] = bytes[at] & 0x0F;
            out->at[count] = (uint16_t)(at - start);
            out->joint[count] = joint;
            joint = JOINED;
            count++;
            at++;
        } while (count < SEQUENCE_DIGITS_MAX && at < view->length &&
                 byte_is_digit(bytes[at]));
        if (count < SEQUENCE_DIGITS_MAX)
            next = plain_joint(view, &at, &joint);
    } while (next == JOINS && count < SEQUENCE_DIGITS_MAX);
    out->start = start;
    out->count = (uint8_t)count;
    return next != WIDE;
}

/* True if some window of the digits may be a card's number: most end here. */
static bool may_be_number(struct judge *judge, const struct sequence *sequence)
{
    const struct number_tables *numbers = judge->rules->numbers;
    if (sequence->count < PAN_DIGITS_MIN)
        return false;
    unsigned two = sequence->digits[0] * 10u + sequence->digits[1];
    for (size_t count = PAN_DIGITS_MIN;
         count <= sequence->count && count <= PAN_DIGITS_MAX; count++) {
        if (!sequence_ends_at(sequence, count) || !number_may_begin(numbers, two, count))
            continue;
        judge->stats->candidates++;
        if (number_may_be(numbers, sequence->digits, count))
            return true;
    }
    return false;
}

/* A run of so many digits and nothing that joins it to more: no brand has such numbers.
 */
static bool is_hopeless(const struct judge *judge, size_t at, size_t end)
{
    const struct view *view = judge->view;
    const uint8_t *bytes = view->bytes;
    size_t count = end - at;
    if (count > PAN_DIGITS_MAX)
        return true;
    bool ends = end >= view->length || (bytes[end] < 0x80 && bytes[end] != '\r' &&
                                        view->lexicon->single[bytes[end]] == UNIT_OTHER);
    if (!ends)
        return false;
    return count < PAN_DIGITS_MIN ||
           !number_may_begin(judge->rules->numbers,
                             (bytes[at] & 0x0Fu) * 10u + (bytes[at + 1] & 0x0Fu), count);
}

/* Judges digits read by read_plain(). */
static void judge_plain(struct judge *judge, struct sequence *sequence)
{
    memset(sequence->length, 1, sizeof sequence->length);
    memset(sequence->coding, CODING_ASCII, sizeof sequence->coding);
    memset(sequence->escaped, 0, sizeof sequence->escaped);
    judge_sequence(judge, MODE_RAW, sequence);
}

/* Judges the raw start at the ASCII digit `at`, whose run of digits ends at `end`. */
static void judge_raw_start(struct judge *judge, size_t at, size_t end)
{
    struct sequence sequence;
    if (judge->tracing) {
        judge_start(judge, MODE_RAW, at);
        return;
    }
    if (is_hopeless(judge, at, end))
        return;
    if (!read_plain(judge->view, at, &sequence)) {
        judge_start(judge, MODE_RAW, at);
    } else if (may_be_number(judge, &sequence)) {
        judge_plain(judge, &sequence);
    }
}

/* Where the run of digits at `at` ends, or `limit`: a run may be as long as the input. */
static size_t run_end(const struct view *view, size_t at, size_t limit)
{
    if (limit > view->length)
        limit = view->length;
    while (at < limit && byte_is_digit(view->bytes[at]))
        at++;
    return at;
}

/* The digit at `at` begins a run: what may begin with it? */
static void judge_run(struct judge *judge, size_t at, size_t end, struct bounds bounds)
{
    const struct view *view = judge->view;
    const uint8_t *bytes = view->bytes;
    uint8_t before = at > 0 ? bytes[at - 1] : 0;
    if (may_end_escape(before))
        judge_behind_escape(judge, at, bounds);
    judge_chip_run(judge, at, end);
    /* A full-width digit may end in an ASCII byte: 82 4F. */
    bool wide = before >= 0x80 || (at > 1 && bytes[at - 2] == 0x82);
    if (!wide || unit_before(view, MODE_RAW, at).kind != UNIT_DIGIT)
        judge_raw_start(judge, at, end);
}

static void judge_raw(struct judge *judge, size_t from, size_t to)
{
    const struct view *view = judge->view;
    const uint8_t *bytes = view->bytes;
    const struct bounds bounds = {from, to};
    size_t at = from;
    if (from > 0 && from < to && byte_is_digit(bytes[from - 1])) {
        judge_behind_escape(judge, near_run_begin(view, from), bounds);
        at = run_end(view, from, to);
    }
    while (at < to) {
        uint8_t byte = bytes[at];
        if (byte_is_digit(byte)) {
            size_t end = run_end(view, at, at + RUN_LOOK);
            judge_run(judge, at, end, bounds);
            at = run_end(view, end, to);
            continue;
        }
        if (byte == 0xEF || byte == 0x82 || byte == 0xA3) {
            if (at > 0 && hex_value(bytes[at - 1]) >= 0)
                judge_behind_escape(judge, at, bounds);
            start_if_any(judge, MODE_RAW, at);
        }
        at++;
    }
}

/* ---- escapes ------------------------------------------------------------------------
 */

static enum mode mode_of_escape(uint8_t byte)
{
    switch (byte) {
    case '%':
        return MODE_PERCENT;
    case '\\':
        return MODE_JSON;
    case '&':
        return MODE_HTML;
    default:
        return MODE_QP;
    }
}

/* The begin of the chain of digits and joints that the unit at `at` stands in. */
static size_t chain_begin(const struct view *view, enum mode mode, size_t at)
{
    size_t stop = at > ESCAPED_CHAIN_MAX ? at - ESCAPED_CHAIN_MAX : 0;
    while (at > stop) {
        struct unit unit = unit_before(view, mode, at);
        if (unit.kind == UNIT_OTHER || unit.kind == UNIT_MASK)
            break;
        at -= unit.length;
    }
    return at;
}

/* Judges the chain around the escape at `at`, if its unit is part of one; returns where
 * the chain ends. */
static size_t judge_escape(struct judge *judge, enum mode mode, size_t at, size_t from,
                           size_t to)
{
    const struct view *view = judge->view;
    struct unit unit = unit_read(view, mode, at);
    if (unit.kind == UNIT_OTHER || unit.kind == UNIT_MASK)
        return at;
    size_t begin = chain_begin(view, mode, at);
    size_t digits = 0;
    size_t end = begin;
    for (;;) {
        unit = unit_read(view, mode, end);
        if (unit.kind == UNIT_OTHER || unit.kind == UNIT_MASK)
            break;
        digits += unit.kind == UNIT_DIGIT;
        end += unit.length;
        if (end >= to && digits >= PAN_DIGITS_MIN)
            break;
        if (end >= to + ESCAPED_CHAIN_MAX)
            break;
    }
    if (digits < PAN_DIGITS_MIN)
        return end;
    for (size_t start = begin > from ? begin : from; start < end && start < to; start++)
        start_if_any(judge, mode, start);
    return end;
}

/* ---- the others -----------------------------------------------------------------------
 */

static void judge_jis(struct judge *judge, size_t escape, size_t from, size_t to)
{
    const struct view *view = judge->view;
    size_t last = escape + 3 + JIS_SEGMENT_MAX;
    for (size_t at = escape + 3; at + 1 < view->length && at < last && at < to; at += 2) {
        uint8_t byte = view->bytes[at];
        if (byte == 0x1B || byte == '\n')
            return;
        if (byte == '#' && at >= from)
            start_if_any(judge, MODE_JIS, at);
    }
}

struct name_context {
    const struct view *view;
    struct name_list *names;
};

static void take_name(const struct word_row *word, size_t end, void *context)
{
    struct name_context *name = context;
    field_note_name(name->names, name->view, word, end);
}

static void judge_ebcdic(struct judge *judge, size_t from, size_t to)
{
    for (size_t at = from; at < to; at++)
        if ((judge->view->bytes[at] & 0xF0u) == 0xF0)
            start_if_any(judge, MODE_EBCDIC, at);
}

/* A place where no more than one or two starts are. */
static void judge_spot(struct judge *judge, const struct place *place,
                       struct bounds bounds)
{
    size_t at = place->from;
    if (place->kind == PLACE_WIDE) {
        start_within(judge, MODE_UTF16LE, at, bounds);
        start_within(judge, MODE_UTF16BE, at, bounds);
        return;
    }
    start_within(judge, MODE_HEX, at, bounds);
    if (at >= 2 && judge->view->bytes[at - 1] == 'x')
        start_within(judge, MODE_HEX, at - 2, bounds);
}

/* The sieve has seen that the digits may be a number. */
static void judge_spot_start(struct judge *judge, size_t at, struct bounds bounds)
{
    struct sequence sequence;
    if (at < bounds.from || at >= bounds.to)
        return;
    judge->stats->regions++;
    judge->stats->region_bytes += PAN_DIGITS_MIN;
    judge->stats->candidates++;
    if (!judge->tracing && read_plain(judge->view, at, &sequence))
        judge_plain(judge, &sequence);
    else
        judge_start(judge, MODE_RAW, at);
}

static void judge_region(struct judge *judge, const struct place *place,
                         struct bounds bounds)
{
    if (place->from >= bounds.to)
        return;
    judge->stats->regions++;
    judge->stats->region_bytes += place->to - place->from;
    judge_raw(judge, place->from > bounds.from ? place->from : bounds.from,
              place->to < bounds.to ? place->to : bounds.to);
}

/* The places that a digit touches may be inside the unit: %E3%80%80. */
static size_t unit_begin(const struct view *view, enum mode mode, size_t at)
{
    if (mode != MODE_PERCENT && mode != MODE_QP)
        return at;
    for (size_t back = 0; back <= 6 && back <= at; back += 3) {
        uint8_t kind = unit_read(view, mode, at - back).kind;
        if (view->bytes[at - back] != view->bytes[at])
            break;
        if (kind != UNIT_OTHER && kind != UNIT_MASK)
            return at - back;
    }
    return at;
}

static void judge_name(struct judge *judge, size_t at, struct bounds bounds,
                       struct name_context *name)
{
    if (at >= bounds.to)
        return;
    if (at >= bounds.from && judge_may_be_discretionary(judge->view, at))
        judge_discretionary(judge, at);
    probe_names(judge->rules->names, judge->view, at, take_name, name);
}

void places_judge(struct judge *judge, const struct place_list *places, size_t from,
                  size_t to, struct name_list *names)
{
    const struct view *view = judge->view;
    const struct bounds bounds = {from, to};
    size_t done[MODE_COUNT] = {0};
    struct name_context name = {view, names};
    size_t segment = jis_segment(view, from);
    if (segment != SIZE_MAX)
        judge_jis(judge, segment - 3, from, to);
    for (size_t i = 0; i < places->count; i++) {
        const struct place *place = &places->items[i];
        size_t at = place->from;
        if (place->kind == PLACE_ESCAPE) {
            enum mode mode = mode_of_escape(view->bytes[at]);
            if (at >= done[mode])
                done[mode] =
                    judge_escape(judge, mode, unit_begin(view, mode, at), from, to);
        } else if (place->kind == PLACE_RAW) {
            judge_region(judge, place, bounds);
        } else if (place->kind == PLACE_LEAD) {
            judge_behind_escape(judge, at, bounds);
        } else if (place->kind == PLACE_START) {
            judge_spot_start(judge, at, bounds);
        } else if (place->kind == PLACE_CHIP) {
            if (at >= from && at < to)
                judge_chip_run(judge, at, run_end(view, at, at + RUN_LOOK));
        } else if (place->kind == PLACE_NAME) {
            judge_name(judge, at, bounds, &name);
        } else if (place->kind != PLACE_JIS) {
            judge_spot(judge, place, bounds);
        } else if (at + 3 > from) { /* an escape may stand across the border */
            judge_jis(judge, at, from, to);
        }
    }
    if (judge->rules->ebcdic)
        judge_ebcdic(judge, from, to);
}

void places_judge_all(struct judge *judge, size_t from, size_t to)
{
    for (size_t at = from; at < to; at++) {
        if (byte_is_digit(judge->view->bytes[at]) &&
            (at == 0 || !byte_is_digit(judge->view->bytes[at - 1])))
            judge_chip_run(judge, at, run_end(judge->view, at, at + RUN_LOOK));
        if (judge_may_be_discretionary(judge->view, at))
            judge_discretionary(judge, at);
        for (enum mode mode = MODE_RAW; mode < MODE_EBCDIC; mode++)
            start_if_any(judge, mode, at);
        if (judge->rules->ebcdic)
            start_if_any(judge, MODE_EBCDIC, at);
    }
}
