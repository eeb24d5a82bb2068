/* text.h - a growing run of bytes and the words corpora are written with. */
#ifndef BENCH_TEXT_H
#define BENCH_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "dice.h"

struct text {
    char *at;
    size_t length;
    size_t capacity;
};

void text_done(struct text *text);

/* Room for `length` more bytes; ends the program if there is no memory. */
void text_reserve(struct text *text, size_t length);

void text_bytes(struct text *text, const char *bytes, size_t length);
void text_string(struct text *text, const char *string);
void text_char(struct text *text, char value);
void text_number(struct text *text, uint64_t value);
/* At least `width` digits, with leading zeros. */
void text_padded(struct text *text, uint64_t value, unsigned width);
/* `count` lower-case hex digits. */
void text_hex(struct text *text, struct dice *dice, unsigned count);
void text_digits(struct text *text, struct dice *dice, unsigned count);
/* `count` characters of base64. */
void text_base64(struct text *text, struct dice *dice, unsigned count);
/* A random UUID of version 4. */
void text_uuid(struct text *text, struct dice *dice);
/* Every byte that is not a letter or a digit as %HH. */
void text_percent(struct text *text, const char *string);
/* Characters past ASCII of a UTF-8 string as \uXXXX. */
void text_escaped(struct text *text, const char *string);
/* Full-width digits, in UTF-8. */
void text_wide_number(struct text *text, uint32_t value);

/* A moment on the clock, Japan time.  `micros` counts from 1970-01-01 UTC. */
struct moment {
    unsigned year, month, day, hour, minute, second, micro;
};
struct moment moment_at(uint64_t micros);
/* "2026-03-01" and "12:34:56". */
void text_date(struct text *text, const struct moment *moment);
void text_clock(struct text *text, const struct moment *moment);

#endif
