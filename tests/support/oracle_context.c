/* oracle_context.c - section 5 of docs/detection.md: keys, columns, what is near. */
#include <stdlib.h>
#include <string.h>

#include "patterns/patterns.h"
#include "support/oracle_words.h"

#define BEFORE_MAX       96
#define BEHIND_MAX       48
#define KEY_GAP_MAX      24
#define KEY_DIGITS_MAX   3
#define LOWER_BEFORE_MAX 24
#define COLUMN_BACK_MAX  4096

/* ---- the key -------------------------------------------------------------------- */

static int is_key_byte(uint32_t byte)
{
    return byte != 0 && (strchr(" \t\"'=:><?[](){}\\;_-si", (int)byte) ||
                         (byte >= '0' && byte <= '9'));
}

/* One key character at `offset`, plain or as %HH: its length, 0 if it is none. */
static size_t key_character(const struct oracle_text *text, size_t offset, size_t to,
                            char *out)
{
    static const struct {
        const char *bytes;
        char means;
    } wide[] = {{"\xEF\xBC\x9A", ':'}, {"\x81\x46", ':'}, {"\xA1\xA7", ':'},
                {"\xE3\x80\x80", ' '}, {"\x81\x40", ' '}, {"\xA1\xA1", ' '}};
    uint32_t code = text->bytes[offset];
    if (is_key_byte(code)) {
        *out = (char)code;
        return 1;
    }
    size_t escape = escape_at(text, MODE_PERCENT, offset, &code);
    if (escape > 0 && offset + escape <= to && is_key_byte(code)) {
        *out = (char)code;
        return escape;
    }
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++) {
        size_t length = strlen(wide[i].bytes);
        if (length <= to - offset &&
            memcmp(text->bytes + offset, wide[i].bytes, length) == 0) {
            *out = wide[i].means;
            return length;
        }
    }
    return 0;
}

int key_gap(const struct oracle_text *text, size_t from, size_t to, int *delimited,
            int *spaces)
{
    unsigned digits = 0;
    *delimited = 0;
    *spaces = 1;
    if (to < from || to - from > KEY_GAP_MAX)
        return 0;
    for (size_t at = from; at < to;) {
        char character = 0;
        if (text->bytes[at] == 0) {
            at++;
            continue;
        }
        size_t length = key_character(text, at, to, &character);
        if (length == 0)
            return 0;
        digits = character >= '0' && character <= '9' ? digits + 1 : 0;
        if (digits > KEY_DIGITS_MAX)
            return 0;
        if (strchr("=:>", character))
            *delimited = 1;
        if (character != ' ' && character != '\t')
            *spaces = 0;
        at += length;
    }
    return 1;
}

/* The nearest word that is the key of what starts at `start`; the longest of those that
 * end at the same place. */
static const struct word_hit *key_word(const struct oracle_text *text,
                                       const struct word_hits *hits, size_t start)
{
    const struct word_hit *best = NULL;
    for (size_t i = 0; i < hits->count; i++) {
        const struct word_hit *hit = &hits->at[i];
        int delimited;
        int spaces;
        if (hit->end > start || !key_gap(text, hit->end, start, &delimited, &spaces) ||
            !delimited)
            continue;
        if (!best || hit->end > best->end ||
            (hit->end == best->end && hit->begin < best->begin))
            best = hit;
    }
    return best;
}

/* ---- columns -------------------------------------------------------------------- */

static int is_parting(uint8_t byte)
{
    return byte == ',' || byte == '\t' || byte == ';';
}

static size_t line_end(const struct oracle_text *text, size_t from)
{
    while (from < text->length && text->bytes[from] != '\n')
        from++;
    return from;
}

/* What parts the header parts the table: its first parting character outside double
 * quotes.  Zero: none. */
static uint8_t parting_of(const struct oracle_text *text, size_t end)
{
    int quoted = 0;
    for (size_t i = 0; i < end; i++) {
        if (text->bytes[i] == '"')
            quoted = !quoted;
        else if (!quoted && is_parting(text->bytes[i]))
            return text->bytes[i];
    }
    return 0;
}

uint8_t table_parting(const struct oracle_text *text)
{
    return parting_of(text, line_end(text, 0));
}

/* Parting characters outside double quotes in [from, to). */
static size_t count_partings(const struct oracle_text *text, uint8_t parting, size_t from,
                             size_t to)
{
    size_t count = 0;
    int quoted = 0;
    for (size_t i = from; i < to; i++) {
        if (text->bytes[i] == '"')
            quoted = !quoted;
        else if (!quoted && text->bytes[i] == parting)
            count++;
    }
    return count;
}

/* The word in a field of the header: the name of a code before a card word before any
 * other, else the first. */
static const struct word_row *field_word(const struct word_hits *hits, size_t from,
                                         size_t to)
{
    static const int worth[] = {
        [WORD_LOWER] = 1, [WORD_RAISE] = 2, [WORD_CODE] = 3, [WORD_PIN] = 3};
    const struct word_row *best = NULL;
    for (size_t i = 0; i < hits->count; i++) {
        const struct word_row *row = hits->at[i].row;
        if (hits->at[i].begin >= from && hits->at[i].end <= to &&
            !word_is_inner(hits, &hits->at[i]) &&
            (!best || worth[row->effect] > worth[best->effect]))
            best = row;
    }
    return best;
}

