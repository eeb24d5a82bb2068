#include "pipeline/mask.h"

#include <stdlib.h>

struct mask_stage {
    struct stage base;
    sieve_stream *stream;
    sieve_on_finding on_finding;
    void *context;
};

static struct mask_stage *mask_of(struct stage *self)
{
    return (struct mask_stage *)self;
}

static sieve_status mask_write(struct stage *self, struct bytes chunk)
{
    return sieve_stream_write(mask_of(self)->stream, chunk.at, chunk.length);
}

static sieve_status mask_room(struct stage *self, void **at_out, size_t *capacity_out)
{
    return sieve_stream_room(mask_of(self)->stream, at_out, capacity_out);
}

static sieve_status mask_commit(struct stage *self, size_t length)
{
    return sieve_stream_commit(mask_of(self)->stream, length);
}

static sieve_status mask_finish(struct stage *self)
{
    sieve_status status = sieve_stream_finish(mask_of(self)->stream);
    return status == SIEVE_OK ? stage_finish(self->next) : status;
}

static void mask_free(struct stage *self)
{
    struct mask_stage *mask = mask_of(self);
    stage_free(self->next);
    sieve_stream_free(mask->stream);
    free(mask);
}

static const struct stage_ops mask_stage_ops = {
    .name = "mask",
    .write = mask_write,
    .room = mask_room,
    .commit = mask_commit,
    .finish = mask_finish,
    .free = mask_free,
};

static sieve_next tell(const sieve_finding *finding, void *context)
{
    const struct mask_stage *mask = context;
    return mask->on_finding ? mask->on_finding(finding, mask->context) : SIEVE_CONTINUE;
}

static sieve_status hand_on(const void *bytes, size_t length, void *context)
{
    const struct mask_stage *mask = context;
    return stage_write(mask->base.next, bytes_of(bytes, length));
}

sieve_status mask_stage_new(sieve_scanner *scanner, sieve_on_finding on_finding,
                            void *context, struct stage *next, struct stage **out)
{
    struct mask_stage *mask = calloc(1, sizeof *mask);
    if (!mask)
        return SIEVE_E_MEMORY;
    *mask = (struct mask_stage){
        .base = {&mask_stage_ops, NULL},
        .on_finding = on_finding,
        .context = context,
    };
    const sieve_stream_sink sink = {tell, hand_on, mask};
    sieve_status status = sieve_stream_new(scanner, &sink, &mask->stream);
    if (status != SIEVE_OK) {
        mask_free(&mask->base);
        return status;
    }
    mask->base.next = next;
    *out = &mask->base;
    return SIEVE_OK;
}

size_t mask_stage_held(const struct stage *stage)
{
    return sieve_stream_held(((const struct mask_stage *)stage)->stream);
}

sieve_status mask_stage_pause(struct stage *stage)
{
    return sieve_stream_pause(mask_of(stage)->stream);
}

sieve_status mask_stage_flush(struct stage *stage)
{
    return sieve_stream_flush(mask_of(stage)->stream);
}
