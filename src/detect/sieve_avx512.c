/* sieve_avx512.c - the sieve on 64 bytes at once.
 *
 * Built with -mavx512vbmi and -mavx512vbmi2: one look-up tells the classes of a byte by 7
 * of its bits, one more the buckets of each byte of a name's window. */
#include <immintrin.h>

#include "detect/sieve_masks.h"

/* Bits of a byte's class.  The tables do not see its high bit: of a high byte only the
 * classes of high bytes count, of others only theirs. */
enum {
    CLASS_DIGIT = 1,
    CLASS_GAP = 2,
    CLASS_RARE = 4,
    CLASS_THREE = 8,
    CLASS_HIGH_RARE = 16,
    CLASS_HIGH_GAP = 32,
    /* Of a byte and the one before it: the end of a full-width digit; and behind the lead
     * of a separator in CP932 all are gaps. */
    CLASS_UTF8_EUC = 64,
    CLASS_CP932 = 128
};

/* A table of 128 bytes, by the low 7 bits. */
struct table {
    __m512i first;
    __m512i second;
};

struct kernel {
    unsigned digits_min;
    unsigned runs_shift; /* see chain_ends() */
    struct table classes;
    struct table pairs;
    struct table pairs_before;
    struct table names[PROBE_LENGTH];
    __m512i of_low;  /* the classes of bytes that are ASCII */
    __m512i of_high; /* and of those that are not */
    __m512i pair_low;
    __m512i pair_high;
    __m512i buckets_low;
    __m512i buckets_high;
    __m512i digit;
    __m512i gap;
    __m512i rare;
    __m512i three;
};

static struct table load_table(const uint8_t bytes[128])
{
    return (struct table){_mm512_loadu_si512(bytes), _mm512_loadu_si512(bytes + 64)};
}

static uint8_t class_of(const uint8_t gaps[256], unsigned byte)
{
    unsigned class = byte >= '0' && byte <= '9' ? CLASS_DIGIT : 0;
    if (byte == '3')
        class |= CLASS_THREE;
    if (byte == '%' || byte == '\\' || byte == '&' || byte == '=' || byte == 0x1B ||
        byte == 0)
        class |= CLASS_RARE;
    if (byte == 0x7F)
        class |= CLASS_HIGH_RARE;
    if (gaps[byte])
        class |= CLASS_GAP;
    if (gaps[byte | 0x80])
        class |= CLASS_HIGH_GAP;
    return (uint8_t) class;
}

/* EF BC 90-99, of which EF is not asked for; A3 B0-B9; 82 4F-58. */
static uint8_t pair_of(unsigned byte)
{
    unsigned pair = CLASS_GAP;
    if ((byte >= 0x10 && byte <= 0x19) || (byte >= 0x30 && byte <= 0x39))
        pair |= CLASS_UTF8_EUC;
    if (byte >= 0x4F && byte <= 0x58)
        pair |= CLASS_CP932;
    return (uint8_t)pair;
}

static uint8_t pair_before(unsigned byte)
{
    switch (byte | 0x80) {
    case 0xBC:
    case 0xA3:
        return CLASS_UTF8_EUC;
    case 0x82:
        return CLASS_CP932;
    case 0x81:
    case 0x84:
        return CLASS_GAP;
    default:
        return 0;
    }
}

/* Which of the plan's tables is which. */
enum {
    TABLE_CLASSES,
    TABLE_PAIRS,
    TABLE_BEFORE,
    TABLE_NAMES
};

void sieve_prepare_avx512(struct sieve_plan *plan)
{
    for (unsigned byte = 0; byte < 128; byte++) {
        plan->tables[TABLE_CLASSES][byte] = class_of(plan->gaps, byte);
        plan->tables[TABLE_PAIRS][byte] = pair_of(byte);
        plan->tables[TABLE_BEFORE][byte] = pair_before(byte);
    }
    for (unsigned i = 0; i < PROBE_LENGTH; i++) {
        const uint8_t *exact = plan->names->exact[i];
        for (unsigned byte = 0; byte < 128; byte++)
            plan->tables[TABLE_NAMES + i][byte] = exact[byte] | exact[byte | 0x80];
    }
}

