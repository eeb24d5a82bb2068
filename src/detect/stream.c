/* stream.c - a body that arrives in pieces.
 *
 * A number is one only when what stands behind it has been seen, so the last bytes wait:
 * SIEVE_AFTER of them, or, when a line has ended, none but those of a number that may
 * wrap to the next line.  Bytes that were handed on stay in the buffer, unmasked, as long
 * as something behind them may still be judged by them.
 *
 *   | looked at already | settled, to be handed on | waits |  room  |
 *   0                 handed                    settled   filled  capacity
 */
#include <stdlib.h>
#include <string.h>

#include "detect/settle.h"

#define ROOM_LENGTH (128u << 10)
#define CAPACITY    (SIEVE_BEFORE + SIEVE_AFTER + ROOM_LENGTH)

struct sieve_stream {
    sieve_scanner *scanner;
    sieve_stream_sink sink;
    struct body body;
    uint8_t *bytes;
    uint8_t *masked; /* what is handed on where digits are hidden; made when needed */
    uint64_t base;   /* of bytes[0] in the body */
    size_t handed;
    size_t settled;
    size_t filled;
    bool ended;
    sieve_status failed; /* the first failure, kept */
};

sieve_status sieve_stream_new(sieve_scanner *scanner, const sieve_stream_sink *sink,
                              sieve_stream **out)
{
    if (!scanner || !sink || !out)
        return SIEVE_E_INVALID;
    sieve_stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        return SIEVE_E_MEMORY;
    stream->bytes = malloc(CAPACITY);
    if (!stream->bytes) {
        free(stream);
        return SIEVE_E_MEMORY;
    }
    stream->scanner = scanner;
    stream->sink = *sink;
    body_begin(&stream->body, sink->on_finding, sink->context);
    stream->body.masking = sink->on_bytes != NULL;
    *out = stream;
    return SIEVE_OK;
}

static void wipe(void *bytes, size_t length)
{
    if (!bytes)
        return;
    memset(bytes, 0, length);
    __asm__ __volatile__("" : : "r"(bytes) : "memory"); /* not to be optimised away */
}

void sieve_stream_free(sieve_stream *stream)
{
    if (!stream)
        return;
    body_done(&stream->body);
    wipe(stream->bytes, CAPACITY);
    free(stream->bytes);
    free(stream->masked);
    wipe(stream, sizeof *stream);
    free(stream);
}

/* ---- how far is it settled ----------------------------------------------------------
 */

/* All starts before the answer can be judged by the bytes at hand. */
static size_t settle_limit(sieve_stream *stream, const struct view *view,
                           enum settlement settlement)
{
    if (settlement == SETTLE_END)
        return stream->filled;
    size_t limit = stream->settled;
    if (stream->filled > limit + SIEVE_AFTER)
        limit = stream->filled - SIEVE_AFTER;
    if (!stream->sink.on_bytes) /* nobody waits for the bytes */
        return limit;
    return settle_line(stream->scanner, &stream->body.header, view, limit, settlement);
}

/* The head is read once its line, or all of SIEVE_HEAD, is there. */
static sieve_status read_head(sieve_stream *stream, bool at_end, bool *wait_out)
{
    *wait_out = false;
    if (stream->body.header_known)
        return SIEVE_OK;
    size_t length = stream->filled < SIEVE_HEAD ? stream->filled : SIEVE_HEAD;
    bool known = at_end || length == SIEVE_HEAD || memchr(stream->bytes, '\n', length);
    *wait_out = !known;
    if (!known)
        return SIEVE_OK;
    return body_read_head(&stream->body, stream->scanner, stream->bytes, length);
}

/* ---- handing on
 * ------------------------------------------------------------------------ */

static sieve_status hand_on(sieve_stream *stream)
{
    size_t length = stream->settled - stream->handed;
    if (!stream->sink.on_bytes || length == 0) {
        stream->handed = stream->settled;
        return SIEVE_OK;
    }
    const uint8_t *from = stream->bytes + stream->handed;
    uint64_t until = stream->base + stream->settled;
    if (mask_is_due(&stream->body.hides, until)) {
        if (!stream->masked)
            stream->masked = malloc(CAPACITY);
        if (!stream->masked)
            return SIEVE_E_MEMORY;
        memcpy(stream->masked, from, length);
        mask_apply(&stream->body.hides, stream->masked, stream->base + stream->handed,
                   until);
        from = stream->masked;
    }
    stream->handed = stream->settled;
    stream->scanner->busy = true;
    sieve_status status = stream->sink.on_bytes(from, length, stream->sink.context);
    stream->scanner->busy = false;
    return status;
}

