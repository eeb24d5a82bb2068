/* sieve_scalar.c - the sieve in plain C: the truth the others are held against. */
#include "detect/sieve_masks.h"

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

static bool is_rare(uint8_t b)
{
    return b == '%' || b == '\\' || b == '&' || b == '=' || b == 0x1B || b == 0 ||
           b == 0xFF;
}

static bool ends_wide_digit(const uint8_t *p)
{
    return ((uint8_t)(p[0] - 0x90) < 10 && p[-1] == 0xBC && p[-2] == 0xEF) ||
           ((uint8_t)(p[0] - 0x4F) < 10 && p[-1] == 0x82) ||
           ((uint8_t)(p[0] - 0xB0) < 10 && p[-1] == 0xA3);
}

static bool begins_name(const struct probe_tables *names, const uint8_t *p)
{
    unsigned buckets = 0xFF;
    for (int i = 0; i < (int)PROBE_LENGTH; i++)
        buckets &= names->exact[i][p[i - 1]];
    return buckets != 0;
}

static SIEVE_INLINE void block_masks(const struct kernel *kernel, const uint8_t *at,
                                     struct masks *out)
{
    memset(out, 0, sizeof *out);
    for (unsigned i = 0; i < BLOCK; i++) {
        const uint8_t *p = at + i;
        bool second = p[-1] == 0x81 || p[-1] == 0x84; /* of a separator in CP932 */
        out->unit |= bit_if((uint8_t)(*p - '0') < 10 || ends_wide_digit(p), i);
        out->three |= bit_if(*p == '3', i);
        out->gap |= bit_if(kernel->gaps[*p] || second, i);
        out->rare |= is_rare(*p);
        out->name |= bit_if(begins_name(kernel->names, p), i);
    }
}

static SIEVE_INLINE uint64_t range_mask(const uint8_t *at, uint8_t first, unsigned count)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < BLOCK; i++)
        mask |= bit_if((uint8_t)(at[i] - first) < count, i);
    return mask;
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

void sieve_run_scalar(const struct sieve_plan *plan, const uint8_t *bytes, size_t from,
                      size_t to, size_t length, struct place_list *out)
{
    sieve_loop(plan, bytes, from, to, length, out);
}
