#include "base/buffer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/wipe.h"

#define FIRST_CAPACITY 256

void buffer_init(struct buffer *buffer, size_t ceiling)
{
    *buffer = (struct buffer){.ceiling = ceiling};
}

void buffer_done(struct buffer *buffer)
{
    wipe_free(buffer->at, buffer->capacity);
    buffer->at = NULL;
    buffer->length = 0;
    buffer->capacity = 0;
}

void buffer_clear(struct buffer *buffer)
{
    wipe(buffer->at, buffer->length);
    buffer->length = 0;
}

static size_t grown_capacity(const struct buffer *buffer, size_t needed)
{
    size_t capacity = buffer->capacity ? buffer->capacity : FIRST_CAPACITY;
    while (capacity < needed)
        capacity = capacity > buffer->ceiling / 2 ? buffer->ceiling : capacity * 2;
    return capacity < buffer->ceiling ? capacity : buffer->ceiling;
}

sieve_status buffer_reserve(struct buffer *buffer, size_t count)
{
    if (count <= buffer->capacity - buffer->length)
        return SIEVE_OK;
    if (count > buffer->ceiling - buffer->length)
        return SIEVE_E_LIMIT;

    /* Not realloc: it would leave a copy of the old bytes behind. */
    size_t capacity = grown_capacity(buffer, buffer->length + count);
    unsigned char *at = malloc(capacity);
    if (!at)
        return SIEVE_E_MEMORY;
    if (buffer->length > 0)
        memcpy(at, buffer->at, buffer->length);
    wipe_free(buffer->at, buffer->capacity);
    buffer->at = at;
    buffer->capacity = capacity;
    return SIEVE_OK;
}

sieve_status buffer_append_doubled(struct buffer *buffer, struct bytes text, char special)
{
    sieve_status status = SIEVE_OK;
    while (text.length > 0 && status == SIEVE_OK) {
        const unsigned char *found = memchr(text.at, special, text.length);
        const size_t length = found ? (size_t)(found - text.at) + 1 : text.length;
        status = buffer_append(buffer, bytes_of(text.at, length));
        if (found && status == SIEVE_OK)
            status = buffer_append(buffer, bytes_of(&special, 1));
        text = bytes_from(text, length);
    }
    return status;
}

sieve_status buffer_append_quoted(struct buffer *buffer, struct bytes text, char quote)
{
    sieve_status status = buffer_append(buffer, bytes_of(&quote, 1));
    if (status == SIEVE_OK)
        status = buffer_append_doubled(buffer, text, quote);
    return status == SIEVE_OK ? buffer_append(buffer, bytes_of(&quote, 1)) : status;
}

sieve_status buffer_append_hex(struct buffer *buffer, struct bytes bytes)
{
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < bytes.length && status == SIEVE_OK; index++) {
        char pair[3];
        number_hex(bytes.at + index, 1, pair);
        status = buffer_append(buffer, bytes_of(pair, 2));
    }
    return status;
}
