#include "detect/places_raw.h"

#include <string.h>

#include "detect/recoded.h"

#define CHIP_DIGITS_MIN 11u
#define RUN_LOOK        256u /* digits of a run that matter: a track's are fewer */

void places_start(struct judge *judge, enum mode mode, size_t at)
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

void places_start_within(struct judge *judge, enum mode mode, size_t at,
                         struct bounds bounds)
{
    if (at >= bounds.from && at < bounds.to)
        places_start(judge, mode, at);
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

/* Behind the percent sign at `sign`, encoded once or more often. */
static void behind_percent(struct judge *judge, size_t sign, size_t at,
                           struct bounds bounds)
{
    const struct view *view = judge->view;
    if (at - sign <= 3)
        places_start_within(judge, MODE_PERCENT, sign + 3, bounds);
    for (size_t length = 5; length <= RECODED_LENGTH_MAX; length += 2) {
        if (sign + length >= view->length)
            return;
        if (recoded_ends(view, sign + length))
            places_start_within(judge, MODE_PERCENT, sign + length, bounds);
    }
}

/* A number behind an escape: %3D4111... and \u00224111..., where raw digits begin inside
 * the escape or touch it. */
void places_behind_escape(struct judge *judge, size_t at, struct bounds bounds)
{
    const struct view *view = judge->view;
    size_t stop = at > RECODED_LENGTH_MAX ? at - RECODED_LENGTH_MAX : 0;
    for (size_t back = at; back-- > stop;) {
        uint8_t byte = view->bytes[back];
        if (byte == '%')
            behind_percent(judge, back, at, bounds);
        else if (byte == '=' && at - back <= 3 && ends_as_text(view, back))
            places_start_within(judge, MODE_QP, back + 3, bounds);
        else if (byte == '\\' && view->bytes[back + 1] == 'u')
            places_start_within(judge, MODE_JSON, back + 6, bounds);
        else if (byte != 'u' && hex_value(byte) < 0)
            return;
    }
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

/* A full-width digit ends before the ASCII digit at `at`; it may do so in an ASCII byte:
 * 82 4F. */
static bool goes_on(const struct view *view, size_t at)
{
    const uint8_t *bytes = view->bytes;
    bool wide = at > 0 && (bytes[at - 1] >= 0x80 || (at > 1 && bytes[at - 2] == 0x82));
    return wide && unit_before(view, MODE_RAW, at).kind == UNIT_DIGIT;
}

/* The digit at `at` begins a run: what may begin with it? */
static void judge_run(struct judge *judge, size_t at, size_t end, struct bounds bounds)
{
    const struct view *view = judge->view;
    const uint8_t *bytes = view->bytes;
    uint8_t before = at > 0 ? bytes[at - 1] : 0;
    if (may_end_escape(before))
        places_behind_escape(judge, at, bounds);
    judge_chip_run(judge, at, end);
    if (!goes_on(view, at))
        judge_raw_start(judge, at, end);
}

void places_raw(struct judge *judge, size_t from, size_t to)
{
    const struct view *view = judge->view;
    const uint8_t *bytes = view->bytes;
    const struct bounds bounds = {from, to};
    size_t at = from;
    if (from > 0 && from < to && byte_is_digit(bytes[from - 1])) {
        places_behind_escape(judge, near_run_begin(view, from), bounds);
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
                places_behind_escape(judge, at, bounds);
            places_start(judge, MODE_RAW, at);
        }
        at++;
    }
}

/* The sieve has seen that the digits may be a number. */
void places_spot(struct judge *judge, size_t at, struct bounds bounds)
{
    struct sequence sequence;
    if (at < bounds.from || at >= bounds.to || goes_on(judge->view, at))
        return;
    judge->stats->regions++;
    judge->stats->region_bytes += PAN_DIGITS_MIN;
    judge->stats->candidates++;
    if (!judge->tracing && read_plain(judge->view, at, &sequence))
        judge_plain(judge, &sequence);
    else
        judge_start(judge, MODE_RAW, at);
}

void places_chip(struct judge *judge, size_t at)
{
    judge_chip_run(judge, at, run_end(judge->view, at, at + RUN_LOOK));
}
