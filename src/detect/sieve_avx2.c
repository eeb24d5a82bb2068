/* sieve_avx2.c - the sieve on twice 32 bytes; built with -mavx2. */
#include <immintrin.h>

#include "detect/sieve_masks.h"

enum {
    CLASS_GAP = 1,
    CLASS_RARE = 254
};

struct kernel {
    unsigned digits_min;
    unsigned runs_shift; /* see chain_ends() */
    const struct probe_tables *names;
    const uint8_t *gaps_low; /* of high bytes */
    const uint8_t *gaps_high;
};

struct wide {
    __m256i low;
    __m256i high;
};

static SIEVE_INLINE struct wide load(const uint8_t *at)
{
    return (struct wide){_mm256_loadu_si256((const __m256i *)(const void *)at),
                         _mm256_loadu_si256((const __m256i *)(const void *)(at + 32))};
}

static SIEVE_INLINE uint64_t bits(__m256i low, __m256i high)
{
    return (uint32_t)_mm256_movemask_epi8(low) |
           (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

static SIEVE_INLINE __m256i is_in(__m256i bytes, int first, int count)
{
    __m256i moved = _mm256_sub_epi8(bytes, _mm256_set1_epi8((char)first));
    __m256i last = _mm256_set1_epi8((char)(count - 1));
    return _mm256_cmpeq_epi8(_mm256_min_epu8(moved, last), moved);
}

static SIEVE_INLINE uint64_t in_range(struct wide bytes, int first, int count)
{
    return bits(is_in(bytes.low, first, count), is_in(bytes.high, first, count));
}

static SIEVE_INLINE uint64_t equal(struct wide bytes, int value)
{
    __m256i wanted = _mm256_set1_epi8((char)value);
    return bits(_mm256_cmpeq_epi8(bytes.low, wanted),
                _mm256_cmpeq_epi8(bytes.high, wanted));
}

static SIEVE_INLINE __m256i spread(const uint8_t table[16])
{
    return _mm256_broadcastsi128_si256(
        _mm_loadu_si128((const __m128i *)(const void *)table));
}

static SIEVE_INLINE __m256i look_up(__m256i bytes, __m256i low_table, __m256i high_table)
{
    const __m256i nibble = _mm256_set1_epi8(15);
    __m256i low = _mm256_and_si256(bytes, nibble);
    __m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble);
    return _mm256_and_si256(_mm256_shuffle_epi8(low_table, low),
                            _mm256_shuffle_epi8(high_table, high));
}

static SIEVE_INLINE struct wide look_up_both(struct wide bytes, const uint8_t low[16],
                                             const uint8_t high[16])
{
    return (struct wide){look_up(bytes.low, spread(low), spread(high)),
                         look_up(bytes.high, spread(low), spread(high))};
}

static SIEVE_INLINE uint64_t any_of(struct wide classes, int wanted)
{
    __m256i mask = _mm256_set1_epi8((char)wanted);
    __m256i zero = _mm256_setzero_si256();
    return ~bits(_mm256_cmpeq_epi8(_mm256_and_si256(classes.low, mask), zero),
                 _mm256_cmpeq_epi8(_mm256_and_si256(classes.high, mask), zero));
}

/* Which of the plan's tables is which; 16 bytes each. */
enum {
    TABLE_GAPS_LOW,
    TABLE_GAPS_HIGH
};

/* Bytes from 80 on that are gaps: a bit for each of the upper halves 8 to F. */
void sieve_prepare_avx2(struct sieve_plan *plan)
{
    for (unsigned byte = 0x80; byte < 256; byte++)
        if (plan->gaps[byte])
            plan->tables[TABLE_GAPS_LOW][byte & 15] |= (uint8_t)(1u << ((byte >> 4) - 8));
    for (unsigned half = 8; half < 16; half++)
        plan->tables[TABLE_GAPS_HIGH][half] = (uint8_t)(1u << (half - 8));
}

static SIEVE_INLINE void kernel_init(struct kernel *kernel, const struct sieve_plan *plan)
{
    kernel->digits_min = (unsigned)plan->digits_min;
    kernel->runs_shift = RUNS_SHIFT(plan->digits_min);
    kernel->names = plan->names;
    kernel->gaps_low = plan->tables[TABLE_GAPS_LOW];
    kernel->gaps_high = plan->tables[TABLE_GAPS_HIGH];
}

static SIEVE_INLINE void look_at_high(const struct kernel *kernel, const uint8_t *at,
                                      struct wide bytes, struct masks *out)
{
    struct wide before = load(at - 1);
    out->unit |=
        (in_range(bytes, 0x90, 10) & equal(before, 0xBC) & equal(load(at - 2), 0xEF)) |
        (in_range(bytes, 0x4F, 10) & equal(before, 0x82)) |
        (in_range(bytes, 0xB0, 10) & equal(before, 0xA3));
    /* CP932: the second byte of a separator may be ASCII. */
    out->gap |= equal(before, 0x81) | equal(before, 0x84) |
                any_of(look_up_both(bytes, kernel->gaps_low, kernel->gaps_high), 0xFF);
}

static SIEVE_INLINE void block_masks(const struct kernel *kernel, const uint8_t *at,
                                     struct masks *out)
{
    /* gap: 0A 0D 20 2B 2D 2E; rare, a bit each: 25 26 3D 5C 1B, 00, FF */
    static const uint8_t low_table[16] = {65, 0, 0, 0,  0,  2, 4, 0,
                                          0,  0, 1, 33, 16, 9, 1, 128};
    static const uint8_t high_table[16] = {65, 32, 7, 8, 0, 16, 0, 0,
                                           0,  0,  0, 0, 0, 0,  0, 128};
    const struct probe_tables *names = kernel->names;
    struct wide bytes = load(at);
    struct wide classes = look_up_both(bytes, low_table, high_table);
    out->unit = in_range(bytes, '0', 10);
    out->three = equal(bytes, '3');
    out->gap = any_of(classes, CLASS_GAP);
    out->rare = any_of(classes, CLASS_RARE) != 0;
    if (bits(bytes.low, bytes.high) || at[-1] >= 0x80)
        look_at_high(kernel, at, bytes, out);
    struct wide name = look_up_both(bytes, names->low[1], names->high[1]);
    for (unsigned i = 0; i < PROBE_LENGTH; i++) {
        if (i == 1)
            continue;
        struct wide next = look_up_both(load(at + i - 1), names->low[i], names->high[i]);
        name.low = _mm256_and_si256(name.low, next.low);
        name.high = _mm256_and_si256(name.high, next.high);
    }
    out->name = any_of(name, 0xFF);
}

static SIEVE_INLINE uint64_t range_mask(const uint8_t *at, uint8_t first, unsigned count)
{
    return in_range(load(at), first, (int)count);
}

static SIEVE_INLINE uint64_t lowest(uint64_t mask, unsigned count)
{
    return _bzhi_u64(mask, count);
}

static SIEVE_INLINE unsigned last_zeros(uint64_t mask)
{
    return (unsigned)_lzcnt_u64(mask);
}

static SIEVE_INLINE uint64_t pick_bits(uint64_t from, uint64_t mask)
{
    return _pext_u64(from, mask);
}

static SIEVE_INLINE uint64_t spread_bits(uint64_t from, uint64_t mask)
{
    return _pdep_u64(from, mask);
}

static SIEVE_INLINE void gather(const uint8_t *at, uint64_t mask, uint8_t *out)
{
    gather_slowly(at, mask, out);
}

#include "detect/sieve_loop.h"

void sieve_run_avx2(const struct sieve_plan *plan, const uint8_t *bytes, size_t from,
                    size_t to, size_t length, struct place_list *out)
{
    sieve_loop(plan, bytes, from, to, length, out);
}
