/* sieve_sse2.c - the sieve on four times 16 bytes: every x86-64 has it. */
#include <emmintrin.h>

#include "detect/sieve_masks.h"

#define LANES 4u

struct wide {
    __m128i lane[LANES];
};

static inline struct wide load(const uint8_t *at)
{
    const __m128i *from = (const void *)at;
    return (struct wide){{_mm_loadu_si128(from), _mm_loadu_si128(from + 1),
                          _mm_loadu_si128(from + 2), _mm_loadu_si128(from + 3)}};
}

static inline uint64_t bits(const __m128i lanes[LANES])
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < LANES; i++)
        mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(lanes[i]) << (16 * i);
    return mask;
}

static inline uint64_t in_range(const struct wide *bytes, int first, int count)
{
    __m128i lanes[LANES];
    __m128i last = _mm_set1_epi8((char)(count - 1));
    for (unsigned i = 0; i < LANES; i++) {
        __m128i moved = _mm_sub_epi8(bytes->lane[i], _mm_set1_epi8((char)first));
        lanes[i] = _mm_cmpeq_epi8(_mm_min_epu8(moved, last), moved);
    }
    return bits(lanes);
}

static inline uint64_t equal(const struct wide *bytes, int value)
{
    __m128i lanes[LANES];
    for (unsigned i = 0; i < LANES; i++)
        lanes[i] = _mm_cmpeq_epi8(bytes->lane[i], _mm_set1_epi8((char)value));
    return bits(lanes);
}

/* SSE2 has no table look-up: the tables are asked where the first bytes of a name may be,
 * by the bitmap of windows. */
static inline uint64_t name_mask(const struct probe_tables *names, const uint8_t *at)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < BLOCK; i++)
        mask |= (uint64_t)probe_may_begin(names, at + i) << i;
    return mask;
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
    out->high = bits(bytes.lane);
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

void sieve_run_sse2(const struct sieve_plan *plan, const uint8_t *bytes, size_t from,
                    size_t to, size_t length, struct place_list *out)
{
    sieve_loop(plan, bytes, from, to, length, out);
}