/* A digit's unit may begin before the limit and end behind it: it is handed on whole. */
static size_t whole_hides(const sieve_stream *stream, size_t limit)
{
    const struct hide_list *hides = &stream->body.hides;
    for (size_t i = 0; i < hides->count; i++) {
        size_t at = (size_t)(hides->items[i].at - stream->base);
        if (at < limit && at + hides->items[i].length > limit)
            return at;
    }
    return limit;
}

static sieve_status settle(sieve_stream *stream, enum settlement settlement)
{
    bool wait = false;
    sieve_status status = read_head(stream, settlement == SETTLE_END, &wait);
    if (status != SIEVE_OK || wait)
        return status;
    struct view view = {stream->bytes, stream->filled, stream->base,
                        stream->scanner->rules->lexicon};
    size_t limit = settle_limit(stream, &view, settlement);
    if (limit > stream->settled) {
        status = body_scan(&stream->body, stream->scanner, &view,
                           stream->base + stream->settled, stream->base + limit);
        if (status != SIEVE_OK)
            return status;
        stream->settled = limit;
    }
    size_t settled = stream->settled;
    stream->settled = whole_hides(stream, settled);
    status = hand_on(stream);
    stream->settled = settled;
    return status;
}

/* Moves what is still needed to the front. */
static void make_room(sieve_stream *stream)
{
    size_t keep = stream->handed < stream->settled ? stream->handed : stream->settled;
    size_t drop = keep > SIEVE_BEFORE ? keep - SIEVE_BEFORE : 0;
    if (drop == 0 || CAPACITY - stream->filled > ROOM_LENGTH / 2)
        return;
    memmove(stream->bytes, stream->bytes + drop, stream->filled - drop);
    stream->base += drop;
    stream->handed -= drop;
    stream->settled -= drop;
    stream->filled -= drop;
}

static sieve_status check(const sieve_stream *stream)
{
    if (!stream)
        return SIEVE_E_INVALID;
    if (stream->failed != SIEVE_OK)
        return SIEVE_E_STATE;
    return stream->ended || stream->scanner->busy ? SIEVE_E_STATE : SIEVE_OK;
}

sieve_status sieve_stream_room(sieve_stream *stream, void **bytes_out,
                               size_t *capacity_out)
{
    sieve_status status = check(stream);
    if (status == SIEVE_OK && (!bytes_out || !capacity_out))
        status = SIEVE_E_INVALID;
    if (status != SIEVE_OK)
        return status;
    make_room(stream);
    *bytes_out = stream->bytes + stream->filled;
    *capacity_out = CAPACITY - stream->filled;
    return SIEVE_OK;
}

sieve_status sieve_stream_commit(sieve_stream *stream, size_t length)
{
    sieve_status status = check(stream);
    if (status == SIEVE_OK && length > CAPACITY - stream->filled)
        status = SIEVE_E_INVALID;
    if (status != SIEVE_OK || length == 0)
        return status;
    stream->filled += length;
    status = settle(stream, SETTLE_SURE);
    if (status != SIEVE_OK)
        stream->failed = status;
    return status;
}

sieve_status sieve_stream_write(sieve_stream *stream, const void *bytes, size_t length)
{
    sieve_status status = check(stream);
    if (status == SIEVE_OK && !bytes && length > 0)
        status = SIEVE_E_INVALID;
    const uint8_t *from = bytes;
    while (status == SIEVE_OK && length > 0) {
        void *room = NULL;
        size_t capacity = 0;
        status = sieve_stream_room(stream, &room, &capacity);
        if (status != SIEVE_OK)
            break;
        size_t part = length < capacity ? length : capacity;
        memcpy(room, from, part);
        status = sieve_stream_commit(stream, part);
        from += part;
        length -= part;
    }
    return status;
}

size_t sieve_stream_held(const sieve_stream *stream)
{
    return stream ? stream->filled - stream->handed : 0;
}

static sieve_status settle_now(sieve_stream *stream, enum settlement settlement)
{
    sieve_status status = check(stream);
    if (status != SIEVE_OK)
        return status;
    status = settle(stream, settlement);
    if (status != SIEVE_OK)
        stream->failed = status;
    return status;
}

sieve_status sieve_stream_pause(sieve_stream *stream)
{
    return settle_now(stream, SETTLE_PAUSE);
}

sieve_status sieve_stream_flush(sieve_stream *stream)
{
    return settle_now(stream, SETTLE_END);
}

sieve_status sieve_stream_finish(sieve_stream *stream)
{
    sieve_status status = check(stream);
    if (status != SIEVE_OK)
        return status;
    stream->ended = true;
    status = settle(stream, SETTLE_END);
    if (status == SIEVE_OK)
        status = body_finish(&stream->body, stream->scanner);
    if (status != SIEVE_OK)
        stream->failed = status;
    return status;
}
