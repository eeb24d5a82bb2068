/* text.h - a growing run of bytes for tests.  Aborts when out of memory. */
#ifndef TESTS_SUPPORT_TEXT_H
#define TESTS_SUPPORT_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* Starts as {0}.  The bytes stay valid until the next text_add*() or text_done(). */
struct text {
    uint8_t *bytes;
    size_t length;
    size_t capacity;
};

void text_add(struct text *text, const void *bytes, size_t length);
void text_add_byte(struct text *text, unsigned byte);
void text_add_string(struct text *text, const char *string);

/* As printf(); only for short ASCII. */
void text_add_format(struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds `string` with its escapes undone: \n \r \t \e \\ \" \0 \xHH. */
void text_add_escaped(struct text *text, const char *string, size_t length);

/* The other way: `bytes` as a line of ASCII that text_add_escaped() reads. */
void text_add_shown(struct text *text, const void *bytes, size_t length);

/* NUL-ended view of the bytes; the NUL is not counted. */
const char *text_string(struct text *text);

void text_clear(struct text *text);
void text_done(struct text *text);

#endif