/* Nothing that a line of data would have. */
static int is_header(const struct oracle_text *text, size_t end)
{
    size_t digits = 0;
    for (size_t i = 0; i < end; i++) {
        uint8_t byte = text->bytes[i];
        int is_digit = (byte >= '0' && byte <= '9') || (byte && strchr("*#Xx", byte));
        digits = is_digit ? digits + 1 : 0;
        if (digits == 3 || byte == 0 || strchr("{}=<>", byte))
            return 0;
    }
    return end <= SIEVE_HEAD && parting_of(text, end);
}

const struct word_row *column_word(const struct oracle_text *text,
                                   const struct word_hits *hits, size_t offset)
{
    size_t head_end = line_end(text, 0);
    size_t line = offset;
    while (line > 0 && text->bytes[line - 1] != '\n')
        line--;
    if (line == 0 || offset - line > COLUMN_BACK_MAX || !is_header(text, head_end))
        return NULL;
    uint8_t parting = parting_of(text, head_end);
    size_t wanted = count_partings(text, parting, line, offset);
    size_t from = 0;
    for (size_t column = 0; from <= head_end; column++) {
        size_t to = from;
        int quoted = 0;
        while (to < head_end && (quoted || text->bytes[to] != parting))
            quoted ^= text->bytes[to++] == '"';
        if (column == wanted)
            return field_word(hits, from, to);
        from = to + 1;
    }
    return NULL;
}

/* ---- what is near --------------------------------------------------------------- */

static size_t before_begin(const struct oracle_text *text, size_t start)
{
    size_t at = start;
    int breaks = 0;
    while (at > 0 && start - at < BEFORE_MAX) {
        if (text->bytes[at - 1] == '\n' && ++breaks == 2)
            break;
        at--;
    }
    return at;
}

static size_t behind_end(const struct oracle_text *text, size_t end)
{
    size_t at = end;
    while (at < text->length && at - end < BEHIND_MAX && text->bytes[at] != '\n')
        at++;
    return at;
}

static int same_line(const struct oracle_text *text, size_t from, size_t to)
{
    return !memchr(text->bytes + from, '\n', to - from);
}

/* Bytes between a word and the number; SIZE_MAX: outside of the window. */
static size_t distance(const struct oracle_text *text, const struct word_hit *hit,
                       size_t start, size_t end)
{
    if (hit->end <= start && hit->begin >= before_begin(text, start))
        return start - hit->end;
    if (hit->begin >= end && hit->end <= behind_end(text, end))
        return hit->begin - end;
    return SIZE_MAX;
}

/* The words in the window of a number, but those inside of longer ones.  The caller frees
 * with word_hits_done(). */
static struct word_hits words_around(const struct oracle_text *text,
                                     const struct word_hits *hits, size_t start,
                                     size_t end)
{
    struct word_hits around = {calloc(hits->count + 1, sizeof *hits->at), 0};
    size_t from = before_begin(text, start);
    size_t to = behind_end(text, end);
    size_t kept = 0;
    if (!around.at)
        abort();
    for (size_t i = 0; i < hits->count; i++)
        if (hits->at[i].begin >= from && hits->at[i].end <= to)
            around.at[around.count++] = hits->at[i];
    for (size_t i = 0; i < around.count; i++)
        if (!word_is_inner(&around, &around.at[i]))
            around.at[kept++] = around.at[i];
    around.count = kept;
    return around;
}

/* What makes a number a card number by standing near. */
static int is_card_word(const struct word_row *row)
{
    return row->effect == WORD_RAISE ||
           ((row->effect == WORD_CODE || row->effect == WORD_PIN) && !row->weak);
}

/* A lowering word close before the number, with no card word nearer than it. */
static int lowered_nearby(const struct oracle_text *text, const struct word_hits *hits,
                          size_t start, size_t nearest)
{
    for (size_t i = 0; i < hits->count; i++) {
        const struct word_hit *hit = &hits->at[i];
        if (hit->row->effect == WORD_LOWER && !hit->row->key_only && hit->end <= start &&
            start - hit->end <= LOWER_BEFORE_MAX && same_line(text, hit->begin, start) &&
            start - hit->end < nearest)
            return 1;
    }
    return 0;
}

struct context context_of(const struct oracle_text *text, const struct word_hits *all,
                          size_t start, size_t end)
{
    struct context context = {0};
    struct word_hits around = words_around(text, all, start, end);
    const struct word_hits *hits = &around;
    const struct word_hit *key_hit = key_word(text, hits, start);
    const struct word_row *key = key_hit ? key_hit->row : NULL;
    if (!key || (key->effect != WORD_LOWER && !is_card_word(key)))
        key = column_word(text, all, start);
    size_t nearest = SIZE_MAX;
    size_t nearest_before = SIZE_MAX;
    for (size_t i = 0; i < hits->count; i++) {
        size_t away = distance(text, &hits->at[i], start, end);
        int before = hits->at[i].end <= start;
        if (!is_card_word(hits->at[i].row) || hits->at[i].row->key_only)
            continue;
        context.raise_near |= away != SIZE_MAX;
        context.raise_before |= away != SIZE_MAX && before;
        context.effect_near |= away != SIZE_MAX && hits->at[i].row->effect == WORD_RAISE;
        if (away < nearest)
            nearest = away;
        if (before && away < nearest_before)
            nearest_before = away;
    }
    context.raise_key = key && is_card_word(key);
    context.raise_near |= context.raise_key;
    if (key && (key->effect == WORD_LOWER || is_card_word(key))) {
        context.lower = context.lower_before = key->effect == WORD_LOWER;
    } else {
        context.lower = lowered_nearby(text, hits, start, nearest);
        context.lower_before = lowered_nearby(text, hits, start, nearest_before);
    }
    word_hits_done(&around);
    return context;
}
