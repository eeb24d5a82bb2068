/* headway.h - how far a run is: written by the workers, read at any time by who looks. */
#ifndef SIEVE_JOB_HEADWAY_H
#define SIEVE_JOB_HEADWAY_H

#include <stdatomic.h>
#include <stdint.h>

struct headway {
    atomic_ullong bytes; /* looked at so far */
    atomic_ullong items;
    atomic_ullong findings;
    atomic_ullong more; /* bytes to read that nobody knew of when it began */
    /* Of databases: what was read, and what there was to read when the run began. */
    atomic_ullong tables;
    atomic_ullong tables_total;
    atomic_ullong ranges;
    atomic_ullong ranges_total;
};

static inline void headway_add(atomic_ullong *sum, uint64_t count)
{
    atomic_fetch_add_explicit(sum, count, memory_order_relaxed);
}

static inline uint64_t headway_read(const atomic_ullong *sum)
{
    return atomic_load_explicit(sum, memory_order_relaxed);
}

#endif /* SIEVE_JOB_HEADWAY_H */
