/* sieve_avx512.c - the sieve on 64 bytes at once.
 *
 * Built with -mavx512vbmi: one look-up tells the classes of a byte of 7 bits, one more
 * the buckets of each byte of a name's window. */
#include <immintrin.h>

#include "detect/sieve_masks.h"

enum {
    CLASS_DIGIT = 1,
    CLASS_GAP = 2,
    CLASS_RARE = 4,
    CLASS_THREE = 8
};

/* A table of 128 bytes, by the low 7 bits. */
struct table {
    __m512i first;
    __m512i second;
};

struct kernel {
    __m512i digit;
    __m512i gap;
    __m512i rare;
    __m512i three;
    struct table classes;
    struct table names[PROBE_LENGTH];
};

static struct table load_table(const uint8_t bytes[128])
{
    return (struct table){_mm512_loadu_si512(bytes), _mm512_loadu_si512(bytes + 64)};
}

static uint8_t class_of(unsigned byte)
{
    unsigned class = byte >= '0' && byte <= '9' ? CLASS_DIGIT : 0;
    if (byte == '3')
        class |= CLASS_THREE;
    if (byte == '\n' || byte == '\r' || byte == ' ' || byte == '+' || byte == '-' ||
        byte == '.')
        class |= CLASS_GAP;
    /* 7F stands for FF too: the high bit is not looked at. */
    if (byte == '%' || byte == '\\' || byte == '&' || byte == '=' || byte == 0x1B ||
        byte == 0 || byte == 0x7F)
        class |= CLASS_RARE;
    return (uint8_t) class;
}

static inline void kernel_init(struct kernel *kernel, const struct sieve_plan *plan)
{
    uint8_t table[128];
    for (unsigned byte = 0; byte < 128; byte++)
        table[byte] = class_of(byte);
    kernel->classes = load_table(table);
    for (unsigned i = 0; i < PROBE_LENGTH; i++) {
        const uint8_t *exact = plan->names->exact[i];
        for (unsigned byte = 0; byte < 128; byte++)
            table[byte] = exact[byte] | exact[byte | 0x80];
        kernel->names[i] = load_table(table);
    }
    kernel->digit = _mm512_set1_epi8(CLASS_DIGIT);
    kernel->gap = _mm512_set1_epi8(CLASS_GAP);
    kernel->rare = _mm512_set1_epi8(CLASS_RARE);
    kernel->three = _mm512_set1_epi8(CLASS_THREE);
}

static SIEVE_INLINE __m512i load(const uint8_t *at)
{
    return _mm512_loadu_si512((const void *)at);
}

static SIEVE_INLINE __m512i look_up(const struct table *table, __m512i bytes)
{
    return _mm512_permutex2var_epi8(table->first, bytes, table->second);
}

static SIEVE_INLINE __mmask64 in_range(__m512i bytes, int first, int count)
{
    __m512i moved = _mm512_sub_epi8(bytes, _mm512_set1_epi8((char)first));
    return _mm512_cmplt_epu8_mask(moved, _mm512_set1_epi8((char)count));
}

static SIEVE_INLINE __mmask64 equal(__mmask64 among, __m512i bytes, int value)
{
    return _mm512_mask_cmpeq_epi8_mask(among, bytes, _mm512_set1_epi8((char)value));
}

/* Bytes of 80 and above are near: full-width digits, and CP932's separators, of which the
 * second byte may be ASCII.  To move a mask out of its register costs most, so they are
 * joined before. */
static SIEVE_INLINE void look_at_high(const uint8_t *at, __m512i bytes, struct masks *out)
{
    __m512i before = load(at - 1);
    __mmask64 utf8 = equal(in_range(bytes, 0x90, 10), before, 0xBC);
    utf8 = equal(utf8, load(at - 2), 0xEF);
    __mmask64 cp932 = equal(in_range(bytes, 0x4F, 10), before, 0x82);
    __mmask64 euc_jp = equal(in_range(bytes, 0xB0, 10), before, 0xA3);
    out->wide = _cvtmask64_u64(_kor_mask64(utf8, _kor_mask64(cp932, euc_jp)));
    __mmask64 all = _cvtu64_mask64(~0ull);
    out->gap |=
        _cvtmask64_u64(_kor_mask64(equal(all, before, 0x81), equal(all, before, 0x84)));
}

static SIEVE_INLINE void block_masks(const struct kernel *kernel, const uint8_t *at,
                                     struct masks *out)
{
    __m512i bytes = load(at);
    __m512i classes = look_up(&kernel->classes, bytes);
    __mmask64 high = _mm512_movepi8_mask(bytes);
    out->digit = _cvtmask64_u64(_mm512_test_epi8_mask(classes, kernel->digit));
    out->three = _cvtmask64_u64(_mm512_test_epi8_mask(classes, kernel->three));
    out->gap = _cvtmask64_u64(_mm512_test_epi8_mask(classes, kernel->gap));
    out->wide = 0;
    out->high = 0;
    if (!_kortestz_mask64_u8(high, high) || at[-1] >= 0x80) {
        out->high = _cvtmask64_u64(high);
        out->digit &= ~out->high;
        out->three &= ~out->high;
        look_at_high(at, bytes, out);
    }
    __m512i first = look_up(&kernel->names[0], bytes);
    __m512i second = look_up(&kernel->names[1], load(at + 1));
    __m512i third = look_up(&kernel->names[2], load(at + 2));
    __m512i fourth = look_up(&kernel->names[3], load(at + 3));
    __m512i names = _mm512_ternarylogic_epi64(first, second, third, 0x80);
    __mmask64 name = _mm512_test_epi8_mask(names, fourth);
    __mmask64 rare = _mm512_test_epi8_mask(classes, kernel->rare);
    out->name = 0;
    out->rare = 0;
    if (_kortestz_mask64_u8(name, rare))
        return;
    out->name = _cvtmask64_u64(name);
    out->rare = _cvtmask64_u64(rare);
    if (out->high && out->rare) /* only FF among the high ones */
        out->rare &= ~out->high | _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(-1));
}

#include "detect/sieve_loop.h"

void sieve_run_avx512(const struct sieve_plan *plan, const uint8_t *bytes, size_t from,
                      size_t to, size_t length, struct place_list *out)
{
    sieve_loop(plan, bytes, from, to, length, out);
}
