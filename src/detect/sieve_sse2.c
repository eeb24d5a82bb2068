/* sieve_sse2.c - the sieve on four times 16 bytes: every x86-64 has it. */
#include <emmintrin.h>

#include "detect/sieve_masks.h"

#define LANES 4u

struct wide {
    __m128i lane[LANES];
};

static SIEVE_INLINE struct wide load(const uint8_t *at)
{
    const __m128i *from = (const void *)at;
    return (struct wide){{_mm_loadu_si128(from), _mm_loadu_si128(from + 1),
                          _mm_loadu_si128(from + 2), _mm_loadu_si128(from + 3)}};
}

static SIEVE_INLINE uint64_t bits(const __m128i lanes[LANES])
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < LANES; i++)
        mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(lanes[i]) << (16 * i);
    return mask;
}

static SIEVE_INLINE uint64_t in_range(const struct wide *bytes, int first, int count)
{
    __m128i lanes[LANES];
    __m128i last = _mm_set1_epi8((char)(count - 1));
    for (unsigned i = 0; i < LANES; i++) {
        __m128i moved = _mm_sub_epi8(bytes->lane[i], _mm_set1_epi8((char)first));
        lanes[i] = _mm_cmpeq_epi8(_mm_min_epu8(moved, last), moved);
    }
    return bits(lanes);
}

static SIEVE_INLINE uint64_t equal(const struct wide *bytes, int value)
{
    __m128i lanes[LANES];
    for (unsigned i = 0; i < LANES; i++)
        lanes[i] = _mm_cmpeq_epi8(bytes->lane[i], _mm_set1_epi8((char)value));
    return bits(lanes);
}

/* SSE2 has no table look-up: the tables are asked where the first bytes of a name may be,
 * by the bitmap of windows. */
static SIEVE_INLINE uint64_t name_mask(const struct probe_tables *names,
                                       const uint8_t *at)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < BLOCK; i++)
        mask |= (uint64_t)probe_may_be(names, at + i) << i;
    return mask;
}

struct kernel {
    unsigned digits_min;
    unsigned runs_shift; /* see chain_ends() */
    const struct probe_tables *names;
    const uint8_t *gaps;
};

static SIEVE_INLINE void kernel_init(struct kernel *kernel, const struct sieve_plan *plan)
{
    kernel->digits_min = (unsigned)plan->digits_min;
    kernel->runs_shift = RUNS_SHIFT(plan->digits_min);
    kernel->names = plan->names;
    kernel->gaps = plan->gaps;
}

/* Bytes of 80 and above are near: full-width digits and separators. */
static SIEVE_INLINE void look_at_high(const struct kernel *kernel, const uint8_t *at,
                                      uint64_t high, struct masks *out)
{
    struct wide bytes = load(at);
    struct wide before = load(at - 1);
    struct wide earlier = load(at - 2);
    out->unit |=
        (in_range(&bytes, 0x90, 10) & equal(&before, 0xBC) & equal(&earlier, 0xEF)) |
        (in_range(&bytes, 0x4F, 10) & equal(&before, 0x82)) |
        (in_range(&bytes, 0xB0, 10) & equal(&before, 0xA3));
    /* CP932: the second byte of a separator may be ASCII. */
    out->gap |= equal(&before, 0x81) | equal(&before, 0x84);
    for (; high; high &= high - 1)
        out->gap |= bit_if(kernel->gaps[at[first_bit(high)]], first_bit(high));
}

static SIEVE_INLINE void block_masks(const struct kernel *kernel, const uint8_t *at,
                                     struct masks *out)
{
    struct wide bytes = load(at);
    uint64_t high = bits(bytes.lane);
    out->unit = in_range(&bytes, '0', 10);
    out->three = equal(&bytes, '3');
    out->gap = equal(&bytes, ' ') | equal(&bytes, '+') | in_range(&bytes, '-', 2) |
               equal(&bytes, '\n') | equal(&bytes, '\r');
    out->rare = (in_range(&bytes, '%', 2) | equal(&bytes, '=') | equal(&bytes, '\\') |
                 equal(&bytes, 0x1B) | equal(&bytes, 0) | equal(&bytes, 0xFF)) != 0;
    if (high || at[-1] >= 0x80)
        look_at_high(kernel, at, high, out);
    out->name = name_mask(kernel->names, at);
}

static SIEVE_INLINE uint64_t range_mask(const uint8_t *at, uint8_t first, unsigned count)
{
    struct wide bytes = load(at);
    return in_range(&bytes, first, (int)count);
}

static SIEVE_INLINE uint64_t lowest(uint64_t mask, unsigned count)
{
    return mask & low_bits(count);
}

static SIEVE_INLINE unsigned last_zeros(uint64_t mask)
{
    return mask ? (unsigned)__builtin_clzll(mask) : 64;
}

static SIEVE_INLINE uint64_t pick_bits(uint64_t from, uint64_t mask)
{
    return pick_bits_slowly(from, mask);
}

static SIEVE_INLINE uint64_t spread_bits(uint64_t from, uint64_t mask)
{
    return spread_bits_slowly(from, mask);
}

static SIEVE_INLINE void gather(const uint8_t *at, uint64_t mask, uint8_t *out)
{
    gather_slowly(at, mask, out);
}

#include "detect/sieve_loop.h"

void sieve_run_sse2(const struct sieve_plan *plan, const uint8_t *bytes, size_t from,
                    size_t to, size_t length, struct place_list *out)
{
    sieve_loop(plan, bytes, from, to, length, out);
}
