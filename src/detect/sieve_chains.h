/* sieve_chains.h - chains of digits and gaps, and the numbers that may begin in them.
 *
 * Part of sieve_loop.h; from the kernel it needs range_mask(), pick_bits(), spread_bits()
 * and gather().
 */
#ifndef SIEVE_DETECT_SIEVE_CHAINS_H
#define SIEVE_DETECT_SIEVE_CHAINS_H

#include "detect/sieve_masks.h"

static SIEVE_INLINE uint64_t byte_mask(const uint8_t *at, uint8_t byte)
{
    return range_mask(at, byte, 1);
}

static inline uint64_t digit_mask(const uint8_t *at)
{
    return range_mask(at, '0', 10);
}

/* "3d": a digit's byte in hex. */
static inline uint64_t hex_pairs(const uint8_t *at)
{
    return byte_mask(at, '3') & digit_mask(at + 1);
}

/* The bytes of %252525HH, the longest escape that may stand before a raw digit. */
#define LEAD_REACH 9u

/* A chain of which so many blocks are all cover is told in parts. */
#define CHAIN_PART 128u

/* What is remembered of the block before. */
struct chain {
    uint64_t unit;
    uint64_t cover;
    unsigned digits; /* of the chain that it ended with */
};

/* Set bits from the lowest on. */
static SIEVE_INLINE unsigned count_run(uint64_t mask)
{
    return ~mask ? first_bit(~mask) : 64;
}

/* Nonzero if a chain of enough digits ends in this block, or all of it is one.  It may be
 * told of one that has a digit less.  Moves `chain` on. */
static SIEVE_INLINE uint64_t chain_ends(struct chain *chain, uint64_t unit,
                                        uint64_t cover, unsigned runs_shift,
                                        unsigned digits_wanted)
{
    uint64_t parts = ~cover;
    unsigned last = last_zeros(parts);
    unsigned count = count_bits(unit);
    unsigned open = count_bits(unit >> ((63 - last) & 63) >> 1);
    unsigned first = chain->digits + count_bits(unit & (parts - 1) & cover);
    /* Of the digits, side by side: which begin a chain.  Eleven in a row that do not are
     * behind a twelfth. */
    uint64_t parted = pick_bits(unit & ~(cover << 1), unit);
    uint64_t runs = lowest(~parted, count - open);
    runs &= runs >> 1;
    runs &= runs >> 2;
    runs &= runs >> 4;
    runs &= runs >> runs_shift;
    bool whole = parts == 0;
    chain->unit = unit;
    chain->cover = cover;
    chain->digits = whole ? chain->digits + count : open;
    return runs | (uint64_t)(first >= digits_wanted) | (uint64_t)whole;
}

/* ---- numbers in a chain ---------------------------------------------------------------
 */

/* Some number of one of the lengths begins with this digit, by its check digit too. */
static inline bool is_number(const struct sieve_plan *plan, const uint8_t *digits,
                             unsigned lengths)
{
    unsigned waived = plan->waived[digits[0] * 10u + digits[1]];
    for (; lengths; lengths &= lengths - 1) {
        unsigned count = SIEVE_DIGITS_USUAL + (unsigned)__builtin_ctz(lengths);
        bool luhn = luhn_valid(digits, count);
        bool damaged = count == 16 && digits[15] == 0; /* by a spreadsheet */
        if ((luhn || damaged || (waived & lengths & (0 - lengths))) &&
            number_is_in_range(plan->numbers, digits, count, luhn))
            return true;
    }
    return false;
}

static inline bool is_hex_letter(uint8_t byte)
{
    return (uint8_t)((byte | 0x20) - 'a') < 6;
}

static inline bool is_digit(uint8_t byte)
{
    return (uint8_t)(byte - '0') < 10;
}

/* Digits of at most 64 bytes. */
struct digits {
    const uint8_t *bytes;
    uint64_t mask;
    uint64_t starts; /* of runs */
    uint64_t ends;   /* of runs, side by side */
    unsigned count;
};

/* The bit of the digit `index`. */
static inline uint64_t digit_bit(uint64_t mask, unsigned index)
{
    return spread_bits(1ull << index, mask);
}

/* The lengths that a number may have whose first digit is at `bit`. */
static inline unsigned lengths_at(const struct sieve_plan *plan,
                                  const struct digits *digits, uint64_t bit,
                                  unsigned index)
{
    uint64_t behind = digits->mask & ~(bit | (bit - 1));
    unsigned two = (digits->bytes[first_bit(bit)] & 15u) * 10u +
                   (digits->bytes[first_bit(behind)] & 15u);
    return plan->lengths[two] & (unsigned)(digits->ends >> (index + 11));
}

