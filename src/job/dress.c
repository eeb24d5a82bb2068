/* dress.c - a number in every dress it may wear in the bytes. */
#include "job/dress.h"

#include <iconv.h>
#include <string.h>

enum digit_set {
    ASCII_DIGITS,
    UTF8_DIGITS,
    CP932_DIGITS,
    EUC_DIGITS,
    JIS_DIGITS
};

enum escape {
    ESCAPE_NONE,
    ESCAPE_UTF16LE,
    ESCAPE_UTF16BE,
    ESCAPE_JIS,
    ESCAPE_PERCENT,
    ESCAPE_PERCENT_BROWSER, /* letters and digits stand as they are */
    ESCAPE_JSON,
    ESCAPE_HTML,
    ESCAPE_HTML_HEX,
    ESCAPE_QP,
    ESCAPE_QP_PLAIN, /* as the browser's: only what must be */
    ESCAPE_QP_SOFT,  /* a soft break in the middle */
    ESCAPE_HEX,
    ESCAPE_HEX_X,
    ESCAPE_HEX_SPACED,
    ESCAPE_EBCDIC
};

static const struct dressing dressings[] = {
    {"ascii", SIEVE_FORM_ASCII, ASCII_DIGITS, ESCAPE_NONE},
    {"fullwidth-utf8", SIEVE_FORM_FULLWIDTH_UTF8, UTF8_DIGITS, ESCAPE_NONE},
    {"cp932", SIEVE_FORM_CP932, CP932_DIGITS, ESCAPE_NONE},
    {"euc-jp", SIEVE_FORM_EUC_JP, EUC_DIGITS, ESCAPE_NONE},
    {"utf-16le", SIEVE_FORM_UTF16LE, ASCII_DIGITS, ESCAPE_UTF16LE},
    {"utf-16le-fullwidth", SIEVE_FORM_UTF16LE, UTF8_DIGITS, ESCAPE_UTF16LE},
    {"utf-16be", SIEVE_FORM_UTF16BE, ASCII_DIGITS, ESCAPE_UTF16BE},
    {"utf-16be-fullwidth", SIEVE_FORM_UTF16BE, UTF8_DIGITS, ESCAPE_UTF16BE},
    {"iso-2022-jp", SIEVE_FORM_ISO_2022_JP, JIS_DIGITS, ESCAPE_JIS},
    {"percent", SIEVE_FORM_PERCENT, ASCII_DIGITS, ESCAPE_PERCENT},
    {"percent-utf8", SIEVE_FORM_PERCENT, UTF8_DIGITS, ESCAPE_PERCENT},
    {"percent-cp932", SIEVE_FORM_PERCENT, CP932_DIGITS, ESCAPE_PERCENT},
    {"percent-cp932-browser", SIEVE_FORM_PERCENT, CP932_DIGITS, ESCAPE_PERCENT_BROWSER},
    {"percent-euc", SIEVE_FORM_PERCENT, EUC_DIGITS, ESCAPE_PERCENT},
    {"json", SIEVE_FORM_JSON_ESCAPE, ASCII_DIGITS, ESCAPE_JSON},
    {"json-fullwidth", SIEVE_FORM_JSON_ESCAPE, UTF8_DIGITS, ESCAPE_JSON},
    {"html", SIEVE_FORM_HTML_ENTITY, ASCII_DIGITS, ESCAPE_HTML},
    {"html-hex", SIEVE_FORM_HTML_ENTITY, ASCII_DIGITS, ESCAPE_HTML_HEX},
    {"html-fullwidth", SIEVE_FORM_HTML_ENTITY, UTF8_DIGITS, ESCAPE_HTML},
    {"html-hex-fullwidth", SIEVE_FORM_HTML_ENTITY, UTF8_DIGITS, ESCAPE_HTML_HEX},
    {"qp", SIEVE_FORM_QUOTED_PRINTABLE, ASCII_DIGITS, ESCAPE_QP},
    {"qp-utf8", SIEVE_FORM_QUOTED_PRINTABLE, UTF8_DIGITS, ESCAPE_QP},
    {"qp-cp932", SIEVE_FORM_QUOTED_PRINTABLE, CP932_DIGITS, ESCAPE_QP},
    {"qp-cp932-plain", SIEVE_FORM_QUOTED_PRINTABLE, CP932_DIGITS, ESCAPE_QP_PLAIN},
    {"qp-euc", SIEVE_FORM_QUOTED_PRINTABLE, EUC_DIGITS, ESCAPE_QP},
    {"qp-soft-break", SIEVE_FORM_QUOTED_PRINTABLE, ASCII_DIGITS, ESCAPE_QP_SOFT},
    {"hex", SIEVE_FORM_HEX, ASCII_DIGITS, ESCAPE_HEX},
    {"hex-x", SIEVE_FORM_HEX, ASCII_DIGITS, ESCAPE_HEX_X},
    {"hex-spaced", SIEVE_FORM_HEX, ASCII_DIGITS, ESCAPE_HEX_SPACED},
    {"ebcdic", SIEVE_FORM_EBCDIC, ASCII_DIGITS, ESCAPE_EBCDIC},
};

