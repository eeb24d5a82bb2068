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

/* How many of `length` more bytes may pass. */
static size_t allowance(const struct limit_stage *self, size_t length)
{
    const struct limit *limit = &self->limit;
    uint64_t most = limit->total;
    if (limit->ratio > 0 && *limit->taken < UINT64_MAX / limit->ratio) {
        uint64_t ratio = limit->ratio * *limit->taken;
        uint64_t least = ratio < LIMIT_FREE_LENGTH ? LIMIT_FREE_LENGTH : ratio;
        most = least < most ? least : most;
    }
    uint64_t left = most > self->passed ? most - self->passed : 0;
    return left < length ? (size_t)left : length;
}

/* What is allowed goes on, so that it is looked at; then comes the refusal. */
static sieve_status limit_write(struct stage *self, struct bytes chunk)
{
    struct limit_stage *stage = limit_of(self);
    const size_t length = allowance(stage, chunk.length);
    sieve_status status = SIEVE_OK;
    if (length > 0)
        status = stage_write(self->next, bytes_of(chunk.at, length));
    stage->passed += length;
    if (status != SIEVE_OK || length == chunk.length)
        return status;
    return refuse(&stage->limit, stage->passed >= stage->limit.total
                                     ? "it expands to more than --max-expanded allows"
                                     : "it expands more times than --max-ratio allows");
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
