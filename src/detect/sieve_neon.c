/* sieve_neon.c - the sieve on four times 16 bytes of an ARM of 64 bits. */
#include <arm_neon.h>

#include "detect/sieve_masks.h"

#define LANES 4u

struct wide {
    uint8x16_t lane[LANES];
};

static inline struct wide load(const uint8_t *at)
{
    struct wide bytes;
    for (unsigned i = 0; i < LANES; i++)
        bytes.lane[i] = vld1q_u8(at + 16 * i);
    return bytes;
}

/* One bit of each byte, in order: three pairwise sums of powers of two. */
static inline uint64_t bits(const uint8x16_t lanes[LANES])
{
    const uint8x16_t powers = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t low = vpaddq_u8(vandq_u8(lanes[0], powers), vandq_u8(lanes[1], powers));
    uint8x16_t high = vpaddq_u8(vandq_u8(lanes[2], powers), vandq_u8(lanes[3], powers));
    uint8x16_t sum = vpaddq_u8(low, high);
    sum = vpaddq_u8(sum, sum);
    return vgetq_lane_u64(vreinterpretq_u64_u8(sum), 0);
}

static inline uint64_t in_range(const struct wide *bytes, uint8_t first, uint8_t count)
{
    uint8x16_t lanes[LANES];
    for (unsigned i = 0; i < LANES; i++)
        lanes[i] =
            vcltq_u8(vsubq_u8(bytes->lane[i], vdupq_n_u8(first)), vdupq_n_u8(count));
    return bits(lanes);
}

static inline uint64_t equal(const struct wide *bytes, uint8_t value)
{
    uint8x16_t lanes[LANES];
    for (unsigned i = 0; i < LANES; i++)
        lanes[i] = vceqq_u8(bytes->lane[i], vdupq_n_u8(value));
    return bits(lanes);
}

static inline uint8x16_t look_up(uint8x16_t bytes, const uint8_t low[16],
                                 const uint8_t high[16])
{
    return vandq_u8(vqtbl1q_u8(vld1q_u8(low), vandq_u8(bytes, vdupq_n_u8(15))),
                    vqtbl1q_u8(vld1q_u8(high), vshrq_n_u8(bytes, 4)));
}

static inline uint64_t name_mask(const struct probe_tables *names, const uint8_t *at)
{
    uint8x16_t lanes[LANES];
    for (unsigned i = 0; i < LANES; i++) {
        const uint8_t *p = at + 16 * i;
        uint8x16_t name = look_up(vld1q_u8(p), names->low[0], names->high[0]);
        for (unsigned j = 1; j < PROBE_LENGTH; j++)
            name =
                vandq_u8(name, look_up(vld1q_u8(p + j), names->low[j], names->high[j]));
        lanes[i] = vtstq_u8(name, name);
    }
    return bits(lanes);
}

struct kernel {
    const struct probe_tables *names;
};

static inline void kernel_init(struct kernel *kernel, const struct sieve_plan *plan)
{
    kernel->names = plan->names;
}

static inline void look_at_high(const uint8_t *at, const struct wide *bytes,
                                struct masks *out)
{
    struct wide before = load(at - 1);
    struct wide earlier = load(at - 2);
    out->wide =
        (in_range(bytes, 0x90, 10) & equal(&before, 0xBC) & equal(&earlier, 0xEF)) |
        (in_range(bytes, 0x4F, 10) & equal(&before, 0x82)) |
        (in_range(bytes, 0xB0, 10) & equal(&before, 0xA3));
    /* CP932: the second byte of a separator may be ASCII. */
    out->gap |= equal(&before, 0x81) | equal(&before, 0x84);
}

static inline void block_masks(const struct kernel *kernel, const uint8_t *at,
                               struct masks *out)
{
    struct wide bytes = load(at);
    out->digit = in_range(&bytes, '0', 10);
    out->three = equal(&bytes, '3');
    out->high = in_range(&bytes, 0x80, 0x80);
    out->gap = equal(&bytes, ' ') | equal(&bytes, '+') | in_range(&bytes, '-', 2) |
               equal(&bytes, '\n') | equal(&bytes, '\r');
    out->rare = in_range(&bytes, '%', 2) | equal(&bytes, '=') | equal(&bytes, '\\') |
                equal(&bytes, 0x1B) | equal(&bytes, 0) | equal(&bytes, 0xFF);
    out->wide = 0;
    if (out->high || at[-1] >= 0x80)
        look_at_high(at, &bytes, out);
    out->name = name_mask(kernel->names, at);
}

#include "detect/sieve_loop.h"

void sieve_run_neon(const struct sieve_plan *plan, const uint8_t *bytes, size_t from,
                    size_t to, size_t length, struct place_list *out)
{
    sieve_loop(plan, bytes, from, to, length, out);
}
