/* brotli.c - RFC 7932, by Google's library. */
#include "codec/codec.h"

#include <stdlib.h>

#include <brotli/decode.h>
#include <brotli/encode.h>

#define QUALITY 5  /* for data that is coded while somebody waits */
#define WINDOW  18 /* log2 of its bytes, so that an encoder keeps to some 2 MiB */

/* ---- decoding ---------------------------------------------------------------------- */

struct decoder {
    BrotliDecoderState *state;
    int is_over; /* there is one member; what follows it is none */
};

static void decoder_close(void *state)
{
    struct decoder *decoder = state;
    if (!decoder)
        return;
    BrotliDecoderDestroyInstance(decoder->state);
    free(decoder);
}

/* The window is at most 16 MiB, and grows with what was decoded. */
static sieve_status decoder_open(uint64_t memory, void **state_out)
{
    (void)memory;
    struct decoder *decoder = calloc(1, sizeof *decoder);
    if (!decoder)
        return SIEVE_E_MEMORY;
    decoder->state = BrotliDecoderCreateInstance(NULL, NULL, NULL);
    if (!decoder->state) {
        free(decoder);
        return SIEVE_E_MEMORY;
    }
    *state_out = decoder;
    return SIEVE_OK;
}

static int decoder_again(void *state)
{
    (void)state; /* the one member has not begun, or step() says what it thinks */
    return 0;
}

static int is_lack_of_memory(const BrotliDecoderState *state)
{
    const BrotliDecoderErrorCode code = BrotliDecoderGetErrorCode(state);
    return code <= BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES &&
           code >= BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES;
}

static enum coder_step decoder_step(void *state, struct coder_work *work)
{
    struct decoder *decoder = state;
    size_t input_length = work->input.length;
    const uint8_t *input = work->input.at;
    if (decoder->is_over)
        return CODER_DAMAGED;
    BrotliDecoderResult result = BrotliDecoderDecompressStream(
        decoder->state, &input_length, &input, &work->capacity, &work->room, NULL);
    work->input = bytes_from(work->input, work->input.length - input_length);
    switch (result) {
    case BROTLI_DECODER_RESULT_SUCCESS:
        decoder->is_over = 1;
        return CODER_END;
    case BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT:
    case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT:
        return CODER_MORE;
    case BROTLI_DECODER_RESULT_ERROR:
        break;
    }
    return is_lack_of_memory(decoder->state) ? CODER_FAILED : CODER_DAMAGED;
}

/* ---- encoding ---------------------------------------------------------------------- */

static void encoder_close(void *state)
{
    if (state)
        BrotliEncoderDestroyInstance(state);
}

static sieve_status encoder_open(uint64_t memory, void **state_out)
{
    (void)memory;
    BrotliEncoderState *state = BrotliEncoderCreateInstance(NULL, NULL, NULL);
    if (!state)
        return SIEVE_E_MEMORY;
    (void)BrotliEncoderSetParameter(state, BROTLI_PARAM_QUALITY, QUALITY);
    (void)BrotliEncoderSetParameter(state, BROTLI_PARAM_LGWIN, WINDOW);
    *state_out = state;
    return SIEVE_OK;
}

static enum coder_step encoder_step(void *state, struct coder_work *work)
{
    size_t input_length = work->input.length;
    const uint8_t *input = work->input.at;
    const BrotliEncoderOperation operation =
        work->at_end ? BROTLI_OPERATION_FINISH : BROTLI_OPERATION_PROCESS;
    if (!BrotliEncoderCompressStream(state, operation, &input_length, &input,
                                     &work->capacity, &work->room, NULL))
        return CODER_FAILED;
    work->input = bytes_from(work->input, work->input.length - input_length);
    return BrotliEncoderIsFinished(state) ? CODER_END : CODER_MORE;
}

const struct coder brotli_decoder = {decoder_open, NULL, decoder_again, decoder_step,
                                     decoder_close};
const struct coder brotli_encoder = {encoder_open, NULL, NULL, encoder_step,
                                     encoder_close};