static SIEVE_INLINE void kernel_init(struct kernel *kernel, const struct sieve_plan *plan)
{
    kernel->digits_min = (unsigned)plan->digits_min;
    kernel->runs_shift = RUNS_SHIFT(plan->digits_min);
    kernel->classes = load_table(plan->tables[TABLE_CLASSES]);
    kernel->pairs = load_table(plan->tables[TABLE_PAIRS]);
    kernel->pairs_before = load_table(plan->tables[TABLE_BEFORE]);
    for (unsigned i = 0; i < PROBE_LENGTH; i++)
        kernel->names[i] = load_table(plan->tables[TABLE_NAMES + i]);
    kernel->of_low = _mm512_set1_epi8(CLASS_DIGIT | CLASS_GAP | CLASS_RARE | CLASS_THREE);
    kernel->of_high = _mm512_set1_epi8(CLASS_HIGH_RARE | CLASS_HIGH_GAP);
    kernel->pair_low = _mm512_set1_epi8((char)(CLASS_CP932 | CLASS_GAP));
    kernel->pair_high = _mm512_set1_epi8(CLASS_UTF8_EUC | CLASS_GAP);
    kernel->buckets_low = _mm512_set1_epi8((char)~PROBE_HIGH_BUCKETS);
    kernel->buckets_high = _mm512_set1_epi8((char)PROBE_HIGH_BUCKETS);
    kernel->digit = _mm512_set1_epi8((char)(CLASS_DIGIT | CLASS_UTF8_EUC | CLASS_CP932));
    kernel->gap = _mm512_set1_epi8(CLASS_GAP | CLASS_HIGH_GAP);
    kernel->rare = _mm512_set1_epi8(CLASS_RARE | CLASS_HIGH_RARE);
    kernel->three = _mm512_set1_epi8(CLASS_THREE);
    /* Lest constants known when this is compiled be made anew for each block. */
    __asm__ volatile("" : "+m"(*kernel));
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
    return _mm512_cmple_epu8_mask(moved, _mm512_set1_epi8((char)(count - 1)));
}

static SIEVE_INLINE uint64_t range_mask(const uint8_t *at, uint8_t first, unsigned count)
{
    return _cvtmask64_u64(in_range(load(at), first, (int)count));
}

/* Bytes of 80 and above are near: the classes of pairs are added. */
static SIEVE_INLINE __m512i add_pairs(const struct kernel *kernel, __m512i classes,
                                      __m512i bytes, __m512i before, __mmask64 high)
{
    __m512i lead = _mm512_maskz_permutex2var_epi8(_mm512_movepi8_mask(before),
                                                  kernel->pairs_before.first, before,
                                                  kernel->pairs_before.second);
    __m512i wanted = _mm512_mask_blend_epi8(high, kernel->pair_low, kernel->pair_high);
    __m512i pairs = _mm512_and_si512(wanted, look_up(&kernel->pairs, bytes));
    return _mm512_ternarylogic_epi64(classes, lead, pairs, 0xF8); /* a | b & c */
}

static SIEVE_INLINE void block_masks(const struct kernel *kernel, const uint8_t *at,
                                     struct masks *out)
{
    __m512i bytes = load(at);
    __m512i lanes_before = load(at - 16);
    __m512i lanes_behind = load(at + 16);
    __m512i before = _mm512_alignr_epi8(bytes, lanes_before, 15);
    __mmask64 high = _mm512_movepi8_mask(bytes);
    __m512i wanted = _mm512_mask_blend_epi8(high, kernel->of_low, kernel->of_high);
    __m512i classes = _mm512_and_si512(look_up(&kernel->classes, bytes), wanted);
    if (!_kortestz_mask64_u8(high, high) || at[-1] >= 0x80)
        classes = add_pairs(kernel, classes, bytes, before, high);
    __mmask64 rare = _mm512_test_epi8_mask(classes, kernel->rare);
    out->rare = !_kortestz_mask64_u8(rare, rare);
    out->unit = _cvtmask64_u64(_mm512_test_epi8_mask(classes, kernel->digit));
    out->gap = _cvtmask64_u64(_mm512_test_epi8_mask(classes, kernel->gap));
    out->three = _cvtmask64_u64(_mm512_test_epi8_mask(classes, kernel->three));
    /* Each byte of a window by a table of its own. */
    __m512i behind = _mm512_alignr_epi8(lanes_behind, bytes, 1);
    __m512i names = _mm512_and_si512(look_up(&kernel->names[0], before),
                                     look_up(&kernel->names[1], bytes));
    __m512i more = look_up(&kernel->names[2], behind);
    behind = _mm512_alignr_epi8(lanes_behind, bytes, 2);
    names =
        _mm512_ternarylogic_epi64(names, more, look_up(&kernel->names[3], behind), 0x80);
    behind = _mm512_alignr_epi8(lanes_behind, bytes, 3);
    wanted = _mm512_mask_blend_epi8(high, kernel->buckets_low, kernel->buckets_high);
    wanted = _mm512_and_si512(wanted, look_up(&kernel->names[4], behind));
    out->name = _cvtmask64_u64(_mm512_test_epi8_mask(names, wanted));
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
    __m512i digits = _mm512_maskz_compress_epi8(_cvtu64_mask64(mask), load(at));
    _mm512_storeu_si512(out, _mm512_and_si512(digits, _mm512_set1_epi8(15)));
}

#include "detect/sieve_loop.h"

void sieve_run_avx512(const struct sieve_plan *plan, const uint8_t *bytes, size_t from,
                      size_t to, size_t length, struct place_list *out)
{
    sieve_loop(plan, bytes, from, to, length, out);
}
