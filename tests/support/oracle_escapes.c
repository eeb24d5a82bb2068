/* oracle_escapes.c - section 1 of docs/detection.md: units written by escapes. */
#include "support/oracle_escapes.h"

#include <string.h>

#include "patterns/patterns.h"

/* ---- bytes written as %HH, =HH, HH, \xHH, HH HH --------------------------------- */

static int hex_value(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    return -1;
}

/* How a byte is written: `lead` before each pair, `gap` bytes (a space) between two; if
 * `mixed`, those behind the first may also stand as they are: %82S. */
struct spelling {
    const char *lead;
    size_t gap;
    int mixed;
};

static const struct spelling spellings[MODE_COUNT] = {
    [MODE_PERCENT] = {"%", 0, 1},   [MODE_QP] = {"=", 0, 1},
    [MODE_HEX_JOINED] = {"", 0, 0}, [MODE_HEX_LED] = {"\\x", 0, 0},
    [MODE_HEX_SPACED] = {"", 1, 0},
};

#define SPELT_MAX 4

/* Reads up to four spelt bytes; ends[i] is where the i-th one ended, from offset. */
static size_t spelt_bytes(const struct oracle_text *text, const struct spelling *spelling,
                          size_t offset, uint8_t *bytes, size_t *ends)
{
    size_t lead = strlen(spelling->lead);
    size_t count = 0;
    size_t at = offset;
    while (count < SPELT_MAX) {
        if (count > 0 && spelling->gap) {
            if (at >= text->length || text->bytes[at] != ' ')
                break;
            at++;
        }
        if (spelling->mixed && count > 0 && at < text->length &&
            text->bytes[at] != (uint8_t)spelling->lead[0]) {
            bytes[count] = text->bytes[at++];
            ends[count++] = at - offset;
            continue;
        }
        if (at + lead + 2 > text->length ||
            (lead > 0 && text->bytes[at] != (uint8_t)spelling->lead[0]) ||
            memcmp(text->bytes + at, spelling->lead, lead) != 0)
            break;
        int high = hex_value(text->bytes[at + lead]);
        int low = hex_value(text->bytes[at + lead + 1]);
        if (high < 0 || low < 0)
            break;
        at += lead + 2;
        bytes[count] = (uint8_t)(high * 16 + low);
        ends[count++] = at - offset;
    }
    return count;
}

int spelt_unit(const struct oracle_text *text, enum oracle_mode mode, size_t offset,
               sieve_form form, struct unit *out)
{
    uint8_t bytes[SPELT_MAX + 1] = {0};
    size_t ends[SPELT_MAX];
    size_t count = spelt_bytes(text, &spellings[mode], offset, bytes, ends);
    if (count == 0 || !plain_unit(bytes, count, out))
        return 0;
    out->length = ends[out->length - 1];
    out->escaped = 1;
    out->form = form;
    return 1;
}

/* %0A and %0D%0A, =0A and =0D=0A. */
int spelt_wrap(const struct oracle_text *text, enum oracle_mode mode, size_t offset,
               struct unit *out)
{
    uint8_t bytes[SPELT_MAX];
    size_t ends[SPELT_MAX];
    size_t count = spelt_bytes(text, &spellings[mode], offset, bytes, ends);
    if (count >= 1 && bytes[0] == '\n')
        *out = (struct unit){.kind = UNIT_WRAP, .length = ends[0], .escaped = 1};
    else if (count >= 2 && bytes[0] == '\r' && bytes[1] == '\n' && ends[1] == 2 * ends[0])
        *out = (struct unit){.kind = UNIT_WRAP, .length = ends[1], .escaped = 1};
    else
        return 0;
    return 1;
}

/* A pair of hex digits at an even distance from where its run of them begins, that is a
 * digit or a separator of one byte. */
