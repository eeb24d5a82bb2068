/* oracle_frames.c - section 7 of docs/detection.md. */
#include "support/oracle_frames.h"

#include <string.h>

#include "patterns/patterns.h"

static int byte_at(const struct oracle_text *text, size_t offset)
{
    return offset < text->length ? text->bytes[offset] : -1;
}

static int is_digit(int byte)
{
    return byte >= '0' && byte <= '9';
}

static size_t digits_end(const struct oracle_text *text, size_t offset)
{
    while (is_digit(byte_at(text, offset)))
        offset++;
    return offset;
}

static int is_hex(int byte)
{
    return is_digit(byte) || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f' && byte > 0);
}

/* A number that some row takes, of whatever tier and shape. */
static int fitting_number(const struct number *number, sieve_form form,
                          struct oracle_finding *out)
{
    struct standing standing = standing_of(number);
    if (standing.tier < 0 || is_pattern(number))
        return 0;
    *out = (struct oracle_finding){.confidence = SIEVE_HIGH,
                                   .form = form,
                                   .brand = standing.brand,
                                   .digit_count = (unsigned)number->digit_count,
                                   .test_number = standing.test_number};
    return 1;
}

/* The same of the digits in [from, to). */
static int fitting_digits(const uint8_t *digits, size_t count, struct oracle_finding *out)
{
    struct number number = {.group_count = 1, .digit_count = count};
    if (count < PAN_DIGITS_MIN || count > PAN_DIGITS_MAX)
        return 0;
    memcpy(number.digits, digits, count);
    number.groups[0] = (unsigned)count;
    return luhn_passes(number.digits, count) &&
           fitting_number(&number, SIEVE_FORM_ASCII, out);
}

/* YYMM and a service code at `offset`. */
static int expiry_and_service(const struct oracle_text *text, size_t offset)
{
    if (digits_end(text, offset) < offset + 7)
        return 0;
    int month = (text->bytes[offset + 2] - '0') * 10 + text->bytes[offset + 3] - '0';
    return month >= 1 && month <= 12;
}

/* ---- stripes -------------------------------------------------------------------- */

/* A character of a frame, plain or as %HH: its value and length; -1 at the end. */
static int frame_char(const struct oracle_text *text, size_t offset, size_t *length)
{
    uint32_t code;
    *length = escape_at(text, MODE_PERCENT, offset, &code);
    if (*length > 0)
        return (int)code;
    *length = 1;
    return byte_at(text, offset);
}

/* The length of `wanted` where it ends at, or begins at, a place; 0: it does not. */
static size_t frame_char_before(const struct oracle_text *text, size_t offset, int wanted)
{
    uint32_t code;
    size_t length = escape_ending(text, MODE_PERCENT, offset, &code);
    if (length > 0)
        return (int)code == wanted ? length : 0;
    return offset > 0 && text->bytes[offset - 1] == wanted;
}

static size_t frame_char_at(const struct oracle_text *text, size_t offset, int wanted)
{
    size_t length;
    return frame_char(text, offset, &length) == wanted ? length : 0;
}

/* Behind the name and its ^; 0 if it is no name. */
static size_t name_end(const struct oracle_text *text, size_t at)
{
    size_t length;
    for (size_t count = 0; count <= 26; count++) {
        int character = frame_char(text, at, &length);
        if (character == '^')
            return count >= 2 ? at + length : 0;
        if (character < 0 || character == '\n' || character == '\r')
            return 0;
        at += length;
    }
    return 0;
}

static void track1_at(const struct oracle_text *text, const struct window *window,
                      on_sensitive found, void *context)
{
    struct oracle_finding finding;
    size_t start = window->start;
    size_t end = window->end;
    size_t caret = frame_char_at(text, end, '^');
    if (start == 0 || (text->bytes[start - 1] | 0x20) != 'b' || caret == 0)
        return;
    size_t at = name_end(text, end + caret);
    if (at == 0 || !expiry_and_service(text, at) ||
        !fitting_number(&window->number, window->form, &finding))
        return;
    at = digits_end(text, at);
    finding.kind = SIEVE_KIND_TRACK1;
    finding.offset = start - 1 - frame_char_before(text, start - 1, '%');
    finding.length = at + frame_char_at(text, at, '?') - finding.offset;
    found(&finding, 0, context);
}

