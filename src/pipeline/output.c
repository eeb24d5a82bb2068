#include "pipeline/output.h"

#include <stdlib.h>

struct output_stage {
    struct stage base;
    struct writer *writer;
};

static sieve_status output_write(struct stage *self, struct bytes chunk)
{
    struct writer *writer = ((struct output_stage *)self)->writer;
    writer_put(writer, chunk);
    return writer->status;
}

static sieve_status output_finish(struct stage *self)
{
    return writer_flush(((struct output_stage *)self)->writer);
}

static void output_free(struct stage *self)
{
    free(self);
}

static const struct stage_ops output_stage_ops = {
    .name = "output",
    .write = output_write,
    .finish = output_finish,
    .free = output_free,
};

sieve_status output_stage_new(struct writer *writer, struct stage **out)
{
    struct output_stage *stage = calloc(1, sizeof *stage);
    if (!stage)
        return SIEVE_E_MEMORY;
    stage->base.ops = &output_stage_ops;
    stage->writer = writer;
    *out = &stage->base;
    return SIEVE_OK;
}
