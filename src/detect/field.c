#include "detect/field.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "detect/context.h"
#include "detect/text.h"

#define CODE_DIGITS_MIN  3u
#define CODE_DIGITS_MAX  4u
#define PIN_DIGITS_MIN   4u
#define PIN_DIGITS_MAX   6u
#define NAMES_FIRST      16u
#define PIN_BLOCK_LENGTH 16u /* hex digits: 8 bytes (ISO 9564-1) */
#define NAME_GAP_MAX     24u
#define LINE_REACH       (SIEVE_BEFORE / 2) /* columns are counted so far into a line */

/* What stands between a name and its value: where the value begins, and by what. */
struct gap {
    size_t value;
    bool tied;   /* with an equals sign, a colon or a tag's end */
    bool spaces; /* by spaces alone */
};

static bool is_value_start(const struct view *view, size_t at, bool pin)
{
    if (unit_read(view, MODE_RAW, at).kind == UNIT_DIGIT)
        return true;
    return pin && at < view->length && hex_value(view->bytes[at]) >= 0;
}

/* True if a key's gap has none but spaces, of any width; 81 40 is one of CP932. */
static bool is_spaces(const struct view *view, size_t from, size_t to)
{
    while (from < to) {
        struct character character = character_coded_once(view, MODE_PERCENT, from);
        int value = character.value;
        if (value != ' ' && value != '\t' && value != 0 && value != '@' &&
            value != NOT_ASCII)
            return false;
        from += character.length;
    }
    return true;
}

/* The last place at most NAME_GAP_MAX behind the name where a value may begin. */
static bool read_gap(const struct view *view, size_t name_end, bool pin, struct gap *out)
{
    for (size_t at = name_end; at < view->length && at - name_end <= NAME_GAP_MAX; at++) {
        uint8_t byte = view->bytes[at];
        bool tied = false;
        if (at > name_end && is_value_start(view, at, pin) &&
            context_is_key_gap(view, name_end, at, &tied)) {
            /* s:3:"123" of PHP: the length is no value. */
            bool php = tied && at >= name_end + 2 && view->bytes[at - 1] == ':' &&
                       (view->bytes[at - 2] | 0x20) == 's';
            *out = (struct gap){at, tied, is_spaces(view, name_end, at)};
            if (!php)
                return tied || out->spaces;
        }
        if (byte == '\n' || byte == '\r')
            return false;
    }
    return false;
}

static bool touches(const struct view *view, size_t at)
{
    if (at >= view->length)
        return false;
    uint8_t kind = unit_read(view, MODE_RAW, at).kind;
    return byte_is_letter(view->bytes[at]) || kind == UNIT_DIGIT || kind == UNIT_MASK;
}

/* The digits of a code from `start` on: of any width, nothing touching behind. */
static bool read_code(const struct view *view, size_t start, size_t least, size_t most,
                      struct candidate *code)
{
    size_t at = start;
    size_t count = 0;
    struct unit unit = unit_read(view, MODE_RAW, at);
    for (; unit.kind == UNIT_DIGIT && count <= most; count++) {
        if (count == most)
            return false;
        code->digits[count] = unit.value;
        code->at[count] = (uint16_t)(at - start);
        code->length[count] = unit.length;
        code->coding[count] = unit.coding;
        at += unit.length;
        unit = unit_read(view, MODE_RAW, at);
    }
    if (count < least || touches(view, at))
        return false;
    code->count = (uint8_t)count;
    code->number = view->base + start;
    code->number_end = view->base + at;
    return true;
}

static bool read_pin_block(const struct view *view, size_t start, struct candidate *pin)
{
    size_t length = 0;
    while (length <= PIN_BLOCK_LENGTH && start + length < view->length &&
           hex_value(view->bytes[start + length]) >= 0)
        length++;
    if (length != PIN_BLOCK_LENGTH || touches(view, start + length))
        return false;
    pin->count = PIN_BLOCK_LENGTH;
    for (uint8_t i = 0; i < PIN_BLOCK_LENGTH; i++) {
        pin->at[i] = i;
        pin->length[i] = 1;
    }
    pin->hide_hex = 1;
    pin->number = view->base + start;
    pin->number_end = pin->number + PIN_BLOCK_LENGTH;
    return true;
}

static bool read_value(const struct view *view, size_t start, const struct word_row *word,
                       struct candidate *out)
{
    bool escape =
        start >= 3 && character_coded_once(view, MODE_PERCENT, start - 3).length == 3;
    if (start > 0 && !escape && touches(view, start - 1))
        return false;
    if (word->effect == WORD_CODE)
        return read_code(view, start, CODE_DIGITS_MIN, CODE_DIGITS_MAX, out);
    return read_pin_block(view, start, out) ||
           read_code(view, start, PIN_DIGITS_MIN, PIN_DIGITS_MAX, out);
}

static sieve_status add(struct candidate_list *list, const struct candidate *found,
                        const struct word_row *word, sieve_confidence confidence,
                        const char *reason)
{
    struct candidate *code = candidate_add(list);
    if (!code)
        return SIEVE_E_MEMORY;
    *code = *found;
    code->kind =
        word->effect == WORD_CODE ? SIEVE_KIND_SECURITY_CODE : SIEVE_KIND_PIN_BLOCK;
    code->confidence = confidence;
    code->begin = found->number;
    code->end = found->number_end;
    code->hide_from = found->number;
    code->hide_to = found->number_end;
    candidate_reason(code, reason);
    return SIEVE_OK;
}

