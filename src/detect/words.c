#include "detect/words.h"

#include <stdlib.h>

#include "detect/probe.h"
#include "detect/sequence.h"
#include "detect/text.h"

#define HITS_FIRST 64u
#define HITS_MAX   (1u << 20) /* in one range of 64 KiB: never reached by real words */

/* The longest literal: a word of 24 characters as \uXXXX escapes and more. */
#define LITERAL_REACH 256u

struct collector {
    struct word_hits *hits;
    const struct view *view;
    size_t base; /* of the region in the view */
};

static size_t stride_of(const struct word_literal *literal)
{
    bool wide = literal->encoding == WORD_UTF16LE || literal->encoding == WORD_UTF16BE;
    return wide ? 2 : 1;
}

/* A token ends where no letter follows, and where case rises: cardNo, cvv2. */
static bool parts(uint8_t left, uint8_t right)
{
    if (!byte_is_letter(left) || !byte_is_letter(right))
        return true;
    bool left_lower = left >= 'a' && left <= 'z';
    bool right_upper = right >= 'A' && right <= 'Z';
    return left_lower && right_upper;
}

/* %5Bcvc, \ncard and ESC ( B: the letter before is an escape's. */
static bool escape_ends(const struct view *view, size_t at)
{
    const uint8_t *bytes = view->bytes + at;
    if (at >= 3 && bytes[-3] == '%' && hex_value(bytes[-2]) >= 0 &&
        hex_value(bytes[-1]) >= 0)
        return true;
    if (at >= 3 && bytes[-3] == 0x1B && (bytes[-2] == '(' || bytes[-2] == '$'))
        return true;
    return at >= 2 && bytes[-2] == '\\' &&
           (bytes[-1] == 'n' || bytes[-1] == 'r' || bytes[-1] == 't');
}

/* A unit of UTF-16 is a letter of ours only if its high byte is zero. */
static bool is_ascii_unit(const uint8_t *bytes, size_t stride, size_t low)
{
    return stride == 1 || bytes[1 - low] == 0;
}

/* Hidden digits that touch a word part from it as digits do, though X is a letter.
 * `bytes` is the first unit, `step` the way to the next, `count` how many there are. */
static bool hides_digits(const uint8_t *bytes, ptrdiff_t step, size_t low, size_t count)
{
    size_t stride = step == 1 || step == -1 ? 1 : 2;
    for (size_t i = 0; i < MASKS_MIN; i++) {
        const uint8_t *unit = bytes + (ptrdiff_t)i * step;
        if (i >= count || !is_ascii_unit(unit, stride, low) || (unit[low] | 0x20) != 'x')
            return false;
    }
    return true;
}

bool word_is_token(const struct view *view, size_t begin, size_t end,
                   const struct word_literal *literal)
{
    size_t stride = stride_of(literal);
    size_t low = literal->encoding == WORD_UTF16BE;
    const uint8_t *bytes = view->bytes;
    ptrdiff_t step = (ptrdiff_t)stride;
    if (begin >= stride && is_ascii_unit(bytes + begin - stride, stride, low) &&
        !parts(bytes[begin - stride + low], bytes[begin + low]) &&
        !(stride == 1 && (escape_ends(view, begin) || text_is_trail(view, begin))) &&
        !hides_digits(bytes + begin - stride, -step, low, begin / stride))
        return false;
    return end + stride > view->length || !is_ascii_unit(bytes + end, stride, low) ||
           parts(bytes[end - stride + low], bytes[end + low]) ||
           hides_digits(bytes + end, step, low, (view->length - end) / stride);
}

static void collect(size_t index, uint64_t end, void *context)
{
    struct collector *collector = context;
    struct word_hits *hits = collector->hits;
    const struct view *view = collector->view;
    const struct word_literal *literal = &hits->patterns->literals[index];
    const struct word_row *word = &hits->patterns->words[literal->word];
    size_t view_end = collector->base + (size_t)end;
    size_t view_begin = view_end - literal->length;
    if (view->base + view_end <= hits->looked_until)
        return;
    if (word->match == MATCH_TOKEN && !word_is_token(view, view_begin, view_end, literal))
        return;
    if (hits->count == hits->capacity) {
        size_t capacity = hits->capacity ? hits->capacity * 2 : HITS_FIRST;
        struct word_hit *items =
            capacity > HITS_MAX ? NULL : realloc(hits->items, capacity * sizeof *items);
        if (!items) {
            hits->out_of_memory = true;
            return;
        }
        hits->items = items;
        hits->capacity = capacity;
    }
    hits->items[hits->count++] =
        (struct word_hit){view->base + view_begin, view->base + view_end, word,
                          probe_covers(hits->patterns, index)};
}

void words_forget(struct word_hits *hits)
{
    hits->count = 0;
    hits->looked_until = 0;
}

sieve_status words_look(struct word_hits *hits, const struct view *view, uint64_t from,
                        uint64_t to)
{
    uint64_t view_end = view->base + view->length;
    if (to > view_end)
        to = view_end;
    if (to <= hits->looked_until)
        return SIEVE_OK;
    /* A word may begin in what was looked at and end here. */
    if (from < hits->looked_until)
        from =
            hits->looked_until > LITERAL_REACH ? hits->looked_until - LITERAL_REACH : 0;
    if (from < view->base)
        from = view->base;
    struct collector collector = {hits, view, (size_t)(from - view->base)};
    sieve_status status =
        engine_words(hits->engine, hits->scratch, view->bytes + collector.base,
                     (size_t)(to - from), collect, &collector);
    hits->looked_until = to;
    if (status == SIEVE_OK && hits->out_of_memory)
        return SIEVE_E_MEMORY;
    return status;
}

size_t words_first(const struct word_hits *hits, uint64_t offset)
{
    size_t low = 0;
    size_t high = hits->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (hits->items[middle].end <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool words_is_inner(const struct word_hits *hits, size_t index, uint64_t from,
                    uint64_t to)
{
    const struct word_hit *hit = &hits->items[index];
    uint64_t length = hit->end - hit->begin;
    if (to > hit->end + LITERAL_REACH)
        to = hit->end + LITERAL_REACH;
    size_t i = index;
    while (i > 0 && hits->items[i - 1].end == hit->end)
        i--;
    for (; i < hits->count && hits->items[i].end <= to; i++) {
        const struct word_hit *other = &hits->items[i];
        if (other->begin >= from && other->begin <= hit->begin &&
            other->end - other->begin > length)
            return true;
    }
    return false;
}