/* Runs of so many digits that touch a hex letter: chip data stand in such. */
static SIEVE_INLINE void find_chips(struct sieve_state *state, size_t at, uint64_t digits,
                                    uint64_t starts)
{
    uint64_t runs = digits & digits >> 1;
    runs &= runs >> 2;
    runs &= runs >> 4;
    runs &= runs >> 3; /* eleven: a house card's, behind its length */
    const uint8_t *bytes = state->bytes;
    for (runs &= starts; runs; runs &= runs - 1) {
        unsigned begin = first_bit(runs);
        size_t first = at + begin;
        size_t behind = first + count_run(digits >> begin);
        /* Where the run's end is not seen it is looked for later. */
        if ((first > 0 && is_hex_letter(bytes[first - 1])) || behind >= at + BLOCK ||
            (behind < state->length && is_hex_letter(bytes[behind])))
            add_place(state, PLACE_CHIP, first, first + 1);
    }
}

static SIEVE_RARE void try_start(struct sieve_state *state, size_t place,
                                 const struct digits *digits, uint64_t bit,
                                 unsigned lengths)
{
    uint8_t values[BLOCK];
    gather(digits->bytes, digits->mask & (0 - bit), values);
    if (is_number(state->plan, values, lengths))
        add_place(state, PLACE_START, place, place + 1);
}

/* `starts` have eleven digits behind them. */
static SIEVE_INLINE void find_starts(struct sieve_state *state, size_t at, size_t to,
                                     const struct digits *digits, uint64_t starts)
{
    for (; starts; starts &= starts - 1) {
        uint64_t bit = starts & (0 - starts);
        unsigned index = count_bits(digits->mask & (bit - 1));
        unsigned lengths = lengths_at(state->plan, digits, bit, index);
        size_t place = at + first_bit(bit);
        if (lengths && place < to)
            try_start(state, place, digits, bit, lengths);
    }
}

/* Reads 64 bytes of a chain, of which `end` is the end.  Returns where to go on; 0: not
 * so. */
static size_t tell_part(struct sieve_state *state, size_t from, size_t to, size_t end)
{
    struct padded padded;
    const uint8_t *bytes = padded_block(state, from, &padded);
    bool all = end - from <= BLOCK; /* nothing goes on behind them */
    uint64_t here = all ? low_bits((unsigned)(end - from)) : ~0ull;
    struct digits digits = {.bytes = bytes, .mask = digit_mask(bytes) & here};
    digits.count = count_bits(digits.mask);
    if ((range_mask(bytes, 0x80, 128) & here) || (!all && digits.count <= PAN_DIGITS_MAX))
        return 0;
    digits.starts = digits.mask & ~(digits.mask << 1 | (uint64_t)is_digit(bytes[-1]));
    uint64_t behind = !all && is_digit(bytes[BLOCK]) ? 1ull << 63 : 0;
    digits.ends = pick_bits(digits.mask & ~(digits.mask >> 1 | behind), digits.mask);
    /* Numbers of which these are the first digits end in these bytes. */
    unsigned known = BLOCK - PAN_DIGITS_MAX + 1;
    if (!all && digits.count - PAN_DIGITS_MAX < known)
        known = digits.count - PAN_DIGITS_MAX + 1;
    uint64_t next = known < digits.count ? digit_bit(digits.mask, known) : 0;
    uint64_t seen = next ? next - 1 : ~0ull;
    find_chips(state, from, digits.mask, digits.starts & seen);
    if (digits.count >= SIEVE_DIGITS_USUAL) {
        uint64_t last = digit_bit(digits.mask, digits.count - SIEVE_DIGITS_USUAL);
        find_starts(state, from, to, &digits, digits.starts & seen & (last | (last - 1)));
    }
    return next ? from + first_bit(next) : to;
}

/* A byte before a chain that makes more of its first digits than raw ones. */
static inline bool has_lead(const uint8_t *bytes, size_t from)
{
    for (size_t back = 1; back <= LEAD_REACH && back <= from; back++) {
        uint8_t byte = bytes[from - back];
        if (byte == '%' || byte == '=' || byte == '\\')
            return true;
    }
    return false;
}

/* The second byte of a digit in CP932, whose first stands in the block before. */
static inline bool is_wide_half(const uint8_t *bytes, size_t at)
{
    return at > 0 && bytes[at - 1] == 0x82 && !is_digit(bytes[at]);
}

/* The starts of the chain in [from, to), which ends at `end` or is not followed so far.
 */
static SIEVE_RARE void tell_chain(struct sieve_state *state, size_t from, size_t to,
                                  size_t end)
{
    if (end > state->length)
        end = state->length;
    if (to > end)
        to = end;
    if (from >= to)
        return;
    bool plain = state->plan->asks_numbers && !has_lead(state->bytes, from) &&
                 !is_wide_half(state->bytes, from);
    while (plain && from < to) {
        size_t next = tell_part(state, from, to, end);
        plain = next > from;
        from = plain ? next : from;
    }
    /* A full-width digit's first bytes may stand before it. */
    if (from < to)
        add_place(state, PLACE_RAW, from > 2 ? from - 2 : 0, to);
}

