/* secret_file.h - a small file, as it is. */
#ifndef SIEVE_SERVICE_SECRET_FILE_H
#define SIEVE_SERVICE_SECRET_FILE_H

#include "base/buffer.h"

#define SECRET_LENGTH_MAX (1u << 20)

/* Appends the whole file.  `is_secret`: refused if others may read or write it.  On
 * failure *reason_out is a constant; SIEVE_E_IO with errno. */
sieve_status secret_file_read(const char *path, int is_secret, struct buffer *out,
                              const char **reason_out) SIEVE_MUST_CHECK;

#endif /* SIEVE_SERVICE_SECRET_FILE_H */
