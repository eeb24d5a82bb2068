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

int directory_descriptor(const struct directory *directory)
{
    return directory ? dirfd(directory->stream) : AT_FDCWD;
}

const char *directory_path(const struct directory *directory)
{
    return directory->path;
}

char *path_join(const char *above, const char *name)
{
    const size_t above_length = strlen(above);
    const size_t name_length = strlen(name);
    const int slash = above_length > 0 && above[above_length - 1] != '/';
    char *path = malloc(above_length + name_length + 2);
    if (!path)
        return NULL;
    memcpy(path, above, above_length);
    path[above_length] = '/';
    memcpy(path + above_length + (size_t)slash, name, name_length + 1);
    return path;
}

static void trim_slashes(char *path)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        path[--length] = '\0';
}

static void directory_free(struct directory *directory)
{
    if (directory->stream)
        closedir(directory->stream);
    free(directory->path);
    free(directory);
}

static struct directory *directory_new(const struct directory *parent, const char *name)
{
    struct directory *directory = calloc(1, sizeof *directory);
    if (!directory)
        return NULL;
    atomic_init(&directory->users, 1);
    directory->path = path_join(parent ? parent->path : "", name);
    if (!directory->path) {
        free(directory);
        return NULL;
    }
    trim_slashes(directory->path);
    return directory;
}

void directory_release(struct directory *directory)
{
    if (directory &&
        atomic_fetch_sub_explicit(&directory->users, 1, memory_order_acq_rel) == 1)
        directory_free(directory);
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
        directory_free(directory);
        errno = system;
        return status;
    }
    *out = directory;
    return SIEVE_OK;
}
