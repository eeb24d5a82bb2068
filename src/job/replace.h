/* replace.h - a file that takes another's place, whole or not at all.
 *
 * It is written aside, in the same directory, without a name where the system can do
 * that, else under a name that only the owner may read; it gets its name when it is
 * complete and on the disk.  Until then the old file is as it was; there never is a
 * copy of the old one.
 */
#ifndef SIEVE_JOB_REPLACE_H
#define SIEVE_JOB_REPLACE_H

#include <sys/stat.h>

#include "cardsieve.h"

#define ASIDE_NAME_MAX 64

struct aside {
    int directory;             /* open; where it stands */
    int descriptor;            /* open for reading and writing */
    char name[ASIDE_NAME_MAX]; /* its name as long as it is aside; "" if it has none */
    const char *target;        /* the name it shall get; borrowed */
};

/* Begins beside `path` (borrowed until commit or abandon).  SIEVE_E_IO with errno. */
sieve_status aside_open(const char *path, struct aside *out) SIEVE_MUST_CHECK;

/* Gives it the other's owner, mode, extended attributes (with the access control
 * lists) and, in the end, times.  SIEVE_E_IO if any of them cannot be kept. */
sieve_status aside_keep(const struct aside *aside, int other) SIEVE_MUST_CHECK;

/* Gives it its name, replacing what had it; both are on the disk then. */
sieve_status aside_commit(struct aside *aside) SIEVE_MUST_CHECK;

/* Leaves no trace of it.  Legal after commit too, and then does nothing. */
void aside_close(struct aside *aside);

#endif /* SIEVE_JOB_REPLACE_H */
