#include "service/secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Root may let a group read what is root's: so come systemd's credentials. */
static mode_t rights_of_others(const struct stat *about)
{
    const mode_t rights = about->st_mode & (S_IRWXG | S_IRWXO);
    return about->st_uid == 0 && geteuid() != 0 ? rights & ~(mode_t)S_IRGRP : rights;
}

static const char *objection(const struct stat *about, int is_secret)
{
    if (!S_ISREG(about->st_mode))
        return "it is no regular file";
    if (is_secret && rights_of_others(about) != 0)
        return "others may use it; chmod 600 it";
    return about->st_size > (off_t)SECRET_LENGTH_MAX ? "it is too large" : NULL;
}

/* SIEVE_E_LIMIT if it does not fit under the ceiling. */
static sieve_status read_rest(int descriptor, struct buffer *out)
{
    sieve_status status = SIEVE_OK;
    while ((status = buffer_reserve(out, 1)) == SIEVE_OK) {
        const ssize_t count =
            read(descriptor, out->at + out->length, out->capacity - out->length);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return SIEVE_E_IO;
        if (count == 0)
            break;
        out->length += (size_t)count;
    }
    return status;
}

sieve_status secret_file_read(const char *path, int is_secret, struct buffer *out,
                              const char **reason_out)
{
    struct stat about;
    *reason_out = "it cannot be read";
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return SIEVE_E_IO;
    sieve_status status = fstat(descriptor, &about) == 0 ? SIEVE_OK : SIEVE_E_IO;
    if (status == SIEVE_OK) {
        const char *reason = objection(&about, is_secret);
        if (reason) {
            *reason_out = reason;
            status = SIEVE_E_INVALID;
        }
    }
    if (status == SIEVE_OK)
        status = read_rest(descriptor, out);
    if (status == SIEVE_E_LIMIT)
        *reason_out = "it is too large";
    const int system = errno;
    (void)close(descriptor);
    errno = system;
    return status;
}
