/* sieve_loop.h - the sieve's body, compiled once per instruction set.
 *
 * The file that includes it defines block_masks(), which turns 64 bytes into bit masks
 * (bit i: byte i).  Everything here is arithmetic on such masks:
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

#include <string.h>

#include "detect/sieve.h"

#define BLOCK 64u

/* Between the ends of two digits: two ideographic spaces and a full-width digit in UTF-8
 * are 9 bytes; a wide separator, CR LF and such a digit 8. */
#define GAP_MAX 8u

struct masks {
    uint64_t digit;  /* 0-9 */
    uint64_t wide;   /* the last byte of a full-width digit; only if high is not 0 */
    uint64_t high;   /* 80-FF */
    uint64_t gap;    /* ASCII, and second bytes in CP932, that may part digits */
    uint64_t escape; /* % \ & = and ESC */
    uint64_t zero;   /* 00 */
    uint64_t ff;     /* FF */
    uint64_t
        control;    /* 10-19: low bytes of full-width digits in UTF-16; if ff is not 0 */
    uint64_t three; /* '3' */
    uint64_t name;  /* a window of a name may begin here */
};

static inline void block_masks(const struct sieve_plan *plan, const uint8_t *at,
                               struct masks *out);

/* ---- scalar definitions, for ends of the bytes and for machines without SIMD ---------
 */

static inline uint64_t bit_if(bool set, unsigned index)
{
    return (uint64_t)set << index;
}

/* bytes[-2] to bytes[66] are read; the caller has them. */
static inline void block_masks_scalar(const struct sieve_plan *plan, const uint8_t *at,
                                      struct masks *out)
{
    memset(out, 0, sizeof *out);
    for (unsigned i = 0; i < BLOCK; i++) {
        const uint8_t *p = at + i;
        uint8_t b = *p;
        out->digit |= bit_if((uint8_t)(b - '0') < 10, i);
        out->high |= bit_if(b >= 0x80, i);
        bool gap = b == ' ' || b == '-' || b == '.' || b == '+' || b == '\n' || b == '\r';
        out->gap |= bit_if(gap || p[-1] == 0x81 || p[-1] == 0x84, i);
        out->escape |=
            bit_if(b == '%' || b == '\\' || b == '&' || b == '=' || b == 0x1B, i);
        out->zero |= bit_if(b == 0, i);
        out->ff |= bit_if(b == 0xFF, i);
        out->control |= bit_if((uint8_t)(b - 0x10) < 10, i);
        out->three |= bit_if(b == '3', i);
        out->wide |=
            bit_if(((uint8_t)(b - 0x90) < 10 && p[-1] == 0xBC && p[-2] == 0xEF) ||
                       ((uint8_t)(b - 0x4F) < 10 && p[-1] == 0x82) ||
                       ((uint8_t)(b - 0xB0) < 10 && p[-1] == 0xA3),
                   i);
        unsigned name = 0xFF;
        for (unsigned j = 0; j < PROBE_LENGTH; j++)
            name &= plan->names->low[j][p[j] & 15] & plan->names->high[j][p[j] >> 4];
        out->name |= bit_if(name != 0, i);
    }
}

/* ---- the loop ------------------------------------------------------------------- */

