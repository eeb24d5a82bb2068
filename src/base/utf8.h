/* utf8.h - telling whether bytes are UTF-8. */
#ifndef SIEVE_BASE_UTF8_H
#define SIEVE_BASE_UTF8_H

#include "base/bytes.h"

/* Bytes of the character at the start: 1 to 4, or 0 if it is none (overlong,
 * surrogate, past U+10FFFF, cut short, or no bytes at all). */
size_t utf8_character(struct bytes bytes);

/* The character at the start as a code point; `length` is what utf8_character()
 * returned, not 0. */
unsigned long utf8_code_point(const unsigned char *at, size_t length);

/* 1 if all of it is UTF-8. */
int utf8_valid(struct bytes bytes);

#endif /* SIEVE_BASE_UTF8_H */