/* The same for a chain of at most 64 bytes, of which `units` are digits. */
static SIEVE_INLINE void tell_short(struct sieve_state *state, size_t from,
                                    unsigned length, uint64_t units)
{
    const uint8_t *bytes = state->bytes + from;
    struct digits digits = {.bytes = bytes, .mask = units, .count = count_bits(units)};
    if (!state->plan->asks_numbers || digits.count > BLOCK - PAN_DIGITS_MAX + 1 ||
        from < PAD_BEFORE || from + PAD_BEHIND > state->length) {
        tell_chain(state, from, from + length, from + length);
        return;
    }
    uint64_t leads = byte_mask(bytes - LEAD_REACH, '%') |
                     byte_mask(bytes - LEAD_REACH, '=') |
                     byte_mask(bytes - LEAD_REACH, '\\');
    if ((range_mask(bytes, 0x80, 128) & low_bits(length)) ||
        is_wide_half(state->bytes, from)) {
        add_place(state, PLACE_RAW, from - 2, from + length);
        return;
    }
    if (leads & low_bits(LEAD_REACH))
        add_place(state, PLACE_LEAD, from + first_bit(units), from + length);
    digits.starts = units & ~(units << 1 | (uint64_t)is_digit(bytes[-1]));
    digits.ends = pick_bits(units & ~(units >> 1), units);
    find_chips(state, from, units, digits.starts);
    uint64_t last = digit_bit(units, digits.count - SIEVE_DIGITS_USUAL);
    find_starts(state, from, from + length, &digits, digits.starts & (last | (last - 1)));
}

/* Where the chain began that came to the block at `at`: not before what is told. */
static SIEVE_RARE size_t chain_begin(const struct sieve_state *state,
                                     const struct kernel *kernel, size_t at)
{
    while (at > state->told) {
        struct padded padded;
        struct masks masks;
        size_t block = at > state->told + BLOCK ? at - BLOCK : state->told;
        block_masks(kernel, padded_block(state, block, &padded), &masks);
        uint64_t parts = ~(masks.unit | masks.gap) & low_bits((unsigned)(at - block));
        if (parts)
            return block + BLOCK - last_zeros(parts);
        at = block;
    }
    return at;
}

/* A block of which a closer look is to be taken. */
struct sight {
    size_t at;
    uint64_t unit;
    uint64_t cover;
    uint64_t names;
    struct chain before;
    bool chains;
    bool hex;
    bool rare;
};

/* The chain that came to this block and ends at its byte `end`. */
static SIEVE_INLINE void tell_first(struct sieve_state *state,
                                    const struct kernel *kernel,
                                    const struct sight *sight, unsigned end)
{
    const struct chain *before = &sight->before;
    size_t at = sight->at;
    unsigned carried = before->digits > 0 ? last_zeros(~before->cover) : 0;
    if (carried == BLOCK || carried + end > BLOCK || at < state->told + carried) {
        size_t from = before->digits > 0 ? chain_begin(state, kernel, at) : at;
        tell_chain(state, from, at + end, at + end);
        return;
    }
    uint64_t units = sight->unit & low_bits(end);
    if (carried > 0)
        units = units << carried | before->unit >> (BLOCK - carried);
    tell_short(state, at - carried, carried + end, units);
}

/* The chains that begin and end in this block. */
static SIEVE_INLINE void tell_inner(struct sieve_state *state, const struct sight *sight,
                                    uint64_t runs)
{
    while (runs) {
        unsigned begin = first_bit(runs);
        unsigned length = count_run(sight->cover >> begin);
        uint64_t units = sight->unit >> begin & low_bits(length);
        if (count_bits(units) >= state->plan->digits_min)
            tell_short(state, sight->at + begin, length, units);
        runs &= ~low_bits(begin + length);
    }
}

/* The chains that end in this block; if all of it is one, of that so much as is seen. */
static SIEVE_RARE void tell_chains(struct sieve_state *state, const struct kernel *kernel,
                                   const struct sight *sight)
{
    uint64_t cover = sight->cover;
    unsigned end = count_run(cover);
    unsigned digits = sight->before.digits + count_bits(sight->unit & low_bits(end));
    if (cover == ~0ull) {
        size_t at = sight->at;
        size_t from = sight->before.digits > 0 ? chain_begin(state, kernel, at) : at;
        if (digits == 0 || at + BLOCK - from < CHAIN_PART)
            return;
        tell_chain(state, from, at + BLOCK, state->length);
        state->told = at + BLOCK;
        return;
    }
    if (digits >= state->plan->digits_min)
        tell_first(state, kernel, sight, end);
    unsigned last = 64 - last_zeros(~cover); /* where the chain at the end begins */
    uint64_t runs = cover & cover >> 1;
    runs &= runs >> 2;
    runs &= runs >> 4;
    runs &= runs >> 3; /* eleven bytes and more */
    tell_inner(state, sight, runs & ~low_bits(end) & low_bits(last));
}

#endif /* SIEVE_DETECT_SIEVE_CHAINS_H */
