/* fresh.h - memory for what each request needs anew. */
#ifndef SIEVE_BASE_FRESH_H
#define SIEVE_BASE_FRESH_H

#include <stdlib.h>
#include <string.h>

/* As calloc() of one item, for free(): glibc's takes a lock and does not look among what
 * its thread gave back last, as malloc() does.  NULL without memory. */
static inline void *fresh(size_t size)
{
    void *at = malloc(size);
    if (at)
        memset(at, 0, size);
    return at;
}

#endif /* SIEVE_BASE_FRESH_H */
