#include "fuzz/codings.h"

#include <stdio.h>
#include <stdlib.h>

void claim(int holds, const char *words)
{
    if (holds)
        return;
    fprintf(stderr, "fuzz: not so: %s\n", words);
    abort();
}

/* ---- the keeper ------------------------------------------------------------------ */

static sieve_status keep(struct stage *self, struct bytes chunk)
{
    claim(chunk.length > 0, "no step hands on nothing");
    return buffer_append(&((struct keeper *)self)->bytes, chunk);
}

static sieve_status finish(struct stage *self)
{
    ((struct keeper *)self)->finished++;
    return SIEVE_OK;
}

static void note_free(struct stage *self)
{
    ((struct keeper *)self)->freed++;
}

static const struct stage_ops keeper_ops = {
    .name = "keeper", .write = keep, .finish = finish, .free = note_free};

void keeper_init(struct keeper *keeper)
{
    memset(keeper, 0, sizeof *keeper);
    keeper->base.ops = &keeper_ops;
    buffer_init(&keeper->bytes, 64u << 20);
}

void keeper_done(struct keeper *keeper)
{
    buffer_done(&keeper->bytes);
}

/* ---- codings --------------------------------------------------------------------- */

const struct codec *any_codec(unsigned number)
{
    static const struct bytes begins[] = {
        {(const unsigned char *)"\x1F\x8B\x08", 3},
        {(const unsigned char *)"\x28\xB5\x2F\xFD", 4},
        {(const unsigned char *)"BZh91A", 6},
        {(const unsigned char *)"\xFD\x37zXZ\0", 6},
        {(const unsigned char *)"\x04\x22\x4D\x18", 4},
    };
    int wants_more = 0;
    const struct codec *codec =
        codec_sniff(begins[number % (sizeof begins / sizeof begins[0])], &wants_more);
    claim(codec != NULL, "each coding is told by its first bytes");
    return codec;
}

sieve_status pour(struct stage *stage, struct bytes bytes, size_t chunk)
{
    sieve_status status = SIEVE_OK;
    while (status == SIEVE_OK && bytes.length > 0) {
        size_t count = chunk > 0 && chunk < bytes.length ? chunk : bytes.length;
        /* Of its exact size: no byte behind it to lean on. */
        unsigned char *copy = malloc(count);
        if (!copy)
            abort();
        memcpy(copy, bytes.at, count);
        status = stage_write(stage, bytes_of(copy, count));
        free(copy);
        bytes = bytes_from(bytes, count);
    }
    return status == SIEVE_OK ? stage_finish(stage) : status;
}

void encode(const struct codec *codec, struct bytes plain, size_t chunk,
            struct buffer *out)
{
    struct keeper keeper;
    struct stage *stage = NULL;
    keeper_init(&keeper);
    claim(encode_stage_new(codec, &keeper.base, &stage) == SIEVE_OK,
          "an encoder is made");
    claim(pour(stage, plain, chunk) == SIEVE_OK, "everything can be encoded");
    stage_free(stage);
    claim(keeper.finished == 1 && keeper.freed == 1, "the end comes once");
    claim(buffer_append(out, buffer_bytes(&keeper.bytes)) == SIEVE_OK, "there is room");
    keeper_done(&keeper);
}

static unsigned entered;

static int enter(void *context)
{
    (void)context;
    return entered++ == 0;
}

static void leave(void *context)
{
    (void)context;
    entered = 0;
}

struct gate any_gate(uint64_t memory)
{
    entered = 0;
    return (struct gate){memory, enter, leave, NULL, NULL};
}
