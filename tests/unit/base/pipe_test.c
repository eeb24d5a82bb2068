/* F_SETPIPE_SZ, to tell what this user may have. */
#define _GNU_SOURCE
#include "base/pipe.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define ROOM (128 << 10) /* twice what a pipe has */

static int may_have_room(void)
{
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    int has = fcntl(ends[0], F_SETPIPE_SZ, ROOM) >= ROOM;
    close(ends[0]);
    close(ends[1]);
    return has;
}

Test(pipe, takes_more_than_it_did)
{
    static const char block[ROOM];
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
    pipe_widen(ends[0]);
    ssize_t taken = write(ends[1], block, sizeof block);
    if (!may_have_room())
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
