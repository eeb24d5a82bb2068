/* utf8.h - the code points of a table's text. */
#ifndef SIEVE_PATTERNS_UTF8_H
#define SIEVE_PATTERNS_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* The bytes that the first character of text[0..length) takes; 0 if there is none or it
 * is not well-formed (overlong, surrogate, beyond U+10FFFF, cut). */
size_t utf8_decode(const char *text, size_t length, uint32_t *code_point_out);

#endif /* SIEVE_PATTERNS_UTF8_H */
