#include "base/reason.h"

#include <errno.h>
#include <stddef.h>

static const struct {
    int system;
    const char *words;
} reasons[] = {
    {EACCES, "permission denied"},
    {EADDRINUSE, "address already in use"},
    {EADDRNOTAVAIL, "this machine has no such address"},
    {EAFNOSUPPORT, "no such kind of address here"},
    {EAGAIN, "it would wait for data"},
    {EBADF, "it is not open for this"},
    {EBUSY, "it is busy"},
    {ECONNREFUSED, "connection refused"},
    {ECONNRESET, "connection reset"},
    {EDQUOT, "disk quota exceeded"},
    {EEXIST, "it exists already"},
    {EFBIG, "file too large"},
    {EHOSTUNREACH, "no route to that host"},
    {EINTR, "interrupted"},
    {EINVAL, "it cannot be read that way"},
    {EIO, "input/output error"},
    {EISDIR, "it is a directory"},
    {ELOOP, "symbolic link not followed"},
    {EMFILE, "too many open files"},
    {ENAMETOOLONG, "file name too long"},
    {ENETUNREACH, "no route to that network"},
    {ENFILE, "too many open files in the system"},
    {ENODEV, "no such device"},
    {ENOENT, "no such file or directory"},
    {ENOMEM, "not enough memory"},
    {ENOSPC, "no space left on the device"},
    {ENOTDIR, "not a directory"},
    {ENOTSUP, "operation not supported"},
    {ENXIO, "no such device or address"},
    {EOVERFLOW, "value too large"},
    {EPERM, "operation not permitted"},
    {EPIPE, "closed pipe"},
    {EROFS, "read-only file system"},
    {ESTALE, "stale file handle"},
    {ETIMEDOUT, "timed out"},
    {ETXTBSY, "it is being executed"},
    {EXDEV, "on another file system"},
};

const char *reason_of_system(int system)
{
    for (size_t index = 0; index < sizeof reasons / sizeof reasons[0]; index++) {
        if (reasons[index].system == system)
            return reasons[index].words;
    }
    return "the system refused";
}

const char *reason_of_error(const sieve_error *error)
{
    if (error->what)
        return error->what;
    if (error->system)
        return reason_of_system(error->system);
    if (error->status == SIEVE_E_MEMORY)
        return "not enough memory";
    if (error->status == SIEVE_E_LIMIT)
        return "a limit was reached";
    if (error->status == SIEVE_E_CORRUPT)
        return "damaged data";
    return "the engine failed";
}
