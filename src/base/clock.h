/* clock.h - time that only goes forward. */
#ifndef SIEVE_BASE_CLOCK_H
#define SIEVE_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Nanoseconds since some moment. */
static inline uint64_t clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

#endif /* SIEVE_BASE_CLOCK_H */
