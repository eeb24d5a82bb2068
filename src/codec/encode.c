/* encode.c - what is the same for all codings when bytes are coded again. */
#include "codec/codec.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

struct encode_stage {
    struct stage base;
    const struct codec *codec;
    void *state;
    unsigned char room[CHUNK_LENGTH];
};

/* Runs the encoder until it has taken all (and, at the end, given all). */
static sieve_status encode(struct encode_stage *self, struct bytes input, int at_end)
{
    for (;;) {
        struct coder_work work = {input, self->room, sizeof self->room, at_end};
        enum coder_step step = self->codec->encoder->step(self->state, &work);
        const size_t made = sizeof self->room - work.capacity;
        sieve_status status = SIEVE_OK;
        if (step != CODER_MORE && step != CODER_END)
            return step == CODER_FAILED ? SIEVE_E_MEMORY : SIEVE_E_INTERNAL;
        if (made > 0)
            status = stage_write(self->base.next, bytes_of(self->room, made));
        if (status != SIEVE_OK || step == CODER_END)
            return status;
        input = work.input;
        if (!at_end && input.length == 0 && work.capacity > 0)
            return SIEVE_OK;
    }
}

static sieve_status encode_write(struct stage *self, struct bytes chunk)
{
    return chunk.length > 0 ? encode((struct encode_stage *)self, chunk, 0) : SIEVE_OK;
}

static sieve_status encode_finish(struct stage *self)
{
    sieve_status status = encode((struct encode_stage *)self, bytes_of(NULL, 0), 1);
    return status == SIEVE_OK ? stage_finish(self->next) : status;
}

static void encode_free(struct stage *self)
{
    struct encode_stage *stage = (struct encode_stage *)self;
    stage_free(self->next);
    stage->codec->encoder->close(stage->state);
    free(stage);
}

static const struct stage_ops encode_stage_ops = {
    .name = "encode",
    .write = encode_write,
    .finish = encode_finish,
    .free = encode_free,
};

sieve_status encode_stage_new(const struct codec *codec, struct stage *next,
                              struct stage **out)
{
    struct encode_stage *stage = malloc(sizeof *stage);
    if (!stage)
        return SIEVE_E_MEMORY;
    memset(stage, 0, offsetof(struct encode_stage, room));
    sieve_status status = codec->encoder->open(0, &stage->state);
    if (status != SIEVE_OK) {
        free(stage);
        return status;
    }
    stage->base = (struct stage){&encode_stage_ops, next};
    stage->codec = codec;
    *out = &stage->base;
    return SIEVE_OK;
}
