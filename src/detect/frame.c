#include "detect/frame.h"

#include <string.h>

#include "detect/text.h"

#define TRACK2_TAIL_MAX 256u /* the standard has 28; what is there is hidden */
#define TRACK1_NAME_MIN 2u
#define TRACK1_NAME_MAX 26u
#define TRACK1_TAIL_MAX 256u
#define TAIL_DIGITS_MIN 7u   /* YYMM and the service code */
#define HEX_RUN_REACH   512u /* bytes looked at each way */

/* A character as it stands or as %HH: logs hold tracks in form data. */
static int track_character(const struct view *view, size_t at, size_t *length_out)
{
    *length_out = 0;
    if (at >= view->length)
        return -1;
    uint8_t byte = view->bytes[at];
    if (byte == '%' && view->length - at > 2) {
        int high = hex_value(view->bytes[at + 1]);
        int low = hex_value(view->bytes[at + 2]);
        if (high >= 2 && low >= 0) {
            *length_out = 3;
            return high << 4 | low;
        }
    }
    *length_out = 1;
    return byte;
}

/* Where the character `wanted` that ends at `at` begins, or `at`. */
static size_t before_character(const struct view *view, size_t at, int wanted)
{
    size_t length = 0;
    if (at >= 3 && track_character(view, at - 3, &length) == wanted && length == 3)
        return at - 3;
    if (at >= 1 && view->bytes[at - 1] == wanted)
        return at - 1;
    return at;
}

static size_t behind_character(const struct view *view, size_t at, int wanted)
{
    size_t length = 0;
    return track_character(view, at, &length) == wanted ? at + length : at;
}

static size_t digits_behind(const struct view *view, size_t at, size_t most)
{
    size_t count = 0;
    while (count < most && at + count < view->length &&
           byte_is_digit(view->bytes[at + count]))
        count++;
    return count;
}

/* YYMM with a month, then the service code, then more digits. */
static size_t tail_digits(const struct view *view, size_t at, size_t most)
{
    size_t count = digits_behind(view, at, most);
    if (count < TAIL_DIGITS_MIN)
        return 0;
    unsigned month = (view->bytes[at + 2] - '0') * 10u + (view->bytes[at + 3] - '0');
    return month >= 1 && month <= 12 ? count : 0;
}

/* ---- runs of hex digits ---------------------------------------------------------- */

struct hex_run {
    const struct view *view;
    const struct number_tables *numbers;
    size_t begin;
    size_t end;
};

static int byte_at(const struct hex_run *run, size_t at)
{
    if (at + 2 > run->end)
        return -1;
    return hex_value(run->view->bytes[at]) * 16 + hex_value(run->view->bytes[at + 1]);
}

static struct hex_run run_around(const struct view *view,
                                 const struct number_tables *numbers, size_t at)
{
    struct hex_run run = {view, numbers, at, at};
    size_t stop = at > HEX_RUN_REACH ? at - HEX_RUN_REACH : 0;
    while (run.begin > stop && hex_value(view->bytes[run.begin - 1]) >= 0)
        run.begin--;
    while (run.end < view->length && run.end - at < HEX_RUN_REACH &&
           hex_value(view->bytes[run.end]) >= 0)
        run.end++;
    return run;
}

/* Behind the tag at `at` and its length, and behind its value unless that is tags too; 0
 * if it is no tag, or its value does not fit. */
static size_t behind_tag(const struct hex_run *run, size_t at)
{
    int first = byte_at(run, at);
    bool is_nested = first >= 0 && (first & 0x20) != 0;
    at += 2;
    if (first <= 0)
        return 0;
    if ((first & 0x1F) == 0x1F) {
        while (byte_at(run, at) >= 0x80)
            at += 2;
        at += 2;
    }
    int length = byte_at(run, at);
    at += 2;
    if (length == 0x81) {
        length = byte_at(run, at);
        at += 2;
    } else if (length > 0x7F) {
        return 0;
    }
    if (length < 0 || at + 2 * (size_t)length > run->end)
        return 0;
    return is_nested ? at : at + 2 * (size_t)length;
}

/* As long as MD5, SHA-1 or one of SHA-2 or -3 in hex, and not tags from end to end: what
 * looks like a card's data in it is there by chance. */
