/* dice.h - random numbers that are the same for the same seed everywhere (SplitMix64). */
#ifndef TESTS_SUPPORT_DICE_H
#define TESTS_SUPPORT_DICE_H

#include <stddef.h>
#include <stdint.h>

struct dice {
    uint64_t state;
};

static inline uint64_t dice_next(struct dice *dice)
{
    uint64_t value = (dice->state += 0x9E3779B97F4A7C15u);
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
    return value ^ (value >> 31);
}

/* A number from 0 to bound - 1; `bound` is not 0. */
static inline size_t dice_below(struct dice *dice, size_t bound)
{
    return (size_t)(dice_next(dice) >> 11) % bound;
}

/* A number from `first` to `last`, both included. */
static inline size_t dice_between(struct dice *dice, size_t first, size_t last)
{
    return first + dice_below(dice, last - first + 1);
}

/* One time in `bound`. */
static inline int dice_once_in(struct dice *dice, size_t bound)
{
    return dice_below(dice, bound) == 0;
}

#endif
