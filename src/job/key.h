/* key.h - the key of tokens, from a file that is nobody else's. */
#ifndef SIEVE_JOB_KEY_H
#define SIEVE_JOB_KEY_H

#include "base/limits.h"
#include "cardsieve.h"

struct key {
    size_t length;
    unsigned char bytes[KEY_LENGTH_MAX];
};

/* The file's bytes as they are, KEY_LENGTH_MIN to KEY_LENGTH_MAX of them.  Refused if
 * others may read or write it.  On failure *reason_out is a constant. */
sieve_status key_read(const char *path, struct key *out,
                      const char **reason_out) SIEVE_MUST_CHECK;

void key_done(struct key *key); /* wipes */

#endif /* SIEVE_JOB_KEY_H */
