#include "job/excerpt.h"

#include <string.h>

#include "base/hide.h"
#include "base/visible.h"

#define ELLIPSIS "\xE2\x80\xA6"
#define HIDDEN   "***" /* another finding */

/* How far back a line's start is looked for, to know where characters begin. */
#define ALIGN_REACH 512

/* Bytes of one side as UTF-8, at most. */
#define SIDE_CAPACITY_MAX 1024

/* 1 if the byte at `offset` is a line end.  In UTF-16 that is a matter of two bytes,
 * which stand in step with the finding. */
static int ends_line(const struct surroundings *around, const sieve_finding *finding,
                     uint64_t offset)
{
    const unsigned char *at = around->bytes + (offset - around->begin);
    const int odd = (int)((offset ^ finding->offset) & 1);
    if (*at != '\n' && *at != '\r')
        return 0;
    if (finding->form == SIEVE_FORM_UTF16LE)
        return !odd && offset + 1 < around->to && at[1] == 0;
    if (finding->form == SIEVE_FORM_UTF16BE)
        return odd && offset > around->begin && at[-1] == 0;
    return 1;
}

/* First offset of the same line that may be shown. */
static uint64_t shown_from(const struct surroundings *around,
                           const sieve_finding *finding)
{
    const uint64_t offset = finding->offset;
    uint64_t at = offset;
    while (at > around->from && offset - at < EXCERPT_BEFORE &&
           !ends_line(around, finding, at - 1))
        at--;
    return at;
}

static uint64_t shown_to(const struct surroundings *around, const sieve_finding *finding)
{
    const uint64_t offset = finding->offset + finding->length;
    uint64_t at = offset;
    while (at < around->to && at - offset < EXCERPT_BEHIND &&
           !ends_line(around, finding, at))
        at++;
    return at;
}

/* ---- the encoding ------------------------------------------------------------------ */

/* Where the line of `offset` begins, or a place not too far before it. */
static uint64_t line_start(const struct surroundings *around,
                           const sieve_finding *finding, uint64_t offset)
{
    uint64_t at = offset;
    while (at > around->begin && offset - at < ALIGN_REACH &&
           !ends_line(around, finding, at - 1))
        at--;
    return at;
}

static struct bytes bytes_between(const struct surroundings *around, uint64_t from,
                                  uint64_t to)
{
    return bytes_of(around->bytes + (from - around->begin), (size_t)(to - from));
}

/* `from`, moved to where a character begins; the text before `to` is aligned with it
 * in UTF-16, and with the line's start in the others. */
static uint64_t align(const struct surroundings *around, const sieve_finding *finding,
                      enum charset charset, uint64_t from)
{
    const uint64_t to = finding->offset;
    if (charset == CHARSET_UTF16LE || charset == CHARSET_UTF16BE)
        return from + (to - from) % 2;
    uint64_t start = line_start(around, finding, from);
    return start + charset_align(charset, bytes_between(around, start, to),
                                 (size_t)(from - start));
}

/* 1 if both sides of the finding are text in `charset`. */
static int fits(const struct surroundings *around, const sieve_finding *finding,
                enum charset charset, const uint64_t ends[4], struct buffer *scratch)
{
    uint64_t from = align(around, finding, charset, ends[0]);
    scratch->length = 0;
    return converter_append(around->converter, charset,
                            bytes_between(around, from, ends[1]), scratch) &&
           converter_append(around->converter, charset,
                            bytes_between(around, ends[2], ends[3]), scratch);
}

/* What the text around the finding is written in; -1 if that cannot be told.  `ends`:
 * from, to of what stands before it, and of what stands behind it. */
static int charset_of(const struct surroundings *around, const sieve_finding *finding,
                      const uint64_t ends[4], struct buffer *scratch)
{
    static const enum charset guesses[] = {CHARSET_UTF8, CHARSET_EUC_JP, CHARSET_CP932};
    if (finding->form == SIEVE_FORM_UTF16LE || finding->form == SIEVE_FORM_UTF16BE) {
        enum charset charset =
            finding->form == SIEVE_FORM_UTF16LE ? CHARSET_UTF16LE : CHARSET_UTF16BE;
        return fits(around, finding, charset, ends, scratch) ? (int)charset : -1;
    }
    if (finding->form == SIEVE_FORM_CP932)
        return fits(around, finding, CHARSET_CP932, ends, scratch) ? (int)CHARSET_CP932
                                                                   : -1;
    for (size_t index = 0; index < sizeof guesses / sizeof guesses[0]; index++) {
        if (fits(around, finding, guesses[index], ends, scratch))
            return (int)guesses[index];
    }
    return -1;
}

/* ---- hiding ------------------------------------------------------------------------ */