#define CHARACTER_LENGTH_MAX 8

const struct dressing *dressing_at(size_t index)
{
    return index < sizeof dressings / sizeof dressings[0] ? &dressings[index] : NULL;
}

void dressed_init(struct dressed *dressed, const struct dressing *dressing)
{
    dressed->dressing = dressing;
    dressed->length = 0;
    dressed->number_offset = 0;
    dressed->number_length = 0;
}

/* ---- bytes ----------------------------------------------------------------------- */

static int put(struct dressed *dressed, unsigned byte)
{
    if (dressed->length == DRESSED_CAPACITY)
        return 0;
    dressed->bytes[dressed->length++] = (unsigned char)byte;
    return 1;
}

static int put_text(struct dressed *dressed, const char *text)
{
    int fits = 1;
    for (; fits && *text; text++)
        fits = put(dressed, (unsigned char)*text);
    return fits;
}

static int put_hex(struct dressed *dressed, uint32_t value, int digits)
{
    static const char hex[] = "0123456789ABCDEF";
    int fits = 1;
    while (fits && digits-- > 0)
        fits = put(dressed, (unsigned char)hex[value >> (4 * digits) & 15]);
    return fits;
}

static int put_decimal(struct dressed *dressed, uint32_t value)
{
    char digits[12];
    size_t at = sizeof digits - 1;
    digits[at] = '\0';
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    return put_text(dressed, digits + at);
}

static int put_utf16(struct dressed *dressed, uint32_t code_point)
{
    unsigned high = code_point >> 8 & 0xFF;
    unsigned low = code_point & 0xFF;
    int little = dressed->dressing->escape == ESCAPE_UTF16LE;
    return put(dressed, little ? low : high) && put(dressed, little ? high : low);
}

/* ---- characters in a character set ----------------------------------------------- */

static size_t write_utf8(uint32_t code_point, unsigned char *out)
{
    if (code_point < 0x80) {
        out[0] = (unsigned char)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        out[0] = (unsigned char)(0xC0 | code_point >> 6);
        out[1] = (unsigned char)(0x80 | (code_point & 0x3F));
        return 2;
    }
    out[0] = (unsigned char)(0xE0 | code_point >> 12);
    out[1] = (unsigned char)(0x80 | (code_point >> 6 & 0x3F));
    out[2] = (unsigned char)(0x80 | (code_point & 0x3F));
    return 3;
}

static const char *charset_of(const struct dressing *dressing)
{
    if (dressing->escape == ESCAPE_EBCDIC)
        return "IBM037";
    switch ((enum digit_set)dressing->digits) {
    case CP932_DIGITS:
        return "CP932";
    case EUC_DIGITS:
    case JIS_DIGITS: /* its pairs are those of EUC-JP without the high bits */
        return "EUC-JP";
    case ASCII_DIGITS:
    case UTF8_DIGITS:
        break;
    }
    return NULL; /* UTF-8 */
}

/* The character's bytes; 0 if the set does not have it. */
static size_t encode(const struct dressing *dressing, uint32_t code_point,
                     unsigned char *out)
{
    unsigned char utf8[4];
    char *from = (char *)utf8;
    char *to = (char *)out;
    const char *charset = charset_of(dressing);
    size_t length = write_utf8(code_point, charset ? utf8 : out);
    size_t room = CHARACTER_LENGTH_MAX;
    if (!charset)
        return length;
    iconv_t converter = iconv_open(charset, "UTF-8");
    if (converter == (iconv_t)-1)
        return 0;
    int converted = iconv(converter, &from, &length, &to, &room) == 0 && length == 0;
    iconv_close(converter);
    return converted ? CHARACTER_LENGTH_MAX - room : 0;
}

/* ---- characters in a dress ------------------------------------------------------- */

static int is_alphanumeric(unsigned byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z');
}

static int put_byte(struct dressed *dressed, unsigned byte)
{
    switch ((enum escape)dressed->dressing->escape) {
    case ESCAPE_PERCENT:
        return put(dressed, '%') && put_hex(dressed, byte, 2);
    case ESCAPE_PERCENT_BROWSER:
        return is_alphanumeric(byte) ? put(dressed, byte)
                                     : put(dressed, '%') && put_hex(dressed, byte, 2);
    case ESCAPE_QP:
        return put(dressed, '=') && put_hex(dressed, byte, 2);
    case ESCAPE_QP_PLAIN:
        return is_alphanumeric(byte) ? put(dressed, byte)
                                     : put(dressed, '=') && put_hex(dressed, byte, 2);
    case ESCAPE_HEX:
        return put_hex(dressed, byte, 2);
    case ESCAPE_HEX_X:
        return put_text(dressed, "\\x") && put_hex(dressed, byte, 2);
    case ESCAPE_HEX_SPACED:
        return (dressed->length == dressed->number_offset || put(dressed, ' ')) &&
               put_hex(dressed, byte, 2);
    case ESCAPE_JIS:
        return put(dressed, byte & 0x7F);
    case ESCAPE_NONE:
    case ESCAPE_UTF16LE:
    case ESCAPE_UTF16BE:
    case ESCAPE_JSON:
    case ESCAPE_HTML:
    case ESCAPE_HTML_HEX:
    case ESCAPE_QP_SOFT:
    case ESCAPE_EBCDIC:
        break;
    }
    return put(dressed, byte);
}

