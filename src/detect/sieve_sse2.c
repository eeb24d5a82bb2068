/* sieve_sse2.c - the sieve on four times 16 bytes: every x86-64 has it. */
#include <emmintrin.h>

#include "detect/sieve_loop.h"

#define LANES 4u

struct wide {
    __m128i lane[LANES];
};

static inline struct wide load(const uint8_t *at)
{
    struct wide bytes;
    for (unsigned i = 0; i < LANES; i++)
        bytes.lane[i] = _mm_loadu_si128((const __m128i *)(const void *)(at + 16 * i));
    return bytes;
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

/* SSE2 has no table look-up: the tables are asked byte by byte. */
static inline uint64_t name_mask(const struct probe_tables *names, const uint8_t *at)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < BLOCK; i++) {
        unsigned bucket = 0xFF;
        for (unsigned j = 0; j < PROBE_LENGTH; j++)
            bucket &= names->low[j][at[i + j] & 15] & names->high[j][at[i + j] >> 4];
        mask |= (uint64_t)(bucket != 0) << i;
    }
    return mask;
}

static inline void block_masks(const struct sieve_plan *plan, const uint8_t *at,
                               struct masks *out)
{
    struct wide bytes = load(at);
    out->digit = in_range(&bytes, '0', 10);
    out->high = bits(bytes.lane);
    out->gap = equal(&bytes, ' ') | equal(&bytes, '+') | in_range(&bytes, '-', 2) |
               equal(&bytes, '\n') | equal(&bytes, '\r');
    out->escape = in_range(&bytes, '%', 2) | equal(&bytes, '=') | equal(&bytes, '\\') |
                  equal(&bytes, 0x1B);
    out->zero = equal(&bytes, 0);
    out->three = equal(&bytes, '3');
    out->wide = 0;
    out->ff = 0;
    out->control = 0;
    if (out->high || at[-1] >= 0x80) {
        struct wide before = load(at - 1);
        struct wide earlier = load(at - 2);
        out->wide =
            (in_range(&bytes, 0x90, 10) & equal(&before, 0xBC) & equal(&earlier, 0xEF)) |
            (in_range(&bytes, 0x4F, 10) & equal(&before, 0x82)) |
            (in_range(&bytes, 0xB0, 10) & equal(&before, 0xA3));
        /* CP932: the second byte of a separator may be ASCII. */
        out->gap |= equal(&before, 0x81) | equal(&before, 0x84);
        out->ff = equal(&bytes, 0xFF);
    }
    if (out->ff | out->zero)
        out->control = in_range(&bytes, 0x10, 10);
    out->name = name_mask(plan->names, at);
}

void sieve_run_sse2(const struct sieve_plan *plan, const uint8_t *bytes, size_t from,
                    size_t to, size_t length, struct place_list *out)
{
    sieve_loop(plan, bytes, from, to, length, out);
}
