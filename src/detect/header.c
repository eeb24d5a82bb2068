#include "detect/header.h"

#include <string.h>

/* What a line of column names does not hold, and digits.  A hidden digit counts as one,
 * or masking would make a header of data. */
enum {
    FOREIGN = 1,
    DIGIT = 2
};
static const uint8_t kinds[256] = {
    [0] = FOREIGN,   ['{'] = FOREIGN, ['}'] = FOREIGN, ['='] = FOREIGN, ['<'] = FOREIGN,
    ['>'] = FOREIGN, ['0'] = DIGIT,   ['1'] = DIGIT,   ['2'] = DIGIT,   ['3'] = DIGIT,
    ['4'] = DIGIT,   ['5'] = DIGIT,   ['6'] = DIGIT,   ['7'] = DIGIT,   ['8'] = DIGIT,
    ['9'] = DIGIT,   ['*'] = DIGIT,   ['#'] = DIGIT,   ['X'] = DIGIT,   ['x'] = DIGIT,
};
#define DIGITS_MAX 2u /* in a row: memo01 is a name, 2026 is data */

static bool is_header_line(const uint8_t *line, size_t length)
{
    size_t digits = 0;
    for (size_t i = 0; i < length; i++) {
        const uint8_t kind = kinds[line[i]];
        digits = kind == DIGIT ? digits + 1 : 0;
        if (kind == FOREIGN || digits > DIGITS_MAX)
            return false;
    }
    return true;
}

static uint8_t find_delimiter(const uint8_t *line, size_t length)
{
    bool quoted = false;
    for (size_t i = 0; i < length; i++) {
        quoted ^= line[i] == '"';
        if (!quoted && (line[i] == '\t' || line[i] == ',' || line[i] == ';'))
            return line[i];
    }
    return 0;
}

/* How much a word tells: a code's name before a card's before others. */
static unsigned rank(const struct word_row *word)
{
    static const uint8_t ranks[] = {
        [WORD_RAISE] = 2, [WORD_LOWER] = 1, [WORD_CODE] = 3, [WORD_PIN] = 3};
    return word ? ranks[word->effect] : 0;
}

/* The column of the byte at `at`, counted from the line's begin. */
static size_t count_columns(const uint8_t *line, size_t at, uint8_t delimiter)
{
    size_t column = 0;
    bool quoted = false;
    for (size_t i = 0; i < at; i++) {
        quoted ^= line[i] == '"';
        column += line[i] == delimiter && !quoted;
    }
    return column;
}

sieve_status header_read(struct header *header, struct word_hits *hits,
                         const struct lexicon *lexicon, const void *head, size_t length)
{
    header->delimiter = 0; /* the columns are cleared only where there are any */
    header->has_codes = false;
    const uint8_t *line_end = length ? memchr(head, '\n', length) : NULL;
    if (!line_end)
        return SIEVE_OK;
    size_t line_length = (size_t)(line_end - (const uint8_t *)head);
    if (!is_header_line(head, line_length))
        return SIEVE_OK;
    uint8_t delimiter = find_delimiter(head, line_length);
    if (!delimiter)
        return SIEVE_OK;
    memset(header->columns, 0, sizeof header->columns);
    struct view view = {head, line_length, 0, lexicon};
    words_forget(hits);
    sieve_status status = words_look(hits, &view, 0, line_length);
    for (size_t i = 0; i < hits->count; i++) {
        const struct word_hit *hit = &hits->items[i];
        size_t column = count_columns(head, (size_t)hit->begin, delimiter);
        bool whole = column == count_columns(head, (size_t)hit->end, delimiter);
        if (column >= HEADER_COLUMNS_MAX || !whole ||
            words_is_inner(hits, i, 0, line_length))
            continue;
        if (rank(hit->word) > rank(header->columns[column]))
            header->columns[column] = hit->word;
        header->has_codes |= rank(hit->word) == 3;
        header->delimiter = delimiter;
    }
    words_forget(hits);
    return status;
}

const struct word_row *header_column(const struct header *header, const struct view *view,
                                     size_t at)
{
    if (!header->delimiter)
        return NULL;
    size_t stop = at > SIEVE_BEFORE ? at - SIEVE_BEFORE : 0;
    size_t begin = at;
    while (begin > stop && view->bytes[begin - 1] != '\n')
        begin--;
    bool found = begin > 0 && view->bytes[begin - 1] == '\n';
    if (!found) /* the line is too long, or the header itself */
        return NULL;
    size_t column = count_columns(view->bytes + begin, at - begin, header->delimiter);
    return column < HEADER_COLUMNS_MAX ? header->columns[column] : NULL;
}