static bool is_digest(const struct hex_run *run)
{
    static const uint8_t lengths[] = {32, 40, 56, 64, 96, 128};
    bool has_length = false;
    for (size_t i = 0; i < sizeof lengths; i++)
        has_length |= run->end - run->begin == lengths[i];
    if (!has_length)
        return false;
    size_t at = run->begin;
    do {
        at = behind_tag(run, at);
    } while (at > 0 && at < run->end);
    return at != run->end;
}

/* ---- tracks ----------------------------------------------------------------------- */

/* A track that is all of the run may have the length of a digest. */
static bool is_in_digest(const struct view *view, const struct frame *frame)
{
    struct hex_run run = run_around(view, NULL, frame->begin);
    return is_digest(&run) && (run.begin != frame->begin || run.end != frame->end);
}

static bool find_track2(const struct view *view, size_t start, size_t end,
                        struct frame *out)
{
    size_t length = 0;
    int separator = track_character(view, end, &length);
    bool hex = separator == 'D' || separator == 'd';
    if (separator != '=' && !hex)
        return false;
    /* Inside a digest or a tag's value: not by itself. */
    int before = character_before(view, MODE_RAW, start).value;
    if (hex && before != NOT_ASCII && byte_is_alnum((uint8_t)before))
        return false;
    out->in_hex = hex;
    size_t tail = end + length;
    size_t count = tail_digits(view, tail, TRACK2_TAIL_MAX);
    if (count == 0)
        return false;
    out->kind = SIEVE_KIND_TRACK2;
    out->begin = before_character(view, start, ';');
    out->end = behind_character(view, tail + count, '?');
    if (hex && out->end == tail + count && out->end < view->length &&
        (view->bytes[out->end] | 0x20) == 'f')
        out->end++;
    return !hex || !is_in_digest(view, out);
}

static bool find_track1(const struct view *view, size_t start, size_t end,
                        struct frame *out)
{
    if (start == 0 || (view->bytes[start - 1] | 0x20) != 'b')
        return false;
    size_t at = behind_character(view, end, '^');
    if (at == end)
        return false;
    size_t name = 0;
    size_t length = 0;
    for (int c = track_character(view, at, &length); c != '^';
         c = track_character(view, at, &length)) {
        if (c < 0 || c == '\n' || c == '\r' || ++name > TRACK1_NAME_MAX)
            return false;
        at += length;
    }
    size_t tail = at + length;
    size_t count = tail_digits(view, tail, TRACK1_TAIL_MAX);
    if (name < TRACK1_NAME_MIN || count == 0)
        return false;
    out->in_hex = false;
    out->kind = SIEVE_KIND_TRACK1;
    out->begin = before_character(view, start - 1, '%');
    out->end = behind_character(view, tail + count, '?');
    return true;
}

bool frame_find(const struct view *view, size_t start, size_t end, struct frame *out)
{
    uint8_t behind = end < view->length ? view->bytes[end] : 0;
    if (behind != '=' && (behind | 0x20) != 'd' && behind != '^' && behind != '%')
        return false; /* as behind nearly all numbers */
    return find_track2(view, start, end, out) || find_track1(view, start, end, out);
}

/* ---- chip data --------------------------------------------------------------- */

/* A card number of `count` digits, each `stride` bytes from the next. */
static bool number_fits(const struct hex_run *run, size_t at, size_t count, size_t stride)
{
    uint8_t digits[PAN_DIGITS_MAX];
    if (count < PAN_DIGITS_MIN || count > PAN_DIGITS_MAX ||
        at + count * stride > run->end)
        return false;
    for (size_t i = 0; i < count; i++) {
        uint8_t byte = run->view->bytes[at + i * stride + stride - 1];
        if (!byte_is_digit(byte))
            return false;
        digits[i] = byte - '0';
    }
    struct number_verdict verdict = number_judge(run->numbers, digits, count);
    return verdict.row && verdict.luhn && !number_is_trivial(digits, count);
}

static bool read_pan(const struct hex_run *run, size_t value, size_t length,
                     struct chip_value *out)
{
    size_t count = length;
    while (count > 0 && (run->view->bytes[value + count - 1] | 0x20) == 'f')
        count--;
    if (length - count > 7 || !number_fits(run, value, count, 1))
        return false;
    *out = (struct chip_value){value, value + length, value, (uint8_t)count, 1};
    return true;
}