/* ---- names
 * ----------------------------------------------------------------------------- */

void field_note_name(struct name_list *names, const struct view *view,
                     const struct word_row *word, size_t end)
{
    struct gap gap;
    struct candidate value = {0};
    if (!read_gap(view, end, word->effect == WORD_PIN, &gap) ||
        !read_value(view, gap.value, word, &value))
        return;
    struct field_name *items =
        grown(names->items, names->count, &names->capacity, NAMES_FIRST, sizeof *items);
    if (!items) {
        names->out_of_memory = true;
        return;
    }
    names->items = items;
    names->items[names->count++] =
        (struct field_name){end, word, gap.tied && !word->weak};
}

static int compare_names(const void *left, const void *right)
{
    const struct field_name *a = left;
    const struct field_name *b = right;
    if (a->end != b->end)
        return a->end < b->end ? -1 : 1;
    return (a->word > b->word) - (a->word < b->word);
}

void field_sort_names(struct name_list *names)
{
    if (names->count > 1)
        qsort(names->items, names->count, sizeof *names->items, compare_names);
}

/* How much a name beside a value is worth; 0: nothing. */
static unsigned worth(const struct view *view, const struct word_hits *hits,
                      const struct field_name *name, const struct gap *gap,
                      const struct candidate *value)
{
    if (name->alone)
        return SIEVE_HIGH;
    bool weak = name->word->weak != 0;
    bool near = context_card_word_near(view, hits, value->number, value->number_end,
                                       weak ? CONTEXT_WEAK : CONTEXT_BEFORE,
                                       weak ? CONTEXT_WEAK : CONTEXT_BEHIND);
    return near && (gap->tied || !weak) ? SIEVE_MEDIUM : 0;
}

sieve_status field_find(const struct view *view, const struct name_list *names,
                        const struct word_hits *hits, uint64_t from, uint64_t to,
                        struct candidate_list *out)
{
    for (size_t i = 0; i < names->count; i++) {
        const struct field_name *name = &names->items[i];
        struct candidate value = {0};
        struct gap gap;
        if (!read_gap(view, name->end, name->word->effect == WORD_PIN, &gap) ||
            view->base + gap.value < from || view->base + gap.value >= to ||
            !read_value(view, gap.value, name->word, &value))
            continue;
        unsigned confidence = worth(view, hits, name, &gap, &value);
        if (confidence == 0)
            continue;
        const char *reason = gap.tied ? name->word->key_reason : name->word->reason;
        sieve_status status =
            add(out, &value, name->word, (sieve_confidence)confidence, reason);
        if (status != SIEVE_OK)
            return status;
    }
    return SIEVE_OK;
}

/* A cell of a column of codes. */
struct cell {
    const struct word_row *word;
    size_t at;
    uint8_t delimiter;
};

/* Looks at a cell: its value may stand in quotes. */
static sieve_status look_at_cell(const struct view *view, const struct cell *cell,
                                 uint64_t from, uint64_t to, struct candidate_list *out)
{
    const struct word_row *word = cell->word;
    size_t at = cell->at;
    if (at < view->length && view->bytes[at] == '"')
        at++;
    struct candidate value = {0};
    if (view->base + at < from || view->base + at >= to ||
        !read_value(view, at, word, &value))
        return SIEVE_OK;
    size_t end = (size_t)(value.number_end - view->base);
    uint8_t behind = end < view->length ? view->bytes[end] : '\n';
    if (behind != cell->delimiter && behind != '"' && behind != '\r' && behind != '\n')
        return SIEVE_OK;
    return add(out, &value, word, word->weak ? SIEVE_MEDIUM : SIEVE_HIGH,
               word->column_reason);
}

static bool is_code_column(const struct header *header, size_t column)
{
    const struct word_row *word =
        column < HEADER_COLUMNS_MAX ? header->columns[column] : NULL;
    return word && (word->effect == WORD_CODE || word->effect == WORD_PIN);
}

sieve_status field_find_columns(const struct view *view, const struct header *header,
                                uint64_t from, uint64_t to, struct candidate_list *out)
{
    if (!header->has_codes)
        return SIEVE_OK;
    size_t at = (size_t)(from - view->base);
    size_t stop = at > SIEVE_BEFORE ? at - SIEVE_BEFORE : 0;
    while (at > stop && view->bytes[at - 1] != '\n')
        at--;
    bool known = at > 0 && view->bytes[at - 1] == '\n';
    size_t column = 0;
    size_t line = at;
    bool quoted = false;
    bool cell = known;
    size_t last = (size_t)(to - view->base);
    for (; at < last; at++) {
        if (cell && known && at - line <= LINE_REACH && is_code_column(header, column)) {
            struct cell code = {header->columns[column], at, header->delimiter};
            sieve_status status = look_at_cell(view, &code, from, to, out);
            if (status != SIEVE_OK)
                return status;
        }
        cell = false;
        uint8_t byte = view->bytes[at];
        if (byte == '\n') {
            known = cell = true;
            line = at + 1;
            column = 0;
            quoted = false;
        } else if (byte == header->delimiter && !quoted) {
            column++;
            cell = true;
        }
        quoted ^= byte == '"';
    }
    return SIEVE_OK;
}
