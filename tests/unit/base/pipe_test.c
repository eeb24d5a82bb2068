#include "base/pipe.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

Test(pipe, takes_more_than_it_did)
{
    static const char block[128 << 10];
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
    pipe_widen(ends[0]);
    ssize_t taken = write(ends[1], block, sizeof block);
    if (taken == sizeof block / 2)
        cr_skip_test("this user's pipes have no more room");
    cr_assert_eq(taken, (ssize_t)sizeof block);
    struct pollfd reading = {.fd = ends[0], .events = POLLIN};
    cr_assert_eq(poll(&reading, 1, 1000), 1);
    close(ends[0]);
    close(ends[1]);
}

Test(pipe, what_is_no_pipe_stays_as_it_is)
{
    errno = ENOTDIR;
    pipe_widen(-1);
    cr_assert_eq(errno, ENOTDIR);
}
