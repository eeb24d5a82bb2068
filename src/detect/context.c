#include "detect/context.h"

#include <string.h>

#include "detect/text.h"

#define KEY_GAP_MAX    24u
#define KEY_DIGITS_MAX 3u /* in a row: s:16: and [0]; more are a number of their own */
#define LOWER_REACH    24u

/* What the words around one number say. */
struct surroundings {
    const struct word_row *raise; /* the nearest raising word, or NULL */
    uint64_t raise_distance;
    const struct word_row *lower;
    uint64_t lower_distance;
    bool raise_is_key;
    bool lower_is_key;
    bool by_column; /* the key is a column's name */
};

/* A full-width colon or space, in any encoding: 0 if there is none, else its length. */
static size_t wide_gap_character(const uint8_t *bytes, size_t left, bool *colon_out)
{
    static const struct {
        uint8_t bytes[3];
        uint8_t length;
        bool colon;
    } characters[] = {
        {{0xEF, 0xBC, 0x9A}, 3, true}, {{0x81, 0x46, 0}, 2, true},
        {{0xA1, 0xA7, 0}, 2, true},    {{0xE3, 0x80, 0x80}, 3, false},
        {{0x81, 0x40, 0}, 2, false},   {{0xA1, 0xA1, 0}, 2, false},
    };
    if (bytes[0] < 0x80)
        return 0;
    for (size_t i = 0; i < sizeof characters / sizeof *characters; i++) {
        if (left >= characters[i].length &&
            memcmp(bytes, characters[i].bytes, characters[i].length) == 0) {
            *colon_out = characters[i].colon;
            return characters[i].length;
        }
    }
    return 0;
}

/* Zero bytes are the other halves of UTF-16. */
static bool is_gap_character(int value)
{
    return value >= 0 && (value == 0 || byte_is_digit((uint8_t)value) ||
                          strchr(" \t\"':=<>?[](){}\\;_-si", value));
}

bool context_is_key_gap(const struct view *view, size_t from, size_t to, bool *tied_out)
{
    *tied_out = false;
    if (to < from || to - from > KEY_GAP_MAX)
        return false;
    size_t digits = 0;
    for (size_t i = from; i < to;) {
        bool colon = false;
        size_t length = wide_gap_character(view->bytes + i, to - i, &colon);
        int value = NOT_ASCII;
        if (length == 0) {
            /* Form data has the same characters as %HH. */
            struct character character = character_coded_once(view, MODE_PERCENT, i);
            value = character.value;
            if (i + character.length > to || !is_gap_character(value))
                return false;
            colon = value == '=' || value == ':' || value == '>';
            length = character.length;
        }
        if (value > 0) /* between two halves of UTF-16 nothing changes */
            digits = byte_is_digit((uint8_t)value) ? digits + 1 : 0;
        else if (value < 0)
            digits = 0;
        if (digits > KEY_DIGITS_MAX)
            return false;
        *tied_out |= colon;
        i += length;
    }
    return true;
}

/* The bytes whose words count: not beyond the second line break back, nor the next. */
static void window_of(const struct view *view, size_t start, size_t end, size_t *from_out,
                      size_t *to_out)
{
    size_t from = start;
    size_t stop = start > CONTEXT_BEFORE ? start - CONTEXT_BEFORE : 0;
    for (unsigned lines = 0; from > stop; from--)
        if (view->bytes[from - 1] == '\n' && ++lines == 2)
            break;
    size_t to = end + CONTEXT_BEHIND < view->length ? end + CONTEXT_BEHIND : view->length;
    const uint8_t *line_end = to > end ? memchr(view->bytes + end, '\n', to - end) : NULL;
    *from_out = from;
    *to_out = line_end ? (size_t)(line_end - view->bytes) : to;
}

static void note_raise(struct surroundings *around, const struct word_row *word,
                       uint64_t distance, bool key)
{
    bool nearer = !around->raise || distance < around->raise_distance;
    if (key > around->raise_is_key || (key == around->raise_is_key && nearer)) {
        around->raise = word;
        around->raise_distance = distance;
        around->raise_is_key = key;
    }
}

static void note_lower(struct surroundings *around, const struct word_row *word,
                       uint64_t distance, bool key)
{
    bool nearer = !around->lower || distance < around->lower_distance;
    if (key > around->lower_is_key || (key == around->lower_is_key && nearer)) {
        around->lower = word;
        around->lower_distance = distance;
        around->lower_is_key = key;
    }
}

