/* sieve_loop.h - the sieve's body, compiled once per instruction set.
 *
 * The file that includes it has defined before:
 *
 *   struct kernel  its constants, made once per run by kernel_init(kernel, plan)
 *   block_masks(kernel, at, masks)  the masks of 64 bytes; at[-16] to at[79] are read
 *   range_mask(at, first, count)  the bytes of at[0..64) that are first..first+count-1
 *   pick_bits(from, mask)  the bits of `from` at the set bits of `mask`, side by side
 *   lowest(mask, count)  its lowest bits
 *   last_zeros(mask)  the bits above the highest set one; 64 if none is set
 *   spread_bits(from, mask)  the lowest bits of `from` at the set bits of `mask`
 *   gather(at, mask, out)  the values of the digits at[i] of the set bits, side by side
 *
 * Everything here is arithmetic on masks:
 *
 *   unit   the last byte of a digit of any width
 *   gap    a byte that may stand between two digits
 *   cover  units and gaps
 *   chain  units and gaps in a row
 *
 * A number is a chain of as many digits as the shortest number has.
 */
#ifndef SIEVE_DETECT_SIEVE_LOOP_H
#define SIEVE_DETECT_SIEVE_LOOP_H

#include "detect/sieve_chains.h"
#include "detect/sieve_escapes.h"

/* Pairs of hex digits that a number has in this block and the next; one may be cut. */
#define HEX_PAIRS_MIN 10u

/* ---- hex ----------------------------------------------------------------- */

/* Four pairs "3d": joined or parted by one byte. */
static SIEVE_RARE void find_hex(struct sieve_state *state, size_t at)
{
    struct padded padded;
    const uint8_t *bytes = padded_block(state, at, &padded);
    uint64_t found = 0;
    for (unsigned stride = 2; stride <= 3; stride++)
        found |= hex_pairs(bytes + stride) & hex_pairs(bytes + 2 * stride) &
                 hex_pairs(bytes + 3 * stride);
    add_places(state, PLACE_HEX, at, found & hex_pairs(bytes));
}

/* ---- the loop ------------------------------------------------------------------- */

/* What is known of the blocks before, and what of a block calls for a closer look. */
struct sight {
    struct chain chain;
    struct masks masks;
    unsigned pairs;
    uint64_t chains;
    bool hex;
};

static SIEVE_INLINE bool see_block(const struct kernel *kernel, const uint8_t *bytes,
                                   struct sight *sight)
{
    struct masks masks;
    unsigned open;
    block_masks(kernel, bytes, &masks);
    uint64_t chains = chain_ends(&sight->chain, masks.unit, masks.unit | masks.gap,
                                 kernel->runs_shift, kernel->digits_min, &open);
    unsigned pairs = count_bits(masks.three & masks.unit >> 1);
    bool hex = pairs + sight->pairs >= HEX_PAIRS_MIN;
    sight->pairs = pairs;
    if (__builtin_expect(!(chains | masks.name | hex | masks.rare), 1)) {
        sight->chain.digits = open;
        return false;
    }
    sight->masks = masks;
    sight->chains = chains;
    sight->hex = hex;
    return true;
}

static SIEVE_INLINE void look_closer(struct sieve_state *state,
                                     const struct kernel *kernel, size_t at,
                                     struct sight *sight)
{
    const struct masks *masks = &sight->masks;
    uint64_t cover = masks->unit | masks->gap;
    if (sight->chains)
        tell_chains(state, kernel, at, &sight->chain, masks->unit, cover);
    else
        sight->chain.digits =
            count_bits(masks->unit & ~low_bits(64 - last_zeros(~cover)));
    if (sight->hex && at > state->from)
        find_hex(state, at - BLOCK);
    if (masks->rare)
        find_rare(state, at);
    if (masks->name)
        find_names(state, at, masks->name);
}

static SIEVE_INLINE void sieve_loop(const struct sieve_plan *plan, const uint8_t *bytes,
                                    size_t from, size_t to, size_t length,
                                    struct place_list *out)
{
    struct sieve_state state = {plan, bytes, from, to, length, out};
    struct kernel kernel;
    struct sight sight = {.chain = {.told = from}};
    kernel_init(&kernel, plan);
    /* The block behind the last tells whether hex goes on, those that follow where a
     * chain ends. */
    size_t at = from;
    while (at < to + BLOCK || (at < to + CHAIN_PART && sight.chain.digits > 0)) {
        struct padded padded;
        const uint8_t *block = padded_block(&state, at, &padded);
        size_t left = 1;
        if (block == bytes + at && at + PAD_BEHIND < to)
            left = (to - PAD_BEHIND - at) / BLOCK + 1;
        /* No call in here: the kernel's constants stay in registers. */
        bool seen = see_block(&kernel, block, &sight);
        while (!seen && --left > 0) {
            block += BLOCK;
            at += BLOCK;
            seen = see_block(&kernel, block, &sight);
        }
        if (seen)
            look_closer(&state, &kernel, at, &sight);
        at += BLOCK;
    }
    if (sight.chain.digits > 0)
        tell_chain(&state, chain_begin(&state, &kernel, at, sight.chain.told), at, at);
}

#endif /* SIEVE_DETECT_SIEVE_LOOP_H */
