/* bzip2.c - by libbz2. */
#include "codec/codec.h"

#include <bzlib.h>
#include <stdlib.h>

#include "base/wipe.h"

#define BLOCK_SIZE 9 /* hundreds of kB, as the program does */

struct bzip2 {
    bz_stream stream;
    int is_open; /* libbz2 knows no reset: the stream is made when it is needed */
};

static void lend(bz_stream *stream, const struct coder_work *work)
{
    const size_t most = 1u << 30;
    /* cast: libbz2 only reads, its type does not say so */
    stream->next_in = (char *)(uintptr_t)work->input.at;
    stream->avail_in = (unsigned)(work->input.length < most ? work->input.length : most);
    stream->next_out = (char *)work->room;
    stream->avail_out = (unsigned)(work->capacity < most ? work->capacity : most);
}

static void take_back(const bz_stream *stream, struct coder_work *work)
{
    size_t made = (size_t)((unsigned char *)stream->next_out - work->room);
    if (work->input.length > 0) {
        const unsigned char *next = (const unsigned char *)stream->next_in;
        work->input = bytes_from(work->input, (size_t)(next - work->input.at));
    }
    work->room += made;
    work->capacity -= made;
}

static sieve_status bzip2_open(uint64_t memory, void **state_out)
{
    (void)memory; /* 4 MB to decode, 8 MB to encode, whatever the data */
    struct bzip2 *bzip2 = calloc(1, sizeof *bzip2);
    if (!bzip2)
        return SIEVE_E_MEMORY;
    *state_out = bzip2;
    return SIEVE_OK;
}

/* ---- decoding ---------------------------------------------------------------------- */

static void decoder_end(struct bzip2 *bzip2)
{
    if (bzip2->is_open)
        (void)BZ2_bzDecompressEnd(&bzip2->stream);
    wipe(bzip2, sizeof *bzip2);
}

static void decoder_close(void *state)
{
    if (!state)
        return;
    decoder_end(state);
    free(state);
}

static int decoder_again(void *state)
{
    struct bzip2 *bzip2 = state;
    decoder_end(bzip2);
    bzip2->is_open = BZ2_bzDecompressInit(&bzip2->stream, 0, 0) == BZ_OK;
    return bzip2->is_open ? 0 : -1;
}

static enum coder_step decoder_step(void *state, struct coder_work *work)
{
    struct bzip2 *bzip2 = state;
    lend(&bzip2->stream, work);
    int answer = BZ2_bzDecompress(&bzip2->stream);
    take_back(&bzip2->stream, work);
    switch (answer) {
    case BZ_OK:
        return CODER_MORE;
    case BZ_STREAM_END:
        return CODER_END;
    case BZ_MEM_ERROR:
        return CODER_FAILED;
    default:
        return CODER_DAMAGED;
    }
}

/* ---- encoding ---------------------------------------------------------------------- */

static void encoder_end(struct bzip2 *bzip2)
{
    if (bzip2->is_open)
        (void)BZ2_bzCompressEnd(&bzip2->stream);
    wipe(bzip2, sizeof *bzip2);
}

static void encoder_close(void *state)
{
    if (!state)
        return;
    encoder_end(state);
    free(state);
}

static int encoder_again(void *state)
{
    struct bzip2 *bzip2 = state;
    encoder_end(bzip2);
    bzip2->is_open = BZ2_bzCompressInit(&bzip2->stream, BLOCK_SIZE, 0, 0) == BZ_OK;
    return bzip2->is_open ? 0 : -1;
}

static enum coder_step encoder_step(void *state, struct coder_work *work)
{
    struct bzip2 *bzip2 = state;
    if (!bzip2->is_open && encoder_again(bzip2) < 0)
        return CODER_FAILED;
    if (!work->at_end && work->input.length == 0)
        return CODER_MORE;
    lend(&bzip2->stream, work);
    int answer = BZ2_bzCompress(&bzip2->stream, work->at_end ? BZ_FINISH : BZ_RUN);
    take_back(&bzip2->stream, work);
    if (answer == BZ_STREAM_END)
        return CODER_END;
    return answer >= 0 ? CODER_MORE : CODER_FAILED;
}

const struct coder bzip2_decoder = {bzip2_open, NULL, decoder_again, decoder_step,
                                    decoder_close};
const struct coder bzip2_encoder = {bzip2_open, NULL, encoder_again, encoder_step,
                                    encoder_close};
