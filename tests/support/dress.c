/* dress.c - characters in the ways they are written in bytes. */
#include "support/dress.h"

#include <string.h>

#include "patterns/patterns.h"

static size_t utf8_bytes(uint32_t code, uint8_t *out)
{
    if (code < 0x80) {
        out[0] = (uint8_t)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (uint8_t)(0xC0 | code >> 6);
        out[1] = (uint8_t)(0x80 | (code & 0x3F));
        return 2;
    }
    out[0] = (uint8_t)(0xE0 | code >> 12);
    out[1] = (uint8_t)(0x80 | (code >> 6 & 0x3F));
    out[2] = (uint8_t)(0x80 | (code & 0x3F));
    return 3;
}

static size_t wide_digit_bytes(enum charset charset, uint32_t digit, uint8_t *out)
{
    if (charset == CHARSET_UTF8)
        return utf8_bytes(0xFF10 + digit, out);
    out[0] = charset == CHARSET_CP932 ? 0x82 : 0xA3;
    out[1] = (uint8_t)((charset == CHARSET_CP932 ? 0x4F : 0xB0) + digit);
    return 2;
}

static size_t separator_bytes(struct dress dress, uint32_t code, uint8_t *out)
{
    for (size_t i = 0; i < builtin_patterns.separator_count; i++) {
        const struct separator_row *row = &builtin_patterns.separators[i];
        const struct separator_bytes *bytes =
            dress.writing == WRITE_JIS        ? &row->jis
            : dress.writing == WRITE_EBCDIC   ? &row->ebcdic
            : dress.charset == CHARSET_CP932  ? &row->cp932
            : dress.charset == CHARSET_EUC_JP ? &row->euc_jp
                                              : &row->utf8;
        if (row->code_point != code)
            continue;
        memcpy(out, bytes->bytes, bytes->length);
        return bytes->length;
    }
    return 0;
}

/* The plain bytes of a character in the dress's charset. */
static size_t plain_bytes(struct dress dress, uint32_t code, uint8_t *out)
{
    int is_digit = code >= '0' && code <= '9';
    if (dress.writing == WRITE_JIS && is_digit) {
        out[0] = '#';
        out[1] = (uint8_t)code;
        return 2;
    }
    if (dress.writing == WRITE_EBCDIC && is_digit) {
        out[0] = (uint8_t)(0xF0 + code - '0');
        return 1;
    }
    if (is_digit && dress.wide)
        return wide_digit_bytes(dress.charset, code - '0', out);
    size_t length = separator_bytes(dress, code, out);
    if (length > 0 || dress.writing == WRITE_JIS || dress.writing == WRITE_EBCDIC)
        return length;
    if (code < 0x80 || dress.charset == CHARSET_UTF8)
        return utf8_bytes(code, out);
    return 0;
}

static void add_spelt(struct text *text, enum writing writing, const uint8_t *bytes,
                      size_t length)
{
    static const char *const leads[WRITE_COUNT] = {
        [WRITE_PERCENT] = "%",   [WRITE_QP] = "=",        [WRITE_HEX_JOINED] = "",
        [WRITE_HEX_LED] = "\\x", [WRITE_HEX_SPACED] = "",
    };
    static const char *const tails[WRITE_COUNT] = {[WRITE_HEX_SPACED] = " "};
    int lower = writing == WRITE_HEX_JOINED || writing == WRITE_HEX_LED;
    for (size_t i = 0; i < length; i++) {
        text_add_string(text, leads[writing]);
        text_add_format(text, lower ? "%02x" : "%02X", bytes[i]);
        text_add_string(text, tails[writing] ? tails[writing] : "");
    }
}

