#include "source/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct directory *directory_keep(struct directory *directory)
{
    if (directory)
        atomic_fetch_add_explicit(&directory->users, 1, memory_order_relaxed);
    return directory;
}

void directory_release(struct directory *directory)
{
    if (!directory ||
        atomic_fetch_sub_explicit(&directory->users, 1, memory_order_acq_rel) != 1)
        return;
    if (directory->stream)
        closedir(directory->stream);
    free(directory);
}

int directory_descriptor(const struct directory *directory)
{
    return directory ? dirfd(directory->stream) : AT_FDCWD;
}

const char *directory_path(const struct directory *directory)
{
    return directory->path;
}

/* "parent/name", without doubling a slash that is there. */
static void join(char *out, const char *parent, const char *name)
{
    size_t length = strlen(parent);
    memcpy(out, parent, length);
    if (length > 0 && parent[length - 1] != '/')
        out[length++] = '/';
    strcpy(out + length, name);
}

static void trim_slashes(char *path)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        path[--length] = '\0';
}

static struct directory *directory_new(const struct directory *parent, const char *name)
{
    const char *above = parent ? parent->path : "";
    struct directory *directory =
        calloc(1, sizeof *directory + strlen(above) + strlen(name) + 2);
    if (!directory)
        return NULL;
    atomic_init(&directory->users, 1);
    join(directory->path, above, name);
    trim_slashes(directory->path);
    return directory;
}

static sieve_status open_stream(struct directory *directory, int descriptor)
{
    struct stat about;
    if (fstat(descriptor, &about) == 0) {
        directory->device = about.st_dev;
        directory->inode = about.st_ino;
        directory->stream = fdopendir(descriptor);
    }
    if (directory->stream)
        return SIEVE_OK;
    int system = errno;
    close(descriptor);
    errno = system;
    return SIEVE_E_IO;
}

sieve_status directory_open(struct directory *parent, const char *name, int follow,
                            struct directory **out)
{
    int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK;
    int descriptor =
        openat(directory_descriptor(parent), name, follow ? flags : flags | O_NOFOLLOW);
    if (descriptor < 0)
        return SIEVE_E_IO;
    struct directory *directory = directory_new(parent, name);
    if (!directory) {
        close(descriptor);
        return SIEVE_E_MEMORY;
    }
    directory->parent = parent;
    sieve_status status = open_stream(directory, descriptor);
    if (status != SIEVE_OK) {
        int system = errno;
        free(directory);
        errno = system;
        return status;
    }
    *out = directory;
    return SIEVE_OK;
}