int hex_unit(const struct oracle_text *text, enum oracle_mode mode, size_t offset,
             struct unit *out)
{
    uint8_t bytes[SPELT_MAX] = {0};
    size_t ends[SPELT_MAX];
    size_t pair = offset + strlen(spellings[mode].lead);
    size_t run = pair;
    if (spelt_bytes(text, &spellings[mode], offset, bytes, ends) == 0)
        return 0;
    while (run > 0 && hex_value(text->bytes[run - 1]) >= 0)
        run--;
    /* Parted by spaces, each pair stands by itself. */
    if (mode == MODE_HEX_SPACED &&
        (run != pair ||
         (pair + 2 < text->length && hex_value(text->bytes[pair + 2]) >= 0)))
        return 0;
    if ((pair - run) % 2 != 0 || bytes[0] >= 0x80 || !plain_unit(bytes, 1, out))
        return 0;
    out->length = ends[0];
    out->escaped = 1;
    out->form = SIEVE_FORM_HEX;
    return 1;
}

/* ---- JSON and HTML -------------------------------------------------------------- */

/* \uHHHH: six bytes. */
static int json_code(const uint8_t *at, uint32_t *code)
{
    *code = 0;
    if (at[0] != '\\' || at[1] != 'u')
        return 0;
    for (int i = 2; i < 6; i++) {
        if (hex_value(at[i]) < 0)
            return 0;
        *code = *code * 16 + (uint32_t)hex_value(at[i]);
    }
    return 1;
}

int json_unit(const struct oracle_text *text, size_t offset, struct unit *out)
{
    const uint8_t *at = text->bytes + offset;
    size_t left = text->length - offset;
    uint32_t code;
    if (left >= 6 && json_code(at, &code)) {
        if (!code_unit(code, out))
            return 0;
        out->length = 6;
    } else if (left >= 2 && memcmp(at, "\\n", 2) == 0) {
        *out = (struct unit){.kind = UNIT_WRAP, .length = 2};
    } else if (left >= 4 && memcmp(at, "\\r\\n", 4) == 0) {
        *out = (struct unit){.kind = UNIT_WRAP, .length = 4};
    } else {
        return 0;
    }
    out->escaped = 1;
    out->form = SIEVE_FORM_JSON_ESCAPE;
    return 1;
}

/* "&#65300;" and "&#xFF14;": at most 7 characters behind the # or the x. */
static size_t numeric_entity(const uint8_t *at, size_t left, uint32_t *code)
{
    size_t i = 2;
    uint32_t base = 10;
    if (left > 3 && (at[2] == 'x' || at[2] == 'X')) {
        base = 16;
        i = 3;
    }
    size_t first = i;
    *code = 0;
    for (; i < left && i - first < 7; i++) {
        int value = hex_value(at[i]);
        if (value < 0 || (uint32_t)value >= base)
            break;
        *code = *code * base + (uint32_t)value;
    }
    return i > first && i < left && at[i] == ';' ? i + 1 : 0;
}

static size_t named_entity(const uint8_t *at, size_t left, uint32_t *code)
{
    for (size_t i = 0; i < builtin_patterns.entity_count; i++) {
        const struct entity_row *row = &builtin_patterns.entities[i];
        size_t length = strlen(row->name);
        if (left >= length + 2 && memcmp(at + 1, row->name, length) == 0 &&
            at[1 + length] == ';') {
            *code = row->code_point;
            return length + 2;
        }
    }
    return 0;
}

int html_unit(const struct oracle_text *text, size_t offset, struct unit *out)
{
    const uint8_t *at = text->bytes + offset;
    size_t left = text->length - offset;
    uint32_t code = 0;
    if (left < 3 || at[0] != '&')
        return 0;
    size_t length =
        at[1] == '#' ? numeric_entity(at, left, &code) : named_entity(at, left, &code);
    if (length == 0 || !code_unit(code, out))
        return 0;
    out->length = length;
    out->escaped = 1;
    out->form = SIEVE_FORM_HTML_ENTITY;
    return 1;
}

/* ---- escapes as such ------------------------------------------------------------ */

