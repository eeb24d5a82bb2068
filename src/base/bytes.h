/* bytes.h - some bytes somewhere: raw input, which has no way to be printed. */
#ifndef SIEVE_BASE_BYTES_H
#define SIEVE_BASE_BYTES_H

#include <stddef.h>
#include <string.h>

/* Borrowed; `at` may be NULL only if `length` is 0. */
struct bytes {
    const unsigned char *at;
    size_t length;
};

static inline struct bytes bytes_of(const void *at, size_t length)
{
    return (struct bytes){at, length};
}

static inline struct bytes bytes_of_text(const char *text)
{
    return (struct bytes){(const unsigned char *)text, strlen(text)};
}

/* All but the first `count` bytes, which must be there. */
static inline struct bytes bytes_from(struct bytes bytes, size_t count)
{
    /* Nothing may be added to a null pointer, not even nothing. */
    return count > 0 ? (struct bytes){bytes.at + count, bytes.length - count} : bytes;
}

#endif /* SIEVE_BASE_BYTES_H */
