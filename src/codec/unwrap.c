#include "codec/unwrap.h"

#include <stdlib.h>
#include <string.h>

#include "base/wipe.h"
#include "codec/guard.h"
#include "codec/seal.h"
#include "pipeline/limit.h"

struct unwrap_stage {
    struct stage base; /* next: what was chosen; NULL as long as nothing is */
    const struct unwrap_plan *plan;
    struct stage *sink; /* owned until it is given to what was chosen */
    size_t length;      /* bytes waiting in `first` */
    unsigned char first[CHUNK_LENGTH];
};

static struct unwrap_stage *unwrap_of(struct stage *self)
{
    return (struct unwrap_stage *)self;
}

static sieve_status refuse(const struct unwrap_plan *plan, const char *what)
{
    plan->notes->error.status = SIEVE_E_LIMIT;
    plan->notes->error.what = what;
    return SIEVE_E_LIMIT;
}

/* limit -> unwrap -> ..., with the coding put on again behind it all. */
static sieve_status make_inside(struct unwrap_stage *self, const struct codec *codec,
                                struct stage **out)
{
    const struct unwrap_plan *plan = self->plan;
    const struct limit limit = {plan->total, plan->ratio, plan->taken,
                                &plan->notes->error};
    struct stage *encoder = NULL;
    struct stage *unwrap = NULL;
    sieve_status status = SIEVE_OK;
    if (plan->encode) {
        status = encode_stage_new(codec, self->sink, &encoder);
        if (status != SIEVE_OK)
            return status;
        self->sink = NULL;
    }
    status = unwrap_stage_new(plan, encoder, &unwrap);
    if (status != SIEVE_OK) {
        stage_free(encoder);
        return status;
    }
    status = limit_stage_new(&limit, unwrap, out);
    if (status != SIEVE_OK)
        stage_free(unwrap);
    return status;
}

static sieve_status choose_codec(struct unwrap_stage *self, const struct codec *codec)
{
    struct unwrap_notes *notes = self->plan->notes;
    struct stage *inside = NULL;
    if (notes->coding_count == CODEC_DEPTH_MAX)
        return refuse(self->plan, "too many codings on top of each other");
    notes->codings[notes->coding_count++] = codec->name;
    sieve_status status = make_inside(self, codec, &inside);
    if (status != SIEVE_OK)
        return status;
    status = decode_stage_new(codec, self->plan->gate, self->plan->beside, &notes->error,
                              inside, &self->base.next);
    if (status != SIEVE_OK)
        stage_free(inside);
    return status;
}

/* The leaf; to mask what carries checksums, between the two steps that mind them. */
static sieve_status make_leaf(struct unwrap_stage *self, enum container container,
                              struct stage **out)
{
    const struct unwrap_plan *plan = self->plan;
    const char *sealed = codec_sealed(bytes_of(self->first, self->length));
    struct stage *front = NULL;
    struct stage *leaf = NULL;
    sieve_status status = SIEVE_OK;
    if (plan->encode && (sealed || container == CONTAINER_TAR))
        status = seal_stages_new(container == CONTAINER_TAR, sealed, &plan->notes->error,
                                 self->sink, &front, &self->sink);
    if (status == SIEVE_OK)
        status = plan->leaf(plan->context, self->sink, &leaf);
    if (status != SIEVE_OK) {
        stage_free(front);
        return status;
    }
    self->sink = NULL;
    if (front)
        front->next = leaf;
    *out = front ? front : leaf;
    return SIEVE_OK;
}

static sieve_status choose_leaf(struct unwrap_stage *self, enum container container)
{
    const struct unwrap_plan *plan = self->plan;
    struct unwrap_notes *notes = plan->notes;
    struct stage *leaf = NULL;
    const struct bytes first = bytes_of(self->first, self->length);
    notes->opaque = codec_opaque(first);
    if (notes->opaque && plan->refuses_opaque)
        return refuse(plan, codec_opaque_refusal(first));
    sieve_status status = make_leaf(self, container, &leaf);
    if (status != SIEVE_OK)
        return status;
    self->base.next = leaf;
    if (container == CONTAINER_NONE)
        return SIEVE_OK;
    /* There is something to guard. */
    return guard_stage_new(container, plan->refuses_opaque, &notes->opaque, leaf,
                           &self->base.next);
}

