/* decode.c - what is the same for all codings: members on end, padding, damage.
 *
 * A member that is damaged is given up, and the beginning of a next one is looked for
 * in what follows; what went wrong is told when the rest has been handed on.
 */
#include "codec/codec.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/wipe.h"

struct decode_stage {
    struct stage base;
    const struct codec *codec;
    void *state;
    sieve_error *error;
    const struct gate *gate;
    int has_entered; /* the gate */
    int is_inside;   /* a member is being decoded */
    int is_damaged;  /* something was left out */
    struct margin margin;
    size_t carried; /* bytes that may begin a member */
    unsigned char carry[MAGIC_LENGTH_MAX];
    unsigned char room[CHUNK_LENGTH];
};

static struct decode_stage *decode_of(struct stage *self)
{
    return (struct decode_stage *)self;
}

/* The first trouble is the one that is told. */
static void blame(struct decode_stage *decode, sieve_status status, const char *what)
{
    if (decode->error->status == SIEVE_OK) {
        decode->error->status = status;
        decode->error->what = what;
    }
    decode->is_damaged = 1;
}

static sieve_status refuse(struct decode_stage *decode, enum coder_step step)
{
    if (step == CODER_FAILED)
        return SIEVE_E_MEMORY;
    blame(decode, SIEVE_E_LIMIT, "it needs more memory than --max-memory allows");
    return SIEVE_E_LIMIT;
}

/* CODER_MORE if the decoder may go on with more memory. */
static enum coder_step enter_gate(struct decode_stage *decode)
{
    const struct gate *gate = decode->gate;
    const struct coder *coder = decode->codec->decoder;
    if (!coder->raise || decode->has_entered || gate->memory <= DECODER_MEMORY)
        return CODER_TOO_LARGE;
    decode->has_entered = gate->enter(gate->context);
    return decode->has_entered ? coder->raise(decode->state, gate->memory)
                               : CODER_TOO_LARGE;
}

/* What the decoder took, and what it made of it. */
static sieve_status hand_on(struct decode_stage *self, struct bytes taken, size_t made)
{
    sieve_status status = margin_bytes(&self->margin, taken);
    if (status == SIEVE_OK && made > 0)
        status = stage_write(self->base.next, bytes_of(self->room, made));
    return status;
}

static sieve_status end_member(struct decode_stage *self)
{
    self->is_inside = 0;
    return margin_end(&self->margin);
}

/* Decodes one member's bytes until it ends or they do. */
static sieve_status decode(struct decode_stage *self, struct bytes *input, int at_end)
{
    for (;;) {
        struct coder_work work = {*input, self->room, sizeof self->room, at_end};
        enum coder_step step = self->codec->decoder->step(self->state, &work);
        const size_t made = sizeof self->room - work.capacity;
        const struct bytes taken = bytes_of(input->at, input->length - work.input.length);
        *input = work.input;
        sieve_status status = hand_on(self, taken, made);
        if (status != SIEVE_OK)
            return status;
        if (step == CODER_TOO_LARGE && (step = enter_gate(self)) == CODER_MORE)
            continue;
        if (step == CODER_TOO_LARGE || step == CODER_FAILED)
            return refuse(self, step);
        if (step == CODER_DAMAGED)
            blame(self, SIEVE_E_CORRUPT, self->codec->damaged);
        if (step == CODER_DAMAGED || step == CODER_END)
            return end_member(self);
        /* A full room may leave more to come, also without input. */
        if ((work.capacity > 0 && input->length == 0) || (taken.length == 0 && made == 0))
            return SIEVE_OK;
    }
}

static void drop_first(struct decode_stage *self)
{
    if (self->carry[0] != 0 || !self->codec->has_padding)
        blame(self, SIEVE_E_CORRUPT, self->codec->foreign);
    memmove(self->carry, self->carry + 1, --self->carried);
}

/* Looks for the beginning of a member; on success it has been given to the decoder. */
static sieve_status seek(struct decode_stage *self, struct bytes *input)
{
    while (input->length > 0) {
        self->carry[self->carried++] = input->at[0];
        *input = bytes_from(*input, 1);
        if (codec_begins(self->codec, self->carry, self->carried)) {
            struct bytes first = bytes_of(self->carry, self->carried);
            if (self->codec->decoder->again(self->state) < 0)
                return SIEVE_E_MEMORY;
            self->carried = 0;
            self->is_inside = 1;
            margin_begin(&self->margin);
            return decode(self, &first, 0);
        }
        if (self->carried == MAGIC_LENGTH_MAX)
            drop_first(self);
    }
    return SIEVE_OK;
}

static sieve_status decode_write(struct stage *self, struct bytes chunk)
{
    struct decode_stage *stage = decode_of(self);
    sieve_status status = SIEVE_OK;
    while (chunk.length > 0 && status == SIEVE_OK) {
        size_t before = chunk.length;
        status = stage->is_inside ? decode(stage, &chunk, 0) : seek(stage, &chunk);
        /* A decoder that neither takes nor gives nor ends is not to be believed. */
        if (status == SIEVE_OK && stage->is_inside && chunk.length == before) {
            blame(stage, SIEVE_E_CORRUPT, stage->codec->damaged);
            status = end_member(stage);
        }
    }
    return status;
}

static sieve_status decode_finish(struct stage *self)
{
    struct decode_stage *stage = decode_of(self);
    struct bytes nothing = {NULL, 0};
    sieve_status status = SIEVE_OK;
    if (stage->is_inside)
        status = decode(stage, &nothing, 1);
    if (status != SIEVE_OK)
        return status;
    if (stage->is_inside) {
        blame(stage, SIEVE_E_CORRUPT, stage->codec->cut);
        status = end_member(stage);
    }
    if (status != SIEVE_OK)
        return status;
    while (stage->carried > 0)
        drop_first(stage);
    status = stage_finish(self->next);
    return status == SIEVE_OK && stage->is_damaged ? SIEVE_E_CORRUPT : status;
}

static void decode_free(struct stage *self)
{
    struct decode_stage *stage = decode_of(self);
    stage_free(self->next);
    stage->codec->decoder->close(stage->state);
    if (stage->has_entered)
        stage->gate->leave(stage->gate->context);
    wipe_free(stage, sizeof *stage);
}

static const struct stage_ops decode_stage_ops = {
    .name = "decode",
    .write = decode_write,
    .finish = decode_finish,
    .free = decode_free,
};

sieve_status decode_stage_new(const struct codec *codec, const struct gate *gate,
                              struct beside *beside, sieve_error *error,
                              struct stage *next, struct stage **out)
{
    const uint64_t memory = gate->memory < DECODER_MEMORY ? gate->memory : DECODER_MEMORY;
    if (gate->admit && !gate->admit(gate->context))
        return SIEVE_E_LIMIT;
    struct decode_stage *stage = malloc(sizeof *stage);
    if (!stage)
        return SIEVE_E_MEMORY;
    memset(stage, 0, offsetof(struct decode_stage, room));
    sieve_status status = codec->decoder->open(memory, &stage->state);
    if (status != SIEVE_OK) {
        free(stage);
        return status;
    }
    stage->base = (struct stage){&decode_stage_ops, next};
    stage->codec = codec;
    stage->error = error;
    stage->gate = gate;
    margin_init(&stage->margin, codec->margin, codec->margin_name, beside);
    *out = &stage->base;
    return SIEVE_OK;
}
