/* sieve_scalar.c - the sieve in plain C: the truth the others are held against. */
#include "detect/sieve_loop.h"

static inline void block_masks(const struct sieve_plan *plan, const uint8_t *at,
                               struct masks *out)
{
    block_masks_scalar(plan, at, out);
}

void sieve_run_scalar(const struct sieve_plan *plan, const uint8_t *bytes, size_t from,
                      size_t to, size_t length, struct place_list *out)
{
    sieve_loop(plan, bytes, from, to, length, out);
}
