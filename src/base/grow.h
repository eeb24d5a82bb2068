/* grow.h - room for one more item in a list that lies in one piece. */
#ifndef SIEVE_BASE_GROW_H
#define SIEVE_BASE_GROW_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* The items, which may have moved, with room behind the first `count`: twice as much as
 * before where there was none, `first` at the beginning.  `size` is bytes of an item.
 * NULL without memory: the items stay as they are. */
static inline void *grown(void *items, size_t count, size_t *capacity, size_t first,
                          size_t size)
{
    if (count < *capacity)
        return items;
    const size_t wanted = *capacity > 0 ? 2 * *capacity : first;
    void *larger = wanted > SIZE_MAX / size ? NULL : realloc(items, wanted * size);
    if (larger)
        *capacity = wanted;
    return larger;
}

#endif /* SIEVE_BASE_GROW_H */
