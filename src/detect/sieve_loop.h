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
 *   gather(at, mask, out)  the values of the digits at[i] of the set bits, side by side,
 *     of a number's length at least; out has room for a block's
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

/* Blocks are read many at a time: those that call for a closer look are noted, with no
 * branch, and looked at when all are read. */
#define SIGHTS_MAX 64u

/* What is remembered from block to block. */
struct memory {
    struct chain chain;
    unsigned pairs;
};

/* Reads `count` blocks from bytes[0], which is at `at`; returns how many are noted.  No
 * call in here: the kernel's constants stay in registers. */
static SIEVE_INLINE unsigned see_blocks(const struct kernel *kernel, const uint8_t *bytes,
                                        size_t at, unsigned count, struct memory *memory,
                                        struct sight sights[SIGHTS_MAX])
{
    struct chain chain = memory->chain;
    unsigned pairs_before = memory->pairs;
    unsigned noted = 0;
    for (unsigned i = 0; i < count; i++) {
        struct masks masks;
        struct sight *sight = &sights[noted];
        block_masks(kernel, bytes + (size_t)i * BLOCK, &masks);
        uint64_t cover = masks.unit | masks.gap;
        unsigned pairs = count_bits(masks.three & masks.unit >> 1);
        bool hex = pairs + pairs_before >= HEX_PAIRS_MIN;
        pairs_before = pairs;
        sight->before = chain;
        uint64_t chains =
            chain_ends(&chain, masks.unit, cover, kernel->runs_shift, kernel->digits_min);
        sight->at = at + (size_t)i * BLOCK;
        sight->unit = masks.unit;
        sight->cover = cover;
        sight->names = masks.name;
        sight->chains = chains != 0;
        sight->hex = hex;
        sight->rare = masks.rare;
        noted += (chains | masks.name | hex | masks.rare) != 0;
    }
    memory->chain = chain;
    memory->pairs = pairs_before;
    return noted;
}

static SIEVE_RARE void look_closer(struct sieve_state *state, const struct kernel *kernel,
                                   const struct sight *sight)
{
    if (sight->chains)
        tell_chains(state, kernel, sight);
    if (sight->hex && sight->at > state->from)
        find_hex(state, sight->at - BLOCK);
    if (sight->rare)
        find_rare(state, sight->at);
    if (sight->names)
        find_names(state, sight->at, sight->names);
}

/* How many blocks from `at` on can be read where they are, one at least. */
static inline unsigned blocks_in_place(const struct sieve_state *state, size_t at)
{
    size_t last = state->to < state->length ? state->to : state->length;
    if (at < PAD_BEFORE || at + PAD_BEHIND >= last)
        return 1;
    size_t count = (last - PAD_BEHIND - at) / BLOCK + 1;
    return count < SIGHTS_MAX ? (unsigned)count : SIGHTS_MAX;
}

static SIEVE_INLINE void sieve_loop(const struct sieve_plan *plan, const uint8_t *bytes,
                                    size_t from, size_t to, size_t length,
                                    struct place_list *out)
{
    struct sieve_state state = {plan, bytes, from, to, length, from, out};
    struct kernel kernel;
    struct memory memory = {0};
    struct sight sights[SIGHTS_MAX];
    kernel_init(&kernel, plan);
    /* The block behind the last tells whether hex goes on, those that follow where a
     * chain ends. */
    size_t at = from;
    while (at < to + BLOCK || (at < to + CHAIN_PART && memory.chain.digits > 0)) {
        struct padded padded;
        const uint8_t *block = padded_block(&state, at, &padded);
        unsigned count = blocks_in_place(&state, at);
        unsigned noted = see_blocks(&kernel, block, at, count, &memory, sights);
        for (unsigned i = 0; i < noted; i++)
            look_closer(&state, &kernel, &sights[i]);
        at += (size_t)count * BLOCK;
    }
    if (memory.chain.digits > 0)
        tell_chain(&state, chain_begin(&state, &kernel, at), at, at);
}

#endif /* SIEVE_DETECT_SIEVE_LOOP_H */
