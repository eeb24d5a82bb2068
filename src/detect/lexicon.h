/* lexicon.h - the characters that matter, looked up by their bytes or code point. */
#ifndef SIEVE_DETECT_LEXICON_H
#define SIEVE_DETECT_LEXICON_H

#include "detect/unit.h"

#define LEXICON_ENTRIES_MAX 512
#define LEXICON_BYTES_MAX   4

/* One character in one encoding. */
struct lexicon_entry {
    uint8_t bytes[LEXICON_BYTES_MAX];
    uint8_t length;
    uint8_t kind;
    uint8_t value;
    uint8_t coding;
};

struct lexicon_point {
    uint32_t code_point;
    uint8_t kind;
    uint8_t value;
    uint8_t coding;
};

struct lexicon {
    /* Entries of more than one byte, those of one lead byte together, longest first:
     * [from[lead], from[lead + 1]). */
    struct lexicon_entry entries[LEXICON_ENTRIES_MAX];
    uint16_t from[257];
    size_t entry_count;
    uint8_t single[256];        /* the kind of a byte that is a unit by itself */
    uint8_t single_ebcdic[256]; /* the same in EBCDIC */
    struct lexicon_point points[LEXICON_ENTRIES_MAX]; /* sorted by code point */
    size_t point_count;
    struct lexicon_entry jis[LEXICON_ENTRIES_MAX]; /* pairs inside ESC $ B */
    size_t jis_count;
    const struct entity_row *entities;
    size_t entity_count;
};

/* The entry that bytes[0..length) begins with, or NULL. */
const struct lexicon_entry *lexicon_find(const struct lexicon *lexicon,
                                         const uint8_t *bytes, size_t length);

/* The point of a code point, or NULL. */
const struct lexicon_point *lexicon_point(const struct lexicon *lexicon,
                                          uint32_t code_point);

#endif /* SIEVE_DETECT_LEXICON_H */
