/* xz.c - the .xz format, by liblzma. */
#include "codec/codec.h"

#include <lzma.h>
#include <stdlib.h>

/* The strongest preset whose encoder leaves room in the memory of a run (17 MiB). */
#define XZ_PRESET 2

struct xz {
    lzma_stream stream;
    uint64_t memory;
};

static void xz_close(void *state)
{
    struct xz *xz = state;
    if (!xz)
        return;
    lzma_end(&xz->stream);
    free(xz);
}

static sieve_status xz_open(uint64_t memory, void **state_out)
{
    struct xz *xz = calloc(1, sizeof *xz);
    if (!xz)
        return SIEVE_E_MEMORY;
    const lzma_stream fresh = LZMA_STREAM_INIT;
    xz->stream = fresh;
    xz->memory = memory;
    *state_out = xz;
    return SIEVE_OK;
}

static int decoder_again(void *state)
{
    struct xz *xz = state;
    return lzma_stream_decoder(&xz->stream, xz->memory, 0) == LZMA_OK ? 0 : -1;
}

static enum coder_step decoder_raise(void *state, uint64_t memory)
{
    struct xz *xz = state;
    xz->memory = memory;
    return lzma_memlimit_set(&xz->stream, memory) == LZMA_OK ? CODER_MORE
                                                             : CODER_TOO_LARGE;
}

static int encoder_again(void *state)
{
    struct xz *xz = state;
    return lzma_easy_encoder(&xz->stream, XZ_PRESET, LZMA_CHECK_CRC64) == LZMA_OK ? 0
                                                                                  : -1;
}

static enum coder_step run(struct xz *xz, struct coder_work *work)
{
    xz->stream.next_in = work->input.at;
    xz->stream.avail_in = work->input.length;
    xz->stream.next_out = work->room;
    xz->stream.avail_out = work->capacity;
    lzma_ret answer = lzma_code(&xz->stream, work->at_end ? LZMA_FINISH : LZMA_RUN);
    work->input = bytes_of(xz->stream.next_in, xz->stream.avail_in);
    work->room = xz->stream.next_out;
    work->capacity = xz->stream.avail_out;
    if (answer == LZMA_OK || answer == LZMA_BUF_ERROR)
        return CODER_MORE;
    if (answer == LZMA_STREAM_END)
        return CODER_END;
    if (answer == LZMA_MEMLIMIT_ERROR)
        return CODER_TOO_LARGE;
    return answer == LZMA_MEM_ERROR ? CODER_FAILED : CODER_DAMAGED;
}

static enum coder_step decoder_step(void *state, struct coder_work *work)
{
    return run(state, work);
}

static enum coder_step encoder_step(void *state, struct coder_work *work)
{
    struct xz *xz = state;
    if (!xz->stream.internal && encoder_again(xz) < 0)
        return CODER_FAILED;
    return run(xz, work);
}

const struct coder xz_decoder = {xz_open, decoder_raise, decoder_again, decoder_step,
                                 xz_close};
const struct coder xz_encoder = {xz_open, NULL, encoder_again, encoder_step, xz_close};
