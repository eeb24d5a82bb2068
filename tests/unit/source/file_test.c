#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/file.h"

static char directory[] = "/tmp/file_test.XXXXXX";

static void enter(void)
{
    cr_assert_not_null(mkdtemp(directory));
    cr_assert_eq(chdir(directory), 0);
}

static void leave(void)
{
    static const char *const names[] = {"file", "fifo", "link", "empty"};
    for (size_t index = 0; index < 4; index++)
        unlink(names[index]);
    cr_assert_eq(chdir("/"), 0);
    rmdir(directory);
}

TestSuite(file, .init = enter, .fini = leave);

static void put(const char *name, const char *text)
{
    int descriptor = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    cr_assert_eq(write(descriptor, text, strlen(text)), (ssize_t)strlen(text));
    close(descriptor);
}

static struct file opened(const char *name)
{
    const struct find find = {NULL, name};
    struct file file;
    const char *reason = NULL;
    cr_assert_eq(file_open(&find, 0, NULL, &file, &reason), SIEVE_OK, "%s", reason);
    return file;
}

Test(file, is_read_to_its_end)
{
    char bytes[64];
    size_t length = 0;
    put("file", "some words");
    struct file file = opened("file");
    cr_assert_eq(file_read(&file, bytes, 4, &length), SIEVE_OK);
    cr_assert_eq(length, 4);
    cr_assert_not(file.has_ended);
    cr_assert_eq(file_read(&file, bytes, sizeof bytes, &length), SIEVE_OK);
    cr_assert_eq(length, 6);
    cr_assert(file.has_ended);
    cr_assert_eq(file_read(&file, bytes, sizeof bytes, &length), SIEVE_OK);
    cr_assert_eq(length, 0);
    cr_assert_not(file_has_shrunk(&file));
    file_close(&file);
    file_close(&file);
}

Test(file, that_grows_is_read_to_its_new_end)
{
    char bytes[64];
    size_t length = 0;
    put("file", "0123456789");
    struct file file = opened("file");
    put("file", "0123456789 and more");
    cr_assert_eq(file_read(&file, bytes, 10, &length), SIEVE_OK);
    cr_assert_eq(file_read(&file, bytes, sizeof bytes, &length), SIEVE_OK);
    cr_assert_eq(length, 9);
    cr_assert_not(file_has_shrunk(&file));
    file_close(&file);
}

Test(file, that_became_shorter_is_told)
{
    char bytes[64];
    size_t length = 0;
    put("file", "0123456789");
    struct file file = opened("file");
    put("file", "0123");
    cr_assert_eq(file_read(&file, bytes, sizeof bytes, &length), SIEVE_OK);
    cr_assert_eq(length, 4);
    cr_assert_eq(file_read(&file, bytes, sizeof bytes, &length), SIEVE_OK);
    cr_assert_eq(length, 0);
    cr_assert(file_has_shrunk(&file));
    file_close(&file);
}

Test(file, whose_size_says_nothing)
{
    char bytes[4096];
    size_t length = 0;
    struct file file = opened("/proc/self/status");
    cr_assert(file.is_regular);
    cr_assert(file.may_be_short);
    cr_assert_eq(file_read(&file, bytes, sizeof bytes, &length), SIEVE_OK);
    cr_assert_gt(length, 0);
    cr_assert_not(file.has_ended);
    file_close(&file);
}

Test(file, refusals_have_reasons)
{
    static const char *const names[] = {"missing", ".", "file/below"};
    static const char *const reasons[] = {"no such file or directory",
                                          "it is a directory", "not a directory"};
    put("file", "x");
    for (size_t index = 0; index < 3; index++) {
        const struct find find = {NULL, names[index]};
        struct file file;
        const char *reason = NULL;
        cr_assert_eq(file_open(&find, 0, NULL, &file, &reason), SIEVE_E_IO);
        cr_assert_str_eq(reason, reasons[index]);
    }
}

Test(file, a_named_fifo_does_not_block_and_can_be_waited_for)
{
    char bytes[16];
    size_t length = 0;
    int is_ready = 1;
    cr_assert_eq(mkfifo("fifo", 0600), 0);
    struct file file = opened("fifo");
    cr_assert_not(file.is_regular);
    cr_assert_eq(file_wait(&file, 20, &is_ready), SIEVE_OK);
    cr_assert_eq(is_ready, 0);
    int writer = open("fifo", O_WRONLY);
    cr_assert_eq(write(writer, "x", 1), 1);
    cr_assert_eq(file_wait(&file, 1000, &is_ready), SIEVE_OK);
    cr_assert_eq(is_ready, 1);
    cr_assert_eq(file_read(&file, bytes, sizeof bytes, &length), SIEVE_OK);
    cr_assert_eq(length, 1);
    close(writer);
    cr_assert_eq(file_read(&file, bytes, sizeof bytes, &length), SIEVE_OK);
    cr_assert_eq(length, 0);
    file_close(&file);
}

Test(file, stops_when_asked)
{
    char bytes[16];
    size_t length = 0;
    atomic_int flag = 0;
    int wake[2];
    const struct find find = {NULL, "fifo"};
    struct file file;
    const char *reason = NULL;
    cr_assert_eq(pipe(wake), 0);
    const struct stop stop = {&flag, wake[0]};
    cr_assert_eq(mkfifo("fifo", 0600), 0);
    cr_assert_eq(file_open(&find, 0, &stop, &file, &reason), SIEVE_OK);
    int writer = open("fifo", O_WRONLY);
    atomic_store(&flag, 1);
    cr_assert_eq(write(wake[1], "", 1), 1);
    cr_assert_eq(file_read(&file, bytes, sizeof bytes, &length), SIEVE_STOPPED);
    close(writer);
    file_close(&file);
}

Test(file, is_itself)
{
    put("file", "x");
    put("empty", "");
    struct file file = opened("file");
    struct stat same;
    struct stat other;
    cr_assert_eq(stat("file", &same), 0);
    cr_assert_eq(stat("empty", &other), 0);
    cr_assert(file_is(&file, &same));
    cr_assert_not(file_is(&file, &other));
    file_close(&file);
}

Test(file, read_at_reads_all_there_is)
{
    char bytes[16];
    size_t length = 0;
    put("file", "0123456789");
    struct file file = opened("file");
    cr_assert_eq(file_read_at(&file, 8, bytes, sizeof bytes, &length), SIEVE_OK);
    cr_assert_eq(length, 2);
    cr_assert_eq(file_read_at(&file, 20, bytes, sizeof bytes, &length), SIEVE_OK);
    cr_assert_eq(length, 0);
    file_close(&file);
}
