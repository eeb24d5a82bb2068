/* codings.h - what the fuzz targets of the codings share: pieces, ends, and claims. */
#ifndef TESTS_FUZZ_CODINGS_H
#define TESTS_FUZZ_CODINGS_H

#include "base/buffer.h"
#include "codec/codec.h"

#define EXPANDED_MAX (1u << 20) /* bytes that may come out of anything */

/* A last step that keeps what comes. */
struct keeper {
    struct stage base; /* freed by its owner, not by stage_free() */
    struct buffer bytes;
    unsigned finished;
    unsigned freed;
};

void keeper_init(struct keeper *keeper);
void keeper_done(struct keeper *keeper);

/* Aborts with the claim's words unless it holds. */
void claim(int holds, const char *words);

/* The coding of this number, which may be any. */
const struct codec *any_codec(unsigned number);

/* Everything in pieces of `chunk` bytes (0: at once), then the end. */
sieve_status pour(struct stage *stage, struct bytes bytes, size_t chunk);

/* Encodes behind what is in `out`. */
void encode(const struct codec *codec, struct bytes plain, size_t chunk,
            struct buffer *out);

/* A gate that opens for one at a time. */
struct gate any_gate(uint64_t memory);

#endif
