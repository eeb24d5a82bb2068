/* sieve_scalar.c - the sieve in plain C: the truth the others are held against. */
#include "detect/sieve_masks.h"

struct kernel {
    const struct probe_tables *names;
};

static inline void kernel_init(struct kernel *kernel, const struct sieve_plan *plan)
{
    kernel->names = plan->names;
}

static bool is_gap(const uint8_t *p)
{
    uint8_t b = *p;
    return b == ' ' || b == '-' || b == '.' || b == '+' || b == '\n' || b == '\r' ||
           p[-1] == 0x81 || p[-1] == 0x84;
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
    for (unsigned i = 0; i < PROBE_LENGTH; i++)
        buckets &= names->low[i][p[i] & 15] & names->high[i][p[i] >> 4];
    return buckets != 0;
}

static inline void block_masks(const struct kernel *kernel, const uint8_t *at,
                               struct masks *out)
{
    memset(out, 0, sizeof *out);
    for (unsigned i = 0; i < BLOCK; i++) {
        const uint8_t *p = at + i;
        out->digit |= bit_if((uint8_t)(*p - '0') < 10, i);
        out->three |= bit_if(*p == '3', i);
        out->high |= bit_if(*p >= 0x80, i);
        out->gap |= bit_if(is_gap(p), i);
        out->rare |= bit_if(is_rare(*p), i);
        out->wide |= bit_if(ends_wide_digit(p), i);
        out->name |= bit_if(begins_name(kernel->names, p), i);
    }
}

#include "detect/sieve_loop.h"

void sieve_run_scalar(const struct sieve_plan *plan, const uint8_t *bytes, size_t from,
                      size_t to, size_t length, struct place_list *out)
{
    sieve_loop(plan, bytes, from, to, length, out);
}
