#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/directory.h"
#include "source/walk.h"

#define FOUND_MAX 64

struct listener {
    struct door base;
    size_t count;
    char *found[FOUND_MAX];
    size_t missed;
    char last_missed[256];
    size_t skipped[SKIP_NAME + 1];
    size_t stop_after;
};

static sieve_status found(struct door *self, const struct find *find)
{
    struct listener *listener = (struct listener *)self;
    char path[4096];
    snprintf(path, sizeof path, "%s%s%s",
             find->directory ? directory_path(find->directory) : "",
             find->directory ? "/" : "", find->name);
    listener->found[listener->count++] = strdup(path);
    return listener->count == listener->stop_after ? SIEVE_STOPPED : SIEVE_OK;
}

static sieve_status missed(struct door *self, const struct find *find, const char *reason)
{
    struct listener *listener = (struct listener *)self;
    listener->missed++;
    snprintf(listener->last_missed, sizeof listener->last_missed, "%s: %s", find->name,
             reason);
    return SIEVE_OK;
}

static void skipped(struct door *self, enum skip why)
{
    ((struct listener *)self)->skipped[why]++;
}

static const struct door_ops listener_ops = {found, missed, skipped};
static char directory[] = "/tmp/walk_test.XXXXXX";
static struct listener listener;

static void put(const char *name)
{
    int descriptor = open(name, O_WRONLY | O_CREAT, 0600);
    cr_assert_geq(descriptor, 0);
    close(descriptor);
}

static void enter(void)
{
    cr_assert_not_null(mkdtemp(directory));
    cr_assert_eq(chdir(directory), 0);
    mkdir("t", 0700);
    mkdir("t/a", 0700);
    mkdir("t/a/b", 0700);
    put("t/one.log");
    put("t/a/two.txt");
    put("t/a/b/three.log");
    cr_assert_eq(symlink("..", "t/a/up"), 0);
    cr_assert_eq(symlink("one.log", "t/link"), 0);
    cr_assert_eq(mkfifo("t/fifo", 0600), 0);
    listener.base.ops = &listener_ops;
}

static void leave(void)
{
    while (listener.count > 0)
        free(listener.found[--listener.count]);
    cr_assert_eq(chdir("/"), 0);
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", directory);
    cr_assert_eq(system(command), 0);
}

TestSuite(walk, .init = enter, .fini = leave);

static int has(const char *path)
{
    for (size_t index = 0; index < listener.count; index++) {
        if (strcmp(listener.found[index], path) == 0)
            return 1;
    }
    return 0;
}

Test(walk, finds_every_file_once)
{
    const struct walk_options options = {.follow = 0};
    cr_assert_eq(walk(&options, "t", &listener.base), SIEVE_OK);
    cr_assert_eq(listener.count, 3);
    cr_assert(has("t/one.log"));
    cr_assert(has("t/a/two.txt"));
    cr_assert(has("t/a/b/three.log"));
    cr_assert_eq(listener.skipped[SKIP_LINK], 2);
    cr_assert_eq(listener.skipped[SKIP_SPECIAL], 1);
}

Test(walk, slashes_at_the_end_are_not_doubled)
{
    const struct walk_options options = {.follow = 0};
    cr_assert_eq(walk(&options, "t//", &listener.base), SIEVE_OK);
    cr_assert(has("t/one.log"));
}

Test(walk, follows_links_but_not_in_circles)
{
    const struct walk_options options = {.follow = 1};
    cr_assert_eq(walk(&options, "t", &listener.base), SIEVE_OK);
    cr_assert_eq(listener.count, 4);
    cr_assert(has("t/link"));
    cr_assert_eq(listener.skipped[SKIP_LINK], 1);
}

Test(walk, globs)
{
    static const char *const logs[] = {"*.log"};
    static const char *const b[] = {"t/a/*"};
    struct walk_options options = {.include = logs, .include_count = 1};
    cr_assert_eq(walk(&options, "t", &listener.base), SIEVE_OK);
    cr_assert_eq(listener.count, 2);
    cr_assert_eq(listener.skipped[SKIP_NAME], 1);
    options.exclude = b;
    options.exclude_count = 1;
    cr_assert_eq(walk(&options, "t", &listener.base), SIEVE_OK);
    cr_assert_eq(listener.count, 3);
}

Test(walk, what_is_named_is_told_as_it_is)
{
    static const char *const none[] = {"*"};
    const struct walk_options options = {.exclude = none, .exclude_count = 1};
    cr_assert_eq(walk(&options, "t/one.log", &listener.base), SIEVE_OK);
    cr_assert_eq(walk(&options, "t/fifo", &listener.base), SIEVE_OK);
    cr_assert_eq(walk(&options, "-", &listener.base), SIEVE_OK);
    cr_assert_eq(listener.count, 3);
    cr_assert_eq(walk(&options, "missing", &listener.base), SIEVE_OK);
    cr_assert_str_eq(listener.last_missed, "missing: no such file or directory");
}

Test(walk, ends_when_the_door_says_so)
{
    const struct walk_options options = {.follow = 0};
    listener.stop_after = 2;
    cr_assert_eq(walk(&options, "t", &listener.base), SIEVE_STOPPED);
    cr_assert_eq(listener.count, 2);
}

Test(walk, ends_when_asked)
{
    atomic_int stop = 1;
    const struct walk_options options = {.stop = &stop};
    cr_assert_eq(walk(&options, "t", &listener.base), SIEVE_STOPPED);
    cr_assert_eq(listener.count, 0);
}

Test(walk, too_deep_is_told)
{
    const struct walk_options options = {.follow = 0};
    mkdir("deep", 0700);
    int at = open("deep", O_RDONLY | O_DIRECTORY);
    for (int level = 0; level < 600; level++) {
        cr_assert_eq(mkdirat(at, "d", 0700), 0);
        int below = openat(at, "d", O_RDONLY | O_DIRECTORY);
        close(at);
        at = below;
    }
    close(at);
    cr_assert_eq(walk(&options, "deep", &listener.base), SIEVE_OK);
    cr_assert_eq(listener.missed, 1);
    cr_assert_str_eq(listener.last_missed, "d: too many directories inside each other");
}

Test(walk, a_kept_directory_outlives_the_walk)
{
    struct directory *kept = NULL;
    cr_assert_eq(directory_open(NULL, "t", 0, &kept), SIEVE_OK);
    cr_assert_eq(directory_keep(kept), kept);
    directory_release(kept);
    cr_assert_geq(openat(directory_descriptor(kept), "one.log", O_RDONLY), 0);
    directory_release(kept);
    directory_release(NULL);
}
