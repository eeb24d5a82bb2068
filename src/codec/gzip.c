/* gzip.c - gzip (RFC 1952) and what HTTP calls deflate (RFC 1950), by zlib. */
#define ZLIB_CONST /* zlib only reads its input, and says so */

#include "codec/codec.h"

#include <stdlib.h>
#include <zlib.h>

#include "base/wipe.h"

#define GZIP_ONLY  (15 + 16) /* zlib's word for: a gzip header, the full window */
#define ZLIB_ONLY  15        /* ... a zlib header, the full window */
#define GZIP_LEVEL 6
#define GZIP_STATE 8

static void lend(z_stream *stream, const struct coder_work *work)
{
    /* zlib counts in unsigned int; what is more waits for the next step. */
    const size_t most = 1u << 30;
    stream->next_in = work->input.at;
    stream->avail_in = (uInt)(work->input.length < most ? work->input.length : most);
    stream->next_out = work->room;
    stream->avail_out = (uInt)(work->capacity < most ? work->capacity : most);
}

static void take_back(const z_stream *stream, struct coder_work *work)
{
    size_t taken = (size_t)(stream->next_in - work->input.at);
    size_t made = (size_t)(stream->next_out - work->room);
    work->input = bytes_from(work->input, taken);
    work->room += made;
    work->capacity -= made;
}

/* ---- decoding ---------------------------------------------------------------------- */

static void decoder_close(void *state)
{
    z_stream *stream = state;
    if (!stream)
        return;
    (void)inflateEnd(stream);
    wipe_free(stream, sizeof *stream);
}

/* It never asks for more than some 40 KiB. */
static sieve_status decoder_make(int window, void **state_out)
{
    z_stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        return SIEVE_E_MEMORY;
    if (inflateInit2(stream, window) != Z_OK) {
        free(stream);
        return SIEVE_E_MEMORY;
    }
    *state_out = stream;
    return SIEVE_OK;
}

static sieve_status gzip_decoder_open(uint64_t memory, void **state_out)
{
    (void)memory;
    return decoder_make(GZIP_ONLY, state_out);
}

static sieve_status deflate_decoder_open(uint64_t memory, void **state_out)
{
    (void)memory;
    return decoder_make(ZLIB_ONLY, state_out);
}

static int decoder_again(void *state)
{
    return inflateReset(state) == Z_OK ? 0 : -1;
}

static enum coder_step decoder_step(void *state, struct coder_work *work)
{
    z_stream *stream = state;
    static const unsigned char nothing[1];
    if (!work->input.at)
        work->input.at = nothing;
    lend(stream, work);
    int answer = inflate(stream, Z_NO_FLUSH);
    take_back(stream, work);
    switch (answer) {
    case Z_OK:
    case Z_BUF_ERROR:
        return CODER_MORE;
    case Z_STREAM_END:
        return CODER_END;
    case Z_MEM_ERROR:
        return CODER_FAILED;
    default:
        return CODER_DAMAGED;
    }
}

/* ---- encoding ---------------------------------------------------------------------- */

static void encoder_close(void *state)
{
    z_stream *stream = state;
    if (!stream)
        return;
    (void)deflateEnd(stream);
    wipe_free(stream, sizeof *stream);
}

static sieve_status encoder_make(int window, void **state_out)
{
    z_stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        return SIEVE_E_MEMORY;
    if (deflateInit2(stream, GZIP_LEVEL, Z_DEFLATED, window, GZIP_STATE,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        free(stream);
        return SIEVE_E_MEMORY;
    }
    *state_out = stream;
    return SIEVE_OK;
}

static sieve_status gzip_encoder_open(uint64_t memory, void **state_out)
{
    (void)memory;
    return encoder_make(GZIP_ONLY, state_out);
}

static sieve_status deflate_encoder_open(uint64_t memory, void **state_out)
{
    (void)memory;
    return encoder_make(ZLIB_ONLY, state_out);
}

static enum coder_step encoder_step(void *state, struct coder_work *work)
{
    z_stream *stream = state;
    static const unsigned char nothing[1];
    if (!work->input.at)
        work->input.at = nothing;
    lend(stream, work);
    int answer = deflate(stream, work->at_end ? Z_FINISH : Z_NO_FLUSH);
    take_back(stream, work);
    if (answer == Z_STREAM_END)
        return CODER_END;
    return answer == Z_OK || answer == Z_BUF_ERROR ? CODER_MORE : CODER_FAILED;
}

const struct coder gzip_decoder = {gzip_decoder_open, NULL, decoder_again, decoder_step,
                                   decoder_close};
const struct coder gzip_encoder = {gzip_encoder_open, NULL, NULL, encoder_step,
                                   encoder_close};
const struct coder deflate_decoder = {deflate_decoder_open, NULL, decoder_again,
                                      decoder_step, decoder_close};
const struct coder deflate_encoder = {deflate_encoder_open, NULL, NULL, encoder_step,
                                      encoder_close};
