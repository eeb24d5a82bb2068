#include "cli/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static atomic_int is_asked;
static int wake[2] = {-1, -1};

static void note_signal(int number)
{
    (void)number;
    int system = errno;
    atomic_store(&is_asked, 1);
    if (wake[1] >= 0)
        (void)!write(wake[1], "", 1);
    errno = system;
}

void signals_watch(struct stop *out)
{
    static const int watched[] = {SIGINT, SIGTERM, SIGHUP};
    if (wake[0] < 0 && pipe(wake) == 0) {
        (void)fcntl(wake[0], F_SETFD, FD_CLOEXEC);
        (void)fcntl(wake[1], F_SETFD, FD_CLOEXEC);
    }
    for (size_t index = 0; index < sizeof watched / sizeof watched[0]; index++) {
        struct sigaction action = {.sa_handler = note_signal,
                                   .sa_flags = (int)SA_RESETHAND};
        struct sigaction before;
        sigemptyset(&action.sa_mask);
        /* What nohup or a shell's background job ignores stays ignored. */
        if (sigaction(watched[index], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            (void)sigaction(watched[index], &action, NULL);
    }
    *out = (struct stop){&is_asked, wake[0]};
}
