#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/writer.h"

Test(writer, collects_and_flushes)
{
    int ends[2];
    char bytes[64];
    struct writer writer;
    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(writer_init(&writer, ends[1]), SIEVE_OK);
    writer_text(&writer, "findings: ");
    writer_number(&writer, 42);
    cr_assert_eq(writer.written, 0);
    cr_assert_eq(writer_flush(&writer), SIEVE_OK);
    cr_assert_eq(read(ends[0], bytes, sizeof bytes), 12);
    cr_assert_arr_eq(bytes, "findings: 42", 12);
    cr_assert_eq(writer.written, 12);
    writer_done(&writer);
}

Test(writer, keeps_the_order_of_large_and_small)
{
    char name[] = "/tmp/writer_test.XXXXXX";
    int file = mkstemp(name);
    struct writer writer;
    char *large = malloc(3 * WRITE_CAPACITY);
    memset(large, 'b', 3 * WRITE_CAPACITY);
    cr_assert_eq(writer_init(&writer, file), SIEVE_OK);
    writer_text(&writer, "a");
    writer_put(&writer, bytes_of(large, 3 * WRITE_CAPACITY));
    writer_text(&writer, "c");
    cr_assert_eq(writer_flush(&writer), SIEVE_OK);
    cr_assert_eq(writer.written, 3 * WRITE_CAPACITY + 2);
    char first[2];
    cr_assert_eq(pread(file, first, 2, 0), 2);
    cr_assert_arr_eq(first, "ab", 2);
    cr_assert_eq(pread(file, first, 2, 3 * (off_t)WRITE_CAPACITY), 2);
    cr_assert_arr_eq(first, "bc", 2);
    free(large);
    writer_done(&writer);
    unlink(name);
}

Test(writer, a_closed_pipe_stops)
{
    int ends[2];
    struct writer writer;
    signal(SIGPIPE, SIG_IGN);
    cr_assert_eq(pipe(ends), 0);
    close(ends[0]);
    cr_assert_eq(writer_init(&writer, ends[1]), SIEVE_OK);
    writer_text(&writer, "x");
    cr_assert_eq(writer_flush(&writer), SIEVE_STOPPED);
    writer_text(&writer, "y");
    cr_assert_eq(writer_flush(&writer), SIEVE_STOPPED);
    cr_assert_eq(writer.system, EPIPE);
    writer_done(&writer);
}

Test(writer, a_full_disk_is_a_failure)
{
    struct writer writer;
    int full = open("/dev/full", O_WRONLY);
    cr_assert_eq(writer_init(&writer, full), SIEVE_OK);
    writer_text(&writer, "x");
    cr_assert_eq(writer_flush(&writer), SIEVE_E_IO);
    cr_assert_eq(writer.system, ENOSPC);
    writer_done(&writer);
}

Test(writer, waits_for_a_slow_reader)
{
    int ends[2];
    struct writer writer;
    char bytes[4096];
    size_t total = 0;
    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        int bad = writer_init(&writer, ends[1]) != SIEVE_OK;
        for (int index = 0; index < 300000; index++)
            writer_text(&writer, "0123456789");
        bad |= writer_flush(&writer) != SIEVE_OK;
        writer_done(&writer);
        _exit(bad);
    }
    close(ends[1]);
    ssize_t count = 0;
    while ((count = read(ends[0], bytes, sizeof bytes)) > 0)
        total += (size_t)count;
    cr_assert_eq(total, 3000000);
}
