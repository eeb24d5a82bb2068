/* oracle_words.c - section 5 of docs/detection.md: where words stand. */
#include "support/oracle_words.h"

#include <stdlib.h>
#include <string.h>

#include "patterns/patterns.h"

/* ---- where words stand ---------------------------------------------------------- */

static int is_lower(int byte)
{
    return byte >= 'a' && byte <= 'z';
}

static int is_upper(int byte)
{
    return byte >= 'A' && byte <= 'Z';
}

static int is_letter(int byte)
{
    return is_lower(byte) || is_upper(byte);
}

/* %5Bcvc and \ncard: the letter before is an escape's; ESC ( B is no text; the second
 * byte of a kanji is no letter. */
static int no_text_ends(const struct oracle_text *text, size_t offset)
{
    uint32_t code;
    return escape_ending(text, MODE_PERCENT, offset, &code) || shift_ends(text, offset) ||
           trail_ends(text, offset) ||
           (offset >= 2 && text->bytes[offset - 2] == '\\' &&
            strchr("nrt", text->bytes[offset - 1] ? text->bytes[offset - 1] : 'x'));
}

/* A token goes on from `left` to `right`, two neighbouring characters. */
static int joined(int left, int right)
{
    return is_letter(left) && is_letter(right) && !(is_lower(left) && is_upper(right));
}

/* The character whose bytes end at `offset`; -1: none. */
static int char_before(const struct oracle_text *text, int encoding, size_t offset)
{
    if (encoding != WORD_UTF16LE && encoding != WORD_UTF16BE)
        return offset > 0 ? text->bytes[offset - 1] : -1;
    if (offset < 2)
        return -1;
    int first = text->bytes[offset - 2];
    int second = text->bytes[offset - 1];
    if (encoding == WORD_UTF16LE)
        return second == 0 ? first : -1;
    return first == 0 ? second : -1;
}

static int char_behind(const struct oracle_text *text, int encoding, size_t offset)
{
    size_t step = encoding == WORD_UTF16LE || encoding == WORD_UTF16BE ? 2 : 1;
    return offset + step <= text->length ? char_before(text, encoding, offset + step)
                                         : -1;
}

/* Four and more X in a row beside a word: hidden digits, which part. */
static int masks_touch(const struct oracle_text *text, int encoding, size_t at, int back)
{
    size_t step = encoding == WORD_UTF16LE || encoding == WORD_UTF16BE ? 2 : 1;
    for (size_t i = 0; i < 4; i++) {
        if (back ? at < step : at + step > text->length)
            return 0;
        int letter =
            back ? char_before(text, encoding, at) : char_behind(text, encoding, at);
        if (letter != 'x' && letter != 'X')
            return 0;
        at = back ? at - step : at + step;
    }
    return 1;
}

static int whole_token(const struct oracle_text *text, const struct word_literal *literal,
                       size_t begin, size_t end)
{
    int encoding = literal->encoding;
    return (no_text_ends(text, begin) || masks_touch(text, encoding, begin, 1) ||
            !joined(char_before(text, encoding, begin),
                    char_behind(text, encoding, begin))) &&
           (masks_touch(text, encoding, end, 0) ||
            !joined(char_before(text, encoding, end), char_behind(text, encoding, end)));
}

static int literal_at(const struct oracle_text *text, const struct word_literal *literal,
                      size_t offset)
{
    if (literal->length > text->length - offset)
        return 0;
    for (size_t i = 0; i < literal->length; i++) {
        uint8_t byte = text->bytes[offset + i];
        if (builtin_patterns.literal_folds[literal->offset + i] && is_upper(byte))
            byte = (uint8_t)(byte - 'A' + 'a');
        if (byte != builtin_patterns.literal_bytes[literal->offset + i])
            return 0;
    }
    return 1;
}

/* Literals by their first byte, made at the first use: looking through all of them at
 * every byte would be too slow even for us. */
static const struct word_literal **literals_by_byte;
static size_t literal_first[257];

static int first_byte(const struct word_literal *literal)
{
    return builtin_patterns.literal_bytes[literal->offset];
}

static void index_literals(void)
{
    if (literals_by_byte)
        return;
    literals_by_byte =
        calloc(builtin_patterns.literal_count + 1, sizeof *literals_by_byte);
    if (!literals_by_byte)
        abort();
    size_t count = 0;
    for (int byte = 0; byte < 256; byte++) {
        literal_first[byte] = count;
        for (size_t i = 0; i < builtin_patterns.literal_count; i++)
            if (first_byte(&builtin_patterns.literals[i]) == byte)
                literals_by_byte[count++] = &builtin_patterns.literals[i];
    }
    literal_first[256] = count;
}

static void hits_add(struct word_hits *hits, struct word_hit hit)
{
    if (hits->count % 16 == 0) {
        hits->at = realloc(hits->at, (hits->count + 16) * sizeof *hits->at);
        if (!hits->at)
            abort();
    }
    hits->at[hits->count++] = hit;
}

static void hits_at(const struct oracle_text *text, size_t offset, unsigned byte,
                    struct word_hits *out)
{
    for (size_t i = literal_first[byte]; i < literal_first[byte + 1]; i++) {
        const struct word_literal *literal = literals_by_byte[i];
        const struct word_row *row = &builtin_patterns.words[literal->word];
        size_t end = offset + literal->length;
        if (!literal_at(text, literal, offset))
            continue;
        if (row->match == MATCH_TOKEN && !whole_token(text, literal, offset, end))
            continue;
        hits_add(out, (struct word_hit){offset, end, row, literal->encoding});
    }
}

/* "card" in "gift card". */
int word_is_inner(const struct word_hits *hits, const struct word_hit *hit)
{
    for (size_t i = 0; i < hits->count; i++) {
        const struct word_hit *other = &hits->at[i];
        if (other->begin <= hit->begin && other->end >= hit->end &&
            other->end - other->begin > hit->end - hit->begin)
            return 1;
    }
    return 0;
}

void word_hits_find(const struct oracle_text *text, struct word_hits *out)
{
    index_literals();
    *out = (struct word_hits){NULL, 0};
    for (size_t i = 0; i < text->length; i++) {
        unsigned byte = text->bytes[i];
        hits_at(text, i, byte, out);
        if (is_upper((int)byte))
            hits_at(text, i, byte - 'A' + 'a', out);
    }
}

void word_hits_done(struct word_hits *hits)
{
    free(hits->at);
}
