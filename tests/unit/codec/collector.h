/* collector.h - a last step that keeps what comes, and shortcuts through the codings. */
#ifndef TEST_CODEC_COLLECTOR_H
#define TEST_CODEC_COLLECTOR_H

#include "base/buffer.h"
#include "codec/codec.h"

struct collector {
    struct stage base; /* freed by its owner, not by stage_free() */
    struct buffer bytes;
    int finished;
    int freed;
};

void collector_init(struct collector *collector);
void collector_done(struct collector *collector);

/* By its name; fails the test if there is none. */
const struct codec *codec_named(const char *name);

/* The names of all codings; ends with NULL. */
extern const char *const codec_names[];

/* Encodes `plain` behind what is in `out`, in chunks. */
void encode(const struct codec *codec, struct bytes plain, size_t chunk,
            struct buffer *out);

/* Decodes into `collector`; the answer of finish(), or of the write that failed. */
sieve_status decode(const struct codec *codec, struct bytes coded, size_t chunk,
                    uint64_t memory, sieve_error *error, struct collector *collector);

/* Text that compresses, and some that does not. */
void make_plain(struct buffer *out, size_t length);

#endif
