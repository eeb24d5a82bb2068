/* sieve_masks.h - what the sieve is told of 64 bytes, by each instruction set.
 *
 * A file per instruction set includes this, defines struct kernel, kernel_init(),
 * block_masks() and range_mask(), and then includes sieve_loop.h.
 */
#ifndef SIEVE_DETECT_SIEVE_MASKS_H
#define SIEVE_DETECT_SIEVE_MASKS_H

#include <string.h>

#include "detect/sieve.h"

#define BLOCK 64u

/* The loop is one body; what is seldom needed stays out of it. */
#define SIEVE_INLINE inline __attribute__((always_inline))
#define SIEVE_RARE   __attribute__((noinline))

/* How far a run of 8 bits is to be moved to make one of as many as follow the first of
 * the least number's digits. */
#define RUNS_SHIFT(digits_min) ((digits_min) >= SIEVE_DIGITS_USUAL ? 3u : 2u)

/* Bit i tells of byte i. */
struct masks {
    uint64_t unit;  /* the last byte of a digit of any width */
    uint64_t gap;   /* what may stand between two digits, or in a wide one */
    uint64_t three; /* '3' */
    uint64_t name;  /* the second byte of a name's window may be here */
    bool rare;      /* there is one of % \\ & = ESC, 00 and FF */
};

static inline uint64_t bit_if(bool set, unsigned index)
{
    return (uint64_t)set << index;
}

static SIEVE_INLINE unsigned count_bits(uint64_t mask)
{
    return (unsigned)__builtin_popcountll(mask);
}

static SIEVE_INLINE unsigned first_bit(uint64_t mask)
{
    return (unsigned)__builtin_ctzll(mask);
}

static SIEVE_INLINE uint64_t low_bits(unsigned count)
{
    return count >= 64 ? ~0ull : (1ull << count) - 1;
}

static SIEVE_INLINE uint64_t high_bits(unsigned count)
{
    return ~low_bits(64 - count);
}

/* pick_bits(), spread_bits() and gather() where no instruction does it. */
static inline uint64_t pick_bits_slowly(uint64_t from, uint64_t mask)
{
    uint64_t picked = 0;
    for (unsigned i = 0; mask; mask &= mask - 1, i++)
        picked |= (from >> first_bit(mask) & 1u) << i;
    return picked;
}

static inline uint64_t spread_bits_slowly(uint64_t from, uint64_t mask)
{
    uint64_t spread = 0;
    for (; mask; mask &= mask - 1, from >>= 1)
        spread |= (from & 1u) << first_bit(mask);
    return spread;
}

static inline void gather_slowly(const uint8_t *at, uint64_t mask, uint8_t *out)
{
    for (unsigned i = 0; i < PAN_DIGITS_MAX && mask; i++, mask &= mask - 1)
        out[i] = at[first_bit(mask)] & 15u;
}

/* What is looked through, and where places are told. */
struct sieve_state {
    const struct sieve_plan *plan;
    const uint8_t *bytes;
    size_t from;
    size_t to;
    size_t length;
    size_t told; /* chains before here are told */
    struct place_list *out;
};

static SIEVE_INLINE void add_place(struct sieve_state *state, enum place_kind kind,
                                   size_t from, size_t to)
{
    if (to > state->from && from < state->to)
        place_add(state->out, (struct place){from, to, kind});
}

/* The places at the set bits. */
static inline void add_places(struct sieve_state *state, enum place_kind kind, size_t at,
                              uint64_t bits)
{
    for (; bits; bits &= bits - 1) {
        size_t place = at + first_bit(bits);
        add_place(state, kind, place, place + 1);
    }
}

/* Bytes around a block, line feeds where there are none. */
#define PAD_BEFORE 16u
#define PAD_BEHIND 96u

struct padded {
    uint8_t bytes[PAD_BEFORE + PAD_BEHIND];
};

/* The block's place in `padded`. */
static SIEVE_RARE const uint8_t *pad(const struct sieve_state *state, size_t at,
                                     struct padded *padded)
{
    memset(padded->bytes, '\n', sizeof padded->bytes);
    size_t before = at < PAD_BEFORE ? at : PAD_BEFORE;
    size_t first = at - before;
    if (first < state->length) {
        size_t count = state->length - first;
        if (count > PAD_BEHIND + before)
            count = PAD_BEHIND + before;
        memcpy(padded->bytes + PAD_BEFORE - before, state->bytes + first, count);
    }
    return padded->bytes + PAD_BEFORE;
}

/* The block where PAD_BEFORE and PAD_BEHIND bytes around may be read. */
static SIEVE_INLINE const uint8_t *padded_block(const struct sieve_state *state,
                                                size_t at, struct padded *padded)
{
    if (at >= PAD_BEFORE && at + PAD_BEHIND <= state->length)
        return state->bytes + at;
    return pad(state, at, padded);
}

#endif /* SIEVE_DETECT_SIEVE_MASKS_H */
