/* sieve_loop.h - the sieve's body, compiled once per instruction set.
 *
 * The file that includes it has defined before:
 *
 *   struct kernel  its constants, made once per run by kernel_init(kernel, plan)
 *   block_masks(kernel, at, masks)  the masks of 64 bytes; at[-2] to at[66] are read
 *
 * Everything here is arithmetic on such masks:
 *
 *   unit   the last byte of a digit of any width
 *   gap    a byte that may stand between two digits
 *   chain  bytes of digits and gaps, no gap longer than GAP_MAX
 *
 * A number is a chain of as many digits as the shortest number has; that is all that is
 * asked here.
 */
#ifndef SIEVE_DETECT_SIEVE_LOOP_H
#define SIEVE_DETECT_SIEVE_LOOP_H

#include "detect/sieve_masks.h"

/* Between the ends of two digits: two ideographic spaces and a full-width digit in UTF-8
 * are 9 bytes; a wide separator, CR LF and such a digit 8. */
#define GAP_MAX 8u

/* ---- the loop ------------------------------------------------------------------- */

struct sieve_state {
    const struct sieve_plan *plan;
    const uint8_t *bytes;
    size_t from;
    size_t to;
    size_t length;
    struct place_list *out;
    size_t raw_until; /* chains before here are told */
};

static inline unsigned count_bits(uint64_t mask)
{
    return (unsigned)__builtin_popcountll(mask);
}

static inline unsigned first_bit(uint64_t mask)
{
    return (unsigned)__builtin_ctzll(mask);
}

/* `low` and, above it, `high`, moved down by `count` < 64. */
static inline uint64_t funnel(uint64_t low, uint64_t high, unsigned count)
{
    return count ? low >> count | high << (64 - count) : low;
}

static inline uint64_t low_bits(unsigned count)
{
    return count >= 64 ? ~0ull : (1ull << count) - 1;
}

/* Every unit and the GAP_MAX bytes behind it. */
static SIEVE_INLINE uint64_t reach_of(uint64_t units, uint64_t units_before)
{
    uint64_t reach = units | units << 1;
    reach |= reach << 2;
    reach |= reach << 4;
    reach |= units << GAP_MAX;
    uint64_t late = units_before >> (64 - GAP_MAX);
    if (late)
        reach |= (2ull << (63 - (unsigned)__builtin_clzll(late))) - 1;
    return reach;
}

/* Bits that begin 11 or more set bits: the shortest number without joints. */
static inline uint64_t runs_of_11(uint64_t low, uint64_t high)
{
    uint64_t l = low & funnel(low, high, 1);
    uint64_t h = high & high >> 1;
    l &= funnel(l, h, 2);
    h &= h >> 2;
    l &= funnel(l, h, 4);
    h &= h >> 4;
    return l & funnel(l, h, 3);
}

static SIEVE_INLINE void add_place(struct sieve_state *state, enum place_kind kind,
                                   size_t from, size_t to)
{
    if (from >= state->from && from < state->to)
        place_add(state->out, (struct place){from, to, kind});
}

/* Bits [begin, end) of two words; end is at most 128. */
static SIEVE_INLINE unsigned count_between(uint64_t low, uint64_t high, unsigned begin,
                                           unsigned end)
{
    if (end <= 64)
        return count_bits(low >> begin & low_bits(end - begin));
    return count_bits(low >> begin) + count_bits(high & low_bits(end - 64));
}

/* Where the run of set bits from `begin` ends; 128 if it does not. */
static SIEVE_INLINE unsigned end_of_run(uint64_t low, uint64_t high, unsigned begin)
{
    uint64_t holes = ~low >> begin;
    if (holes)
        return begin + first_bit(holes);
    return ~high ? 64 + first_bit(~high) : 128;
}

/* Chains that begin in this block and hold enough digits.  One that goes on behind the
 * next block is told so far, and again from there. */
