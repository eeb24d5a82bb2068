/* zstd.c - RFC 8878, by libzstd. */
#include "codec/codec.h"

#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#define WINDOW_LOG_MIN 20
#define WINDOW_LOG_MAX 30

/* The largest window that fits into `memory`. */
static int window_log(uint64_t memory)
{
    int log = WINDOW_LOG_MIN;
    while (log < WINDOW_LOG_MAX && UINT64_C(2) << log <= memory)
        log++;
    return log;
}

/* ---- decoding ---------------------------------------------------------------------- */

/* No frame header is longer.  Until it is over bytes go in one by one, so that they
 * can be given again to a decoder that was granted a larger window. */
#define HEADER_LENGTH_MAX 18

struct decoder {
    ZSTD_DCtx *context;
    size_t header_length;
    unsigned char header[HEADER_LENGTH_MAX];
};

static void decoder_close(void *state)
{
    struct decoder *decoder = state;
    if (!decoder)
        return;
    (void)ZSTD_freeDCtx(decoder->context);
    free(decoder);
}

static sieve_status decoder_open(uint64_t memory, void **state_out)
{
    struct decoder *decoder = calloc(1, sizeof *decoder);
    if (!decoder)
        return SIEVE_E_MEMORY;
    decoder->context = ZSTD_createDCtx();
    if (!decoder->context) {
        free(decoder);
        return SIEVE_E_MEMORY;
    }
    (void)ZSTD_DCtx_setParameter(decoder->context, ZSTD_d_windowLogMax,
                                 window_log(memory));
    *state_out = decoder;
    return SIEVE_OK;
}

static int decoder_again(void *state)
{
    struct decoder *decoder = state;
    decoder->header_length = 0;
    return ZSTD_isError(ZSTD_DCtx_reset(decoder->context, ZSTD_reset_session_only)) ? -1
                                                                                    : 0;
}

static enum coder_step failure(size_t answer)
{
    ZSTD_ErrorCode code = ZSTD_getErrorCode(answer);
    if (code == ZSTD_error_frameParameter_windowTooLarge)
        return CODER_TOO_LARGE;
    return code == ZSTD_error_memory_allocation ? CODER_FAILED : CODER_DAMAGED;
}

/* Gives the header again, to a decoder that may do more now. */
static enum coder_step decoder_raise(void *state, uint64_t memory)
{
    struct decoder *decoder = state;
    ZSTD_inBuffer input = {decoder->header, decoder->header_length, 0};
    ZSTD_outBuffer output = {NULL, 0, 0};
    if (decoder_again(decoder) < 0 ||
        ZSTD_isError(ZSTD_DCtx_setParameter(decoder->context, ZSTD_d_windowLogMax,
                                            window_log(memory))))
        return CODER_FAILED;
    decoder->header_length = input.size;
    size_t answer = ZSTD_decompressStream(decoder->context, &output, &input);
    return ZSTD_isError(answer) ? failure(answer) : CODER_MORE;
}

static enum coder_step decoder_step(void *state, struct coder_work *work)
{
    struct decoder *decoder = state;
    ZSTD_inBuffer input = {work->input.at, work->input.length, 0};
    ZSTD_outBuffer output = {work->room, work->capacity, 0};
    const int in_header = decoder->header_length < HEADER_LENGTH_MAX && input.size > 0;
    if (in_header) {
        decoder->header[decoder->header_length++] = work->input.at[0];
        input.size = 1;
    }
    size_t answer = ZSTD_decompressStream(decoder->context, &output, &input);
    if (ZSTD_isError(answer)) {
        /* Whether it was taken is not told; of the header it is remembered. */
        work->input = in_header ? bytes_from(work->input, 1) : work->input;
        return failure(answer);
    }
    work->input = input.pos > 0 ? bytes_from(work->input, input.pos) : work->input;
    work->room += output.pos;
    work->capacity -= output.pos;
    return answer == 0 ? CODER_END : CODER_MORE;
}

/* ---- encoding ---------------------------------------------------------------------- */

static void encoder_close(void *state)
{
    (void)ZSTD_freeCCtx(state);
}

static sieve_status encoder_open(uint64_t memory, void **state_out)
{
    (void)memory;
    ZSTD_CCtx *context = ZSTD_createCCtx();
    if (!context)
        return SIEVE_E_MEMORY;
    (void)ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    *state_out = context;
    return SIEVE_OK;
}

static enum coder_step encoder_step(void *state, struct coder_work *work)
{
    ZSTD_inBuffer input = {work->input.at, work->input.length, 0};
    ZSTD_outBuffer output = {work->room, work->capacity, 0};
    size_t answer = ZSTD_compressStream2(state, &output, &input,
                                         work->at_end ? ZSTD_e_end : ZSTD_e_continue);
    work->input = input.pos > 0 ? bytes_from(work->input, input.pos) : work->input;
    work->room += output.pos;
    work->capacity -= output.pos;
    if (ZSTD_isError(answer))
        return CODER_FAILED;
    return work->at_end && answer == 0 ? CODER_END : CODER_MORE;
}

const struct coder zstd_decoder = {decoder_open, decoder_raise, decoder_again,
                                   decoder_step, decoder_close};
const struct coder zstd_encoder = {encoder_open, NULL, NULL, encoder_step, encoder_close};
