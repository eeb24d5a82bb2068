/* fuzz_unwrap.c - the whole chain that takes codings off and puts them on again: it ends
 * within its limits, hands on what is there, and what it wrote reads as what it masked.
 *
 * The first two bytes choose the plan, the third how the rest is coded before. */
#include <stdlib.h>

#include "codec/unwrap.h"
#include "fuzz/codings.h"
#include "fuzz/fuzz.h"

/* The mask of these tests hides each Q and hands on what is complete up to a line feed.
 */
struct hider {
    struct stage base;
    struct buffer held;
};

static struct buffer leaf_saw;
static unsigned leaf_finished;

static sieve_status hand_on(struct hider *hider)
{
    const struct bytes bytes = buffer_bytes(&hider->held);
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < bytes.length; index++)
        hider->held.at[index] = bytes.at[index] == 'Q' ? '*' : bytes.at[index];
    if (hider->base.next && bytes.length > 0)
        status = stage_write(hider->base.next, bytes);
    hider->held.length = 0;
    return status;
}

static sieve_status hider_write(struct stage *self, struct bytes chunk)
{
    struct hider *hider = (struct hider *)self;
    claim(chunk.length > 0, "no step hands on nothing");
    claim(buffer_append(&leaf_saw, chunk) == SIEVE_OK, "the leaf sees no more than may");
    claim(buffer_append(&hider->held, chunk) == SIEVE_OK, "there is room");
    return chunk.at[chunk.length - 1] == '\n' ? hand_on(hider) : SIEVE_OK;
}

static sieve_status hider_finish(struct stage *self)
{
    leaf_finished++;
    sieve_status status = hand_on((struct hider *)self);
    return status == SIEVE_OK && self->next ? stage_finish(self->next) : status;
}

static void hider_free(struct stage *self)
{
    stage_free(self->next);
    buffer_done(&((struct hider *)self)->held);
    free(self);
}

static const struct stage_ops hider_ops = {
    .name = "hider", .write = hider_write, .finish = hider_finish, .free = hider_free};

static sieve_status make_hider(void *context, struct stage *sink, struct stage **out)
{
    struct hider *hider = calloc(1, sizeof *hider);
    (void)context;
    if (!hider)
        abort();
    hider->base = (struct stage){&hider_ops, sink};
    buffer_init(&hider->held, 64u << 20);
    *out = &hider->base;
    return SIEVE_OK;
}

struct choice {
    int encode;
    int refuses;
    int lends; /* the chain's own memory is read into */
    size_t chunk;
    uint64_t total;
    uint64_t memory;
};

static sieve_status lend(struct stage *stage, struct bytes bytes, size_t chunk)
{
    sieve_status status = SIEVE_OK;
    while (status == SIEVE_OK && bytes.length > 0) {
        void *at = NULL;
        size_t capacity = 0;
        status = stage->ops->room(stage, &at, &capacity);
        claim(status != SIEVE_OK || capacity > 0, "there is room for a byte at least");
        size_t count = chunk > 0 && chunk < bytes.length ? chunk : bytes.length;
        count = count < capacity ? count : capacity;
        if (status == SIEVE_OK) {
            memcpy(at, bytes.at, count);
            status = stage->ops->commit(stage, count);
        }
        bytes = bytes_from(bytes, count);
    }
    return status == SIEVE_OK ? stage_finish(stage) : status;
}

