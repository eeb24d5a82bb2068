/* Our library through its public header: looking at one block, and masking a stream
 * that arrives in pieces as from a pipe. */
#include "kernels.h"

#include <stdlib.h>
#include <string.h>

#include "cardsieve.h"

#define PIECE_LENGTH ((size_t)128 << 10) /* bytes */

struct sieve_state {
    sieve_ruleset *ruleset;
    sieve_scanner *scanner;
    uint64_t count;
};

static void *sieve_open(size_t length)
{
    struct sieve_state *state = calloc(1, sizeof *state);
    (void)length;
    if (!state || sieve_ruleset_new(NULL, &state->ruleset, NULL) != SIEVE_OK ||
        sieve_scanner_new(state->ruleset, &state->scanner) != SIEVE_OK)
        kernel_fail("cannot make a scanner");
    return state;
}

static void sieve_close(void *context)
{
    struct sieve_state *state = context;
    sieve_scanner_free(state->scanner);
    sieve_ruleset_free(state->ruleset);
    free(state);
}

static sieve_next count_finding(const sieve_finding *finding, void *context)
{
    (void)finding;
    ((struct sieve_state *)context)->count++;
    return SIEVE_CONTINUE;
}

static uint64_t sieve_run(void *context, const char *bytes, size_t length)
{
    struct sieve_state *state = context;
    state->count = 0;
    if (sieve_scan(state->scanner, bytes, length, count_finding, state) != SIEVE_OK)
        kernel_fail("the scan failed");
    return state->count;
}

const struct kernel kernel_sieve = {"cardsieve", "findings", sieve_open, sieve_run,
                                    sieve_close};

/* ---- a masking stream ------------------------------------------------------------- */

static sieve_status drop_bytes(const void *bytes, size_t length, void *context)
{
    (void)bytes, (void)length, (void)context;
    return SIEVE_OK;
}

static sieve_status feed(sieve_stream *stream, const char *bytes, size_t length)
{
    while (length > 0) {
        void *room;
        size_t capacity;
        sieve_status status = sieve_stream_room(stream, &room, &capacity);
        if (status != SIEVE_OK)
            return status;
        size_t piece = length < PIECE_LENGTH ? length : PIECE_LENGTH;
        piece = piece < capacity ? piece : capacity;
        memcpy(room, bytes, piece);
        status = sieve_stream_commit(stream, piece);
        if (status != SIEVE_OK)
            return status;
        bytes += piece;
        length -= piece;
    }
    return sieve_stream_finish(stream);
}

static uint64_t stream_run(void *context, const char *bytes, size_t length)
{
    struct sieve_state *state = context;
    sieve_stream_sink sink = {count_finding, drop_bytes, state};
    sieve_stream *stream = NULL;
    state->count = 0;
    if (sieve_stream_new(state->scanner, &sink, &stream) != SIEVE_OK ||
        feed(stream, bytes, length) != SIEVE_OK)
        kernel_fail("the stream failed");
    sieve_stream_free(stream);
    return state->count;
}

const struct kernel kernel_stream = {"cardsieve-mask", "findings", sieve_open, stream_run,
                                     sieve_close};