static void note_hit(struct surroundings *around, const struct view *view,
                     const struct word_hit *hit, size_t start, size_t end)
{
    size_t begin = (size_t)(hit->begin - view->base);
    size_t stop = (size_t)(hit->end - view->base);
    bool before = stop <= start;
    bool tied = false;
    bool key = before && context_is_key_gap(view, stop, start, &tied) && tied;
    uint64_t distance = before ? start - stop : begin - end;
    if (hit->word->key_only && !key)
        return;
    if (hit->word->effect != WORD_LOWER && hit->word->weak)
        return;
    if (hit->word->effect != WORD_LOWER) {
        note_raise(around, hit->word, distance, key);
        return;
    }
    bool same_line = before && !memchr(view->bytes + stop, '\n', start - stop);
    if (key || (same_line && distance <= LOWER_REACH))
        note_lower(around, hit->word, distance, key);
}

static struct surroundings look_around(const struct candidate *candidate,
                                       const struct view *view,
                                       const struct word_hits *hits,
                                       const struct header *header)
{
    struct surroundings around = {0};
    if (hits->count == 0 && !header->delimiter)
        return around;
    size_t start = (size_t)(candidate->number - view->base);
    size_t end = (size_t)(candidate->number_end - view->base);
    size_t from = 0;
    size_t to = 0;
    window_of(view, start, end, &from, &to);
    uint64_t last = view->base + to;
    for (size_t i = words_first(hits, view->base + from); i < hits->count; i++) {
        const struct word_hit *hit = &hits->items[i];
        if (hit->end > last)
            break;
        if (hit->begin < view->base + from)
            continue;
        bool before = hit->end <= candidate->number;
        bool behind = hit->begin >= candidate->number_end && !candidate->words_before;
        if ((before || behind) && !words_is_inner(hits, i, view->base + from, last))
            note_hit(&around, view, hit, start, end);
    }
    const struct word_row *column = header_column(header, view, start);
    bool weak = column && column->effect != WORD_LOWER && column->weak;
    if (column && !weak && !around.raise_is_key && !around.lower_is_key) {
        around.by_column = true;
        if (column->effect == WORD_LOWER)
            note_lower(&around, column, 0, true);
        else
            note_raise(&around, column, 0, true);
    }
    return around;
}

/* ---- the table of docs/detection.md, section 6 --------------------------------- */

enum {
    REFUSED = 0
};
enum evidence {
    EVIDENCE_NONE,
    EVIDENCE_WORD,
    EVIDENCE_KEY
};
enum rigour {
    RIGOUR_FULL,
    RIGOUR_WEAK,
    RIGOUR_ODD
};

static enum rigour rigour_of(uint8_t shape)
{
    switch ((enum shape)shape) {
    case SHAPE_BARE:
    case SHAPE_GROUPED:
        return RIGOUR_FULL;
    case SHAPE_MIXED:
    case SHAPE_MERGED:
    case SHAPE_WRAPPED:
        return RIGOUR_WEAK;
    case SHAPE_WRAPPED_BARE:
    case SHAPE_ODD:
    default:
        return RIGOUR_ODD;
    }
}

static const uint8_t table[3][3][3] = {
    /* [tier][rigour][evidence] */
    {{SIEVE_HIGH, SIEVE_HIGH, SIEVE_HIGH},
     {SIEVE_MEDIUM, SIEVE_HIGH, SIEVE_HIGH},
     {REFUSED, SIEVE_MEDIUM, SIEVE_MEDIUM}},
    {{SIEVE_LOW, SIEVE_MEDIUM, SIEVE_HIGH},
     {REFUSED, SIEVE_LOW, SIEVE_MEDIUM},
     {REFUSED, SIEVE_LOW, SIEVE_MEDIUM}},
    {{SIEVE_LOW, SIEVE_LOW, SIEVE_MEDIUM},
     {REFUSED, REFUSED, SIEVE_LOW},
     {REFUSED, REFUSED, SIEVE_LOW}},
};

static uint8_t lowered(uint8_t confidence, const struct candidate *candidate)
{
    uint8_t result = confidence;
    if (confidence == SIEVE_HIGH)
        result = shape_has_joints(candidate) ? SIEVE_MEDIUM : SIEVE_LOW;
    else if (confidence == SIEVE_MEDIUM)
        result = SIEVE_LOW;
    if (candidate->test && result < SIEVE_MEDIUM && confidence >= SIEVE_MEDIUM)
        result = SIEVE_MEDIUM;
    return result;
}

