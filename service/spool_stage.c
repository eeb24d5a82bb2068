#include "service/spool_stage.h"

#include <stdlib.h>

struct spool_stage {
    struct stage base;
    struct spool *spool;
};

static sieve_status spool_stage_write(struct stage *self, struct bytes chunk)
{
    return spool_write(((struct spool_stage *)self)->spool, chunk);
}

static sieve_status spool_stage_finish(struct stage *self)
{
    return spool_seal(((struct spool_stage *)self)->spool);
}

static void spool_stage_free(struct stage *self)
{
    free(self);
}

static const struct stage_ops spool_stage_ops = {
    .name = "spool",
    .write = spool_stage_write,
    .finish = spool_stage_finish,
    .free = spool_stage_free,
};

sieve_status spool_stage_new(struct spool *spool, struct stage **out)
{
    struct spool_stage *stage = calloc(1, sizeof *stage);
    if (!stage)
        return SIEVE_E_MEMORY;
    stage->base.ops = &spool_stage_ops;
    stage->spool = spool;
    *out = &stage->base;
    return SIEVE_OK;
}
