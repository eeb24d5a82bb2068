#include "source/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/pipe.h"
#include "base/reason.h"
#include "source/directory.h"

/* 1 if it is what the user typed as "-". */
static int find_is_standard_input(const struct find *find)
{
    return !find->directory && strcmp(find->name, "-") == 0;
}

static int open_descriptor(const struct find *find, int follow)
{
    int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    if (find_is_standard_input(find))
        return fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
    if (find->directory && !follow)
        flags |= O_NOFOLLOW;
    return openat(directory_descriptor(find->directory), find->name, flags);
}

static const char *refusal(const struct find *find, const struct file *file)
{
    if (S_ISDIR(file->about.st_mode))
        return "it is a directory";
    if (find->directory && !file->is_regular)
        return "it became something else than a file";
    return NULL;
}

sieve_status file_open(const struct find *find, int follow, const struct stop *stop,
                       struct file *out, const char **reason_out)
{
    struct file file = {.stop = stop};
    file.descriptor = open_descriptor(find, follow);
    if (file.descriptor < 0) {
        *reason_out = reason_of_system(errno);
        return SIEVE_E_IO;
    }
    const char *reason = NULL;
    if (fstat(file.descriptor, &file.about) < 0) {
        reason = reason_of_system(errno);
    } else {
        file.is_regular = S_ISREG(file.about.st_mode);
        /* Standard input may stand anywhere in its file. */
        file.may_be_short =
            !file.is_regular || file.about.st_size == 0 || find_is_standard_input(find);
        reason = refusal(find, &file);
    }
    if (reason) {
        file_close(&file);
        *reason_out = reason;
        return SIEVE_E_IO;
    }
    if (S_ISFIFO(file.about.st_mode))
        pipe_widen(file.descriptor);
    *out = file;
    return SIEVE_OK;
}

void file_close(struct file *file)
{
    if (file->descriptor >= 0)
        close(file->descriptor);
    file->descriptor = -1;
}

static int is_stopped(const struct file *file)
{
    return file->stop && file->stop->flag && *file->stop->flag;
}

sieve_status file_wait(struct file *file, int milliseconds, int *is_ready_out)
{
    struct pollfd waiting[2] = {
        {.fd = file->descriptor, .events = POLLIN},
        {.fd = file->stop ? file->stop->descriptor : -1, .events = POLLIN},
    };
    *is_ready_out = 1;
    if (file->is_regular)
        return SIEVE_OK;
    int count = -1;
    while (count < 0) {
        count = poll(waiting, 2, milliseconds);
        if (is_stopped(file))
            return SIEVE_STOPPED;
        if (count < 0 && errno != EINTR)
            return SIEVE_E_IO;
    }
    *is_ready_out = file->is_ready = count > 0;
    return SIEVE_OK;
}

static sieve_status note_end(struct file *file, size_t count, size_t capacity)
{
    file->taken += count;
    /* A short read that reaches the known size spares asking for the end. */
    if (count == 0 || (count < capacity && !file->may_be_short &&
                       file->taken == (uint64_t)file->about.st_size))
        file->has_ended = 1;
    return SIEVE_OK;
}

sieve_status file_read(struct file *file, void *at, size_t capacity, size_t *length_out)
{
    *length_out = 0;
    while (!file->has_ended) {
        if (is_stopped(file))
            return SIEVE_STOPPED;
        int is_ready = file->is_ready;
        sieve_status status = is_ready ? SIEVE_OK : file_wait(file, -1, &is_ready);
        file->is_ready = 0;
        if (status != SIEVE_OK)
            return status;
        ssize_t count = read(file->descriptor, at, capacity);
        if (count >= 0) {
            *length_out = (size_t)count;
            return note_end(file, (size_t)count, capacity);
        }
        /* Woken for nothing: another reader was quicker. */
        if (errno != EINTR && (errno != EAGAIN || file->is_regular))
            return SIEVE_E_IO;
    }
    return SIEVE_OK;
}

sieve_status file_read_at(const struct file *file, uint64_t offset, void *at,
                          size_t capacity, size_t *length_out)
{
    unsigned char *to = at;
    size_t length = 0;
    while (length < capacity) {
        if (is_stopped(file))
            return SIEVE_STOPPED;
        ssize_t count = pread(file->descriptor, to + length, capacity - length,
                              (off_t)(offset + length));
        if (count < 0 && errno != EINTR)
            return SIEVE_E_IO;
        if (count == 0)
            break;
        length += count > 0 ? (size_t)count : 0;
    }
    *length_out = length;
    return SIEVE_OK;
}

int file_has_shrunk(const struct file *file)
{
    return !file->may_be_short && file->has_ended &&
           file->taken < (uint64_t)file->about.st_size;
}

int file_is(const struct file *file, const struct stat *other)
{
    return file->is_regular && S_ISREG(other->st_mode) &&
           other->st_dev == file->about.st_dev && other->st_ino == file->about.st_ino;
}
