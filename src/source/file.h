/* file.h - one file or stream, open for reading. */
#ifndef SIEVE_SOURCE_FILE_H
#define SIEVE_SOURCE_FILE_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/stat.h>

#include "source/source.h"

/* Asked to stop: `flag` is not 0, and `descriptor` wakes whoever waits for data.  The
 * one who made it owns both. */
struct stop {
    const atomic_int *flag;
    int descriptor; /* readable from then on; -1: none */
};

struct file {
    int descriptor;
    int is_regular;
    int may_be_short;  /* its size says nothing: /proc and the like, streams */
    struct stat about; /* as it was when opened */
    uint64_t taken;    /* bytes read so far by file_read() */
    int has_ended;
    int is_ready; /* file_wait() has seen so: the next read need not wait */
    const struct stop *stop;
};

/* Opens for reading; "-" without a directory is standard input.  Inside a directory
 * links are not followed unless asked, and only regular files are opened; what the
 * user named may be anything.  Never waits.  On failure *reason_out says why. */
sieve_status file_open(const struct find *find, int follow, const struct stop *stop,
                       struct file *out, const char **reason_out) SIEVE_MUST_CHECK;
void file_close(struct file *file);

/* Waits until a stream has data or has ended, at most so long; less than 0: for ever.
 * *is_ready_out is 0 if the time went by.  Regular files are always ready. */
sieve_status file_wait(struct file *file, int milliseconds,
                       int *is_ready_out) SIEVE_MUST_CHECK;

/* Reads what is there, up to `capacity` bytes, waiting for a stream; *length_out is 0
 * at the end.  SIEVE_STOPPED when asked to stop, SIEVE_E_IO with errno. */
sieve_status file_read(struct file *file, void *at, size_t capacity,
                       size_t *length_out) SIEVE_MUST_CHECK;

/* Reads at an offset, all of `capacity` unless the file ends.  Regular files only. */
sieve_status file_read_at(const struct file *file, uint64_t offset, void *at,
                          size_t capacity, size_t *length_out) SIEVE_MUST_CHECK;

/* 1 if the file ended before the size it had when it was opened. */
int file_has_shrunk(const struct file *file);

/* 1 if it is the regular file that `other` tells of. */
int file_is(const struct file *file, const struct stat *other);

#endif /* SIEVE_SOURCE_FILE_H */
