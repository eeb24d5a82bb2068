/* lz4.c - the LZ4 frame format, by liblz4. */
#include "codec/codec.h"

#include <lz4frame.h>
#include <stdlib.h>
#include <string.h>

#include "base/wipe.h"

/* ---- decoding ---------------------------------------------------------------------- */

static void decoder_close(void *state)
{
    (void)LZ4F_freeDecompressionContext(state);
}

static sieve_status decoder_open(uint64_t memory, void **state_out)
{
    (void)memory; /* at most some 8 MiB, whatever the data */
    LZ4F_dctx *context = NULL;
    if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)))
        return SIEVE_E_MEMORY;
    *state_out = context;
    return SIEVE_OK;
}

static int decoder_again(void *state)
{
    LZ4F_resetDecompressionContext(state);
    return 0;
}

/* The library tells its errors apart by their names only. */
static enum coder_step failure(size_t answer)
{
    const char *name = LZ4F_getErrorName(answer);
    return strcmp(name, "ERROR_allocation_failed") == 0 ? CODER_FAILED : CODER_DAMAGED;
}

static enum coder_step decoder_step(void *state, struct coder_work *work)
{
    size_t taken = work->input.length;
    size_t made = work->capacity;
    size_t answer =
        LZ4F_decompress(state, work->room, &made, work->input.at, &taken, NULL);
    if (LZ4F_isError(answer))
        return failure(answer);
    work->input = taken > 0 ? bytes_from(work->input, taken) : work->input;
    work->room += made;
    work->capacity -= made;
    return answer == 0 ? CODER_END : CODER_MORE;
}

/* ---- encoding ---------------------------------------------------------------------- */

/* liblz4 wants room for the worst case; what it made waits here for the caller's. */
#define SLICE_LENGTH (64u << 10)

struct encoder {
    LZ4F_cctx *context;
    LZ4F_preferences_t preferences;
    unsigned char *made;
    size_t capacity;
    size_t from; /* made[from..to) waits */
    size_t to;
    int has_begun;
    int has_ended;
};

static void encoder_close(void *state)
{
    struct encoder *encoder = state;
    if (!encoder)
        return;
    (void)LZ4F_freeCompressionContext(encoder->context);
    wipe_free(encoder->made, encoder->made ? encoder->capacity : 0);
    free(encoder);
}

static sieve_status encoder_open(uint64_t memory, void **state_out)
{
    (void)memory;
    struct encoder *encoder = calloc(1, sizeof *encoder);
    if (!encoder)
        return SIEVE_E_MEMORY;
    encoder->preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
    encoder->preferences.frameInfo.blockSizeID = LZ4F_max256KB;
    encoder->capacity =
        LZ4F_compressBound(SLICE_LENGTH, &encoder->preferences) + LZ4F_HEADER_SIZE_MAX;
    encoder->made = malloc(encoder->capacity);
    if (!encoder->made ||
        LZ4F_isError(LZ4F_createCompressionContext(&encoder->context, LZ4F_VERSION))) {
        encoder_close(encoder);
        return SIEVE_E_MEMORY;
    }
    *state_out = encoder;
    return SIEVE_OK;
}

/* One call of the library: the header, some input, or the end. */
static size_t make_more(struct encoder *encoder, struct coder_work *work)
{
    if (!encoder->has_begun) {
        encoder->has_begun = 1;
        return LZ4F_compressBegin(encoder->context, encoder->made, encoder->capacity,
                                  &encoder->preferences);
    }
    if (work->input.length > 0) {
        size_t slice =
            work->input.length < SLICE_LENGTH ? work->input.length : SLICE_LENGTH;
        struct bytes input = bytes_of(work->input.at, slice);
        work->input = bytes_from(work->input, slice);
        return LZ4F_compressUpdate(encoder->context, encoder->made, encoder->capacity,
                                   input.at, input.length, NULL);
    }
    encoder->has_ended = 1;
    return LZ4F_compressEnd(encoder->context, encoder->made, encoder->capacity, NULL);
}

static void hand_over(struct encoder *encoder, struct coder_work *work)
{
    size_t count = encoder->to - encoder->from;
    if (count > work->capacity)
        count = work->capacity;
    memcpy(work->room, encoder->made + encoder->from, count);
    work->room += count;
    work->capacity -= count;
    encoder->from += count;
}

static enum coder_step encoder_step(void *state, struct coder_work *work)
{
    struct encoder *encoder = state;
    for (;;) {
        hand_over(encoder, work);
        if (encoder->from < encoder->to)
            return CODER_MORE; /* the room is full */
        if (encoder->has_ended)
            return CODER_END;
        if (encoder->has_begun && work->input.length == 0 && !work->at_end)
            return CODER_MORE;
        size_t made = make_more(encoder, work);
        if (LZ4F_isError(made))
            return CODER_FAILED;
        encoder->from = 0;
        encoder->to = made;
    }
}

const struct coder lz4_decoder = {decoder_open, NULL, decoder_again, decoder_step,
                                  decoder_close};
const struct coder lz4_encoder = {encoder_open, NULL, NULL, encoder_step, encoder_close};
