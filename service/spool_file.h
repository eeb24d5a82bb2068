/* spool_file.h - frames of bytes in an unlinked temporary file, each encrypted and
 * authenticated (AES-256-GCM) under a key that is made with the file and dies with it.
 * The only pair that knows gnutls/crypto.h.
 */
#ifndef SIEVE_SERVICE_SPOOL_FILE_H
#define SIEVE_SERVICE_SPOOL_FILE_H

#include <stdint.h>

#include "base/bytes.h"
#include "cardsieve.h"
#include "service/limits.h"

struct spool_file;

/* In `directory`, mode 0600, without a name.  SIEVE_E_IO, SIEVE_E_MEMORY. */
sieve_status spool_file_new(const char *directory,
                            struct spool_file **out) SIEVE_MUST_CHECK;
void spool_file_free(struct spool_file *file); /* wipes the key; NULL is legal */

/* Writes frame `index`, SPOOL_FRAME bytes or, the last one, less.  Each index once. */
sieve_status spool_file_write(struct spool_file *file, uint64_t index,
                              struct bytes plain) SIEVE_MUST_CHECK;

/* Lends frame `index`, which has `length` bytes, until the next call. */
sieve_status spool_file_read(struct spool_file *file, uint64_t index, size_t length,
                             struct bytes *plain_out) SIEVE_MUST_CHECK;

#endif /* SIEVE_SERVICE_SPOOL_FILE_H */
