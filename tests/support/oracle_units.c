/* oracle_units.c - section 1 of docs/detection.md, one function for each mode. */
#include "support/oracle_units.h"

#include <stdlib.h>
#include <string.h>

#include "patterns/patterns.h"
#include "support/oracle_escapes.h"

#define JIS_BACK_MAX 1000

const struct unit other_unit = {.kind = UNIT_OTHER, .length = 1};

/* ---- the text ------------------------------------------------------------------- */

/* The last escape before decides; a line break or an 8-bit byte ends a segment (the
 * reading taken for "same line" is LF); "1000 bytes back" is counted from the ESC. */
static void mark_jis(struct oracle_text *text)
{
    size_t escape = SIZE_MAX;
    for (size_t i = 0; i < text->length; i++) {
        const uint8_t *at = text->bytes + i;
        if (*at == '\n' || *at >= 0x80)
            escape = SIZE_MAX;
        if (*at == 0x1B) {
            int kanji =
                i + 2 < text->length && at[1] == '$' && (at[2] == 'B' || at[2] == '@');
            escape = kanji ? i : SIZE_MAX;
        }
        if (escape == SIZE_MAX || i < escape + 3 || i - escape > JIS_BACK_MAX)
            continue;
        text->jis[i] = (i - escape - 3) % 2 == 0 ? 1 : 2;
    }
}

void oracle_text_init(struct oracle_text *text, const void *bytes, size_t length)
{
    text->bytes = bytes;
    text->length = length;
    text->jis = calloc(length + 1, 1);
    if (!text->jis)
        abort();
    for (int mode = 0; mode < MODE_COUNT; mode++) {
        text->units[mode] = calloc(length + 1, sizeof *text->units[mode]);
        if (!text->units[mode])
            abort();
    }
    mark_jis(text);
}

void oracle_text_done(struct oracle_text *text)
{
    free(text->jis);
    for (int mode = 0; mode < MODE_COUNT; mode++)
        free(text->units[mode]);
}

int shift_ends(const struct oracle_text *text, size_t offset)
{
    const uint8_t *at = text->bytes + offset;
    return offset >= 3 && at[-3] == 0x1B && (at[-2] == '(' || at[-2] == '$');
}

/* ---- what some bytes are, written plainly --------------------------------------- */

static struct unit digit_unit(size_t length, unsigned value, sieve_form form)
{
    return (struct unit){
        .kind = UNIT_DIGIT, .length = length, .value = value, .form = form};
}

static int plain_digit(const uint8_t *at, size_t left, struct unit *out)
{
    if (left >= 1 && at[0] >= '0' && at[0] <= '9')
        *out = digit_unit(1, at[0] - '0', SIEVE_FORM_ASCII);
    else if (left >= 3 && at[0] == 0xEF && at[1] == 0xBC && at[2] >= 0x90 &&
             at[2] <= 0x99)
        *out = digit_unit(3, at[2] - 0x90u, SIEVE_FORM_FULLWIDTH_UTF8);
    else if (left >= 2 && at[0] == 0x82 && at[1] >= 0x4F && at[1] <= 0x58)
        *out = digit_unit(2, at[1] - 0x4Fu, SIEVE_FORM_CP932);
    else if (left >= 2 && at[0] == 0xA3 && at[1] >= 0xB0 && at[1] <= 0xB9)
        *out = digit_unit(2, at[1] - 0xB0u, SIEVE_FORM_EUC_JP);
    else
        return 0;
    return 1;
}

static int same_bytes(const struct separator_bytes *bytes, const uint8_t *at, size_t left)
{
    return bytes->length > 0 && bytes->length <= left && bytes->bytes[0] == at[0] &&
           memcmp(bytes->bytes, at, bytes->length) == 0;
}

/* The longest of the table's byte strings that stands here. */
static int plain_separator(const uint8_t *at, size_t left, struct unit *out)
{
    size_t longest = 0;
    for (size_t i = 0; i < builtin_patterns.separator_count; i++) {
        const struct separator_row *row = &builtin_patterns.separators[i];
        const struct separator_bytes *ways[] = {&row->utf8, &row->cp932, &row->euc_jp};
        for (int way = 0; way < 3; way++) {
            if (ways[way]->length <= longest || !same_bytes(ways[way], at, left))
                continue;
            longest = ways[way]->length;
            *out = (struct unit){.kind = UNIT_SEP,
                                 .length = longest,
                                 .joint = row->joint,
                                 .code = row->code_point};
        }
    }
    return longest > 0;
}

static int is_mask_code(uint32_t code)
{
    static const uint32_t codes[] = {'*',    '#',    'X',    'x',    0x2022, 0x25CF,
                                     0xFF0A, 0xFF03, 0xFF38, 0xFF58, 0};
    for (size_t i = 0; codes[i]; i++)
        if (codes[i] == code)
            return 1;
    return 0;
}