static SIEVE_RARE void find_chains(struct sieve_state *state, size_t at, uint64_t units,
                                   uint64_t next_units, uint64_t chain,
                                   uint64_t next_chain)
{
    uint64_t runs = runs_of_11(chain, next_chain);
    if (state->raw_until > at)
        runs &= ~low_bits(
            (unsigned)(state->raw_until - at < 64 ? state->raw_until - at : 64));
    while (runs) {
        unsigned begin = first_bit(runs);
        unsigned end = end_of_run(chain, next_chain, begin);
        unsigned digits = count_between(units, next_units, begin, end);
        if (digits >= state->plan->digits_min || end == 128) {
            /* A full-width digit's first bytes stand before its bit. */
            size_t first = at + begin;
            add_place(state, PLACE_RAW, first > 2 ? first - 2 : 0, at + end);
        }
        state->raw_until = at + end;
        runs &= ~low_bits(end);
    }
}

/* Bits of 16-bit digits of one endianness, by the byte their unit begins with. */
static inline uint64_t wide_units(const struct sieve_state *state, size_t at, bool big)
{
    uint64_t units = 0;
    size_t left = state->length > at + 1 ? state->length - at - 1 : 0;
    const uint8_t *bytes = state->bytes + at;
    for (unsigned i = 0; i < BLOCK && i < left; i++) {
        uint8_t low = bytes[big ? i + 1 : i];
        uint8_t high = bytes[big ? i : i + 1];
        units |= bit_if((high == 0 && (uint8_t)(low - '0') < 10) ||
                            (high == 0xFF && (uint8_t)(low - 0x10) < 10),
                        i);
    }
    return units;
}

/* As many of one endianness in this and the next block as a number has. */
static SIEVE_RARE void find_wide(struct sieve_state *state, size_t at)
{
    for (unsigned big = 0; big < 2; big++) {
        uint64_t units = wide_units(state, at, big);
        if (!units || count_bits(units) + count_bits(wide_units(state, at + BLOCK, big)) <
                          state->plan->digits_min)
            continue;
        for (; units; units &= units - 1) {
            size_t place = at + first_bit(units);
            add_place(state, PLACE_WIDE, place, place + 1);
        }
    }
}

/* Four pairs "3d": joined, parted by one byte, or each led by \x. */
static SIEVE_RARE void find_hex(struct sieve_state *state, size_t at, uint64_t pairs,
                                uint64_t next)
{
    uint64_t joined =
        pairs & funnel(pairs, next, 2) & funnel(pairs, next, 4) & funnel(pairs, next, 6);
    uint64_t spaced =
        pairs & funnel(pairs, next, 3) & funnel(pairs, next, 6) & funnel(pairs, next, 9);
    uint64_t escaped =
        pairs & funnel(pairs, next, 4) & funnel(pairs, next, 8) & funnel(pairs, next, 12);
    for (uint64_t places = joined | spaced | escaped; places; places &= places - 1) {
        size_t place = at + first_bit(places);
        add_place(state, PLACE_HEX, place, place + 1);
    }
}

static SIEVE_RARE void find_escapes(struct sieve_state *state, size_t at, uint64_t rare)
{
    for (; rare; rare &= rare - 1) {
        size_t place = at + first_bit(rare);
        if (place >= state->length)
            break;
        uint8_t byte = state->bytes[place];
        bool jis = byte == 0x1B;
        if (byte == 0 || byte == 0xFF ||
            (jis && !(place + 1 < state->length && state->bytes[place + 1] == '$')))
            continue;
        add_place(state, jis ? PLACE_JIS : PLACE_ESCAPE, place, place + 1);
    }
}

static SIEVE_RARE void find_names(struct sieve_state *state, size_t at, uint64_t names)
{
    for (; names; names &= names - 1) {
        size_t place = at + first_bit(names);
        if (place + 3 <= state->length &&
            probe_may_begin(state->plan->names, state->bytes + place))
            add_place(state, PLACE_NAME, place, place + 1);
    }
}