static bool read_track2(const struct hex_run *run, size_t value, size_t length,
                        struct chip_value *out)
{
    size_t count = digits_behind(run->view, value, length);
    if (count >= length || (run->view->bytes[value + count] | 0x20) != 'd')
        return false;
    if (!number_fits(run, value, count, 1) ||
        tail_digits(run->view, value + count + 1, length - count - 1) == 0)
        return false;
    *out = (struct chip_value){value, value + length, value, (uint8_t)count, 1};
    return true;
}

/* Track 1 as hex of ASCII: 42 is B, 5E is ^. */
static bool read_track1(const struct hex_run *run, size_t value, size_t length,
                        struct chip_value *out)
{
    if (byte_at(run, value) != 'B')
        return false;
    size_t number = value + 2;
    size_t count = 0;
    while (count <= PAN_DIGITS_MAX && number + 2 * count + 2 <= value + length &&
           byte_at(run, number + 2 * count) >> 4 == 3)
        count++;
    if (byte_at(run, number + 2 * count) != '^' || !number_fits(run, number, count, 2))
        return false;
    *out = (struct chip_value){value, value + length, number, (uint8_t)count, 2};
    return true;
}

struct chip_tag {
    uint8_t bytes[2];
    uint8_t byte_count;
    uint8_t length_min; /* bytes of the value */
    uint8_t length_max;
    bool (*read)(const struct hex_run *, size_t, size_t, struct chip_value *);
};

static const struct chip_tag chip_tags[] = {
    {{0x5A, 0}, 1, 0x06, 0x0A, read_pan},       {{0x57, 0}, 1, 0x0B, 0x13, read_track2},
    {{0x9F, 0x6B}, 2, 0x0B, 0x13, read_track2}, {{0x56, 0}, 1, 0x18, 0x4C, read_track1},
    {{0x9F, 0x1F}, 2, 0x01, 0x30, NULL}, /* discretionary data of track 1 and 2: */
    {{0x9F, 0x20}, 2, 0x01, 0x20, NULL}, /* found only beside one of the above   */
};

/* Reads the tag at `at`.  False: it is none, or its value does not fit. */
static bool read_tag(const struct hex_run *run, const struct chip_tag *tag, size_t at,
                     struct chip_value *out)
{
    for (size_t i = 0; i < tag->byte_count; i++)
        if (byte_at(run, at + 2 * i) != tag->bytes[i])
            return false;
    at += 2u * tag->byte_count;
    int length = byte_at(run, at);
    size_t value = at + 2;
    if (length < tag->length_min || length > tag->length_max ||
        value + 2 * (size_t)length > run->end)
        return false;
    if (tag->read)
        return tag->read(run, value, 2 * (size_t)length, out);
    *out = (struct chip_value){value, value + 2 * (size_t)length, value, 0, 1};
    return true;
}

/* Tags stand at even distances from where the run begins. */
static bool read_any(const struct hex_run *run, size_t at, bool discretionary,
                     struct chip_value *out)
{
    uint8_t first = run->view->bytes[at];
    if (first != '5' && first != '9') /* all of chip_tags begin so */
        return false;
    for (size_t i = 0; i < sizeof chip_tags / sizeof *chip_tags; i++)
        if ((chip_tags[i].read == NULL) == discretionary &&
            read_tag(run, &chip_tags[i], at, out))
            return true;
    return false;
}

void frame_chip_values(const struct view *view, const struct number_tables *numbers,
                       size_t at, on_chip_value on_value, void *context)
{
    struct hex_run run = run_around(view, numbers, at);
    struct chip_value value;
    if (is_digest(&run))
        return;
    for (size_t tag = run.begin; tag + 6 <= run.end; tag += 2)
        if (read_any(&run, tag, false, &value))
            on_value(&value, context);
}

bool frame_discretionary(const struct view *view, const struct number_tables *numbers,
                         size_t at, struct chip_value *out)
{
    struct hex_run run = run_around(view, numbers, at);
    struct chip_value number;
    if ((at - run.begin) % 2 != 0 || is_digest(&run) || !read_any(&run, at, true, out))
        return false;
    for (size_t tag = run.begin; tag + 6 <= run.end; tag += 2)
        if (read_any(&run, tag, false, &number))
            return true;
    return false;
}
