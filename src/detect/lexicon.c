#include "detect/lexicon.h"

#include <stdlib.h>
#include <string.h>

#define FULLWIDTH_OFFSET 0xFEE0u /* U+FF10 - U+0030 */

/* Characters that stand for a hidden digit, and the digits themselves, in the encodings
 * of docs/detection.md, section 1 and DOMAIN 5.3.  EBCDIC has its own table. */
static const struct {
    uint32_t code_point;
    uint8_t cp932[2];
    uint8_t euc_jp[2];
    uint8_t utf8[3];
} wide_masks[] = {
    {0x2022, {0, 0}, {0, 0}, {0xE2, 0x80, 0xA2}},             /* bullet */
    {0x25CF, {0x81, 0x9C}, {0xA1, 0xFC}, {0xE2, 0x97, 0x8F}}, /* black circle */
    {0xFF0A, {0x81, 0x96}, {0xA1, 0xF6}, {0xEF, 0xBC, 0x8A}}, /* full-width * */
    {0xFF03, {0x81, 0x94}, {0xA1, 0xF4}, {0xEF, 0xBC, 0x83}}, /* full-width # */
    {0xFF38, {0x82, 0x77}, {0xA3, 0xD8}, {0xEF, 0xBC, 0xB8}}, /* full-width X */
    {0xFF58, {0x82, 0x98}, {0xA3, 0xF8}, {0xEF, 0xBD, 0x98}}, /* full-width x */
};
static const char ascii_masks[] = "*#Xx";

static void add_entry(struct lexicon *lexicon, const uint8_t *bytes, size_t length,
                      uint8_t kind, uint8_t value, uint8_t coding)
{
    if (length == 0 || lexicon->entry_count == LEXICON_ENTRIES_MAX)
        return;
    if (length == 1) {
        lexicon->single[bytes[0]] = kind;
        return;
    }
    struct lexicon_entry *entry = &lexicon->entries[lexicon->entry_count++];
    memcpy(entry->bytes, bytes, length);
    entry->length = (uint8_t)length;
    entry->kind = kind;
    entry->value = value;
    entry->coding = coding;
}

static void add_point(struct lexicon *lexicon, uint32_t code_point, uint8_t kind,
                      uint8_t value, uint8_t coding)
{
    if (lexicon->point_count == LEXICON_ENTRIES_MAX)
        return;
    lexicon->points[lexicon->point_count++] =
        (struct lexicon_point){code_point, kind, value, coding};
}

static void add_jis(struct lexicon *lexicon, uint8_t row, uint8_t cell, uint8_t kind,
                    uint8_t value)
{
    if (lexicon->jis_count == LEXICON_ENTRIES_MAX)
        return;
    lexicon->jis[lexicon->jis_count++] =
        (struct lexicon_entry){{row, cell, 0, 0}, 2, kind, value, CODING_WIDE};
}

static void add_digits(struct lexicon *lexicon)
{
    for (uint8_t value = 0; value < 10; value++) {
        const uint8_t utf8[] = {0xEF, 0xBC, (uint8_t)(0x90 + value)};
        const uint8_t cp932[] = {0x82, (uint8_t)(0x4F + value)};
        const uint8_t euc_jp[] = {0xA3, (uint8_t)(0xB0 + value)};
        lexicon->single['0' + value] = UNIT_DIGIT;
        lexicon->single_ebcdic[0xF0 + value] = UNIT_DIGIT;
        add_entry(lexicon, utf8, sizeof utf8, UNIT_DIGIT, value, CODING_UTF8);
        add_entry(lexicon, cp932, sizeof cp932, UNIT_DIGIT, value, CODING_CP932);
        add_entry(lexicon, euc_jp, sizeof euc_jp, UNIT_DIGIT, value, CODING_EUC_JP);
        add_point(lexicon, '0' + value, UNIT_DIGIT, value, CODING_ASCII);
        add_point(lexicon, FULLWIDTH_OFFSET + '0' + value, UNIT_DIGIT, value,
                  CODING_WIDE);
        add_jis(lexicon, '#', (uint8_t)('0' + value), UNIT_DIGIT, value);
    }
}

