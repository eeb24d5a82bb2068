/* buffer.h - bytes that grow, under a ceiling.
 *
 * No buffer exists without a ceiling.  What a buffer held is wiped when it grows,
 * is cleared or ends.
 */
#ifndef SIEVE_BASE_BUFFER_H
#define SIEVE_BASE_BUFFER_H

#include "base/bytes.h"
#include "cardsieve.h"

struct buffer {
    unsigned char *at;
    size_t length;
    size_t capacity;
    size_t ceiling; /* bytes; capacity never passes it */
};

/* Owns nothing yet. */
void buffer_init(struct buffer *buffer, size_t ceiling);

/* Wipes and releases; the buffer may be used again. */
void buffer_done(struct buffer *buffer);

/* Wipes and forgets the bytes, keeps the capacity. */
void buffer_clear(struct buffer *buffer);

/* Makes room for `count` more bytes behind the length.  SIEVE_E_LIMIT past the
 * ceiling, SIEVE_E_MEMORY; the bytes held stay as they are. */
sieve_status buffer_reserve(struct buffer *buffer, size_t count) SIEVE_MUST_CHECK;

/* Takes all of it or fails as buffer_reserve(). */
static inline sieve_status SIEVE_MUST_CHECK buffer_append(struct buffer *buffer,
                                                          struct bytes bytes)
{
    if (bytes.length == 0)
        return SIEVE_OK;
    if (bytes.length > buffer->capacity - buffer->length) {
        const sieve_status status = buffer_reserve(buffer, bytes.length);
        if (status != SIEVE_OK)
            return status;
    }
    memcpy(buffer->at + buffer->length, bytes.at, bytes.length);
    buffer->length += bytes.length;
    return SIEVE_OK;
}

/* Appends the text with each `special` in it twice; the same between two of them. */
sieve_status buffer_append_doubled(struct buffer *buffer, struct bytes text,
                                   char special) SIEVE_MUST_CHECK;
sieve_status buffer_append_quoted(struct buffer *buffer, struct bytes text,
                                  char quote) SIEVE_MUST_CHECK;

/* Appends lower-case hex. */
sieve_status buffer_append_hex(struct buffer *buffer,
                               struct bytes bytes) SIEVE_MUST_CHECK;

static inline struct bytes buffer_bytes(const struct buffer *buffer)
{
    return bytes_of(buffer->at, buffer->length);
}

#endif /* SIEVE_BASE_BUFFER_H */
