#include "codec/seal.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/wipe.h"
#include "codec/codec.h"
#include "codec/tar.h"

/* Blocks between front and back: the front takes CHUNK_LENGTH at a time, and the mask
 * holds back no more than a few times that. */
#define NOTE_COUNT 4096u

/* Mode, owner, size, time and checksum: what is not text in a header. */
#define FIELDS_OFFSET 100u
#define FIELDS_END    156u

#define MEMBER_IS_SEALED                                                                 \
    "a number in a member of the archive cannot be masked without breaking the "         \
    "member's checksums"
#define FIELDS_CHANGED "a number lies across the fields of a tar header"

/* What the front says of a block where a header may stand. */
struct note {
    uint32_t fields; /* their sum: hiding digits always changes it */
    enum tar_sum sum;
    int is_header;
};

/* What one side has seen. */
struct side {
    struct tar_walk walk;
    int is_sealed;   /* the bytes at hand are */
    uint64_t digest; /* of all such bytes */
};

struct front_stage {
    struct stage base;
    int is_tar;
    struct side side;
    uint64_t noted; /* in all; the ring holds the last ones */
    uint64_t used;
    struct note notes[NOTE_COUNT];
};

struct back_stage {
    struct stage base;
    struct front_stage *front;
    const char *reason;
    sieve_error *error;
    struct side side;
};

/* FNV-1a: it need not be safe from anyone who wants it to agree. */
static void digest(struct side *side, struct bytes bytes)
{
    if (!side->is_sealed)
        return;
    uint64_t value = side->digest;
    for (size_t index = 0; index < bytes.length; index++)
        value = (value ^ bytes.at[index]) * UINT64_C(0x100000001B3);
    side->digest = value;
}

static uint32_t sum_fields(const unsigned char *block)
{
    uint32_t sum = 0;
    for (size_t index = FIELDS_OFFSET; index < FIELDS_END; index++)
        sum += block[index];
    return sum;
}

/* ---- before the mask --------------------------------------------------------------- */

static sieve_status note_block(struct front_stage *front)
{
    const unsigned char *block = front->side.walk.block;
    if (front->noted - front->used == NOTE_COUNT)
        return SIEVE_E_INTERNAL;
    struct note *note = &front->notes[front->noted++ % NOTE_COUNT];
    *note = (struct note){sum_fields(block), tar_sum(block), tar_is_header(block)};
    front->side.is_sealed = 0;
    if (note->is_header)
        tar_walk_follow(&front->side.walk);
    return SIEVE_OK;
}

static sieve_status note_blocks(struct front_stage *front, struct bytes bytes)
{
    struct side *side = &front->side;
    struct bytes piece;
    enum tar_piece kind;
    sieve_status status = SIEVE_OK;
    while (status == SIEVE_OK &&
           (kind = tar_walk_next(&side->walk, &bytes, &piece)) != TAR_NOTHING) {
        if (kind == TAR_HEADER)
            status = note_block(front);
        else if (kind == TAR_FIRST)
            side->is_sealed = codec_sealed(piece) != NULL;
        if (kind != TAR_HEADER)
            digest(side, piece);
    }
    return status;
}

static sieve_status front_write(struct stage *self, struct bytes chunk)
{
    struct front_stage *front = (struct front_stage *)self;
    sieve_status status = SIEVE_OK;
    while (status == SIEVE_OK && chunk.length > 0) {
        struct bytes part = chunk;
        part.length = part.length < CHUNK_LENGTH ? part.length : CHUNK_LENGTH;
        chunk = bytes_from(chunk, part.length);
        if (front->is_tar)
            status = note_blocks(front, part);
        else
            digest(&front->side, part);
        if (status == SIEVE_OK)
            status = stage_write(self->next, part);
    }
    return status;
}

static sieve_status pass_finish(struct stage *self)
{
    return stage_finish(self->next);
}

