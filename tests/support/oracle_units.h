/* oracle_units.h - section 1 of docs/detection.md: what the bytes at an offset are. */
#ifndef TESTS_SUPPORT_ORACLE_UNITS_H
#define TESTS_SUPPORT_ORACLE_UNITS_H

#include <stddef.h>
#include <stdint.h>

#include "cardsieve.h"

enum oracle_mode {
    MODE_RAW,
    MODE_PERCENT,
    MODE_JSON,
    MODE_HTML,
    MODE_QP,
    MODE_HEX_JOINED, /* 34313131 */
    MODE_HEX_LED,    /* \x34\x31 */
    MODE_HEX_SPACED, /* 34 31 31 */
    MODE_UTF16LE,
    MODE_UTF16BE,
    MODE_JIS,
    MODE_EBCDIC,
    MODE_COUNT
};

enum unit_kind {
    UNIT_OTHER,
    UNIT_DIGIT,
    UNIT_SEP,
    UNIT_WRAP,
    UNIT_MASK
};

struct unit {
    enum unit_kind kind;
    size_t length;  /* bytes; 1 for UNIT_OTHER */
    unsigned value; /* of a digit */
    unsigned joint; /* of a separator: enum joint_class */
    uint32_t code;  /* of a separator or mask: the code point */
    int escaped;
    sieve_form form; /* of a digit */
};

#define UNIT_LENGTH_MAX 16

/* What is looked at: the whole input and where its JIS segments are. */
struct oracle_text {
    const uint8_t *bytes;
    size_t length;
    uint8_t *jis; /* 0 outside; 1 a first, 2 a second byte of a pair behind ESC $ B */
    struct unit *units[MODE_COUNT]; /* what was read before; length 0: not yet */
};

void oracle_text_init(struct oracle_text *text, const void *bytes, size_t length);
void oracle_text_done(struct oracle_text *text);

struct unit unit_at(const struct oracle_text *text, enum oracle_mode mode, size_t offset);

/* The longest unit that ends at `offset`; 0 if it is not of `kind`. */
int unit_ending(const struct oracle_text *text, enum oracle_mode mode, size_t offset,
                enum unit_kind kind, struct unit *out);

/* The escape of the mode that begins at `offset`: its length, 0 if there is none, and the
 * character (%HH: the byte) it stands for. */
size_t escape_at(const struct oracle_text *text, enum oracle_mode mode, size_t offset,
                 uint32_t *code);

/* The same for the escape that ends at `offset`. */
size_t escape_ending(const struct oracle_text *text, enum oracle_mode mode, size_t offset,
                     uint32_t *code);

/* A shift of ISO-2022-JP, ESC ( B and its like, ends at `offset`: no text. */
int shift_ends(const struct oracle_text *text, size_t offset);

/* The ASCII letter that ends at `offset` is half of a character of CP932: no letter. */
int trail_ends(const struct oracle_text *text, size_t offset);

/* What stands between two units and is nothing: soft breaks, the space between hex
 * pairs.  Forward from `offset`, and backward. */
size_t skip_nothing(const struct oracle_text *text, enum oracle_mode mode, size_t offset,
                    int *soft);
size_t skip_nothing_back(const struct oracle_text *text, enum oracle_mode mode,
                         size_t offset);

#endif
