#include "service/process.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static uint64_t nanoseconds_of(struct timeval time)
{
    return (uint64_t)time.tv_sec * UINT64_C(1000000000) + (uint64_t)time.tv_usec * 1000;
}

static void read_usage(struct process *out)
{
    struct rusage usage;
    struct rlimit limit;
    if (getrusage(RUSAGE_SELF, &usage) == 0)
        out->cpu_nanoseconds =
            nanoseconds_of(usage.ru_utime) + nanoseconds_of(usage.ru_stime);
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
        out->descriptors_max = limit.rlim_cur;
}

/* "SIZE RESIDENT ...", in pages. */
static void read_memory(struct process *out)
{
    char text[128];
    char *end = NULL;
    const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    const int descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return;
    const ssize_t count = read(descriptor, text, sizeof text - 1);
    (void)close(descriptor);
    if (count <= 0)
        return;
    text[count] = '\0';
    out->virtual = strtoull(text, &end, 10) * page;
    out->resident = strtoull(end, NULL, 10) * page;
}

static void read_descriptors(struct process *out)
{
    DIR *directory = opendir("/proc/self/fd");
    if (!directory)
        return;
    while (readdir(directory)) // NOLINT(concurrency-mt-unsafe): a stream of our own
        out->descriptors++;
    (void)closedir(directory);
    /* Itself, its parent, and the one that reads it. */
    out->descriptors -= out->descriptors >= 3 ? 3 : out->descriptors;
}

void process_read(struct process *out)
{
    memset(out, 0, sizeof *out);
    read_usage(out);
    read_memory(out);
    read_descriptors(out);
}
