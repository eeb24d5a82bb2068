/* reason.h - why something went wrong, in constant words. */
#ifndef SIEVE_BASE_REASON_H
#define SIEVE_BASE_REASON_H

#include "cardsieve.h"

/* "permission denied".  Constant, in lower case, never NULL; the system's own table
 * (strerror) is neither constant nor safe between threads. */
const char *reason_of_system(int system);

/* What to tell of `error`: its words, else those of its errno, else of its status. */
const char *reason_of_error(const sieve_error *error);

#endif /* SIEVE_BASE_REASON_H */
