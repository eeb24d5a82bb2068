/* walk.h - the files under a directory.
 *
 * Depth first, one descriptor for each level.  No file is opened and, where the file
 * system tells what an entry is, none is asked about.  `.gitignore` is not honoured:
 * cards hide in what nobody wants to keep.
 */
#ifndef SIEVE_SOURCE_WALK_H
#define SIEVE_SOURCE_WALK_H

#include <stdatomic.h>
#include <stddef.h>

#include "source/source.h"

struct walk_options {
    int follow;          /* symbolic links inside directories too */
    int one_file_system; /* stay on the target's */
    /* Globs as fnmatch() reads them, `*` also over slashes.  One without a slash is
     * held against the last name, one with against the path.  A file must match one
     * of `include` if there are any; what matches one of `exclude` is left out, a
     * directory with all that is in it. */
    const char *const *include;
    size_t include_count;
    const char *const *exclude;
    size_t exclude_count;
    const atomic_int *stop; /* not 0: leave with SIEVE_STOPPED; may be NULL */
};

/* Tells the door of `target` itself if it is no directory, else of what is under it. */
sieve_status walk(const struct walk_options *options, const char *target,
                  struct door *door) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_WALK_H */
