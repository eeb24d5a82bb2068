/* spellings.c - every way a word of words.tsv may stand in the bytes.
 *
 * A space of the text is a space, "_", "-", "." or nothing; each of these spellings is
 * then written in every encoding.  Encodings in which the word cannot be written, or
 * looks as in an earlier one, give no literal.
 */
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "patterns/builder.h"
#include "patterns/utf8.h"

#define SPELLING_LENGTH_MAX 1024u /* bytes; 96 characters of 9 bytes and their marks */

static const char joiners[] = {' ', '_', '-', '.', '\0'}; /* the last: nothing */
#define JOINER_COUNT (sizeof joiners)

/* Converters of one run; (iconv_t)-1 if the system has none. */
struct converters {
    iconv_t cp932;
    iconv_t euc_jp;
};

/* A literal in the making. */
struct spelling {
    const struct converters *converters;
    enum word_encoding encoding;
    int full; /* of percent encodings: see add_percent() */
    size_t length;
    uint8_t bytes[SPELLING_LENGTH_MAX];
    uint8_t folds[SPELLING_LENGTH_MAX];
};

/* A literal before equal ones are merged. */
struct draft {
    const uint8_t *bytes;
    const uint8_t *folds;
    size_t length;
    size_t word;
    enum word_encoding encoding;
};

