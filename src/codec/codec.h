/* codec.h - content codings, both ways.
 *
 * A coding is one file, with a coder for each way, and one row in codec.c.  What is the
 * same for all - members on end, damage, the end that comes too early - is in decode.c
 * and encode.c.
 */
#ifndef SIEVE_CODEC_CODEC_H
#define SIEVE_CODEC_CODEC_H

#include <stdint.h>

#include "base/bytes.h"
#include "codec/beside.h"
#include "pipeline/stage.h"

#define MAGIC_LENGTH_MAX 6
#define MAGIC_COUNT_MAX  2

/* Bytes that tell whether an item is coded; more are not needed. */
#define SNIFF_LENGTH 512

/* How a member begins: bytes[i] must be equal where mask[i] has a bit set. */
struct magic {
    size_t length; /* 0 ends the list */
    unsigned char bytes[MAGIC_LENGTH_MAX];
    unsigned char mask[MAGIC_LENGTH_MAX];
};

enum coder_step {
    CODER_MORE,      /* it goes on: give more input, or more room */
    CODER_END,       /* a member is complete; input behind it was not taken */
    CODER_DAMAGED,   /* the input is not what it claims to be */
    CODER_TOO_LARGE, /* it would need more memory than was granted */
    CODER_FAILED     /* no memory, or a bug */
};

/* What a coder works on in one step: it takes from `input` and fills `room`. */
struct coder_work {
    struct bytes input;
    unsigned char *room;
    size_t capacity; /* of the room that is left */
    int at_end;      /* no more input will come */
};

/* One way of one coding. */
struct coder {
    /* `memory`: bytes it may ask for in all, as far as it can be told. */
    sieve_status (*open)(uint64_t memory, void **state_out);
    /* After CODER_TOO_LARGE: CODER_MORE if it goes on where it was, with more memory,
     * or why not.  NULL in a coder that always needs the same. */
    enum coder_step (*raise)(void *state, uint64_t memory);
    /* Ready for the next member, whatever came before: 0, or -1 without memory.  An
     * encoder makes one member; it may be NULL there. */
    int (*again)(void *state);
    enum coder_step (*step)(void *state, struct coder_work *work);
    void (*close)(void *state); /* wipes; NULL is legal */
};

struct codec {
    const char *name; /* "gzip" */
    struct magic magics[MAGIC_COUNT_MAX + 1];
    int has_padding; /* zeros between and behind members mean nothing */
    enum margin_kind margin;
    const char *margin_name; /* "gzip head" */
    const struct coder *decoder;
    const struct coder *encoder;
    const char *damaged; /* "damaged gzip data" */
    const char *cut;     /* "gzip data that ends too early" */
    const char *foreign; /* "something else behind gzip data" */
};

/* The coding these first bytes of an item begin with, NULL if none.  If more bytes are
 * needed to tell, *wants_more is 1. */
const struct codec *codec_sniff(struct bytes first, int *wants_more);

/* The coding that HTTP calls so (Content-Encoding), in any case; NULL if there is none.
 * Some of them cannot be told by their bytes. */
const struct codec *codec_of_name(struct bytes name);

/* What else is known to hide its content: a constant reason why such an item counts
 * as not examined; NULL if the bytes say nothing. */
const char *codec_opaque(struct bytes first);

/* The same for who would mask it. */
const char *codec_opaque_refusal(struct bytes first);

/* 1 if these few bytes may be the beginning of something opaque. */
int codec_opaque_may_begin(struct bytes first);

/* What shows its content but carries checksums of it: why a number in it cannot be
 * masked; NULL if the bytes say nothing. */
const char *codec_sealed(struct bytes first);
int codec_sealed_may_begin(struct bytes first);

/* 1 if `at` (with `length` bytes) begins as a member of the codec does. */
int codec_begins(const struct codec *codec, const unsigned char *at, size_t length);

/* Memory for decoders that need much, shared by all who decode at the same time: a
 * decoder asks when it meets data that needs more than DECODER_MEMORY. */
struct gate {
    uint64_t memory; /* bytes one decoder may have when it was let in */
    /* Waits until there is room.  1: let in, until leave(); 0: not at all. */
    int (*enter)(void *context);
    void (*leave)(void *context);
    void *context;
    /* Before a decoder is made.  0: there are too many; NULL: there may be any number. */
    int (*admit)(void *context);
};

/* Undoes a coding.  A damaged member is left out and the next one looked for; finish()
 * then returns SIEVE_E_CORRUPT after it has finished the rest, and `error` says what.
 * What is no content is told to `beside`, if it is not NULL.  All are borrowed until
 * free; owns `next` when it succeeds.  SIEVE_E_LIMIT, without an `error`: the gate does
 * not admit one more. */
sieve_status decode_stage_new(const struct codec *codec, const struct gate *gate,
                              struct beside *beside, sieve_error *error,
                              struct stage *next, struct stage **out) SIEVE_MUST_CHECK;

/* Does a coding, as one member.  Owns `next` when it succeeds. */
sieve_status encode_stage_new(const struct codec *codec, struct stage *next,
                              struct stage **out) SIEVE_MUST_CHECK;

extern const struct coder gzip_decoder;
extern const struct coder gzip_encoder;
extern const struct coder deflate_decoder;
extern const struct coder deflate_encoder;
extern const struct coder brotli_decoder;
extern const struct coder brotli_encoder;
extern const struct coder zstd_decoder;
extern const struct coder zstd_encoder;
extern const struct coder bzip2_decoder;
extern const struct coder bzip2_encoder;
extern const struct coder xz_decoder;
extern const struct coder xz_encoder;
extern const struct coder lz4_decoder;
extern const struct coder lz4_encoder;

#endif /* SIEVE_CODEC_CODEC_H */
