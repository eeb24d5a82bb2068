/* beside.h - what a coded item carries beside its content: the name, the comment and the
 * extra field of a gzip member, the frames of zstd and lz4 that decoders skip.
 *
 * No decoder gives these bytes, so they are scanned by themselves, each member's as a
 * small item of its own: offsets count from the member's first byte.
 */
#ifndef SIEVE_CODEC_BESIDE_H
#define SIEVE_CODEC_BESIDE_H

#include "pipeline/window.h"

/* Where in a coding bytes may stand that are no content. */
enum margin_kind {
    MARGIN_NONE,
    MARGIN_GZIP,     /* behind the ten bytes that a member begins with */
    MARGIN_SKIPPABLE /* a whole frame */
};

struct beside_place {
    const char *what; /* "gzip head"; a constant */
    uint64_t member;  /* of its coding, from 1 */
    uint64_t from;    /* offset of the first byte that is shown to the sink */
};

/* Who scans it.  One for all codings of an item; it belongs to one thread. */
struct beside {
    sieve_scanner *scanner; /* borrowed */
    /* Before and behind what the sink hears of one member; both may be NULL. */
    void (*on_begin)(const struct beside_place *place, void *context);
    void (*on_end)(void *context);
    struct window_sink sink;
    void *context;         /* of on_begin and on_end */
    struct window *window; /* NULL until it is needed */
};

/* Frees the window, not the beside itself. */
void beside_done(struct beside *beside);

/* Follows the bytes of one coding, member by member; plain old data. */
struct margin {
    enum margin_kind kind;
    struct beside *beside; /* NULL: nobody wants to know */
    struct beside_place place;
    unsigned phase;
    uint64_t left;  /* bytes of a field whose length is known */
    size_t carried; /* of `first` */
    unsigned char first[12];
};

void margin_init(struct margin *margin, enum margin_kind kind, const char *what,
                 struct beside *beside);

/* A member begins; its next bytes; it ended, or broke off.  Bytes behind the margin cost
 * nothing. */
void margin_begin(struct margin *margin);
sieve_status margin_bytes(struct margin *margin, struct bytes bytes) SIEVE_MUST_CHECK;
sieve_status margin_end(struct margin *margin) SIEVE_MUST_CHECK;

#endif /* SIEVE_CODEC_BESIDE_H */