static int touched_before(const struct oracle_text *text, size_t start)
{
    int byte = start > 0 ? text->bytes[start - 1] : 0;
    if (trail_ends(text, start) || shift_ends(text, start))
        return 0;
    return is_digit(byte) || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

struct hex_run {
    size_t from;
    size_t to;
};

static struct hex_run hex_run_of(const struct oracle_text *text, size_t offset)
{
    struct hex_run run = {offset, offset};
    while (run.from > 0 && is_hex(text->bytes[run.from - 1]))
        run.from--;
    while (is_hex(byte_at(text, run.to)))
        run.to++;
    return run;
}

static int hex_byte(const struct oracle_text *text, size_t at)
{
    int value = 0;
    for (size_t i = at; i < at + 2; i++)
        value =
            value * 16 + (is_digit(text->bytes[i]) ? text->bytes[i] - '0'
                                                   : (text->bytes[i] | 0x20) - 'a' + 10);
    return value;
}

/* Tag, length and value, one behind the other up to the last digit. */
static int all_tags(const struct oracle_text *text, struct hex_run run)
{
    size_t at = run.from;
    while (at < run.to) {
        int tag = hex_byte(text, at);
        at += 2;
        if (tag == 0)
            return 0;
        if (tag % 32 == 31) {
            while (at + 2 <= run.to && hex_byte(text, at) >= 128)
                at += 2;
            at += 2;
        }
        if (at + 2 > run.to)
            return 0;
        size_t length = (size_t)hex_byte(text, at);
        at += 2;
        if (length == 0x81 && at + 2 <= run.to) {
            length = (size_t)hex_byte(text, at);
            at += 2;
        } else if (length > 127) {
            return 0;
        }
        if (at + 2 * length > run.to)
            return 0;
        at += tag & 32 ? 0 : 2 * length;
    }
    return 1;
}

static int is_digest(const struct oracle_text *text, struct hex_run run)
{
    switch (run.to - run.from) {
    case 32:
    case 40:
    case 56:
    case 64:
    case 96:
    case 128:
        return !all_tags(text, run);
    default:
        return 0;
    }
}

static void track2_at(const struct oracle_text *text, const struct window *window,
                      on_sensitive found, void *context)
{
    struct oracle_finding finding;
    size_t start = window->start;
    size_t end = window->end;
    size_t length;
    int sign = frame_char(text, end, &length);
    int hex = sign == 'D' || sign == 'd';
    if (hex && (touched_before(text, start) ||
                !luhn_passes(window->number.digits, window->number.digit_count)))
        return;
    if ((sign != '=' && !hex) || !expiry_and_service(text, end + length) ||
        !fitting_number(&window->number, window->form, &finding))
        return;
    size_t at = digits_end(text, end + length);
    size_t mark = frame_char_at(text, at, '?');
    finding.kind = SIEVE_KIND_TRACK2;
    finding.offset = start - frame_char_before(text, start, ';');
    finding.length = at - finding.offset;
    if (mark > 0)
        finding.length += mark;
    else if (hex && (byte_at(text, at) | 0x20) == 'f')
        finding.length++;
    struct hex_run run = hex_run_of(text, finding.offset);
    if (hex && is_digest(text, run) &&
        (run.from != finding.offset || run.to != finding.offset + finding.length))
        return;
    found(&finding, 0, context);
}

void tracks_of(const struct oracle_text *text, const struct window *window,
               on_sensitive found, void *context)
{
    if (window->number.group_count > 1 || is_masked(text, window))
        return;
    track1_at(text, window, found, context);
    track2_at(text, window, found, context);
}

/* ---- chip tags ------------------------------------------------------------------ */

static int tag_at(const struct oracle_text *text, struct hex_run run, size_t at,
                  const char *tag, size_t *value, size_t *value_end)
{
    size_t length = 0;
    size_t size = strlen(tag);
    if (at + size + 2 > run.to)
        return 0;
    for (size_t i = 0; i < size; i++)
        if ((text->bytes[at + i] & 0xDF) != (tag[i] & 0xDF))
            return 0;
    for (size_t i = at + size; i < at + size + 2; i++)
        length = length * 16 + (size_t)(is_digit(text->bytes[i])
                                            ? text->bytes[i] - '0'
                                            : (text->bytes[i] | 0x20) - 'a' + 10);
    *value = at + size + 2;
    *value_end = *value + 2 * length;
    return length > 0 && *value_end <= run.to;
}

static int all_pad(const struct oracle_text *text, size_t from, size_t to)
{
    for (; from < to; from++)
        if ((text->bytes[from] | 0x20) != 'f')
            return 0;
    return 1;
}

static size_t min_size(size_t one, size_t other)
{
    return one < other ? one : other;
}

/* 5A: the number and its pad are the whole value. */
static int number_tag(const struct oracle_text *text, size_t value, size_t end,
                      struct oracle_finding *out)
{
    size_t last = min_size(digits_end(text, value), end);
    size_t length = (end - value) / 2;
    return length >= 0x06 && length <= 0x0A && all_pad(text, last, end) &&
           fitting_digits(text->bytes + value, last - value, out);
}

/* 57 and 9F6B: number, D, expiry, service code, more digits, pad. */
static int track2_tag(const struct oracle_text *text, size_t value, size_t end,
                      struct oracle_finding *out)
{
    size_t last = min_size(digits_end(text, value), end);
    size_t length = (end - value) / 2;
    if (length < 0x0B || length > 0x13 || last + 8 > end ||
        (text->bytes[last] | 0x20) != 'd' || !expiry_and_service(text, last + 1))
        return 0;
    return fitting_digits(text->bytes + value, last - value, out);
}

/* 56: the letters of track 1 in hex, "B" number "^". */
static int track1_tag(const struct oracle_text *text, size_t value, size_t end,
                      struct oracle_finding *out)
{
    uint8_t digits[PAN_DIGITS_MAX + 1];
    size_t count = 0;
    size_t at = value + 2;
    size_t length = (end - value) / 2;
    if (length < 0x18 || length > 0x4C || memcmp(text->bytes + value, "42", 2) != 0)
        return 0;
    for (; at + 2 <= end && text->bytes[at] == '3' && is_digit(text->bytes[at + 1]);
         at += 2)
        if (count <= PAN_DIGITS_MAX)
            digits[count++] = text->bytes[at + 1];
    if (at + 2 > end || text->bytes[at] != '5' || (text->bytes[at + 1] | 0x20) != 'e' ||
        !fitting_digits(digits, count, out))
        return 0;
    out->form = SIEVE_FORM_HEX;
    return 1;
}

static void emv_found(struct oracle_finding *finding, size_t from, size_t to,
                      on_sensitive found, void *context)
{
    finding->kind = SIEVE_KIND_EMV;
    finding->offset = from;
    finding->length = to - from;
    found(finding, finding->digit_count == 0, context);
}

static void emv_in(const struct oracle_text *text, struct hex_run run, on_sensitive found,
                   void *context)
{
    struct oracle_finding finding;
    size_t value;
    size_t end;
    int any = 0;
    for (size_t at = run.from; at < run.to; at += 2) {
        int hit = (tag_at(text, run, at, "5A", &value, &end) &&
                   number_tag(text, value, end, &finding)) ||
                  (tag_at(text, run, at, "57", &value, &end) &&
                   track2_tag(text, value, end, &finding)) ||
                  (tag_at(text, run, at, "9F6B", &value, &end) &&
                   track2_tag(text, value, end, &finding)) ||
                  (tag_at(text, run, at, "56", &value, &end) &&
                   track1_tag(text, value, end, &finding));
        if (hit)
            emv_found(&finding, value, end, found, context);
        any |= hit;
    }
    for (size_t at = run.from; any && at < run.to; at += 2) {
        finding =
            (struct oracle_finding){.confidence = SIEVE_HIGH, .form = SIEVE_FORM_ASCII};
        if ((tag_at(text, run, at, "9F1F", &value, &end) && end - value <= 2 * 0x30) ||
            (tag_at(text, run, at, "9F20", &value, &end) && end - value <= 2 * 0x20))
            emv_found(&finding, value, end, found, context);
    }
}

/* ---- all ------------------------------------------------------------------------ */

void chips_each(const struct oracle_text *text, on_sensitive found, void *context)
{
    for (size_t at = 0; at < text->length; at++) {
        struct hex_run run = {at, at};
        if (!is_hex(text->bytes[at]) || (at > 0 && is_hex(text->bytes[at - 1])))
            continue;
        run = hex_run_of(text, at);
        if (!is_digest(text, run))
            emv_in(text, run, found, context);
    }
}
