#include "service/streams.h"

int streams_take(struct streams *streams, size_t count, uint64_t most)
{
    size_t taken = atomic_load_explicit(&streams->taken, memory_order_relaxed);
    do {
        if (count > most || taken > most - count)
            return -1;
    } while (!atomic_compare_exchange_weak(&streams->taken, &taken, taken + count));
    return 0;
}

void streams_give(struct streams *streams, size_t count)
{
    if (count > 0)
        atomic_fetch_sub(&streams->taken, count);
}