/* Through the chain; what the leaf saw lies in `leaf_saw`. */
static sieve_status run(const struct choice *choice, struct bytes bytes,
                        struct keeper *keeper, struct unwrap_notes *notes)
{
    const struct gate gate = any_gate(choice->memory);
    const uint64_t taken = bytes.length;
    const struct unwrap_plan plan = {
        .leaf = make_hider,
        .encode = choice->encode,
        .refuses_opaque = choice->refuses,
        .total = choice->total,
        .ratio = 1000,
        .gate = &gate,
        .taken = &taken,
        .notes = notes,
    };
    struct stage *stage = NULL;
    memset(notes, 0, sizeof *notes);
    keeper_init(keeper);
    leaf_finished = 0;
    buffer_done(&leaf_saw);
    buffer_init(&leaf_saw, 64u << 20);
    claim(unwrap_stage_new(&plan, choice->encode ? &keeper->base : NULL, &stage) ==
              SIEVE_OK,
          "a chain is made");
    sieve_status status = choice->lends ? lend(stage, bytes, choice->chunk)
                                        : pour(stage, bytes, choice->chunk);
    stage_free(stage);
    claim(keeper->freed == (choice->encode ? 1u : 0u), "the sink is freed once");
    claim(notes->coding_count <= CODEC_DEPTH_MAX, "no deeper than it may be");
    claim(notes->coding_count == 0 || leaf_saw.length <= choice->total,
          "no more comes out than may");
    if (status == SIEVE_OK)
        claim(leaf_finished == 1 && keeper->finished == (choice->encode ? 1u : 0u),
              "the end comes once");
    else
        claim(notes->error.what != NULL || notes->opaque != NULL, "trouble has words");
    return status;
}

static void check_whole(const struct choice *choice, struct bytes bytes,
                        const struct keeper *keeper, const struct unwrap_notes *notes)
{
    struct buffer masked;
    struct keeper none;
    struct unwrap_notes again;
    struct choice other = {.chunk = 100, .total = 64u << 20, .memory = 12u << 20};
    if (notes->coding_count == 0)
        claim(leaf_saw.length == bytes.length, "what is not coded goes through as it is");
    if (!choice->encode)
        return;
    if (notes->coding_count == 0)
        claim(keeper->bytes.length == bytes.length, "the length stays");
    buffer_init(&masked, 64u << 20);
    claim(buffer_append(&masked, buffer_bytes(&leaf_saw)) == SIEVE_OK, "there is room");
    sieve_status status = run(&other, buffer_bytes(&keeper->bytes), &none, &again);
    /* Hiding may make or unmake what looks coded; else all is as it was. */
    if (status == SIEVE_OK && again.coding_count == notes->coding_count)
        claim(leaf_saw.length == masked.length,
              "what was written reads as it was masked");
    claim(notes->opaque || again.coding_count >= notes->coding_count,
          "each coding is put on again");
    for (size_t index = 0; index < leaf_saw.length; index++)
        claim(again.coding_count > notes->coding_count || leaf_saw.at[index] != 'Q',
              "what was hidden is hidden");
    buffer_done(&masked);
    keeper_done(&none);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const size_t chunks[] = {1, 2, 7, 100, 512, 5000, 70000, 0};
    struct buffer bytes;
    struct keeper keeper;
    struct unwrap_notes notes;
    if (size < 3)
        return 0;
    const struct choice choice = {
        .encode = data[0] & 1,
        .refuses = data[0] >> 1 & 1,
        .lends = data[0] >> 2 & 1,
        .chunk = chunks[data[0] >> 3 & 7],
        .total = data[0] >> 6 & 1 ? 1000 : EXPANDED_MAX,
        .memory = data[0] >> 7 & 1 ? 1u << 16 : 12u << 20,
    };
    buffer_init(&bytes, 64u << 20);
    claim(buffer_append(&bytes, bytes_of(data + 3, size - 3)) == SIEVE_OK,
          "there is room");
    /* Up to seven codings on top of each other. */
    for (unsigned layer = 0; layer < (data[1] & 7u); layer++) {
        struct buffer coded;
        buffer_init(&coded, 64u << 20);
        encode(any_codec(data[2] + layer * (data[1] >> 3)), buffer_bytes(&bytes), 0,
               &coded);
        buffer_done(&bytes);
        bytes = coded;
    }
    if (run(&choice, buffer_bytes(&bytes), &keeper, &notes) == SIEVE_OK)
        check_whole(&choice, buffer_bytes(&bytes), &keeper, &notes);
    keeper_done(&keeper);
    buffer_done(&bytes);
    buffer_done(&leaf_saw);
    return 0;
}
