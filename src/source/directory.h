/* directory.h - the inside of a directory handle, for the walk. */
#ifndef SIEVE_SOURCE_DIRECTORY_H
#define SIEVE_SOURCE_DIRECTORY_H

#include <dirent.h>
#include <stdatomic.h>
#include <sys/types.h>

#include "source/source.h"

struct directory {
    DIR *stream;              /* owned */
    struct directory *parent; /* borrowed: the walk keeps it longer than this one */
    dev_t device;
    ino_t inode;
    atomic_uint users;
    char *path; /* owned */
};

/* "above/name", without doubling a slash that is there; the caller frees it.  NULL
 * without memory. */
char *path_join(const char *above, const char *name);

/* Opens `name` in `parent` (NULL: as typed).  On failure errno tells, *out is as it
 * was: SIEVE_E_IO, or SIEVE_E_MEMORY. */
sieve_status directory_open(struct directory *parent, const char *name, int follow,
                            struct directory **out) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_DIRECTORY_H */
