/* spool.h - bytes written once, then read from their start: in memory up to a ceiling,
 * above it in an unlinked file that only its owner may read, encrypted with a key that
 * never leaves this process and is thrown away with the spool.
 *
 * libmicrohttpd sends no byte of a reply before it has read the whole request, so an
 * answer of any size waits here, in constant memory.
 */
#ifndef SIEVE_SERVICE_SPOOL_H
#define SIEVE_SERVICE_SPOOL_H

#include <stdint.h>
#include <sys/types.h>

#include "base/buffer.h"

struct spool_file;

struct spool {
    struct buffer memory;    /* all of it, or what is not yet in the file */
    struct spool_file *file; /* NULL: there is none */
    const char *directory;   /* where files are made; borrowed */
    uint64_t length;
    uint64_t length_max;
};

/* `directory` is borrowed until done; NULL: memory only.  No more than `length_max`
 * bytes in all. */
void spool_init(struct spool *spool, const char *directory, uint64_t length_max);
void spool_done(struct spool *spool);

/* Takes all of it or fails: SIEVE_E_LIMIT, SIEVE_E_MEMORY, SIEVE_E_IO. */
sieve_status spool_write(struct spool *spool, struct bytes bytes) SIEVE_MUST_CHECK;

/* Takes over what the buffer holds as all there is; no more writes. */
sieve_status spool_adopt(struct spool *spool, struct buffer *buffer) SIEVE_MUST_CHECK;

/* No more writes: what waits goes to the file, if there is one. */
sieve_status spool_seal(struct spool *spool) SIEVE_MUST_CHECK;

/* Up to `capacity` bytes from `offset` on, after the seal; 0 at the end, -1 if the file
 * is not what was written. */
ssize_t spool_read(struct spool *spool, uint64_t offset, void *to, size_t capacity);

#endif /* SIEVE_SERVICE_SPOOL_H */
