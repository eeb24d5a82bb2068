#include "detect/mask.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "detect/token.h"

#define HIDES_FIRST      32u /* those of some numbers: few bodies have more */
#define FULLWIDTH_OFFSET 0xFEE0u
#define SHORT_NUMBER     14u /* digits: below, only the last 4 are shown (DOMAIN 5.1) */

static bool is_shown(sieve_style style, size_t index, size_t count)
{
    if (style == SIEVE_STYLE_FULL || style == SIEVE_STYLE_TOKEN)
        return false;
    if (index + 4 >= count)
        return true;
    return style == SIEVE_STYLE_FIRST6_LAST4 && count >= SHORT_NUMBER && index < 6;
}

void mask_shown(const struct candidate *candidate, char shown[SIEVE_SHOWN_MAX])
{
    bool sensitive_code = candidate->kind == SIEVE_KIND_SECURITY_CODE ||
                          candidate->kind == SIEVE_KIND_PIN_BLOCK ||
                          candidate->kind == SIEVE_KIND_RULE;
    sieve_style style = sensitive_code ? SIEVE_STYLE_FULL : SIEVE_STYLE_FIRST6_LAST4;
    size_t count = candidate->count;
    if (count == 0) { /* hex data */
        style = SIEVE_STYLE_FULL;
        count = 8;
    }
    for (size_t i = 0; i < count; i++)
        shown[i] = is_shown(style, i, count) ? (char)('0' + candidate->digits[i]) : '*';
    shown[count] = '\0';
}

static sieve_status note(struct hide_list *list, struct hide hide)
{
    struct hide *items =
        grown(list->items, list->count, &list->capacity, HIDES_FIRST, sizeof *items);
    if (!items)
        return SIEVE_E_MEMORY;
    list->items = items;
    list->items[list->count++] = hide;
    return SIEVE_OK;
}

/* Sensitive data: each digit, but not those of %HH escapes between them. */
static sieve_status note_span(struct hide_list *list, char mask,
                              const struct candidate *candidate, const struct view *view)
{
    const uint8_t *bytes = view->bytes;
    size_t end = (size_t)(candidate->hide_to - view->base);
    for (size_t at = (size_t)(candidate->hide_from - view->base); at < end; at++) {
        bool escape = bytes[at] == '%' && at + 2 < end && hex_value(bytes[at + 1]) >= 0 &&
                      hex_value(bytes[at + 2]) >= 0;
        if (escape) {
            at += 2;
            continue;
        }
        bool hidden = byte_is_digit(bytes[at]) ||
                      (candidate->hide_hex && hex_value(bytes[at]) >= 0);
        if (!hidden)
            continue;
        struct hide hide = {view->base + at, 1, MODE_RAW, CODING_ASCII, mask};
        sieve_status status = note(list, hide);
        if (status != SIEVE_OK)
            return status;
    }
    return SIEVE_OK;
}

sieve_status mask_note(struct hide_list *list, const struct mask_rules *rules,
                       const struct candidate *candidate, const struct view *view)
{
    bool full = candidate->kind != SIEVE_KIND_PAN;
    sieve_style style = full ? SIEVE_STYLE_FULL : rules->style;
    char letters[PAN_DIGITS_MAX + 1];
    if (style == SIEVE_STYLE_TOKEN)
        token_letters(rules->key, rules->key_length, candidate->digits, candidate->count,
                      letters);
    /* A chip value's digits are all in its span. */
    size_t units = candidate->kind == SIEVE_KIND_EMV ? 0 : candidate->count;
    for (size_t i = 0; i < units; i++) {
        if (is_shown(style, i, candidate->count))
            continue;
        char put = style == SIEVE_STYLE_TOKEN ? letters[i] : rules->mask;
        struct hide hide = {candidate->number + candidate->at[i], candidate->length[i],
                            candidate->mode, candidate->coding[i], put};
        sieve_status status = note(list, hide);
        if (status != SIEVE_OK)
            return status;
    }
    return full ? note_span(list, rules->mask, candidate, view) : SIEVE_OK;
}

/* ---- writing ------------------------------------------------------------------- */

static char hex_letter(unsigned value, bool upper)
{
    return (upper ? "0123456789ABCDEF" : "0123456789abcdef")[value & 15];
}

/* The case of the hex digits that stand there, or what is usual in this mode. */
static bool is_upper(const uint8_t *bytes, size_t length, bool usual)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] >= 'a' && bytes[i] <= 'f')
            return false;
        if (bytes[i] >= 'A' && bytes[i] <= 'F')
            return true;
    }
    return usual;
}

/* The bytes of `put` at its full width.  Returns their count. */
static size_t wide_bytes(uint8_t coding, char put, uint8_t out[3])
{
    uint8_t byte = (uint8_t)put;
    bool upper = byte >= 'A' && byte <= 'Z';
    bool letter = upper || (byte >= 'a' && byte <= 'z');
    unsigned wide = FULLWIDTH_OFFSET + byte;
    switch ((enum coding)coding) {
    case CODING_UTF8:
        out[0] = (uint8_t)(0xE0 | wide >> 12);
        out[1] = (uint8_t)(0x80 | (wide >> 6 & 0x3F));
        out[2] = (uint8_t)(0x80 | (wide & 0x3F));
        return 3;
    case CODING_CP932:
        out[0] = letter ? 0x82 : 0x81;
        out[1] = upper    ? (uint8_t)(0x60 + byte - 'A')
                 : letter ? (uint8_t)(0x81 + byte - 'a')
                          : (byte == '#' ? 0x94 : 0x96);
        return 2;
    case CODING_EUC_JP:
        out[0] = letter ? 0xA3 : 0xA1;
        out[1] = letter ? byte | 0x80 : (byte == '#' ? 0xF4 : 0xF6);
        return 2;
    case CODING_ASCII:
    case CODING_WIDE:
    default:
        out[0] = byte;
        return 1;
    }
}

