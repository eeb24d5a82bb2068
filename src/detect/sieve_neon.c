/* sieve_neon.c - the sieve on four times 16 bytes of an ARM of 64 bits. */
#include <arm_neon.h>

#include "detect/sieve_masks.h"

#define LANES 4u

struct wide {
    uint8x16_t lane[LANES];
};

static SIEVE_INLINE struct wide load(const uint8_t *at)
{
    struct wide bytes;
    for (unsigned i = 0; i < LANES; i++)
        bytes.lane[i] = vld1q_u8(at + 16 * i);
    return bytes;
}

/* One bit of each byte, in order: three pairwise sums of powers of two. */
static SIEVE_INLINE uint64_t bits(const uint8x16_t lanes[LANES])
{
    const uint8x16_t powers = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t low = vpaddq_u8(vandq_u8(lanes[0], powers), vandq_u8(lanes[1], powers));
    uint8x16_t high = vpaddq_u8(vandq_u8(lanes[2], powers), vandq_u8(lanes[3], powers));
    uint8x16_t sum = vpaddq_u8(low, high);
    sum = vpaddq_u8(sum, sum);
    return vgetq_lane_u64(vreinterpretq_u64_u8(sum), 0);
}

static SIEVE_INLINE uint64_t in_range(const struct wide *bytes, uint8_t first,
                                      uint8_t count)
{
    uint8x16_t lanes[LANES];
    for (unsigned i = 0; i < LANES; i++)
        lanes[i] =
            vcltq_u8(vsubq_u8(bytes->lane[i], vdupq_n_u8(first)), vdupq_n_u8(count));
    return bits(lanes);
}

static SIEVE_INLINE uint64_t equal(const struct wide *bytes, uint8_t value)
{
    uint8x16_t lanes[LANES];
    for (unsigned i = 0; i < LANES; i++)
        lanes[i] = vceqq_u8(bytes->lane[i], vdupq_n_u8(value));
    return bits(lanes);
}

static SIEVE_INLINE uint8x16_t look_up(uint8x16_t bytes, const uint8_t low[16],
                                       const uint8_t high[16])
{
    return vandq_u8(vqtbl1q_u8(vld1q_u8(low), vandq_u8(bytes, vdupq_n_u8(15))),
                    vqtbl1q_u8(vld1q_u8(high), vshrq_n_u8(bytes, 4)));
}

static SIEVE_INLINE uint64_t name_mask(const struct probe_tables *names,
                                       const uint8_t *at)
{
    uint8x16_t lanes[LANES];
    for (unsigned i = 0; i < LANES; i++) {
        const uint8_t *p = at + 16 * i - 1;
        uint8x16_t name = look_up(vld1q_u8(p), names->low[0], names->high[0]);
        for (unsigned j = 1; j < PROBE_LENGTH; j++)
            name =
                vandq_u8(name, look_up(vld1q_u8(p + j), names->low[j], names->high[j]));
        lanes[i] = vtstq_u8(name, name);
    }
    return bits(lanes);
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
    uint64_t high = in_range(&bytes, 0x80, 0x80);
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
    return in_range(&bytes, first, (uint8_t)count);
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

void sieve_run_neon(const struct sieve_plan *plan, const uint8_t *bytes, size_t from,
                    size_t to, size_t length, struct place_list *out)
{
    sieve_loop(plan, bytes, from, to, length, out);
}
