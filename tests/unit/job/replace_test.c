#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "job/replace.h"

static char directory[] = "/tmp/replace_test.XXXXXX";

static void enter(void)
{
    cr_assert_not_null(mkdtemp(directory));
    cr_assert_eq(chdir(directory), 0);
}

static void leave(void)
{
    unlink("file");
    cr_assert_eq(chdir("/"), 0);
    /* Fails if anything was left behind. */
    cr_assert_eq(rmdir(directory), 0);
}

TestSuite(replace, .init = enter, .fini = leave);

static void put(const char *text)
{
    int file = open("file", O_WRONLY | O_CREAT | O_TRUNC, 0640);
    cr_assert_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
}

static void expect(const char *text)
{
    char bytes[64] = {0};
    int file = open("file", O_RDONLY);
    cr_assert_geq(read(file, bytes, sizeof bytes - 1), 0);
    close(file);
    cr_assert_str_eq(bytes, text);
}

static void check_replacing(const char *path)
{
    struct aside aside;
    struct stat before;
    struct stat after;
    put("old");
    const struct timespec times[2] = {{1000000000, 1}, {1000000000, 123456789}};
    cr_assert_eq(utimensat(AT_FDCWD, "file", times, 0), 0);
    cr_assert_eq(stat("file", &before), 0);
    cr_assert_eq(aside_open(path, &aside), SIEVE_OK);
    cr_assert_eq(write(aside.descriptor, "new", 3), 3);
    expect("old");
    int other = open("file", O_RDONLY);
    cr_assert_eq(aside_keep(&aside, other), SIEVE_OK);
    cr_assert_eq(aside_commit(&aside), SIEVE_OK);
    aside_close(&aside);
    aside_close(&aside);
    close(other);
    expect("new");
    cr_assert_eq(stat("file", &after), 0);
    cr_assert_eq(after.st_mode, before.st_mode);
    cr_assert_eq(after.st_uid, before.st_uid);
    cr_assert_eq(after.st_mtim.tv_nsec, 123456789);
    cr_assert_neq(after.st_ino, before.st_ino);
}

Test(replace, takes_the_place_and_keeps_what_belongs_to_it)
{
    char path[128];
    check_replacing("file");
    check_replacing("./file");
    snprintf(path, sizeof path, "%s/file", directory);
    check_replacing(path);
}

Test(replace, given_up_leaves_no_trace)
{
    struct aside aside;
    put("old");
    cr_assert_eq(aside_open("file", &aside), SIEVE_OK);
    cr_assert_eq(write(aside.descriptor, "new", 3), 3);
    aside_close(&aside);
    expect("old");
}

Test(replace, nobody_else_may_read_what_is_aside)
{
    struct aside aside;
    struct stat about;
    cr_assert_eq(aside_open("file", &aside), SIEVE_OK);
    cr_assert_eq(fstat(aside.descriptor, &about), 0);
    cr_assert_eq(about.st_mode & 0777, 0600);
    aside_close(&aside);
}

Test(replace, makes_a_new_file)
{
    struct aside aside;
    cr_assert_eq(aside_open("file", &aside), SIEVE_OK);
    cr_assert_eq(write(aside.descriptor, "new", 3), 3);
    cr_assert_neq(access("file", F_OK), 0);
    cr_assert_eq(aside_commit(&aside), SIEVE_OK);
    aside_close(&aside);
    expect("new");
}

Test(replace, where_there_is_no_directory)
{
    struct aside aside;
    cr_assert_eq(aside_open("missing/file", &aside), SIEVE_E_IO);
    cr_assert_eq(aside_open("/proc/file", &aside), SIEVE_E_IO);
}
