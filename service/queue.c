#include "service/queue.h"

#include <stdlib.h>

void queue_init(struct queue *queue, size_t ceiling)
{
    buffer_init(&queue->buffer, ceiling);
    queue->taken = 0;
}

void queue_done(struct queue *queue)
{
    buffer_done(&queue->buffer);
    queue->taken = 0;
}

/* What was taken makes room once it is the larger part, so each byte moves once.  It is
 * wiped with all the rest, in the end. */
static void close_gap(struct queue *queue)
{
    struct buffer *buffer = &queue->buffer;
    const size_t left = buffer->length - queue->taken;
    if (queue->taken == 0 || queue->taken < left)
        return;
    memmove(buffer->at, buffer->at + queue->taken, left);
    buffer->length = left;
    queue->taken = 0;
}

sieve_status queue_put(struct queue *queue, struct bytes bytes)
{
    if (queue->buffer.capacity - queue->buffer.length < bytes.length)
        close_gap(queue);
    return bytes.length > 0 ? buffer_append(&queue->buffer, bytes) : SIEVE_OK;
}

size_t queue_take(struct queue *queue, void *to, size_t capacity)
{
    const struct bytes waiting = queue_bytes(queue);
    const size_t count = waiting.length < capacity ? waiting.length : capacity;
    if (count == 0)
        return 0;
    memcpy(to, waiting.at, count);
    queue->taken += count;
    if (count == waiting.length)
        close_gap(queue);
    return count;
}

/* Mostly one of them is empty: then none of the bytes move. */
sieve_status queue_move(struct queue *to, struct queue *from)
{
    if (queue_bytes(to).length > 0) {
        const sieve_status status = queue_put(to, queue_bytes(from));
        if (status != SIEVE_OK)
            return status;
    } else {
        const struct queue empty = *to;
        *to = *from;
        *from = empty;
    }
    from->buffer.length = from->taken = 0;
    return SIEVE_OK;
}

/* ---- the step ------------------------------------------------------------------------
 */

struct queue_stage {
    struct stage base;
    struct queue *queue;
};

static sieve_status write_stage(struct stage *self, struct bytes chunk)
{
    return queue_put(((struct queue_stage *)self)->queue, chunk);
}

static sieve_status finish_stage(struct stage *self)
{
    (void)self;
    return SIEVE_OK;
}

static void free_stage(struct stage *self)
{
    free(self);
}

static const struct stage_ops queue_stage_ops = {
    .name = "queue",
    .write = write_stage,
    .finish = finish_stage,
    .free = free_stage,
};

sieve_status queue_stage_new(struct queue *queue, struct stage **out)
{
    struct queue_stage *stage = calloc(1, sizeof *stage);
    if (!stage)
        return SIEVE_E_MEMORY;
    stage->base.ops = &queue_stage_ops;
    stage->queue = queue;
    *out = &stage->base;
    return SIEVE_OK;
}
