#include "pipeline/limit.h"

#include <stdlib.h>

struct limit_stage {
    struct stage base;
    struct limit limit;
    uint64_t passed;
};

static struct limit_stage *limit_of(struct stage *self)
{
    return (struct limit_stage *)self;
}

static sieve_status refuse(const struct limit *limit, const char *what)
{
    if (limit->error) {
        limit->error->status = SIEVE_E_LIMIT;
        limit->error->what = what;
    }
    return SIEVE_E_LIMIT;
}

static sieve_status pass(struct limit_stage *self, size_t length)
{
    const struct limit *limit = &self->limit;
    self->passed += length;
    if (self->passed > limit->total)
        return refuse(limit, "it expands to more than --max-expanded allows");
    if (limit->ratio > 0 && self->passed > LIMIT_FREE_LENGTH &&
        self->passed / limit->ratio > *limit->taken)
        return refuse(limit, "it expands more times than --max-ratio allows");
    return SIEVE_OK;
}

static sieve_status limit_write(struct stage *self, struct bytes chunk)
{
    sieve_status status = pass(limit_of(self), chunk.length);
    return status == SIEVE_OK ? stage_write(self->next, chunk) : status;
}

static sieve_status limit_finish(struct stage *self)
{
    return stage_finish(self->next);
}

static void limit_free(struct stage *self)
{
    stage_free(self->next);
    free(self);
}

static const struct stage_ops limit_stage_ops = {
    .name = "limit",
    .write = limit_write,
    .finish = limit_finish,
    .free = limit_free,
};

sieve_status limit_stage_new(const struct limit *limit, struct stage *next,
                             struct stage **out)
{
    struct limit_stage *stage = calloc(1, sizeof *stage);
    if (!stage)
        return SIEVE_E_MEMORY;
    stage->base = (struct stage){&limit_stage_ops, next};
    stage->limit = *limit;
    *out = &stage->base;
    return SIEVE_OK;
}
