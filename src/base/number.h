/* number.h - numbers as text, and text with units as numbers. */
#ifndef SIEVE_BASE_NUMBER_H
#define SIEVE_BASE_NUMBER_H

#include <stddef.h>
#include <stdint.h>

#define NUMBER_TEXT_MAX 32

/* "0", "18446744073709551615".  Returns the length; `out` is NUL-ended. */
size_t number_text(uint64_t number, char out[NUMBER_TEXT_MAX]);

/* The same with its sign. */
size_t number_signed_text(int64_t number, char out[NUMBER_TEXT_MAX]);

/* "1,234,567" for people. */
size_t number_grouped(uint64_t number, char out[NUMBER_TEXT_MAX]);

/* Bytes for people: "512 B", "1.5 MiB". */
size_t number_size(uint64_t bytes, char out[NUMBER_TEXT_MAX]);

/* Seconds with `places` (0 to 6) decimal places: "0.021". */
size_t number_seconds(uint64_t nanoseconds, int places, char out[NUMBER_TEXT_MAX]);

/* Lower-case hex of `length` bytes; `out` holds 2 * length + 1. */
void number_hex(const unsigned char *bytes, size_t length, char *out);

/* 0 to 15, or -1 if it is none, in either case. */
static inline int number_hex_digit(unsigned char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* Plain digits, at most `maximum`.  0, or -1 if the text is anything else. */
int number_parse(const char *text, uint64_t maximum, uint64_t *out);

/* A size in bytes: digits and one of K M G T (times 1024), or nothing. */
int number_parse_size(const char *text, uint64_t *out);

/* A time in milliseconds: digits and one of ms s m, which may not be left out. */
int number_parse_time(const char *text, uint64_t *out);

#endif /* SIEVE_BASE_NUMBER_H */
