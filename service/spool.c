#include "service/spool.h"

#include "service/limits.h"
#include "service/spool_file.h"

void spool_init(struct spool *spool, const char *directory, uint64_t length_max)
{
    *spool = (struct spool){.directory = directory, .length_max = length_max};
    buffer_init(&spool->memory, SPOOL_MEMORY_MAX + SPOOL_FRAME);
}

void spool_done(struct spool *spool)
{
    buffer_done(&spool->memory);
    spool_file_free(spool->file);
    spool->file = NULL;
    spool->length = 0;
}

/* Frames that are full leave the memory; at the end also the last one. */
static sieve_status move_out(struct spool *spool, int at_end)
{
    struct buffer *memory = &spool->memory;
    uint64_t index = (spool->length - memory->length) / SPOOL_FRAME;
    struct bytes left = buffer_bytes(memory);
    while (left.length >= SPOOL_FRAME || (at_end && left.length > 0)) {
        const size_t count = left.length < SPOOL_FRAME ? left.length : SPOOL_FRAME;
        sieve_status status =
            spool_file_write(spool->file, index++, bytes_of(left.at, count));
        if (status != SIEVE_OK)
            return status;
        left = bytes_from(left, count);
    }
    if (left.length > 0)
        memmove(memory->at, left.at, left.length);
    memory->length = left.length;
    return SIEVE_OK;
}

/* Some of it; the memory has a ceiling, so what is large comes in turns. */
static sieve_status write_some(struct spool *spool, struct bytes bytes)
{
    if (!spool->file && spool->memory.length + bytes.length > SPOOL_MEMORY_MAX) {
        if (!spool->directory)
            return SIEVE_E_LIMIT;
        sieve_status status = spool_file_new(spool->directory, &spool->file);
        if (status != SIEVE_OK)
            return status;
    }
    sieve_status status = buffer_append(&spool->memory, bytes);
    if (status != SIEVE_OK)
        return status;
    spool->length += bytes.length;
    return spool->file ? move_out(spool, 0) : SIEVE_OK;
}

sieve_status spool_write(struct spool *spool, struct bytes bytes)
{
    if (bytes.length > spool->length_max - spool->length)
        return SIEVE_E_LIMIT;
    while (bytes.length > 0) {
        const size_t count = bytes.length < SPOOL_FRAME ? bytes.length : SPOOL_FRAME;
        sieve_status status = write_some(spool, bytes_of(bytes.at, count));
        if (status != SIEVE_OK)
            return status;
        bytes = bytes_from(bytes, count);
    }
    return SIEVE_OK;
}

sieve_status spool_adopt(struct spool *spool, struct buffer *buffer)
{
    if (spool->length > 0)
        return SIEVE_E_STATE;
    buffer_done(&spool->memory);
    spool->memory = *buffer;
    spool->length = buffer->length;
    buffer_init(buffer, buffer->ceiling);
    return SIEVE_OK;
}

sieve_status spool_seal(struct spool *spool)
{
    if (!spool->file)
        return SIEVE_OK;
    sieve_status status = move_out(spool, 1);
    buffer_done(&spool->memory);
    return status;
}

static ssize_t give(struct bytes bytes, void *to, size_t capacity)
{
    const size_t count = bytes.length < capacity ? bytes.length : capacity;
    memcpy(to, bytes.at, count);
    return (ssize_t)count;
}

ssize_t spool_read(struct spool *spool, uint64_t offset, void *to, size_t capacity)
{
    if (offset >= spool->length)
        return 0;
    if (!spool->file)
        return give(bytes_from(buffer_bytes(&spool->memory), (size_t)offset), to,
                    capacity);
    const uint64_t index = offset / SPOOL_FRAME;
    const uint64_t rest = spool->length - index * SPOOL_FRAME;
    struct bytes frame;
    if (spool_file_read(spool->file, index,
                        rest < SPOOL_FRAME ? (size_t)rest : SPOOL_FRAME,
                        &frame) != SIEVE_OK)
        return -1;
    return give(bytes_from(frame, (size_t)(offset % SPOOL_FRAME)), to, capacity);
}
