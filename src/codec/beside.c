#include "codec/beside.h"

#include <string.h>

/* RFC 1952, 2.3: what is before the fields that may be there, and the bits for them. */
#define GZIP_FIXED       10u
#define GZIP_FLAGS       3
#define GZIP_EXTRA       0x04u
#define GZIP_NAME        0x08u
#define GZIP_COMMENT     0x10u
#define GZIP_SIZE_LENGTH 2u

/* RFC 8878, 3.1.2: magic and length. */
#define FRAME_FIXED 8u

enum phase {
    OUTSIDE, /* no margin, or behind it */
    FIXED,   /* what tells whether there is one */
    SIZE,    /* of the extra field */
    COUNTED, /* so many bytes */
    NAME,    /* up to a zero */
    COMMENT
};

void beside_done(struct beside *beside)
{
    window_free(beside->window);
    beside->window = NULL;
}

/* ---- the scan of one member's margin ----------------------------------------------- */

static sieve_status open_window(const struct margin *margin)
{
    struct beside *beside = margin->beside;
    if (!beside->window) {
        sieve_status status = window_new(beside->scanner, &beside->window);
        if (status != SIEVE_OK)
            return status;
    }
    if (beside->on_begin)
        beside->on_begin(&margin->place, beside->context);
    window_start(beside->window, &beside->sink, 0, 0, UINT64_MAX, bytes_of(NULL, 0));
    return window_write(beside->window, bytes_of(margin->first, margin->carried));
}

sieve_status margin_end(struct margin *margin)
{
    struct beside *beside = margin->beside;
    const unsigned phase = margin->phase;
    margin->phase = OUTSIDE;
    if (phase == OUTSIDE || phase == FIXED)
        return SIEVE_OK; /* nothing was opened */
    sieve_status status = window_finish(beside->window);
    if (beside->on_end)
        beside->on_end(beside->context);
    return status;
}

/* ---- where it ends ----------------------------------------------------------------- */

void margin_init(struct margin *margin, enum margin_kind kind, const char *what,
                 struct beside *beside)
{
    memset(margin, 0, sizeof *margin);
    margin->kind = kind;
    margin->beside = beside;
    margin->place.what = what;
}

void margin_begin(struct margin *margin)
{
    margin->place.member++;
    margin->phase = margin->beside && margin->kind != MARGIN_NONE ? FIXED : OUTSIDE;
    margin->carried = 0;
}

/* The fields of a gzip header come in this order. */
static enum phase gzip_phase_after(const struct margin *margin, unsigned phase)
{
    const unsigned flags = margin->first[GZIP_FLAGS];
    if (phase < SIZE && flags & GZIP_EXTRA)
        return SIZE;
    if (phase < NAME && flags & GZIP_NAME)
        return NAME;
    return phase < COMMENT && flags & GZIP_COMMENT ? COMMENT : OUTSIDE;
}

static uint64_t little_endian(const unsigned char *at, size_t length)
{
    uint64_t value = 0;
    while (length > 0)
        value = value << 8 | at[--length];
    return value;
}

/* Zstd's own frames and lz4's begin otherwise. */
static int is_skippable(const unsigned char *first)
{
    return (first[0] & 0xF0u) == 0x50 && first[1] == 0x2A && first[2] == 0x4D &&
           first[3] == 0x18;
}

/* The phase behind this one, when it is over; without one the margin is. */
static sieve_status turn(struct margin *margin)
{
    enum phase next = OUTSIDE;
    if (margin->kind == MARGIN_GZIP && margin->phase == SIZE) {
        next = COUNTED;
        margin->left = little_endian(margin->first + GZIP_FIXED, GZIP_SIZE_LENGTH);
    } else if (margin->kind == MARGIN_GZIP) {
        next = gzip_phase_after(margin, margin->phase);
    } else if (margin->phase == FIXED && is_skippable(margin->first)) {
        next = COUNTED;
        margin->left = little_endian(margin->first + 4, FRAME_FIXED - 4);
    }
    if (next == OUTSIDE)
        return margin_end(margin);
    const int is_first = margin->phase == FIXED;
    margin->phase = next;
    return is_first ? open_window(margin) : SIEVE_OK;
}

/* How many of the first bytes must be seen together before the phase is over. */
static size_t wanted(const struct margin *margin)
{
    if (margin->phase == SIZE)
        return GZIP_FIXED + GZIP_SIZE_LENGTH;
    return margin->kind == MARGIN_GZIP ? GZIP_FIXED : FRAME_FIXED;
}

static sieve_status gather(struct margin *margin, struct bytes *bytes)
{
    size_t count = wanted(margin) - margin->carried;
    count = count < bytes->length ? count : bytes->length;
    const struct bytes piece = bytes_of(bytes->at, count);
    memcpy(margin->first + margin->carried, piece.at, count);
    margin->carried += count;
    *bytes = bytes_from(*bytes, count);
    sieve_status status = SIEVE_OK;
    if (margin->phase == SIZE)
        status = window_write(margin->beside->window, piece);
    return status == SIEVE_OK && margin->carried == wanted(margin) ? turn(margin)
                                                                   : status;
}

static sieve_status pass_on(struct margin *margin, struct bytes *bytes)
{
    size_t count = bytes->length;
    int is_over = 0;
    if (margin->phase == COUNTED) {
        count = margin->left < count ? (size_t)margin->left : count;
        margin->left -= count;
        is_over = margin->left == 0;
    } else {
        const unsigned char *zero = memchr(bytes->at, 0, count);
        is_over = zero != NULL;
        count = zero ? (size_t)(zero - bytes->at) + 1 : count;
    }
    sieve_status status =
        window_write(margin->beside->window, bytes_of(bytes->at, count));
    *bytes = bytes_from(*bytes, count);
    return status == SIEVE_OK && is_over ? turn(margin) : status;
}

sieve_status margin_bytes(struct margin *margin, struct bytes bytes)
{
    sieve_status status = SIEVE_OK;
    while (margin->phase != OUTSIDE && bytes.length > 0 && status == SIEVE_OK)
        status = margin->phase == FIXED || margin->phase == SIZE
                     ? gather(margin, &bytes)
                     : pass_on(margin, &bytes);
    return status;
}