/* Percent and quoted-printable: each byte as it was written, escaped or not. */
static void write_coded(uint8_t *bytes, const struct hide *hide)
{
    uint8_t wide[3];
    char put = hide->put;
    bool upper = is_upper(bytes, hide->length, true);
    if (hide->coding == CODING_CP932 && hide->length % 3 != 0 && (put < 'A' || put > 'Z'))
        put = 'X'; /* %82S: the second byte stands for itself and must be printable */
    size_t count = wide_bytes(hide->coding, put, wide);
    size_t at = 0;
    for (size_t i = 0; i < count && at < hide->length; i++) {
        bool escaped = bytes[at] == '%' || bytes[at] == '=';
        if (escaped && at + 2 < hide->length) {
            bytes[at + 1] = (uint8_t)hex_letter(wide[i] >> 4u, upper);
            bytes[at + 2] = (uint8_t)hex_letter(wide[i], upper);
        } else {
            bytes[at] = wide[i];
        }
        at += escaped ? 3 : 1;
    }
}

static void write_number(uint8_t *bytes, size_t length, unsigned value, bool hex,
                         bool upper)
{
    for (size_t i = length; i-- > 0; value /= hex ? 16 : 10)
        bytes[i] = (uint8_t)hex_letter(hex ? value : value % 10, upper);
}

static unsigned point_of(const struct hide *hide)
{
    return (uint8_t)hide->put + (hide->coding == CODING_ASCII ? 0 : FULLWIDTH_OFFSET);
}

static void write_entity(uint8_t *bytes, const struct hide *hide)
{
    bool hex = (bytes[2] | 0x20) == 'x';
    size_t first = hex ? 3 : 2;
    size_t length = hide->length - first - 1u;
    struct hide narrow = *hide;
    if (!hex && narrow.put == 'x')
        narrow.put = 'X'; /* 120 has a figure more than a digit's number */
    write_number(bytes + first, length, point_of(&narrow), hex,
                 is_upper(bytes + first, length, false));
}

static void write_raw(uint8_t *bytes, const struct hide *hide)
{
    uint8_t wide[3];
    size_t count = wide_bytes(hide->coding, hide->put, wide);
    if (count == hide->length)
        memcpy(bytes, wide, count);
}

static uint8_t ebcdic_byte(char put)
{
    uint8_t byte = (uint8_t)put;
    bool lower = byte >= 'a' && byte <= 'z';
    if (!lower && (byte < 'A' || byte > 'Z'))
        return byte == '#' ? 0x7B : 0x5C;
    unsigned index = byte - (lower ? (unsigned)'a' : (unsigned)'A');
    unsigned row = 0xE2u + index - 18u;
    if (index < 9)
        row = 0xC1u + index;
    else if (index < 18)
        row = 0xD1u + index - 9u;
    return (uint8_t)(lower ? row - 0x40u : row);
}

static void write_jis(uint8_t *bytes, const struct hide *hide)
{
    uint8_t wide[3];
    wide_bytes(CODING_EUC_JP, hide->put, wide);
    bytes[0] = wide[0] & 0x7F;
    bytes[1] = wide[1] & 0x7F;
}

/* In hex no mask may look like two decimal digits again: 2a, and letters of 4a-4f, 5a. */
static uint8_t hex_put(char put)
{
    bool mask = put == '*' || put == '#' || put == 'X' || put == 'x';
    return mask ? '*' : (uint8_t) "JKLMNOZ"[(unsigned char)put % 7];
}

static void write_hide(uint8_t *bytes, const struct hide *hide)
{
    size_t length = hide->length;
    switch ((enum mode)hide->mode) {
    case MODE_PERCENT:
    case MODE_QP:
        write_coded(bytes, hide);
        break;
    case MODE_JSON:
        if (bytes[0] == '\\')
            write_number(bytes + 2, 4, point_of(hide), true,
                         is_upper(bytes + 2, 4, false));
        else
            write_raw(bytes, hide);
        break;
    case MODE_HTML:
        if (bytes[0] == '&')
            write_entity(bytes, hide);
        else
            write_raw(bytes, hide);
        break;
    case MODE_HEX:
        write_number(bytes + length - 2, 2, hex_put(hide->put), true,
                     is_upper(bytes + length - 2, 2, false));
        break;
    case MODE_UTF16LE:
        bytes[0] = (uint8_t)point_of(hide);
        bytes[1] = (uint8_t)(point_of(hide) >> 8);
        break;
    case MODE_UTF16BE:
        bytes[0] = (uint8_t)(point_of(hide) >> 8);
        bytes[1] = (uint8_t)point_of(hide);
        break;
    case MODE_JIS:
        write_jis(bytes, hide);
        break;
    case MODE_EBCDIC:
        bytes[0] = ebcdic_byte(hide->put);
        break;
    case MODE_RAW:
    default:
        write_raw(bytes, hide);
        break;
    }
}

size_t mask_apply(struct hide_list *list, uint8_t *bytes, uint64_t base, uint64_t until)
{
    size_t changed = 0;
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct hide hide = list->items[i];
        if (hide.at + hide.length > until) {
            list->items[kept++] = hide;
            continue;
        }
        write_hide(bytes + (hide.at - base), &hide);
        changed += hide.length;
    }
    list->count = kept;
    return changed;
}

bool mask_is_due(const struct hide_list *list, uint64_t until)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].at < until)
            return true;
    return false;
}

void hide_list_free(struct hide_list *list)
{
    free(list->items);
    *list = (struct hide_list){0};
}
