/* measure - runs one pipeline and tells its time and each program's memory.
 *
 *   measure [-i FILE] [-o FILE] PROGRAM ARGUMENT... [::: PROGRAM ARGUMENT...]...
 *
 * Programs parted by ":::" are joined by pipes.  The first reads FILE of -i, the
 * last writes FILE of -o; both are /dev/null if not said.  One JSON line comes
 * out: wall time from the first start to the last end, and for each program its
 * exit status, processor time and peak memory.  A program as small as this one
 * starts them, because a child's peak memory begins with its parent's. */
#define _GNU_SOURCE /* pipe2, wait4 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define STAGES_MAX 8

struct stage {
    char **arguments;
    pid_t process;
    int status;
    struct rusage usage;
};

static void fail(const char *what)
{
    fprintf(stderr, "measure: %s: %s\n", what, strerror(errno));
    exit(2);
}

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void run_child(struct stage *stage, int input, int output)
{
    signal(SIGPIPE, SIG_DFL);
    if (dup2(input, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0)
        _exit(126);
    execvp(stage->arguments[0], stage->arguments);
    fprintf(stderr, "measure: cannot run %s\n", stage->arguments[0]);
    _exit(127);
}

/* Starts all stages; every descriptor here is closed again in the parent, so
 * that a reader sees its pipe's end. */
static void start(struct stage *stages, size_t count, int input, int output)
{
    for (size_t i = 0; i < count; i++) {
        int joint[2] = {-1, output};
        if (i + 1 < count && pipe2(joint, O_CLOEXEC) != 0)
            fail("pipe");
        stages[i].process = fork();
        if (stages[i].process < 0)
            fail("fork");
        if (stages[i].process == 0)
            run_child(&stages[i], input, joint[1]);
        close(input);
        close(joint[1]);
        input = joint[0];
    }
}

static void await(struct stage *stages, size_t count)
{
    for (size_t i = 0; i < count; i++)
        while (wait4(stages[i].process, &stages[i].status, 0, &stages[i].usage) < 0)
            if (errno != EINTR)
                fail("wait");
}

static double seconds_of(const struct timeval *time)
{
    return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

static int exit_of(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void print(const struct stage *stages, size_t count, uint64_t nanos)
{
    printf("{\"seconds\":%.6f,\"stages\":[", (double)nanos / 1e9);
    for (size_t i = 0; i < count; i++)
        printf("%s{\"exit\":%d,\"user\":%.6f,\"system\":%.6f,\"peak_kib\":%ld}",
               i ? "," : "", exit_of(stages[i].status),
               seconds_of(&stages[i].usage.ru_utime),
               seconds_of(&stages[i].usage.ru_stime), stages[i].usage.ru_maxrss);
    puts("]}");
}

static size_t split(char **arguments, struct stage *stages)
{
    size_t count = 0;
    stages[count++].arguments = arguments;
    for (; *arguments; arguments++) {
        if (strcmp(*arguments, ":::") != 0)
            continue;
        *arguments = NULL;
        if (count == STAGES_MAX || !arguments[1]) {
            errno = EINVAL;
            fail("pipeline");
        }
        stages[count++].arguments = arguments + 1;
    }
    return count;
}

int main(int argc, char **argv)
{
    static struct stage stages[STAGES_MAX];
    const char *from = "/dev/null";
    const char *to = "/dev/null";
    int option;
    while ((option = getopt(argc, argv, "+i:o:")) != -1) {
        if (option == '?')
            return 2;
        *(option == 'i' ? &from : &to) = optarg;
    }
    if (optind == argc) {
        fputs("usage: measure [-i FILE] [-o FILE] PROGRAM ... [::: PROGRAM ...]\n",
              stderr);
        return 2;
    }
    int input = open(from, O_RDONLY | O_CLOEXEC);
    int output = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (input < 0 || output < 0)
        fail("cannot open");
    size_t count = split(argv + optind, stages);
    uint64_t begin = now();
    start(stages, count, input, output);
    await(stages, count);
    print(stages, count, now() - begin);
    return 0;
}
