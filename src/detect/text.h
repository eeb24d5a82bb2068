/* text.h - the characters around a number, whatever they are written in. */
#ifndef SIEVE_DETECT_TEXT_H
#define SIEVE_DETECT_TEXT_H

#include "detect/unit.h"

#define NOT_ASCII (-1)

/* A character and the bytes it takes; length 0: there is none. */
struct character {
    int value; /* ASCII, or NOT_ASCII */
    size_t length;
};

/* Of a character's value; NOT_ASCII is neither. */
static inline bool value_is_hex(int value)
{
    return value >= 0 && hex_value((uint8_t)value) >= 0;
}

static inline bool value_is_alnum(int value)
{
    return value >= 0 && byte_is_alnum((uint8_t)value);
}

/* The character that begins at `at`, or ends there.  An escape of the mode is the
 * character it stands for. */
struct character character_at(const struct view *view, enum mode mode, size_t at);
struct character character_before(const struct view *view, enum mode mode, size_t at);

/* character_at() where %2520 is a percent sign and no space: see recoded.h. */
struct character character_coded_once(const struct view *view, enum mode mode, size_t at);

/* True if the letter that ends at `at` is the second byte of a character of CP932. */
bool text_is_trail(const struct view *view, size_t at);

#endif /* SIEVE_DETECT_TEXT_H */
