#define _DEFAULT_SOURCE /* d_type */

#include "source/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "base/reason.h"
#include "source/directory.h"

struct walker {
    const struct walk_options *options;
    struct door *door;
    size_t depth;
    struct directory *levels[WALK_DEPTH_MAX]; /* the last is read now */
};

/* ---- names ------------------------------------------------------------------------ */

static int path_matches(const char *glob, const struct directory *directory,
                        const char *name)
{
    if (!strchr(glob, '/'))
        return fnmatch(glob, name, 0) == 0;
    char *path = path_join(directory->path, name);
    if (!path)
        return 0;
    int matches = fnmatch(glob, path, 0) == 0;
    free(path);
    return matches;
}

static int any_matches(const char *const *globs, size_t count,
                       const struct directory *directory, const char *name)
{
    for (size_t index = 0; index < count; index++) {
        if (path_matches(globs[index], directory, name))
            return 1;
    }
    return 0;
}

static int is_wanted(const struct walker *walker, const char *name, int is_directory)
{
    const struct walk_options *options = walker->options;
    const struct directory *directory = walker->levels[walker->depth - 1];
    if (any_matches(options->exclude, options->exclude_count, directory, name))
        return 0;
    return is_directory || options->include_count == 0 ||
           any_matches(options->include, options->include_count, directory, name);
}

/* ---- entries ---------------------------------------------------------------------- */

static unsigned char type_of_mode(mode_t mode)
{
    if (S_ISREG(mode))
        return DT_REG;
    if (S_ISDIR(mode))
        return DT_DIR;
    if (S_ISLNK(mode))
        return DT_LNK;
    return DT_BLK; /* or any other thing that is left alone */
}

/* What the entry is, with links followed if that was asked for.  -1 with errno. */
static int entry_type(const struct walker *walker, const struct dirent *entry,
                      unsigned char *out)
{
    const int follow = walker->options->follow;
    struct stat about;
    *out = entry->d_type;
    if (entry->d_type != DT_UNKNOWN && !(entry->d_type == DT_LNK && follow))
        return 0;
    int descriptor = directory_descriptor(walker->levels[walker->depth - 1]);
    if (fstatat(descriptor, entry->d_name, &about, follow ? 0 : AT_SYMLINK_NOFOLLOW) < 0)
        return -1;
    *out = type_of_mode(about.st_mode);
    return 0;
}

static sieve_status miss(struct walker *walker, const struct find *find,
                         const char *reason)
{
    return walker->door->ops->missed(walker->door, find, reason);
}

/* 1 if the directory is one that it stands in: a link that leads back. */
static int is_loop(const struct directory *directory)
{
    for (const struct directory *up = directory->parent; up; up = up->parent) {
        if (up->device == directory->device && up->inode == directory->inode)
            return 1;
    }
    return 0;
}

static sieve_status enter(struct walker *walker, const struct find *find)
{
    struct directory *directory = NULL;
    if (walker->depth == WALK_DEPTH_MAX)
        return miss(walker, find, "too many directories inside each other");
    int follow = walker->options->follow || !find->directory;
    sieve_status status = directory_open(find->directory, find->name, follow, &directory);
    if (status == SIEVE_E_IO)
        return miss(walker, find, reason_of_system(errno));
    if (status != SIEVE_OK)
        return status;
    if (walker->options->one_file_system && walker->depth > 0 &&
        directory->device != walker->levels[0]->device) {
        walker->door->ops->skipped(walker->door, SKIP_SYSTEM);
    } else if (is_loop(directory)) {
        walker->door->ops->skipped(walker->door, SKIP_LINK);
    } else {
        walker->levels[walker->depth++] = directory;
        return SIEVE_OK;
    }
    directory_release(directory);
    return SIEVE_OK;
}

static sieve_status visit(struct walker *walker, const struct dirent *entry)
{
    const struct find find = {walker->levels[walker->depth - 1], entry->d_name};
    unsigned char type = DT_UNKNOWN;
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
        return SIEVE_OK;
    if (entry_type(walker, entry, &type) < 0)
        return miss(walker, &find, reason_of_system(errno));
    if (type != DT_REG && type != DT_DIR) {
        walker->door->ops->skipped(walker->door,
                                   type == DT_LNK ? SKIP_LINK : SKIP_SPECIAL);
        return SIEVE_OK;
    }
    if (!is_wanted(walker, entry->d_name, type == DT_DIR)) {
        walker->door->ops->skipped(walker->door, SKIP_NAME);
        return SIEVE_OK;
    }
    return type == DT_DIR ? enter(walker, &find)
                          : walker->door->ops->found(walker->door, &find);
}

/* The directory read now breaks off: told of by the name it was found under. */
static sieve_status miss_rest(struct walker *walker, int system)
{
    const struct find find = {NULL, walker->levels[walker->depth - 1]->path};
    return miss(walker, &find, reason_of_system(system));
}

static sieve_status read_levels(struct walker *walker)
{
    sieve_status status = SIEVE_OK;
    while (walker->depth > 0 && status == SIEVE_OK) {
        if (walker->options->stop && *walker->options->stop)
            return SIEVE_STOPPED;
        errno = 0;
        struct dirent *entry = readdir(walker->levels[walker->depth - 1]->stream);
        if (entry) {
            status = visit(walker, entry);
            continue;
        }
        if (errno != 0)
            status = miss_rest(walker, errno);
        directory_release(walker->levels[--walker->depth]);
    }
    return status;
}

/* ---- the walk --------------------------------------------------------------------- */

static sieve_status walk_tree(struct walker *walker, const struct find *find)
{
    sieve_status status = enter(walker, find);
    if (status == SIEVE_OK)
        status = read_levels(walker);
    while (walker->depth > 0)
        directory_release(walker->levels[--walker->depth]);
    return status;
}

sieve_status walk(const struct walk_options *options, const char *target,
                  struct door *door)
{
    struct walker walker = {.options = options, .door = door};
    const struct find find = {NULL, target};
    struct stat about;
    if (strcmp(target, "-") == 0)
        return door->ops->found(door, &find);
    if (stat(target, &about) < 0)
        return door->ops->missed(door, &find, reason_of_system(errno));
    if (S_ISDIR(about.st_mode))
        return walk_tree(&walker, &find);
    return door->ops->found(door, &find);
}