/* Chooses if the bytes that wait suffice, and hands them on. */
static sieve_status choose(struct unwrap_stage *self, int at_end)
{
    const struct bytes first = bytes_of(self->first, self->length);
    int wants_more = 0;
    const struct codec *codec = codec_sniff(first, &wants_more);
    const enum container container = container_sniff(first, &wants_more);
    wants_more |= codec_opaque_may_begin(first) || codec_sealed_may_begin(first);
    if (!codec && container == CONTAINER_NONE && wants_more && !at_end)
        return SIEVE_OK;
    sieve_status status =
        codec ? choose_codec(self, codec) : choose_leaf(self, container);
    if (status != SIEVE_OK || first.length == 0)
        return status;
    self->length = 0;
    return stage_write(self->base.next, first);
}

static int next_lends(const struct stage *self)
{
    return self->next && self->next->ops->room;
}

static sieve_status unwrap_room(struct stage *self, void **at_out, size_t *capacity_out)
{
    struct unwrap_stage *unwrap = unwrap_of(self);
    if (next_lends(self))
        return self->next->ops->room(self->next, at_out, capacity_out);
    *at_out = unwrap->first + unwrap->length;
    *capacity_out = sizeof unwrap->first - unwrap->length;
    return SIEVE_OK;
}

static sieve_status unwrap_commit(struct stage *self, size_t length)
{
    struct unwrap_stage *unwrap = unwrap_of(self);
    if (next_lends(self))
        return self->next->ops->commit(self->next, length);
    if (self->next)
        return stage_write(self->next, bytes_of(unwrap->first, length));
    unwrap->length += length;
    return choose(unwrap, 0);
}

static sieve_status unwrap_write(struct stage *self, struct bytes chunk)
{
    struct unwrap_stage *unwrap = unwrap_of(self);
    sieve_status status = SIEVE_OK;
    while (!self->next && chunk.length > 0 && status == SIEVE_OK) {
        size_t room = sizeof unwrap->first - unwrap->length;
        size_t count = chunk.length < room ? chunk.length : room;
        memcpy(unwrap->first + unwrap->length, chunk.at, count);
        unwrap->length += count;
        chunk = bytes_from(chunk, count);
        status = choose(unwrap, 0);
    }
    if (status != SIEVE_OK || chunk.length == 0)
        return status;
    return stage_write(self->next, chunk);
}

static sieve_status unwrap_finish(struct stage *self)
{
    sieve_status status = SIEVE_OK;
    if (!self->next)
        status = choose(unwrap_of(self), 1);
    return status == SIEVE_OK ? stage_finish(self->next) : status;
}

static void unwrap_free(struct stage *self)
{
    struct unwrap_stage *unwrap = unwrap_of(self);
    stage_free(self->next);
    stage_free(unwrap->sink);
    wipe_free(unwrap, sizeof *unwrap);
}

static const struct stage_ops unwrap_stage_ops = {
    .name = "unwrap",
    .write = unwrap_write,
    .room = unwrap_room,
    .commit = unwrap_commit,
    .finish = unwrap_finish,
    .free = unwrap_free,
};

sieve_status unwrap_stage_new(const struct unwrap_plan *plan, struct stage *sink,
                              struct stage **out)
{
    struct unwrap_stage *unwrap = malloc(sizeof *unwrap);
    if (!unwrap)
        return SIEVE_E_MEMORY;
    unwrap->base = (struct stage){&unwrap_stage_ops, NULL};
    unwrap->plan = plan;
    unwrap->sink = sink;
    unwrap->length = 0;
    *out = &unwrap->base;
    return SIEVE_OK;
}