/* What is known of a block before the one behind it is read. */
struct block {
    struct masks masks;
    uint64_t units;
    unsigned count; /* of units */
};

static SIEVE_INLINE uint64_t chain_of(const struct block *block, uint64_t units_before)
{
    const struct masks *masks = &block->masks;
    return reach_of(block->units, units_before) &
           (block->units | masks->gap | masks->high);
}

/* The digits that this block and the next must have, or no number begins here: a number
 * of ASCII digits ends in the next block; a wider one has a digit every 9 bytes there. */
static SIEVE_INLINE bool may_hold_number(const struct sieve_state *state,
                                         const struct block *block,
                                         const struct block *next)
{
    unsigned wanted = (unsigned)state->plan->digits_min;
    if (block->masks.high | next->masks.high)
        wanted = 6;
    return block->count + next->count >= wanted && block->count;
}

static SIEVE_INLINE void sieve_block(struct sieve_state *state, size_t at,
                                     uint64_t units_before, const struct block *block,
                                     const struct block *next)
{
    if (may_hold_number(state, block, next))
        find_chains(state, at, block->units, next->units, chain_of(block, units_before),
                    chain_of(next, block->units));
    uint64_t pairs =
        block->masks.three & funnel(block->masks.digit, next->masks.digit, 1);
    uint64_t next_pairs = next->masks.three & (next->masks.digit >> 1 | 1ull << 63);
    if (pairs && count_bits(pairs) + count_bits(next_pairs) >= 4)
        find_hex(state, at, pairs, next_pairs);
    /* Each 16-bit digit has a byte of 00 or FF. */
    if (count_bits(block->masks.rare) + count_bits(next->masks.rare) >=
        state->plan->digits_min)
        find_wide(state, at);
    if (block->masks.rare)
        find_escapes(state, at, block->masks.rare);
    if (block->masks.name)
        find_names(state, at, block->masks.name);
}

/* At the ends of the bytes: from a padded copy. */
static SIEVE_RARE void masks_at_end(const struct sieve_state *state,
                                    const struct kernel *kernel, size_t at,
                                    struct masks *out)
{
    uint8_t padded[BLOCK + 5];
    memset(padded, '\n', sizeof padded);
    if (at < state->length + 2) {
        size_t before = at < 2 ? at : 2;
        size_t first = at - before;
        size_t count = state->length - first;
        if (count > BLOCK + 3 + before)
            count = BLOCK + 3 + before;
        memcpy(padded + 2 - before, state->bytes + first, count);
    }
    block_masks(kernel, padded + 2, out);
}

static SIEVE_INLINE void read_block(const struct sieve_state *state,
                                    const struct kernel *kernel, size_t at,
                                    struct block *out)
{
    if (at >= 2 && at + BLOCK + 3 <= state->length)
        block_masks(kernel, state->bytes + at, &out->masks);
    else
        masks_at_end(state, kernel, at, &out->masks);
    out->units = out->masks.digit | out->masks.wide;
    out->count = count_bits(out->units);
}

static SIEVE_INLINE void sieve_loop(const struct sieve_plan *plan, const uint8_t *bytes,
                                    size_t from, size_t to, size_t length,
                                    struct place_list *out)
{
    struct sieve_state state = {plan, bytes, from, to, length, out, 0};
    struct kernel kernel;
    struct block blocks[2];
    uint64_t units_before = 0;
    unsigned turn = 0;
    kernel_init(&kernel, plan);
    read_block(&state, &kernel, from, &blocks[0]);
    for (size_t at = from; at < to; at += BLOCK) {
        struct block *block = &blocks[turn];
        turn ^= 1u;
        read_block(&state, &kernel, at + BLOCK, &blocks[turn]);
        sieve_block(&state, at, units_before, block, &blocks[turn]);
        units_before = block->units;
    }
}

#endif /* SIEVE_DETECT_SIEVE_LOOP_H */
