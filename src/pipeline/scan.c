#include "pipeline/scan.h"

#include <stdlib.h>

struct scan_stage {
    struct stage base;
    struct window *window;
};

static sieve_status scan_write(struct stage *self, struct bytes chunk)
{
    return window_write(((struct scan_stage *)self)->window, chunk);
}

static sieve_status scan_room(struct stage *self, void **at_out, size_t *capacity_out)
{
    return window_room(((struct scan_stage *)self)->window, at_out, capacity_out);
}

static sieve_status scan_commit(struct stage *self, size_t length)
{
    return window_commit(((struct scan_stage *)self)->window, length);
}

static sieve_status scan_finish(struct stage *self)
{
    return window_finish(((struct scan_stage *)self)->window);
}

static void scan_free(struct stage *self)
{
    free(self);
}

static const struct stage_ops scan_stage_ops = {
    .name = "scan",
    .write = scan_write,
    .room = scan_room,
    .commit = scan_commit,
    .finish = scan_finish,
    .free = scan_free,
};

sieve_status scan_stage_new(struct window *window, struct stage **out)
{
    struct scan_stage *stage = calloc(1, sizeof *stage);
    if (!stage)
        return SIEVE_E_MEMORY;
    stage->base.ops = &scan_stage_ops;
    stage->window = window;
    *out = &stage->base;
    return SIEVE_OK;
}
