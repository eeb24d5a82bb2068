#include "base/buffer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

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