size_t escape_at(const struct oracle_text *text, enum oracle_mode mode, size_t offset,
                 uint32_t *code)
{
    const uint8_t *at = text->bytes + offset;
    size_t left = offset < text->length ? text->length - offset : 0;
    uint8_t bytes[SPELT_MAX];
    size_t ends[SPELT_MAX];
    if (mode == MODE_PERCENT || mode == MODE_QP) {
        if (left < 3 || spelt_bytes(text, &spellings[mode], offset, bytes, ends) == 0)
            return 0;
        *code = bytes[0];
        return ends[0];
    }
    if (mode == MODE_JSON) {
        *code = '\n';
        if (left >= 4 && memcmp(at, "\\r\\n", 4) == 0)
            return 4;
        if (left >= 2 && memcmp(at, "\\n", 2) == 0)
            return 2;
        return left >= 6 && json_code(at, code) ? 6 : 0;
    }
    if (mode != MODE_HTML || left < 3 || at[0] != '&')
        return 0;
    return at[1] == '#' ? numeric_entity(at, left, code) : named_entity(at, left, code);
}

size_t escape_ending(const struct oracle_text *text, enum oracle_mode mode, size_t offset,
                     uint32_t *code)
{
    for (size_t length = UNIT_LENGTH_MAX; length > 0; length--)
        if (length <= offset && escape_at(text, mode, offset - length, code) == length)
            return length;
    return 0;
}

/* ---- percent signs that were encoded once more ------------------------------------ */

static const char *const recoded_signs[] = {"%25", "%2525", "%252525"};
#define RECODED_SIGNS (sizeof recoded_signs / sizeof recoded_signs[0])

/* The byte written behind the i-th sign at `offset`, or -1. */
static int recoded_byte(const struct oracle_text *text, size_t offset, size_t i)
{
    size_t length = strlen(recoded_signs[i]);
    const uint8_t *at = text->bytes + offset;
    if (offset + length + 2 > text->length || memcmp(at, recoded_signs[i], length) != 0)
        return -1;
    int high = hex_value(at[length]);
    int low = hex_value(at[length + 1]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

size_t recoded_at(const struct oracle_text *text, enum oracle_mode mode, size_t offset,
                  struct unit *out)
{
    for (size_t i = 0; mode == MODE_PERCENT && i < RECODED_SIGNS; i++) {
        int value = recoded_byte(text, offset, i);
        uint8_t byte = (uint8_t)value;
        if (value < 0 || value >= 0x80 || !plain_unit(&byte, 1, out) ||
            out->kind != UNIT_SEP)
            continue;
        out->length = strlen(recoded_signs[i]) + 2;
        out->escaped = 1;
        return out->length;
    }
    return 0;
}

size_t recoded_ending(const struct oracle_text *text, enum oracle_mode mode,
                      size_t offset, struct unit *out)
{
    for (size_t length = 5; length <= 9 && length <= offset; length += 2)
        if (recoded_at(text, mode, offset - length, out) == length)
            return length;
    return 0;
}

int recoded_byte_ends(const struct oracle_text *text, size_t offset)
{
    for (size_t i = 0; i < RECODED_SIGNS; i++) {
        size_t length = strlen(recoded_signs[i]) + 2;
        if (length <= offset && recoded_byte(text, offset - length, i) >= 0)
            return 1;
    }
    return 0;
}

int recoded_digit_ends(const struct oracle_text *text, enum oracle_mode mode,
                       size_t offset)
{
    if (mode != MODE_PERCENT || !recoded_byte_ends(text, offset))
        return 0;
    const uint8_t *at = text->bytes + offset;
    return at[-1] >= '0' && at[-1] <= '9' && at[-2] != '3';
}

/* Behind the first byte of an escape and before its end. */
int inside_escape(const struct oracle_text *text, enum oracle_mode mode, size_t offset)
{
    uint32_t code;
    struct unit joint;
    for (size_t back = 1; back < UNIT_LENGTH_MAX && back <= offset; back++)
        if (escape_at(text, mode, offset - back, &code) > back ||
            recoded_at(text, mode, offset - back, &joint) > back)
            return 1;
    return 0;
}
