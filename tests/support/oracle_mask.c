/* oracle_mask.c - whether masked bytes are what section 9 of docs/detection.md says. */
#include <stdlib.h>
#include <string.h>

#include "support/oracle.h"
#include "support/oracle_units.h"

static int hex_value(uint8_t byte)
{
    const char *digits = "0123456789abcdef";
    const char *at = byte ? strchr(digits, byte | 0x20) : NULL;
    return at && (byte >= 'A' || byte <= '9') ? (int)(at - digits) : -1;
}

/* The character that some bytes of plain text are, if it may stand for a hidden digit. */
static uint32_t plain_code(const uint8_t *at, size_t length)
{
    static const struct {
        uint32_t code;
        uint8_t cp932[2];
        uint8_t euc_jp[2];
        uint8_t jis[2];
    } pairs[] = {
        {0xFF0A, {0x81, 0x96}, {0xA1, 0xF6}, {0x21, 0x76}},
        {0xFF03, {0x81, 0x94}, {0xA1, 0xF4}, {0x21, 0x74}},
        {0xFF38, {0x82, 0x77}, {0xA3, 0xD8}, {0x23, 0x58}},
        {0xFF58, {0x82, 0x98}, {0xA3, 0xF8}, {0x23, 0x78}},
    };
    if (length == 1)
        return at[0];
    if (length == 3 && at[0] >= 0xE0)
        return (at[0] & 0x0Fu) << 12 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu);
    for (size_t i = 0; length == 2 && i < sizeof pairs / sizeof pairs[0]; i++)
        if (memcmp(at, pairs[i].cp932, 2) == 0 || memcmp(at, pairs[i].euc_jp, 2) == 0 ||
            memcmp(at, pairs[i].jis, 2) == 0)
            return pairs[i].code;
    return 0;
}

/* %HH, =HH, HH, \xHH and HH HH: the leads and gaps are kept, the pairs are read. */
static uint32_t spelt_code(const uint8_t *at, size_t length)
{
    uint8_t bytes[8];
    size_t count = 0;
    for (size_t i = 0; i < length && count < sizeof bytes;) {
        if (strchr("%=\\x ", at[i]) && at[i]) {
            i++;
        } else if (i + 1 < length && hex_value(at[i]) >= 0 && hex_value(at[i + 1]) >= 0) {
            bytes[count++] = (uint8_t)(hex_value(at[i]) * 16 + hex_value(at[i + 1]));
            i += 2;
        } else {
            bytes[count++] = at[i++]; /* the trail byte of CP932, left as it is */
        }
    }
    return plain_code(bytes, count);
}

static uint32_t number_code(const uint8_t *at, size_t length)
{
    uint32_t base = at[0] == '\\' ? 16 : 10;
    uint32_t code = 0;
    for (size_t i = 2; i < length && at[i] != ';'; i++) {
        if ((at[i] | 0x20) == 'x')
            base = 16;
        else if (hex_value(at[i]) < 0)
            return 0;
        else
            code = code * base + (uint32_t)hex_value(at[i]);
    }
    return code;
}

static uint32_t code_of(const uint8_t *at, size_t length, int mode)
{
    switch (mode) {
    case MODE_JSON:
    case MODE_HTML:
        return length > 3 ? number_code(at, length) : plain_code(at, length);
    case MODE_UTF16LE:
        return at[0] + 256u * at[1];
    case MODE_UTF16BE:
        return at[1] + 256u * at[0];
    case MODE_EBCDIC:
        return at[0] == 0x5C   ? '*'
               : at[0] == 0x7B ? '#'
               : at[0] == 0xE7 ? 'X'
               : at[0] == 0xA7 ? 'x'
                               : 0;
    case MODE_RAW:
    case MODE_JIS:
        return plain_code(at, length);
    default:
        return length == 1 || at[0] >= 0x80 ? plain_code(at, length)
                                            : spelt_code(at, length);
    }
}

/* JSON and HTML hold plain full-width digits too, three bytes long. */
static int is_mask(const uint8_t *at, const struct oracle_digit *digit, char mask)
{
    int mode = digit->mode;
    if ((mode == MODE_JSON || mode == MODE_HTML) && at[0] != '\\' && at[0] != '&')
        mode = MODE_RAW;
    uint32_t code = code_of(at, digit->length, mode);
    uint32_t plain = (uint8_t)mask;
    if (code == plain || code == plain - 0x20 + 0xFF00 || code == '*' || code == 0xFF0A)
        return 1;
    /* %82S has no room for the four characters more of %81%96. */
    return code == 0xFF38;
}

/* Hidden as another unit too: "35" as two digits and as one of hex. */
static int is_shared(const struct oracle_result *result, const struct oracle_digit *digit)
{
    for (size_t i = 0; i < result->hidden_count; i++) {
        const struct oracle_digit *other = &result->hidden[i];
        if (other->offset < digit->offset + digit->length &&
            digit->offset < other->offset + other->length &&
            (other->offset != digit->offset || other->length != digit->length))
            return 1;
    }
    return 0;
}

size_t oracle_check_masked(const void *original, const void *masked, size_t length,
                           const struct oracle_result *result, char mask)
{
    const uint8_t *before = original;
    const uint8_t *after = masked;
    uint8_t *cover = calloc(length + 1, 1);
    size_t wrong = 0;
    if (!cover)
        abort();
    for (size_t i = 0; i < result->hidden_count; i++) {
        const struct oracle_digit *digit = &result->hidden[i];
        memset(cover + digit->offset, 1, digit->length);
        if (!wrong && !is_mask(after + digit->offset, digit, mask) &&
            !is_shared(result, digit))
            wrong = digit->offset + 1;
    }
    for (size_t i = 0; i < length && !wrong; i++)
        if (!cover[i] && before[i] != after[i])
            wrong = i + 1;
    free(cover);
    return wrong;
}