static int put_encoded(struct dressed *dressed, uint32_t code_point)
{
    unsigned char bytes[CHARACTER_LENGTH_MAX];
    size_t length = encode(dressed->dressing, code_point, bytes);
    enum escape escape = (enum escape)dressed->dressing->escape;
    int is_hex = escape >= ESCAPE_HEX && escape <= ESCAPE_HEX_SPACED;
    int fits = length > 0;
    if (escape == ESCAPE_JIS && (length != 2 || bytes[0] < 0xA1))
        return 0; /* not in the set that ESC $ B announces */
    if (is_hex && length != 1)
        return 0; /* hex is looked through for ASCII only */
    if (escape == ESCAPE_EBCDIC && code_point >= 0x80)
        return 0; /* code pages differ beyond ASCII */
    for (size_t i = 0; fits && i < length; i++)
        fits = put_byte(dressed, bytes[i]);
    return fits;
}

static int put_character(struct dressed *dressed, uint32_t code_point)
{
    switch ((enum escape)dressed->dressing->escape) {
    case ESCAPE_UTF16LE:
    case ESCAPE_UTF16BE:
        return put_utf16(dressed, code_point);
    case ESCAPE_JSON:
        return put_text(dressed, "\\u") && put_hex(dressed, code_point, 4);
    case ESCAPE_HTML:
        return put_text(dressed, "&#") && put_decimal(dressed, code_point) &&
               put(dressed, ';');
    case ESCAPE_HTML_HEX:
        return put_text(dressed, "&#x") &&
               put_hex(dressed, code_point,
                       1 + (code_point > 15) + 2 * (code_point > 255)) &&
               put(dressed, ';');
    case ESCAPE_NONE:
    case ESCAPE_JIS:
    case ESCAPE_PERCENT:
    case ESCAPE_PERCENT_BROWSER:
    case ESCAPE_QP:
    case ESCAPE_QP_PLAIN:
    case ESCAPE_QP_SOFT:
    case ESCAPE_HEX:
    case ESCAPE_HEX_X:
    case ESCAPE_HEX_SPACED:
    case ESCAPE_EBCDIC:
        break;
    }
    return put_encoded(dressed, code_point);
}

/* ---- texts and numbers ----------------------------------------------------------- */

int dressed_text(struct dressed *dressed, const char *text)
{
    enum escape escape = (enum escape)dressed->dressing->escape;
    int fits = 1;
    for (; fits && *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (escape == ESCAPE_UTF16LE || escape == ESCAPE_UTF16BE)
            fits = put_utf16(dressed, byte);
        else if (escape == ESCAPE_EBCDIC)
            fits = put_encoded(dressed, byte);
        else
            fits = put(dressed, byte);
    }
    return fits;
}

static int put_digit(struct dressed *dressed, char digit)
{
    uint32_t value = (uint32_t)(digit - '0');
    int wide = dressed->dressing->digits != ASCII_DIGITS;
    return put_character(dressed, (wide ? 0xFF10u : (uint32_t)'0') + value);
}

/* A soft break in the middle, where no group ends. */
static int put_soft_break(struct dressed *dressed, size_t index, size_t count)
{
    if (dressed->dressing->escape != ESCAPE_QP_SOFT || index != count / 2 + 1)
        return 1;
    return put_text(dressed, "=\r\n");
}

int dressed_number(struct dressed *dressed, const char *digits, const uint8_t *grouping,
                   uint32_t separator)
{
    size_t count = strlen(digits);
    size_t left = grouping ? grouping[0] : count;
    int is_jis = dressed->dressing->escape == ESCAPE_JIS;
    int fits = !is_jis || put_text(dressed, "\x1B$B");
    dressed->number_offset = dressed->length;
    for (size_t i = 0; fits && i < count; i++, left--) {
        if (left == 0) {
            left = *++grouping;
            fits = put_character(dressed, separator);
        }
        fits = fits && put_soft_break(dressed, i, count) && put_digit(dressed, digits[i]);
    }
    dressed->number_length = dressed->length - dressed->number_offset;
    return fits && (!is_jis || put_text(dressed, "\x1B(B"));
}
