/* queue.h - bytes between one who writes and one who reads, of the same thread. */
#ifndef SIEVE_SERVICE_QUEUE_H
#define SIEVE_SERVICE_QUEUE_H

#include "base/buffer.h"
#include "pipeline/stage.h"

struct queue {
    struct buffer buffer;
    size_t taken; /* of the buffer, from its begin */
};

/* No more than `ceiling` bytes may wait. */
void queue_init(struct queue *queue, size_t ceiling);
void queue_done(struct queue *queue); /* wipes */

/* All of it or SIEVE_E_LIMIT, SIEVE_E_MEMORY. */
sieve_status queue_put(struct queue *queue, struct bytes bytes) SIEVE_MUST_CHECK;

/* Takes up to `capacity` bytes; how many, 0 if there are none. */
size_t queue_take(struct queue *queue, void *to, size_t capacity);

/* All of it goes behind what is in the other one, which has the same ceiling; as
 * queue_put(). */
sieve_status queue_move(struct queue *to, struct queue *from) SIEVE_MUST_CHECK;

static inline struct bytes queue_bytes(const struct queue *queue)
{
    return bytes_from(buffer_bytes(&queue->buffer), queue->taken);
}

/* The last step of a pipeline, which puts into the queue; borrows it until free. */
sieve_status queue_stage_new(struct queue *queue, struct stage **out) SIEVE_MUST_CHECK;

#endif /* SIEVE_SERVICE_QUEUE_H */
