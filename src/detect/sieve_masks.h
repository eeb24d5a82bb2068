/* sieve_masks.h - what the sieve is told of 64 bytes, by each instruction set.
 *
 * A file per instruction set includes this, defines struct kernel, kernel_init() and
 * block_masks(), and then includes sieve_loop.h.
 */
#ifndef SIEVE_DETECT_SIEVE_MASKS_H
#define SIEVE_DETECT_SIEVE_MASKS_H

#include <string.h>

#include "detect/sieve.h"

#define BLOCK 64u

/* The loop is one body; what is seldom needed stays out of it. */
#define SIEVE_INLINE inline __attribute__((always_inline))
#define SIEVE_RARE   __attribute__((noinline))

/* Bit i tells of byte i. */
struct masks {
    uint64_t digit; /* 0-9 */
    uint64_t three; /* '3' */
    uint64_t high;  /* 80-FF */
    uint64_t gap;   /* ASCII, and second bytes in CP932, that may part digits */
    uint64_t rare;  /* % \ & = ESC, 00 and FF */
    uint64_t name;  /* a window of a name may begin here */
    uint64_t wide;  /* the last byte of a full-width digit; 0 if no high is near */
};

static inline uint64_t bit_if(bool set, unsigned index)
{
    return (uint64_t)set << index;
}

#endif /* SIEVE_DETECT_SIEVE_MASKS_H */