struct sieve_state {
    const struct sieve_plan *plan;
    const uint8_t *bytes;
    size_t from;
    size_t to;
    size_t length;
    struct place_list *out;
    size_t raw_until;      /* chains before here are told */
    uint64_t units_before; /* of the block before */
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
static inline uint64_t reach_of(uint64_t units, uint64_t units_before)
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

static inline void add_place(struct sieve_state *state, enum place_kind kind, size_t from,
                             size_t to)
{
    if (from >= state->from && from < state->to)
        place_add(state->out, (struct place){from, to, kind});
}

/* Chains that begin in this block and hold enough digits. */
static inline void find_chains(struct sieve_state *state, size_t at, uint64_t units,
                               uint64_t next_units, uint64_t chain, uint64_t next_chain)
{
    unsigned skip = state->raw_until > at ? (unsigned)(state->raw_until - at) : 0;
    if (skip >= BLOCK)
        return;
    uint64_t runs = runs_of_11(chain, next_chain) & ~low_bits(skip);
    while (runs) {
        unsigned begin = first_bit(runs);
        uint64_t rest = funnel(chain, next_chain, begin);
        unsigned length = rest == ~0ull ? 64 : first_bit(~rest);
        bool open = false;
        if (length == 64 || begin + length >= 64) {
            uint64_t beyond =
                next_chain >> (begin + length - 64 > 63 ? 63 : begin + length - 64);
            unsigned more = ~beyond == 0 ? 64 : first_bit(~beyond);
            length += begin + length < 64 ? 0 : more;
            open = begin + length >= 2 * BLOCK - 1;
        }
        unsigned digits = count_bits(funnel(units, next_units, begin) & low_bits(length));
        if (length > 64)
            digits += count_bits(next_units >> begin & low_bits(length - 64));
        size_t end = at + begin + length;
        if (digits >= state->plan->digits_min || open) {
            /* A full-width digit's first bytes stand before its bit. */
            size_t first = at + begin;
            add_place(state, PLACE_RAW, first > 2 ? first - 2 : 0, end);
        }
        state->raw_until = end;
        unsigned past = begin + length;
        runs &= ~low_bits(past);
    }
}

/* 16-bit digits of one endianness: as many in this and the next block as a number has. */
static inline void find_wide(struct sieve_state *state, size_t at,
                             const struct masks *masks, const struct masks *next)
{
    if (!(masks->zero | masks->ff | next->zero | next->ff))
        return;
    uint64_t zero_behind = funnel(masks->zero, next->zero, 1);
    uint64_t ff_behind = funnel(masks->ff, next->ff, 1);
    uint64_t little = (masks->digit & zero_behind) | (masks->control & ff_behind);
    uint64_t next_little = (next->digit & (next->zero >> 1 | 1ull << 63)) |
                           (next->control & (next->ff >> 1 | 1ull << 63));
    uint64_t big = (funnel(masks->digit, next->digit, 1) & masks->zero) |
                   (funnel(masks->control, next->control, 1) & masks->ff);
    uint64_t next_big = ((next->digit >> 1 | 1ull << 63) & next->zero) |
                        ((next->control >> 1 | 1ull << 63) & next->ff);
    uint64_t places = 0;
    if (count_bits(little) + count_bits(next_little) >= state->plan->digits_min)
        places |= little;
    if (count_bits(big) + count_bits(next_big) >= state->plan->digits_min)
        places |= big;
    for (; places; places &= places - 1) {
        size_t place = at + first_bit(places);
        add_place(state, PLACE_WIDE, place, place + 1);
    }
}

/* Four pairs "3d" joined, parted by one byte, or each led by \x. */
static inline void find_hex(struct sieve_state *state, size_t at,
                            const struct masks *masks, const struct masks *next)
{
    uint64_t pair = masks->three & funnel(masks->digit, next->digit, 1);
    if (!pair)
        return;
    uint64_t next_pair = next->three & (next->digit >> 1 | 1ull << 63);
    uint64_t joined = pair & funnel(pair, next_pair, 2) & funnel(pair, next_pair, 4) &
                      funnel(pair, next_pair, 6);
    uint64_t spaced = pair & funnel(pair, next_pair, 3) & funnel(pair, next_pair, 6) &
                      funnel(pair, next_pair, 9);
    uint64_t escaped = pair & funnel(pair, next_pair, 4) & funnel(pair, next_pair, 8) &
                       funnel(pair, next_pair, 12);
    for (uint64_t places = joined | spaced | escaped; places; places &= places - 1) {
        size_t place = at + first_bit(places);
        add_place(state, PLACE_HEX, place, place + 1);
    }
}

static inline void find_escapes(struct sieve_state *state, size_t at, uint64_t escapes)
{
    for (; escapes; escapes &= escapes - 1) {
        size_t place = at + first_bit(escapes);
        bool jis = state->bytes[place] == 0x1B;
        if (jis && !(place + 1 < state->length && state->bytes[place + 1] == '$'))
            continue;
        add_place(state, jis ? PLACE_JIS : PLACE_ESCAPE, place, place + 1);
    }
}

static inline void sieve_block(struct sieve_state *state, size_t at,
                               const struct masks *masks, const struct masks *next)
{
    uint64_t units = masks->digit | masks->wide;
    if (units) {
        uint64_t next_units = next->digit | next->wide;
        uint64_t chain =
            reach_of(units, state->units_before) & (units | masks->gap | masks->high);
        uint64_t next_chain =
            reach_of(next_units, units) & (next_units | next->gap | next->high);
        find_chains(state, at, units, next_units, chain, next_chain);
        find_hex(state, at, masks, next);
    }
    find_wide(state, at, masks, next);
    if (masks->escape)
        find_escapes(state, at, masks->escape);
    for (uint64_t names = masks->name; names; names &= names - 1) {
        size_t place = at + first_bit(names);
        if (place + 3 <= state->length &&
            probe_may_begin(state->plan->names, state->bytes + place))
            add_place(state, PLACE_NAME, place, place + 1);
    }
    state->units_before = units;
}

/* The masks of the block at `at`: at the ends of the bytes from a padded copy. */
static inline void masks_at(const struct sieve_state *state, size_t at, struct masks *out)
{
    if (at >= 2 && at + BLOCK + 3 <= state->length) {
        block_masks(state->plan, state->bytes + at, out);
        return;
    }
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
    block_masks(state->plan, padded + 2, out);
}

static inline void sieve_loop(const struct sieve_plan *plan, const uint8_t *bytes,
                              size_t from, size_t to, size_t length,
                              struct place_list *out)
{
    struct sieve_state state = {plan, bytes, from, to, length, out, 0, 0};
    struct masks masks;
    struct masks next;
    masks_at(&state, from, &masks);
    for (size_t at = from; at < to; at += BLOCK) {
        masks_at(&state, at + BLOCK, &next);
        sieve_block(&state, at, &masks, &next);
        masks = next;
    }
}

#endif /* SIEVE_DETECT_SIEVE_LOOP_H */