static void add_masks(struct lexicon *lexicon)
{
    for (const char *mask = ascii_masks; *mask; mask++) {
        lexicon->single[(uint8_t)*mask] = UNIT_MASK;
        add_point(lexicon, (uint8_t)*mask, UNIT_MASK, 0, CODING_ASCII);
    }
    lexicon->single_ebcdic[0x5C] = UNIT_MASK; /* '*' */
    lexicon->single_ebcdic[0x7B] = UNIT_MASK; /* '#' */
    lexicon->single_ebcdic[0xE7] = UNIT_MASK; /* 'X' */
    lexicon->single_ebcdic[0xA7] = UNIT_MASK; /* 'x' */
    for (size_t i = 0; i < sizeof wide_masks / sizeof *wide_masks; i++) {
        add_entry(lexicon, wide_masks[i].utf8, 3, UNIT_MASK, 0, CODING_UTF8);
        add_point(lexicon, wide_masks[i].code_point, UNIT_MASK, 0, CODING_WIDE);
        if (wide_masks[i].cp932[0] == 0)
            continue;
        add_entry(lexicon, wide_masks[i].cp932, 2, UNIT_MASK, 0, CODING_CP932);
        add_entry(lexicon, wide_masks[i].euc_jp, 2, UNIT_MASK, 0, CODING_EUC_JP);
        add_jis(lexicon, wide_masks[i].euc_jp[0] & 0x7F, wide_masks[i].euc_jp[1] & 0x7F,
                UNIT_MASK, 0);
    }
}

static void add_separator(struct lexicon *lexicon, const struct separator_row *row)
{
    uint8_t kind = (uint8_t)(UNIT_SPACE + row->joint);
    add_entry(lexicon, row->utf8.bytes, row->utf8.length, kind, 0,
              row->code_point < 0x80 ? CODING_ASCII : CODING_UTF8);
    if (row->code_point >= 0x80) {
        add_entry(lexicon, row->cp932.bytes, row->cp932.length, kind, 0, CODING_CP932);
        add_entry(lexicon, row->euc_jp.bytes, row->euc_jp.length, kind, 0, CODING_EUC_JP);
    }
    if (row->jis.length == 2)
        add_jis(lexicon, row->jis.bytes[0], row->jis.bytes[1], kind, 0);
    if (row->ebcdic.length == 1)
        lexicon->single_ebcdic[row->ebcdic.bytes[0]] = kind;
    add_point(lexicon, row->code_point, kind, 0,
              row->code_point < 0x80 ? CODING_ASCII : CODING_WIDE);
}

static int compare_entries(const void *left, const void *right)
{
    const struct lexicon_entry *a = left;
    const struct lexicon_entry *b = right;
    if (a->bytes[0] != b->bytes[0])
        return a->bytes[0] < b->bytes[0] ? -1 : 1;
    if (a->length != b->length)
        return a->length > b->length ? -1 : 1;
    return memcmp(a->bytes, b->bytes, a->length);
}

static int compare_points(const void *left, const void *right)
{
    const struct lexicon_point *a = left;
    const struct lexicon_point *b = right;
    return a->code_point < b->code_point ? -1 : a->code_point > b->code_point;
}

struct lexicon *lexicon_new(const struct pattern_set *patterns)
{
    struct lexicon *lexicon = calloc(1, sizeof *lexicon);
    if (!lexicon)
        return NULL;
    add_digits(lexicon);
    add_masks(lexicon);
    for (size_t i = 0; i < patterns->separator_count; i++)
        add_separator(lexicon, &patterns->separators[i]);
    lexicon->single['\n'] = UNIT_WRAP;
    lexicon->entities = patterns->entities;
    lexicon->entity_count = patterns->entity_count;
    qsort(lexicon->entries, lexicon->entry_count, sizeof *lexicon->entries,
          compare_entries);
    qsort(lexicon->points, lexicon->point_count, sizeof *lexicon->points, compare_points);
    size_t entry = 0;
    for (unsigned lead = 0; lead < 256; lead++) {
        while (entry < lexicon->entry_count && lexicon->entries[entry].bytes[0] < lead)
            entry++;
        lexicon->from[lead] = (uint16_t)entry;
    }
    lexicon->from[256] = (uint16_t)lexicon->entry_count;
    return lexicon;
}

void lexicon_free(struct lexicon *lexicon)
{
    free(lexicon);
}

const struct lexicon_entry *lexicon_find(const struct lexicon *lexicon,
                                         const uint8_t *bytes, size_t length)
{
    unsigned lead = bytes[0];
    for (size_t i = lexicon->from[lead]; i < lexicon->from[lead + 1]; i++) {
        const struct lexicon_entry *entry = &lexicon->entries[i];
        if (entry->length <= length && memcmp(entry->bytes, bytes, entry->length) == 0)
            return entry;
    }
    return NULL;
}

const struct lexicon_point *lexicon_point(const struct lexicon *lexicon,
                                          uint32_t code_point)
{
    size_t low = 0;
    size_t high = lexicon->point_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (lexicon->points[middle].code_point < code_point)
            low = middle + 1;
        else
            high = middle;
    }
    bool found =
        low < lexicon->point_count && lexicon->points[low].code_point == code_point;
    return found ? &lexicon->points[low] : NULL;
}
