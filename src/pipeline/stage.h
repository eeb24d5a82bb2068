/* stage.h - one step of a pipeline: bytes come in, bytes may go on to the next step.
 *
 *   1. write() takes the whole chunk or fails; the chunk is borrowed for the call.
 *   2. finish() comes once, after the last write(): it settles what is held back
 *      and then finishes the next step.
 *   3. After a failure only free() may follow.
 *   4. A step owns the next one: freeing the first frees them all.
 *
 * A step that keeps bytes anyway lends its memory instead of copying: room() gives at
 * least one byte to write into, commit() takes the first `length` of them.  Both are
 * NULL in a step that has nothing to lend.
 */
#ifndef SIEVE_PIPELINE_STAGE_H
#define SIEVE_PIPELINE_STAGE_H

#include "base/bytes.h"
#include "cardsieve.h"

struct stage;

struct stage_ops {
    const char *name;
    sieve_status (*write)(struct stage *self, struct bytes chunk);
    sieve_status (*room)(struct stage *self, void **at_out, size_t *capacity_out);
    sieve_status (*commit)(struct stage *self, size_t length);
    sieve_status (*finish)(struct stage *self);
    void (*free)(struct stage *self);
};

/* First member of every concrete step. */
struct stage {
    const struct stage_ops *ops;
    struct stage *next; /* NULL for the last step */
};

static inline sieve_status stage_write(struct stage *stage, struct bytes chunk)
{
    return stage->ops->write(stage, chunk);
}

static inline sieve_status stage_finish(struct stage *stage)
{
    return stage->ops->finish(stage);
}

static inline void stage_free(struct stage *stage)
{
    if (stage)
        stage->ops->free(stage);
}

#endif /* SIEVE_PIPELINE_STAGE_H */