static int plain_mask(const uint8_t *at, size_t left, struct unit *out)
{
    static const struct {
        uint32_t code;
        uint8_t length;
        uint8_t bytes[3];
    } ways[] = {
        {'*', 1, {'*'}},
        {'#', 1, {'#'}},
        {'X', 1, {'X'}},
        {'x', 1, {'x'}},
        {0x2022, 3, {0xE2, 0x80, 0xA2}},
        {0x25CF, 3, {0xE2, 0x97, 0x8F}},
        {0x25CF, 2, {0x81, 0x9C}},
        {0x25CF, 2, {0xA1, 0xFC}},
        {0xFF0A, 3, {0xEF, 0xBC, 0x8A}},
        {0xFF0A, 2, {0x81, 0x96}},
        {0xFF0A, 2, {0xA1, 0xF6}},
        {0xFF03, 3, {0xEF, 0xBC, 0x83}},
        {0xFF03, 2, {0x81, 0x94}},
        {0xFF03, 2, {0xA1, 0xF4}},
        {0xFF58, 3, {0xEF, 0xBD, 0x98}},
        {0xFF58, 2, {0x82, 0x98}},
        {0xFF58, 2, {0xA3, 0xF8}},
        {0xFF38, 3, {0xEF, 0xBC, 0xB8}},
        {0xFF38, 2, {0x82, 0x77}},
        {0xFF38, 2, {0xA3, 0xD8}},
    };
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (ways[i].length > left || memcmp(ways[i].bytes, at, ways[i].length) != 0)
            continue;
        *out = (struct unit){
            .kind = UNIT_MASK, .length = ways[i].length, .code = ways[i].code};
        return 1;
    }
    return 0;
}

int plain_unit(const uint8_t *at, size_t left, struct unit *out)
{
    return plain_digit(at, left, out) || plain_separator(at, left, out) ||
           plain_mask(at, left, out);
}

int code_unit(uint32_t code, struct unit *out)
{
    if (code >= '0' && code <= '9')
        *out = (struct unit){.kind = UNIT_DIGIT, .value = code - '0'};
    else if (code >= 0xFF10 && code <= 0xFF19)
        *out = (struct unit){.kind = UNIT_DIGIT, .value = code - 0xFF10};
    else if (is_mask_code(code))
        *out = (struct unit){.kind = UNIT_MASK, .code = code};
    else
        *out = other_unit;
    for (size_t i = 0; out->kind == UNIT_OTHER && i < builtin_patterns.separator_count;
         i++)
        if (builtin_patterns.separators[i].code_point == code)
            *out = (struct unit){.kind = UNIT_SEP,
                                 .joint = builtin_patterns.separators[i].joint,
                                 .code = code};
    return out->kind != UNIT_OTHER;
}

/* ---- raw ------------------------------------------------------------------------ */

static struct unit raw_unit(const struct oracle_text *text, size_t offset)
{
    const uint8_t *at = text->bytes + offset;
    size_t left = text->length - offset;
    struct unit unit;
    if (plain_unit(at, left, &unit))
        return unit;
    if (at[0] == '\n')
        return (struct unit){.kind = UNIT_WRAP, .length = 1};
    if (left >= 2 && at[0] == '\r' && at[1] == '\n')
        return (struct unit){.kind = UNIT_WRAP, .length = 2};
    return other_unit;
}

/* ---- two-byte and foreign alphabets --------------------------------------------- */

static struct unit utf16_unit(const struct oracle_text *text, enum oracle_mode mode,
                              size_t offset)
{
    struct unit unit;
    if (text->length - offset < 2)
        return other_unit;
    const uint8_t *at = text->bytes + offset;
    uint32_t code = mode == MODE_UTF16LE ? at[0] + 256u * at[1] : at[1] + 256u * at[0];
    if (!code_unit(code, &unit))
        return other_unit;
    unit.length = 2;
    unit.form = mode == MODE_UTF16LE ? SIEVE_FORM_UTF16LE : SIEVE_FORM_UTF16BE;
    return unit;
}

static struct unit jis_unit(const struct oracle_text *text, size_t offset)
{
    const uint8_t *at = text->bytes + offset;
    if (text->jis[offset] != 1 || offset + 1 >= text->length ||
        text->jis[offset + 1] != 2)
        return other_unit;
    if (at[0] == '#' && at[1] >= '0' && at[1] <= '9')
        return digit_unit(2, at[1] - '0', SIEVE_FORM_ISO_2022_JP);
    if (memcmp(at, "\x21\x76", 2) == 0 || memcmp(at, "\x21\x7C", 2) == 0 ||
        memcmp(at, "\x23\x58", 2) == 0 || memcmp(at, "\x21\x74", 2) == 0 ||
        memcmp(at, "\x23\x78", 2) == 0)
        return (struct unit){.kind = UNIT_MASK, .length = 2, .code = 0xFF0A};
    for (size_t i = 0; i < builtin_patterns.separator_count; i++) {
        const struct separator_row *row = &builtin_patterns.separators[i];
        if (row->jis.length == 2 && same_bytes(&row->jis, at, 2))
            return (struct unit){.kind = UNIT_SEP,
                                 .length = 2,
                                 .joint = row->joint,
                                 .code = row->code_point};
    }
    return other_unit;
}

