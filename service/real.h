/* real.h - a library's own function, where this program has one of the same name that the
 * dynamic linker prefers.  Who includes it has _GNU_SOURCE. */
#ifndef SIEVE_SERVICE_REAL_H
#define SIEVE_SERVICE_REAL_H

#include <dlfcn.h>

typedef void (*real_function)(void);

/* To be cast to its own type; NULL if nobody else has it. */
static inline real_function real_find(const char *name)
{
    /* ISO C has no cast from an object to a function. */
    union {
        void *object;
        real_function function;
    } found = {dlsym(RTLD_NEXT, name)};
    return found.function;
}

#endif /* SIEVE_SERVICE_REAL_H */
