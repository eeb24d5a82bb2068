/* wipe.h - forgetting bytes that may have held a number. */
#ifndef SIEVE_BASE_WIPE_H
#define SIEVE_BASE_WIPE_H

#include <stddef.h>

/* Overwrites with zeros; the compiler may not leave it out.  NULL with 0 is legal. */
void wipe(void *at, size_t length);

/* wipe() and free().  NULL is legal. */
void wipe_free(void *at, size_t length);

#endif /* SIEVE_BASE_WIPE_H */