static int is_letter(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static void spelling_add(struct spelling *spelling, uint8_t byte, int folds)
{
    if (spelling->length == SPELLING_LENGTH_MAX)
        return;
    int folded = folds && is_letter(byte);
    spelling->bytes[spelling->length] = folded ? (uint8_t)(byte | 0x20) : byte;
    spelling->folds[spelling->length] = (uint8_t)folded;
    spelling->length++;
}

static void spelling_add_hex(struct spelling *spelling, unsigned value, int digits)
{
    static const char hex[] = "0123456789abcdef";
    while (digits-- > 0)
        spelling_add(spelling, (uint8_t)hex[value >> (4 * digits) & 15], 1);
}

/* ---- one character in one encoding ----------------------------------------------- */

/* The bytes of a character in a legacy encoding; 0 if it has none. */
static size_t convert(iconv_t converter, const char *character, size_t width,
                      uint8_t *out, size_t capacity)
{
    char from[4];
    char *in = from;
    char *to = (char *)out;
    size_t left = capacity;
    if (converter == (iconv_t)-1)
        return 0;
    memcpy(from, character, width);
    if (iconv(converter, &in, &width, &to, &left) != 0 || width != 0)
        return 0;
    return capacity - left;
}

/* What a browser leaves as it is; a space becomes "+". */
static int is_unreserved(uint8_t byte)
{
    return is_letter(byte) || (byte >= '0' && byte <= '9') || byte == '-' ||
           byte == '_' || byte == '.' || byte == '*';
}

/* `full`: every byte that is not of an ASCII character as %HH, and a space as %20. */
static void add_percent(struct spelling *spelling, const uint8_t *bytes, size_t length)
{
    int full = spelling->full;
    for (size_t i = 0; i < length; i++) {
        int plain = is_unreserved(bytes[i]) && (length == 1 || !full);
        if (plain) {
            spelling_add(spelling, bytes[i], length == 1);
        } else if (bytes[i] == ' ' && !full) {
            spelling_add(spelling, '+', 0);
        } else {
            spelling_add(spelling, '%', 0);
            spelling_add_hex(spelling, bytes[i], 2);
        }
    }
}

static void add_utf16(struct spelling *spelling, uint32_t code_point, int little)
{
    uint8_t high = (uint8_t)(code_point >> 8);
    uint8_t low = (uint8_t)code_point;
    int folds = high == 0;
    spelling_add(spelling, little ? low : high, folds && little);
    spelling_add(spelling, little ? high : low, folds && !little);
}

static void add_json(struct spelling *spelling, uint32_t code_point)
{
    if (code_point < 0x80) {
        spelling_add(spelling, (uint8_t)code_point, 1);
        return;
    }
    spelling_add(spelling, '\\', 0);
    spelling_add(spelling, 'u', 0);
    spelling_add_hex(spelling, code_point, 4);
}

/* 0 if the encoding cannot write the character. */
static int add_character(struct spelling *spelling, const char *character, size_t width,
                         uint32_t code_point)
{
    uint8_t bytes[8];
    size_t length = width;
    enum word_encoding encoding = spelling->encoding;
    const struct converters *converters = spelling->converters;
    memcpy(bytes, character, width);
    if (encoding == WORD_CP932 || encoding == WORD_PERCENT_CP932)
        length = convert(converters->cp932, character, width, bytes, sizeof bytes);
    else if (encoding == WORD_EUC_JP || encoding == WORD_PERCENT_EUC_JP)
        length = convert(converters->euc_jp, character, width, bytes, sizeof bytes);
    if (length == 0 || code_point > 0xFFFF)
        return 0;
    switch (encoding) {
    case WORD_BYTES:
    case WORD_CP932:
    case WORD_EUC_JP:
        for (size_t i = 0; i < length; i++)
            spelling_add(spelling, bytes[i], code_point < 0x80);
        break;
    case WORD_UTF16LE:
    case WORD_UTF16BE:
        add_utf16(spelling, code_point, encoding == WORD_UTF16LE);
        break;
    case WORD_JSON:
        add_json(spelling, code_point);
        break;
    case WORD_PERCENT_UTF8:
    case WORD_PERCENT_CP932:
    case WORD_PERCENT_EUC_JP:
        add_percent(spelling, bytes, length);
        break;
    }
    return 1;
}

/* ---- one word -------------------------------------------------------------------- */

/* 0 if the encoding cannot write the word. */
static int spell(struct spelling *spelling, const char *text, char joiner)
{
    size_t length = strlen(text);
    spelling->length = 0;
    for (size_t offset = 0; offset < length;) {
        uint32_t code_point = 0;
        const char *at = text + offset;
        size_t width = utf8_decode(at, length - offset, &code_point);
        offset += width ? width : 1;
        if (code_point == ' ') {
            at = &joiner;
            code_point = (unsigned char)joiner;
        }
        if (code_point != 0 && !add_character(spelling, at, width, code_point))
            return 0;
    }
    return spelling->length > 0;
}

static sieve_status add_draft(struct pattern_builder *builder, struct row_list *drafts,
                              const struct spelling *spelling, size_t word)
{
    uint8_t *bytes = builder_room(builder, 2 * spelling->length);
    if (!bytes)
        return SIEVE_E_MEMORY;
    memcpy(bytes, spelling->bytes, spelling->length);
    memcpy(bytes + spelling->length, spelling->folds, spelling->length);
    const struct draft draft = {
        .bytes = bytes,
        .folds = bytes + spelling->length,
        .length = spelling->length,
        .word = word,
        .encoding = spelling->encoding,
    };
    return list_append(drafts, &draft, LITERALS_MAX);
}

static sieve_status spell_word(struct pattern_builder *builder, struct row_list *drafts,
                               size_t word, char joiner,
                               const struct converters *converters)
{
    const struct word_row *row = list_at(&builder->words, word);
    struct spelling spelling = {.converters = converters};
    for (int encoding = WORD_BYTES; encoding <= WORD_PERCENT_EUC_JP; encoding++) {
        spelling.encoding = (enum word_encoding)encoding;
        for (int full = 0; full <= (encoding >= WORD_PERCENT_UTF8); full++) {
            spelling.full = full;
            if (!spell(&spelling, row->text, joiner))
                continue;
            sieve_status status = add_draft(builder, drafts, &spelling, word);
            if (status != SIEVE_OK)
                return status;
        }
    }
    return SIEVE_OK;
}

/* ---- all words ------------------------------------------------------------------- */

/* Equal spellings side by side: the later word first, then the plainer encoding. */
static int compare_drafts(const void *left, const void *right)
{
    const struct draft *a = left;
    const struct draft *b = right;
    if (a->length != b->length)
        return a->length < b->length ? -1 : 1;
    int order = memcmp(a->bytes, b->bytes, 2 * a->length); /* the folds stand behind */
    if (order == 0 && a->word != b->word)
        order = a->word > b->word ? -1 : 1;
    return order ? order : (int)a->encoding - (int)b->encoding;
}

static sieve_status keep(struct pattern_builder *builder, const struct draft *draft)
{
    const struct word_literal literal = {
        .offset = (uint32_t)builder->literal_bytes.count,
        .length = (uint16_t)draft->length,
        .word = (uint16_t)draft->word,
        .encoding = (uint8_t)draft->encoding,
    };
    sieve_status status = list_append(&builder->literals, &literal, LITERALS_MAX);
    for (size_t i = 0; status == SIEVE_OK && i < draft->length; i++) {
        status = list_append(&builder->literal_bytes, &draft->bytes[i], UINT32_MAX);
        if (status == SIEVE_OK)
            status = list_append(&builder->literal_folds, &draft->folds[i], UINT32_MAX);
    }
    return status;
}

/* Of equal drafts, the first. */
static sieve_status keep_distinct(struct pattern_builder *builder,
                                  struct row_list *drafts)
{
    if (drafts->count == 0)
        return SIEVE_OK;
    qsort(drafts->rows, drafts->count, drafts->row_size, compare_drafts);
    const struct draft *last = NULL;
    for (size_t i = 0; i < drafts->count; i++) {
        const struct draft *draft = list_at(drafts, i);
        if (last && last->length == draft->length &&
            memcmp(last->bytes, draft->bytes, 2 * draft->length) == 0)
            continue;
        last = draft;
        sieve_status status = keep(builder, draft);
        if (status != SIEVE_OK)
            return status;
    }
    return SIEVE_OK;
}

static sieve_status spell_all(struct pattern_builder *builder, struct row_list *drafts,
                              const struct converters *converters)
{
    for (size_t word = 0; word < builder->words.count; word++) {
        const struct word_row *row = list_at(&builder->words, word);
        size_t count = strchr(row->text, ' ') ? JOINER_COUNT : 1;
        for (size_t i = 0; i < count; i++) {
            sieve_status status =
                spell_word(builder, drafts, word, joiners[i], converters);
            if (status != SIEVE_OK)
                return status;
        }
    }
    return keep_distinct(builder, drafts);
}

sieve_status spell_words(struct pattern_builder *builder)
{
    struct row_list drafts = {.row_size = sizeof(struct draft)};
    struct converters converters = {
        .cp932 = iconv_open("CP932", "UTF-8"),
        .euc_jp = iconv_open("EUC-JP", "UTF-8"),
    };
    sieve_status status = spell_all(builder, &drafts, &converters);
    if (converters.cp932 != (iconv_t)-1)
        iconv_close(converters.cp932);
    if (converters.euc_jp != (iconv_t)-1)
        iconv_close(converters.euc_jp);
    free(drafts.rows);
    return status;
}