static void hide_digits(unsigned char *text, size_t length)
{
    for (size_t index = 0; index < length; index++) {
        if (text[index] >= '0' && text[index] <= '9')
            text[index] = '*';
    }
}

/* Text in no known encoding: what is not ASCII is hidden together with the byte behind
 * it, which may be the second half of a digit. */
static sieve_status append_foreign(struct bytes bytes, struct buffer *out)
{
    int behind = 0;
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < bytes.length && status == SIEVE_OK; index++) {
        const unsigned char byte = bytes.at[index];
        const int foreign = byte >= 0x80;
        const int hidden = foreign || (behind && byte > ' ');
        status = buffer_append(out, hidden ? bytes_of(".", 1) : bytes_of(&byte, 1));
        behind = foreign;
    }
    return status;
}

/* Appends [from, to), in which no finding is, to the side. */
static sieve_status append_plain(const struct surroundings *around, int charset,
                                 uint64_t from, uint64_t to, struct buffer *side)
{
    const struct bytes bytes = bytes_between(around, from, to);
    if (charset >= 0 &&
        converter_append(around->converter, (enum charset)charset, bytes, side))
        return SIEVE_OK;
    return append_foreign(bytes, side);
}

/* The first finding that reaches past `from`; they are in order and do not overlap. */
static size_t first_behind(const struct surroundings *around, size_t near, uint64_t from)
{
    size_t index = near;
    while (index > 0 &&
           around->findings[index - 1].offset + around->findings[index - 1].length > from)
        index--;
    return index;
}

/* Appends [from, to), which is beside findings[near], with a mark for each finding. */
static sieve_status append_between(const struct surroundings *around, size_t near,
                                   int charset, uint64_t from, uint64_t to,
                                   struct buffer *side)
{
    sieve_status status = SIEVE_OK;
    size_t index = first_behind(around, near, from);
    for (; index < around->count && status == SIEVE_OK; index++) {
        const sieve_finding *finding = &around->findings[index];
        const uint64_t end = finding->offset + finding->length;
        if (finding->offset >= to)
            break;
        if (end <= from)
            continue;
        if (finding->offset > from)
            status = append_plain(around, charset, from, finding->offset, side);
        if (status == SIEVE_OK)
            status = buffer_append(side, bytes_of_text(HIDDEN));
        from = end;
    }
    if (status == SIEVE_OK && from < to)
        status = append_plain(around, charset, from, to, side);
    return status;
}

/* Appends [from, to) of the item, safe. */
static sieve_status append_side(const struct surroundings *around, size_t near,
                                int charset, uint64_t from, uint64_t to,
                                struct buffer *out)
{
    struct buffer side;
    buffer_init(&side, SIDE_CAPACITY_MAX);
    sieve_status status = append_between(around, near, charset, from, to, &side);
    if (status == SIEVE_OK && side.length > 0) {
        hide_long_numbers(side.at, side.length);
        if (around->strict)
            hide_digits(side.at, side.length);
        status = visible_append(out, buffer_bytes(&side));
    }
    buffer_done(&side);
    return status;
}

/* ---- the excerpt ------------------------------------------------------------------- */

static sieve_status append_text(struct buffer *out, const char *text)
{
    return buffer_append(out, bytes_of_text(text));
}

/* Cut in the middle of a line? */
static const char *mark_of_cut(const struct surroundings *around,
                               const sieve_finding *finding, uint64_t offset)
{
    return offset > around->begin && !ends_line(around, finding, offset - 1) ? ELLIPSIS
                                                                             : "";
}

sieve_status excerpt_make(const struct surroundings *around, size_t index,
                          struct buffer *out, struct sighting *sighting)
{
    const sieve_finding *finding = &around->findings[index];
    const uint64_t end = finding->offset + finding->length;
    const uint64_t to = end < around->to ? shown_to(around, finding) : end;
    const uint64_t cut = shown_from(around, finding);
    const uint64_t ends[4] = {cut, finding->offset, end, to};
    const int charset = charset_of(around, finding, ends, out);
    const uint64_t from =
        charset < 0 ? cut : align(around, finding, (enum charset)charset, cut);
    buffer_clear(out);
    sieve_status status = append_text(out, mark_of_cut(around, finding, cut));
    if (status == SIEVE_OK)
        status = append_side(around, index, charset, from, finding->offset, out);
    sighting->shown_at = out->length;
    if (status == SIEVE_OK)
        status = append_text(out, finding->shown);
    sighting->shown_length = out->length - sighting->shown_at;
    if (status == SIEVE_OK)
        status = append_side(around, index, charset, end, to, out);
    if (status == SIEVE_OK && to - end == EXCERPT_BEHIND)
        status = append_text(out, ELLIPSIS);
    sighting->excerpt = buffer_bytes(out);
    return status;
}