static struct unit ebcdic_unit(const struct oracle_text *text, size_t offset)
{
    const uint8_t *at = text->bytes + offset;
    if (at[0] >= 0xF0 && at[0] <= 0xF9)
        return digit_unit(1, at[0] - 0xF0u, SIEVE_FORM_EBCDIC);
    if (at[0] == 0x5C || at[0] == 0x7B || at[0] == 0xE7 || at[0] == 0xA7)
        return (struct unit){.kind = UNIT_MASK, .length = 1, .code = '*'};
    for (size_t i = 0; i < builtin_patterns.separator_count; i++) {
        const struct separator_row *row = &builtin_patterns.separators[i];
        if (row->ebcdic.length == 1 && row->ebcdic.bytes[0] == at[0])
            return (struct unit){.kind = UNIT_SEP,
                                 .length = 1,
                                 .joint = row->joint,
                                 .code = row->code_point};
    }
    return other_unit;
}

/* ---- all of them ---------------------------------------------------------------- */

static struct unit read_unit(const struct oracle_text *text, enum oracle_mode mode,
                             size_t offset)
{
    struct unit unit;
    switch (mode) {
    case MODE_PERCENT:
        if (recoded_at(text, mode, offset, &unit) ||
            spelt_unit(text, mode, offset, SIEVE_FORM_PERCENT, &unit) ||
            spelt_wrap(text, mode, offset, &unit))
            return unit;
        break;
    case MODE_QP:
        if (spelt_unit(text, mode, offset, SIEVE_FORM_QUOTED_PRINTABLE, &unit) ||
            spelt_wrap(text, mode, offset, &unit))
            return unit;
        break;
    case MODE_JSON:
        if (json_unit(text, offset, &unit))
            return unit;
        break;
    case MODE_HTML:
        if (html_unit(text, offset, &unit))
            return unit;
        break;
    case MODE_HEX_JOINED:
    case MODE_HEX_LED:
    case MODE_HEX_SPACED:
        return hex_unit(text, mode, offset, &unit) ? unit : other_unit;
    case MODE_UTF16LE:
    case MODE_UTF16BE:
        return utf16_unit(text, mode, offset);
    case MODE_JIS:
        return jis_unit(text, offset);
    case MODE_EBCDIC:
        return ebcdic_unit(text, offset);
    case MODE_RAW:
    case MODE_COUNT:
        break;
    }
    return inside_escape(text, mode, offset) ? other_unit : raw_unit(text, offset);
}

struct unit unit_at(const struct oracle_text *text, enum oracle_mode mode, size_t offset)
{
    if (offset >= text->length)
        return other_unit;
    struct unit *unit = &text->units[mode][offset];
    if (unit->length == 0)
        *unit = read_unit(text, mode, offset);
    return *unit;
}

int unit_ending(const struct oracle_text *text, enum oracle_mode mode, size_t offset,
                enum unit_kind kind, struct unit *out)
{
    for (size_t length = UNIT_LENGTH_MAX; length > 0; length--) {
        if (length > offset)
            continue;
        struct unit unit = unit_at(text, mode, offset - length);
        if (unit.kind == UNIT_OTHER || unit.length != length)
            continue;
        if (unit.kind == UNIT_DIGIT && length == 1 &&
            recoded_digit_ends(text, mode, offset))
            return 0; /* of %2522 */
        *out = unit;
        return unit.kind == kind; /* 82 58 is a digit and ends in no X */
    }
    return 0;
}

static size_t soft_break_at(const struct oracle_text *text, size_t offset)
{
    const uint8_t *at = text->bytes + offset;
    size_t left = text->length - offset;
    if (left >= 2 && memcmp(at, "=\n", 2) == 0)
        return 2;
    return left >= 3 && memcmp(at, "=\r\n", 3) == 0 ? 3 : 0;
}

size_t skip_nothing(const struct oracle_text *text, enum oracle_mode mode, size_t offset,
                    int *soft)
{
    /* Where the space is missing nothing can follow: this is behind the end. */
    if (mode == MODE_HEX_SPACED)
        return offset < text->length && text->bytes[offset] == ' ' ? offset + 1
                                                                   : text->length;
    if (mode != MODE_QP)
        return offset;
    for (size_t length; (length = soft_break_at(text, offset)) > 0; offset += length)
        *soft = 1;
    return offset;
}

size_t skip_nothing_back(const struct oracle_text *text, enum oracle_mode mode,
                         size_t offset)
{
    if (mode == MODE_HEX_SPACED && offset > 0 && text->bytes[offset - 1] == ' ')
        return offset - 1;
    if (mode != MODE_QP)
        return offset;
    for (;;) {
        if (offset >= 2 && soft_break_at(text, offset - 2) == 2)
            offset -= 2;
        else if (offset >= 3 && soft_break_at(text, offset - 3) == 3)
            offset -= 3;
        else
            return offset;
    }
}
