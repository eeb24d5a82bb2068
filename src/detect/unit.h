/* unit.h - bytes read one character at a time, in each way a number may be written.
 *
 * A mode says how bytes are read: as they stand, with %HH escapes, as hex of ASCII, and
 * so on (docs/detection.md, section 1).  In every mode an offset reads as one unit, and
 * what a unit is depends on no more than its own bytes, so that any cut of the input
 * reads the same.
 */
#ifndef SIEVE_DETECT_UNIT_H
#define SIEVE_DETECT_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "patterns/patterns.h"

enum mode {
    MODE_RAW,
    MODE_PERCENT,
    MODE_JSON,
    MODE_HTML,
    MODE_QP,
    MODE_HEX,
    MODE_UTF16LE,
    MODE_UTF16BE,
    MODE_JIS,
    MODE_EBCDIC
};
#define MODE_COUNT 10

enum unit_kind {
    UNIT_OTHER,
    UNIT_DIGIT,
    UNIT_SPACE, /* the four joint classes, in the order of enum joint_class */
    UNIT_HYPHEN,
    UNIT_DOT,
    UNIT_PLUS,
    UNIT_WRAP, /* a line break */
    UNIT_MASK, /* a hidden digit of an earlier run */
    UNIT_SOFT  /* a soft line break: as if it were not there */
};

/* The encoding of a character that is not ASCII. */
enum coding {
    CODING_ASCII,
    CODING_UTF8,
    CODING_CP932,
    CODING_EUC_JP,
    CODING_WIDE
};

struct unit {
    uint8_t kind;    /* enum unit_kind */
    uint8_t value;   /* of a digit */
    uint8_t length;  /* bytes; 0 only at the end of the bytes */
    uint8_t coding;  /* enum coding; CODING_WIDE: a full-width code point */
    uint8_t escaped; /* 1: not the bytes themselves but an escape */
};

struct lexicon;

/* Builds the table of characters that matter.  NULL: no memory. */
struct lexicon *lexicon_new(const struct pattern_set *patterns);
void lexicon_free(struct lexicon *lexicon);

/* Bytes in view: what is before the part looked at, the part, and what is behind. */
struct view {
    const uint8_t *bytes;
    size_t length;
    uint64_t base; /* of bytes[0] in the item */
    const struct lexicon *lexicon;
};

/* The unit that begins at `at`. */
struct unit unit_read(const struct view *view, enum mode mode, size_t at);

/* The unit that ends at `at`; UNIT_OTHER with length 0 if none is known to end there. */
struct unit unit_before(const struct view *view, enum mode mode, size_t at);

/* True if the byte at `at` is the inside of an escape, so no character of its own. */
bool unit_inside_escape(const struct view *view, enum mode mode, size_t at);

/* The bytes that the longest unit of a mode may have. */
size_t unit_length_max(enum mode mode);

static inline bool unit_is_joint(struct unit unit)
{
    return unit.kind >= UNIT_SPACE && unit.kind <= UNIT_PLUS;
}

static inline bool byte_is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static inline bool byte_is_letter(uint8_t byte)
{
    return (uint8_t)((byte | 0x20u) - 'a') < 26u;
}

static inline bool byte_is_alnum(uint8_t byte)
{
    return byte_is_digit(byte) || byte_is_letter(byte);
}

/* The value of a hex digit, or -1. */
static inline int hex_value(uint8_t byte)
{
    if (byte_is_digit(byte))
        return byte - '0';
    uint8_t folded = byte | 0x20u;
    return folded >= 'a' && folded <= 'f' ? folded - 'a' + 10 : -1;
}

/* The ISO-2022-JP state in front of `at`: the offset behind the last ESC $ B or ESC $ @
 * of this line (at most 1000 bytes back), or SIZE_MAX if text there is ASCII. */
#define JIS_BACK_MAX 1000u /* bytes; a mail line has at most 998 (RFC 5322, 2.1.1) */
size_t jis_segment(const struct view *view, size_t at);

#endif /* SIEVE_DETECT_UNIT_H */
