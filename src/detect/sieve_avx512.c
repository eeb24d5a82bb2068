/* sieve_avx512.c - the sieve on 64 bytes at once; built with -mavx512bw -mavx512vl. */
#include <immintrin.h>

#include "detect/sieve_loop.h"

/* Bits of byte classes in the two tables of half bytes below. */
enum {
    CLASS_GAP = 1,
    CLASS_ESCAPE = 2 | 4 | 8 | 16 | 32
};

static inline __m512i spread(const uint8_t table[16])
{
    return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)table));
}

static inline uint64_t in_range(__m512i bytes, int first, int count)
{
    __m512i moved = _mm512_sub_epi8(bytes, _mm512_set1_epi8((char)first));
    return _mm512_cmplt_epu8_mask(moved, _mm512_set1_epi8((char)count));
}

static inline uint64_t equal(__m512i bytes, int value)
{
    return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8((char)value));
}

static inline __m512i load(const uint8_t *at)
{
    return _mm512_loadu_si512((const void *)at);
}

static inline __m512i name_step(const struct sieve_plan *plan, unsigned step,
                                __m512i bytes)
{
    const __m512i nibble = _mm512_set1_epi8(15);
    __m512i low = _mm512_and_si512(bytes, nibble);
    __m512i high = _mm512_and_si512(_mm512_srli_epi16(bytes, 4), nibble);
    return _mm512_and_si512(_mm512_shuffle_epi8(spread(plan->names->low[step]), low),
                            _mm512_shuffle_epi8(spread(plan->names->high[step]), high));
}

static inline void block_masks(const struct sieve_plan *plan, const uint8_t *at,
                               struct masks *out)
{
    /* gap: 0A 0D 20 2B 2D 2E; escapes, a bit each: 25 26 3D 5C 1B */
    static const uint8_t low_table[16] = {1, 0, 0, 0,  0,  2, 4, 0,
                                          0, 0, 1, 33, 16, 9, 1, 0};
    static const uint8_t high_table[16] = {1, 32, 7, 8, 0, 16, 0, 0,
                                           0, 0,  0, 0, 0, 0,  0, 0};
    __m512i bytes = load(at);
    const __m512i nibble = _mm512_set1_epi8(15);
    __m512i low = _mm512_and_si512(bytes, nibble);
    __m512i high = _mm512_and_si512(_mm512_srli_epi16(bytes, 4), nibble);
    __m512i class = _mm512_and_si512(_mm512_shuffle_epi8(spread(low_table), low),
                                     _mm512_shuffle_epi8(spread(high_table), high));
    out->digit = in_range(bytes, '0', 10);
    out->high = (uint64_t)_mm512_movepi8_mask(bytes);
    out->gap = _mm512_test_epi8_mask(class, _mm512_set1_epi8(CLASS_GAP));
    out->escape = _mm512_test_epi8_mask(class, _mm512_set1_epi8(CLASS_ESCAPE));
    out->zero = equal(bytes, 0);
    out->three = equal(bytes, '3');
    out->wide = 0;
    out->ff = 0;
    out->control = 0;
    if (out->high || at[-1] >= 0x80) {
        __m512i before = load(at - 1);
        out->wide = (in_range(bytes, 0x90, 10) & equal(before, 0xBC) &
                     equal(load(at - 2), 0xEF)) |
                    (in_range(bytes, 0x4F, 10) & equal(before, 0x82)) |
                    (in_range(bytes, 0xB0, 10) & equal(before, 0xA3));
        /* CP932: the second byte of a separator may be ASCII. */
        out->gap |= equal(before, 0x81) | equal(before, 0x84);
        out->ff = equal(bytes, 0xFF);
    }
    if (out->ff | out->zero)
        out->control = in_range(bytes, 0x10, 10);
    __m512i name = name_step(plan, 0, bytes);
    name = _mm512_and_si512(name, name_step(plan, 1, load(at + 1)));
    name = _mm512_and_si512(name, name_step(plan, 2, load(at + 2)));
    name = _mm512_and_si512(name, name_step(plan, 3, load(at + 3)));
    out->name = _mm512_test_epi8_mask(name, name);
}

void sieve_run_avx512(const struct sieve_plan *plan, const uint8_t *bytes, size_t from,
                      size_t to, size_t length, struct place_list *out)
{
    sieve_loop(plan, bytes, from, to, length, out);
}