static void front_free(struct stage *self)
{
    stage_free(self->next);
    wipe_free(self, sizeof(struct front_stage));
}

static const struct stage_ops front_stage_ops = {
    .name = "seal front",
    .write = front_write,
    .finish = pass_finish,
    .free = front_free,
};

/* ---- behind the mask --------------------------------------------------------------- */

static sieve_status refuse(struct back_stage *back, const char *what)
{
    back->error->status = SIEVE_E_LIMIT;
    back->error->what = what;
    return SIEVE_E_LIMIT;
}

/* The block in the walk, with a checksum that is as right as it was. */
static sieve_status mend_block(struct back_stage *back)
{
    struct front_stage *front = back->front;
    unsigned char *block = back->side.walk.block;
    if (front->used == front->noted)
        return SIEVE_E_INTERNAL;
    const struct note note = front->notes[front->used++ % NOTE_COUNT];
    back->side.is_sealed = 0;
    if (!note.is_header)
        return SIEVE_OK;
    if (note.fields != sum_fields(block))
        return refuse(back, FIELDS_CHANGED);
    if (note.sum != TAR_SUM_WRONG && tar_sum(block) != note.sum &&
        tar_seal(block, note.sum) < 0)
        return refuse(back, FIELDS_CHANGED);
    tar_walk_follow(&back->side.walk);
    return SIEVE_OK;
}

static sieve_status mend_blocks(struct back_stage *back, struct bytes bytes)
{
    struct side *side = &back->side;
    struct bytes piece;
    enum tar_piece kind;
    sieve_status status = SIEVE_OK;
    while (status == SIEVE_OK &&
           (kind = tar_walk_next(&side->walk, &bytes, &piece)) != TAR_NOTHING) {
        if (kind == TAR_HEADER)
            status = mend_block(back);
        else if (kind == TAR_FIRST)
            side->is_sealed = codec_sealed(piece) != NULL;
        if (kind != TAR_HEADER)
            digest(side, piece);
        if (status == SIEVE_OK)
            status = stage_write(back->base.next, piece);
    }
    return status;
}

static sieve_status back_write(struct stage *self, struct bytes chunk)
{
    struct back_stage *back = (struct back_stage *)self;
    if (back->front->is_tar)
        return mend_blocks(back, chunk);
    digest(&back->side, chunk);
    return stage_write(self->next, chunk);
}

/* An archive may end in the middle of a block. */
static sieve_status back_finish(struct stage *self)
{
    struct back_stage *back = (struct back_stage *)self;
    const struct tar_walk *walk = &back->side.walk;
    sieve_status status = SIEVE_OK;
    if (back->side.digest != back->front->side.digest)
        return refuse(back, back->reason);
    if (walk->carried > 0)
        status = stage_write(self->next, bytes_of(walk->block, walk->carried));
    return status == SIEVE_OK ? stage_finish(self->next) : status;
}

static void back_free(struct stage *self)
{
    stage_free(self->next);
    free(self);
}

static const struct stage_ops back_stage_ops = {
    .name = "seal back",
    .write = back_write,
    .finish = back_finish,
    .free = back_free,
};

sieve_status seal_stages_new(int is_tar, const char *reason, sieve_error *error,
                             struct stage *sink, struct stage **front_out,
                             struct stage **back_out)
{
    struct front_stage *front = calloc(1, sizeof *front);
    struct back_stage *back = calloc(1, sizeof *back);
    if (!front || !back) {
        free(front);
        free(back);
        return SIEVE_E_MEMORY;
    }
    front->base.ops = &front_stage_ops;
    front->is_tar = is_tar;
    front->side.is_sealed = !is_tar;
    back->base = (struct stage){&back_stage_ops, sink};
    back->front = front;
    back->reason = is_tar ? MEMBER_IS_SEALED : reason;
    back->error = error;
    back->side.is_sealed = !is_tar;
    *front_out = &front->base;
    *back_out = &back->base;
    return SIEVE_OK;
}