static void give_reasons(struct candidate *candidate)
{
    static const char *const shapes[] = {"bare",    "grouped", "mixed", "merged",
                                         "wrapped", "wrapped", "odd"};
    static const char *const tiers[] = {NULL, "tier-b", "tier-c"};
    if (candidate->near) {
        candidate_reason(candidate, "near");
        return;
    }
    candidate_reason(candidate, "range");
    candidate_reason(candidate, candidate->luhn ? "luhn" : "no-luhn");
    candidate_reason(candidate, shapes[candidate->shape]);
    if (tiers[candidate->tier])
        candidate_reason(candidate, tiers[candidate->tier]);
    if (candidate->test)
        candidate_reason(candidate, "test-number");
}

static void give_words(struct candidate *candidate, const struct surroundings *around,
                       bool lower)
{
    if (around->raise) {
        const struct word_row *word = around->raise;
        const char *reason = word->reason;
        if (around->raise_is_key)
            reason = around->by_column ? word->column_reason : word->key_reason;
        candidate_reason(candidate, reason);
    }
    if (lower)
        candidate_reason(candidate, around->lower->reason);
}

static void refuse(struct candidate *candidate, const char *refusal)
{
    candidate->accepted = 0;
    candidate->refusal = refusal;
}

static void accept(struct candidate *candidate, uint8_t confidence)
{
    candidate->accepted = 1;
    candidate->confidence = (sieve_confidence)confidence;
}

static uint8_t believe(const struct candidate *candidate, enum evidence evidence)
{
    uint8_t confidence =
        table[candidate->tier][rigour_of(candidate->shape)][(unsigned)evidence];
    /* UnionPay without a check digit: even as a key no more than medium. */
    if (candidate->tier == TIER_B && !candidate->luhn && confidence > SIEVE_MEDIUM)
        confidence = SIEVE_MEDIUM;
    return confidence;
}

void context_decide(struct candidate *candidate, const struct view *view,
                    const struct word_hits *hits, const struct header *header)
{
    if (!candidate->row || sieve_kind_is_sensitive(candidate->kind)) {
        accept(candidate, (uint8_t)candidate->confidence);
        return;
    }
    struct surroundings around = look_around(candidate, view, hits, header);
    bool lower =
        around.lower && (!around.raise || around.lower_distance < around.raise_distance ||
                         (around.lower_is_key && !around.raise_is_key));
    bool key = around.raise && around.raise_is_key && !lower;
    enum evidence evidence = key            ? EVIDENCE_KEY
                             : around.raise ? EVIDENCE_WORD
                                            : EVIDENCE_NONE;
    if (candidate->near) {
        if (!key) {
            refuse(candidate, "luhn");
            return;
        }
        give_reasons(candidate);
        give_words(candidate, &around, false);
        accept(candidate, SIEVE_LOW);
        return;
    }
    if (candidate->excusable && evidence == EVIDENCE_NONE) {
        refuse(candidate, candidate->excusable);
        return;
    }
    if (candidate->lookalike && evidence != EVIDENCE_KEY) {
        refuse(candidate, candidate->lookalike);
        return;
    }
    uint8_t confidence = believe(candidate, evidence);
    if (confidence == REFUSED) {
        refuse(candidate, "shape");
        return;
    }
    give_reasons(candidate);
    give_words(candidate, &around, lower);
    accept(candidate, lower ? lowered(confidence, candidate) : confidence);
}

bool context_any_raise(const struct word_hits *hits)
{
    for (size_t i = 0; i < hits->count; i++)
        if (hits->items[i].word->effect != WORD_LOWER)
            return true;
    return false;
}

bool context_card_word_near(const struct view *view, const struct word_hits *hits,
                            uint64_t begin, uint64_t end, uint64_t before, uint64_t reach)
{
    uint64_t from = begin > before ? begin - before : 0;
    if (before == CONTEXT_BEFORE && from < begin) {
        size_t first = 0;
        size_t last = 0;
        size_t start = (size_t)(begin - view->base);
        window_of(view, start, start, &first, &last);
        from = view->base + first;
    }
    size_t at = (size_t)(end - view->base);
    size_t stop = at + reach < view->length ? at + (size_t)reach : view->length;
    const uint8_t *line_end =
        stop > at ? memchr(view->bytes + at, '\n', stop - at) : NULL;
    uint64_t to = view->base + (line_end ? (size_t)(line_end - view->bytes) : stop);
    for (size_t i = words_first(hits, from); i < hits->count; i++) {
        const struct word_hit *hit = &hits->items[i];
        if (hit->end > to)
            return false;
        bool outside = hit->end <= begin || hit->begin >= end;
        if (hit->word->effect == WORD_RAISE && hit->begin >= from && outside &&
            !words_is_inner(hits, i, from, to))
            return true;
    }
    return false;
}
