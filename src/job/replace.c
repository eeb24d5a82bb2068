#define _GNU_SOURCE /* O_TMPFILE */

#include "job/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/xattr.h>
#include <unistd.h>

#define NAME_TRIES          16
#define ATTRIBUTE_NAMES_MAX (64u << 10) /* the system's own limits */
#define ATTRIBUTE_VALUE_MAX (64u << 10)

/* ---- beginning --------------------------------------------------------------------- */

static int open_directory_of(const char *path, const char **name_out)
{
    const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
    const char *slash = strrchr(path, '/');
    *name_out = slash ? slash + 1 : path;
    if (!slash)
        return open(".", flags);
    char *above = strndup(path, (size_t)(slash - path) + 1);
    if (!above)
        return -1;
    int directory = open(above, flags);
    int system = errno;
    free(above);
    errno = system;
    return directory;
}

static int make_name(char out[ASIDE_NAME_MAX])
{
    unsigned char random[8];
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return -1;
    size_t length = (size_t)snprintf(out, ASIDE_NAME_MAX, ".cardsieve-");
    for (size_t index = 0; index < sizeof random; index++)
        length += (size_t)snprintf(out + length, ASIDE_NAME_MAX - length, "%c%c",
                                   'a' + random[index] % 16, 'a' + random[index] / 16);
    return 0;
}

/* Where there is no O_TMPFILE. */
static int open_named(struct aside *aside)
{
    const int flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
    for (int tries = 0; tries < NAME_TRIES; tries++) {
        if (make_name(aside->name) < 0)
            break;
        int descriptor = openat(aside->directory, aside->name, flags, 0600);
        if (descriptor >= 0 || errno != EEXIST)
            return descriptor;
    }
    return -1;
}

sieve_status aside_open(const char *path, struct aside *out)
{
    struct aside aside = {.descriptor = -1, .name = ""};
    aside.directory = open_directory_of(path, &aside.target);
    if (aside.directory < 0)
        return SIEVE_E_IO;
    aside.descriptor = openat(aside.directory, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (aside.descriptor < 0 &&
        (errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT || errno == EINVAL))
        aside.descriptor = open_named(&aside);
    if (aside.descriptor < 0) {
        int system = errno;
        aside.name[0] = '\0';
        close(aside.directory);
        errno = system;
        return SIEVE_E_IO;
    }
    *out = aside;
    return SIEVE_OK;
}

/* ---- what belongs to a file beside its bytes --------------------------------------- */

/* 1 if the new file has it already, as some systems give every file a label. */
static int has_attribute(int descriptor, const char *name, const void *value,
                         size_t length)
{
    char *own = malloc(length + 1);
    if (!own)
        return 0;
    ssize_t count = fgetxattr(descriptor, name, own, length + 1);
    int has = count >= 0 && (size_t)count == length && memcmp(own, value, length) == 0;
    free(own);
    return has;
}

static sieve_status copy_attribute(int from, int to, const char *name, void *value)
{
    ssize_t length = fgetxattr(from, name, value, ATTRIBUTE_VALUE_MAX);
    if (length < 0)
        return errno == ENODATA ? SIEVE_OK : SIEVE_E_IO;
    if (has_attribute(to, name, value, (size_t)length))
        return SIEVE_OK;
    return fsetxattr(to, name, value, (size_t)length, 0) == 0 ? SIEVE_OK : SIEVE_E_IO;
}

static sieve_status copy_attributes(int from, int to)
{
    sieve_status status = SIEVE_OK;
    char *names = malloc(ATTRIBUTE_NAMES_MAX + ATTRIBUTE_VALUE_MAX);
    if (!names)
        return SIEVE_E_MEMORY;
    ssize_t length = flistxattr(from, names, ATTRIBUTE_NAMES_MAX);
    if (length < 0)
        status = errno == ENOTSUP ? SIEVE_OK : SIEVE_E_IO;
    const char *end = names + (length > 0 ? length : 0);
    for (const char *name = names; name < end && status == SIEVE_OK;
         name += strlen(name) + 1)
        status = copy_attribute(from, to, name, names + ATTRIBUTE_NAMES_MAX);
    int system = errno;
    free(names);
    errno = system;
    return status;
}

static sieve_status copy_owner(const struct stat *about, int to)
{
    struct stat own;
    if (fstat(to, &own) < 0)
        return SIEVE_E_IO;
    if (own.st_uid == about->st_uid && own.st_gid == about->st_gid)
        return SIEVE_OK;
    return fchown(to, about->st_uid, about->st_gid) == 0 ? SIEVE_OK : SIEVE_E_IO;
}

sieve_status aside_keep(const struct aside *aside, int other)
{
    struct stat about;
    if (fstat(other, &about) < 0)
        return SIEVE_E_IO;
    /* The mode comes after the owner, whose change takes bits off it. */
    sieve_status status = copy_owner(&about, aside->descriptor);
    if (status == SIEVE_OK && fchmod(aside->descriptor, about.st_mode & 07777) < 0)
        status = SIEVE_E_IO;
    if (status == SIEVE_OK)
        status = copy_attributes(other, aside->descriptor);
    const struct timespec times[2] = {about.st_atim, about.st_mtim};
    if (status == SIEVE_OK && futimens(aside->descriptor, times) < 0)
        status = SIEVE_E_IO;
    return status;
}

/* ---- ending ------------------------------------------------------------------------ */

/* A link cannot replace a name, a rename can: so it gets a name of its own first. */
static sieve_status give_name(struct aside *aside)
{
    char self[64];
    (void)snprintf(self, sizeof self, "/proc/self/fd/%d", aside->descriptor);
    for (int tries = 0; tries < NAME_TRIES; tries++) {
        char name[ASIDE_NAME_MAX];
        if (make_name(name) < 0)
            break;
        if (linkat(AT_FDCWD, self, aside->directory, name, AT_SYMLINK_FOLLOW) == 0) {
            memcpy(aside->name, name, sizeof name);
            return SIEVE_OK;
        }
        if (errno != EEXIST)
            break;
    }
    return SIEVE_E_IO;
}

sieve_status aside_commit(struct aside *aside)
{
    if (fsync(aside->descriptor) < 0)
        return SIEVE_E_IO;
    if (!aside->name[0] && give_name(aside) != SIEVE_OK)
        return SIEVE_E_IO;
    if (renameat(aside->directory, aside->name, aside->directory, aside->target) < 0)
        return SIEVE_E_IO;
    aside->name[0] = '\0';
    /* Not every file system lets a directory be synced; the rename holds anyway. */
    if (fsync(aside->directory) < 0 && errno != EINVAL && errno != EROFS)
        return SIEVE_E_IO;
    return SIEVE_OK;
}

void aside_close(struct aside *aside)
{
    if (aside->name[0])
        (void)unlinkat(aside->directory, aside->name, 0);
    aside->name[0] = '\0';
    if (aside->descriptor >= 0)
        close(aside->descriptor);
    if (aside->directory >= 0)
        close(aside->directory);
    aside->descriptor = -1;
    aside->directory = -1;
}
