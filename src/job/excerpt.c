#include "job/excerpt.h"

#include <string.h>

#include "base/hide.h"
#include "base/utf8.h"
#include "base/visible.h"

#define ELLIPSIS "\xE2\x80\xA6"

/* Bytes around a finding before they are made safe; a character may be cut. */
#define RAW_MAX (EXCERPT_BEFORE + EXCERPT_BEHIND)

static int ends_line(unsigned char byte)
{
    return byte == '\n' || byte == '\r';
}

/* First offset of the same line that may be shown. */
static uint64_t shown_from(const struct surroundings *around, uint64_t offset)
{
    uint64_t at = offset;
    while (at > around->from && offset - at < EXCERPT_BEFORE &&
           !ends_line(around->bytes[at - 1 - around->begin]))
        at--;
    return at;
}

static uint64_t shown_to(const struct surroundings *around, uint64_t offset)
{
    uint64_t at = offset;
    while (at < around->to && at - offset < EXCERPT_BEHIND &&
           !ends_line(around->bytes[at - around->begin]))
        at++;
    return at;
}

/* Overwrites what other findings have in [from, to) of the copy `text`. */
static void hide_findings(const struct surroundings *around, unsigned char *text,
                          uint64_t from, uint64_t to)
{
    for (size_t index = 0; index < around->count; index++) {
        const sieve_finding *finding = &around->findings[index];
        uint64_t end = finding->offset + finding->length;
        uint64_t start = finding->offset > from ? finding->offset : from;
        if (finding->offset >= to)
            break;
        for (uint64_t at = start; at < end && at < to; at++)
            text[at - from] = '*';
    }
}

static void hide_digits(unsigned char *text, size_t length)
{
    for (size_t index = 0; index < length; index++) {
        if (text[index] >= '0' && text[index] <= '9')
            text[index] = '*';
    }
}

/* Characters that a cut has broken are left off at both ends; if it is no UTF-8 then,
 * what is not ASCII is hidden together with the byte behind it, which may be the
 * second half of a digit. */
static struct bytes make_utf8(unsigned char *text, size_t length)
{
    struct bytes bytes = bytes_of(text, length);
    while (bytes.length > 0 && (bytes.at[0] & 0xC0) == 0x80 && length - bytes.length < 3)
        bytes = bytes_from(bytes, 1);
    for (size_t cut = 0; cut <= 3 && cut <= bytes.length; cut++) {
        if (utf8_valid(bytes_of(bytes.at, bytes.length - cut)))
            return bytes_of(bytes.at, bytes.length - cut);
    }
    int behind = 0;
    for (size_t index = 0; index < length; index++) {
        int foreign = text[index] >= 0x80;
        if (foreign || (behind && text[index] > ' '))
            text[index] = '.';
        behind = foreign && !behind;
    }
    return bytes_of(text, length);
}

/* Appends [from, to) of the item, safe. */
static sieve_status append_side(const struct surroundings *around, uint64_t from,
                                uint64_t to, struct buffer *out)
{
    unsigned char text[RAW_MAX];
    size_t length = (size_t)(to - from);
    if (length == 0)
        return SIEVE_OK;
    memcpy(text, around->bytes + (from - around->begin), length);
    hide_findings(around, text, from, to);
    hide_long_numbers(text, length);
    if (around->strict)
        hide_digits(text, length);
    return visible_append(out, make_utf8(text, length));
}

static sieve_status append_text(struct buffer *out, const char *text)
{
    return buffer_append(out, bytes_of_text(text));
}

/* Cut in the middle of a line? */
static const char *mark_of_cut(const struct surroundings *around, uint64_t offset)
{
    return offset > around->begin && !ends_line(around->bytes[offset - 1 - around->begin])
               ? ELLIPSIS
               : "";
}

sieve_status excerpt_make(const struct surroundings *around, size_t index,
                          struct buffer *out, struct sighting *sighting)
{
    const sieve_finding *finding = &around->findings[index];
    const uint64_t end = finding->offset + finding->length;
    const uint64_t from = shown_from(around, finding->offset);
    const uint64_t to = end < around->to ? shown_to(around, end) : end;
    buffer_clear(out);
    sieve_status status = append_text(out, mark_of_cut(around, from));
    if (status == SIEVE_OK)
        status = append_side(around, from, finding->offset, out);
    sighting->shown_at = out->length;
    if (status == SIEVE_OK)
        status = append_text(out, finding->shown);
    sighting->shown_length = out->length - sighting->shown_at;
    if (status == SIEVE_OK)
        status = append_side(around, end, to, out);
    if (status == SIEVE_OK && to - end == EXCERPT_BEHIND)
        status = append_text(out, ELLIPSIS);
    sighting->excerpt = buffer_bytes(out);
    return status;
}