int dress_code(struct text *text, struct dress dress, uint32_t code)
{
    uint8_t bytes[8];
    size_t length = plain_bytes(dress, code, bytes);
    uint32_t wide = dress.wide && code >= '0' && code <= '9' ? code - '0' + 0xFF10 : code;
    if (dress.writing == WRITE_JSON) {
        text_add_format(text, "\\u%04x", (unsigned)wide);
    } else if (dress.writing == WRITE_HTML) {
        text_add_format(text, "&#%u;", (unsigned)wide);
    } else if (dress.writing == WRITE_HTML_HEX) {
        text_add_format(text, "&#x%X;", (unsigned)wide);
    } else if (dress.writing == WRITE_UTF16LE) {
        text_add_byte(text, wide & 0xFF);
        text_add_byte(text, wide >> 8);
    } else if (dress.writing == WRITE_UTF16BE) {
        text_add_byte(text, wide >> 8);
        text_add_byte(text, wide & 0xFF);
    } else if (dress.writing >= WRITE_PERCENT && dress.writing <= WRITE_HEX_SPACED) {
        add_spelt(text, dress.writing, bytes, length);
        return length > 0;
    } else {
        text_add(text, bytes, length);
        return length > 0;
    }
    return 1;
}

int dress_digit(struct text *text, struct dress dress, char digit)
{
    return dress_code(text, dress, (uint32_t)digit);
}

int dress_number(struct text *text, struct dress dress, const char *digits,
                 const uint8_t *sizes, uint32_t separator)
{
    int whole = 1;
    if (dress.writing == WRITE_JIS)
        text_add_string(text, "\x1B$B");
    for (size_t group = 0; sizes[group]; group++) {
        if (group > 0 && separator)
            whole &= dress_code(text, dress, separator);
        for (size_t i = 0; i < sizes[group] && *digits; i++)
            whole &= dress_digit(text, dress, *digits++);
    }
    /* The last space parts nothing. */
    if (dress.writing == WRITE_HEX_SPACED && text->length > 0)
        text->length--;
    if (dress.writing == WRITE_JIS)
        text_add_string(text, "\x1B(B");
    return whole;
}

struct dress dress_any(struct dice *dice)
{
    struct dress dress = {WRITE_PLAIN, CHARSET_UTF8, dice_once_in(dice, 3)};
    if (!dice_once_in(dice, 3))
        dress.writing = (enum writing)dice_below(dice, WRITE_EBCDIC);
    dress.charset = (enum charset)dice_below(dice, CHARSET_COUNT);
    if (dress.writing >= WRITE_HEX_JOINED && dress.writing <= WRITE_HEX_SPACED) {
        dress.charset = CHARSET_UTF8;
        dress.wide = 0;
    }
    return dress;
}

sieve_form dress_form(struct dress dress)
{
    static const sieve_form forms[WRITE_COUNT] = {
        [WRITE_PLAIN] = SIEVE_FORM_ASCII,
        [WRITE_PERCENT] = SIEVE_FORM_PERCENT,
        [WRITE_JSON] = SIEVE_FORM_JSON_ESCAPE,
        [WRITE_HTML] = SIEVE_FORM_HTML_ENTITY,
        [WRITE_HTML_HEX] = SIEVE_FORM_HTML_ENTITY,
        [WRITE_QP] = SIEVE_FORM_QUOTED_PRINTABLE,
        [WRITE_HEX_JOINED] = SIEVE_FORM_HEX,
        [WRITE_HEX_LED] = SIEVE_FORM_HEX,
        [WRITE_HEX_SPACED] = SIEVE_FORM_HEX,
        [WRITE_UTF16LE] = SIEVE_FORM_UTF16LE,
        [WRITE_UTF16BE] = SIEVE_FORM_UTF16BE,
        [WRITE_JIS] = SIEVE_FORM_ISO_2022_JP,
        [WRITE_EBCDIC] = SIEVE_FORM_EBCDIC,
    };
    static const sieve_form wide[CHARSET_COUNT] = {SIEVE_FORM_FULLWIDTH_UTF8,
                                                   SIEVE_FORM_CP932, SIEVE_FORM_EUC_JP};
    return dress.writing == WRITE_PLAIN && dress.wide ? wide[dress.charset]
                                                      : forms[dress.writing];
}
