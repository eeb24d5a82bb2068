/* kernels - how fast each engine looks through bytes that are in memory.
 *
 *   kernels FILE [ROUNDS [NAME...]]
 *
 * All engines run on the same bytes, in turn, ROUNDS times after one round to
 * warm up; one JSON line for each: its rate (median and best) and its count. */
#include "kernels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define LENGTH_MAX ((size_t)1 << 30) /* bytes; the engine counts a block in 32 bits */
#define ROUNDS_MAX 101

static const struct kernel *const kernels[] = {
    &kernel_read,    &kernel_copy,  &kernel_hs,    &kernel_hs_som,
    &kernel_hs_luhn, &kernel_sieve, &kernel_stream};
#define KERNEL_COUNT (sizeof kernels / sizeof *kernels)

struct measurement {
    const struct kernel *kernel;
    void *state;
    uint64_t count;
    uint64_t nanos[ROUNDS_MAX];
};

void kernel_fail(const char *what)
{
    fprintf(stderr, "kernels: %s\n", what);
    exit(2);
}

/* ---- the two roofs: reading memory, copying it ---------------------------------- */

static void *read_open(size_t length)
{
    (void)length;
    return NULL;
}

static uint64_t read_run(void *state, const char *bytes, size_t length)
{
    uint64_t sums[8] = {0};
    (void)state;
    for (size_t at = 0; at + sizeof sums <= length; at += sizeof sums) {
        uint64_t words[8];
        memcpy(words, bytes + at, sizeof words);
        for (int i = 0; i < 8; i++)
            sums[i] ^= words[i];
    }
    volatile uint64_t sink =
        sums[0] ^ sums[1] ^ sums[2] ^ sums[3] ^ sums[4] ^ sums[5] ^ sums[6] ^ sums[7];
    (void)sink;
    return 0;
}

static void read_close(void *state)
{
    (void)state;
}

const struct kernel kernel_read = {"read", "nothing", read_open, read_run, read_close};

static void *copy_open(size_t length)
{
    void *target = malloc(length + 1);
    if (!target)
        kernel_fail("out of memory");
    return target;
}

static uint64_t copy_run(void *state, const char *bytes, size_t length)
{
    memcpy(state, bytes, length);
    return 0;
}

static void copy_close(void *state)
{
    free(state);
}

const struct kernel kernel_copy = {"copy", "nothing", copy_open, copy_run, copy_close};

/* ---- measuring ------------------------------------------------------------------- */

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static int compare_nanos(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static void print_measurement(struct measurement *one, size_t length, int rounds)
{
    qsort(one->nanos, (size_t)rounds, sizeof *one->nanos, compare_nanos);
    printf("{\"kernel\":\"%s\",\"counts\":\"%s\",\"count\":%llu,\"bytes\":%zu,"
           "\"gb_per_s\":%.4f,\"best_gb_per_s\":%.4f}\n",
           one->kernel->name, one->kernel->counts, (unsigned long long)one->count, length,
           (double)length / (double)one->nanos[rounds / 2],
           (double)length / (double)one->nanos[0]);
}

static void measure(struct measurement *all, size_t count, const char *bytes,
                    size_t length, int rounds)
{
    for (int round = -1; round < rounds; round++) {
        for (size_t i = 0; i < count; i++) {
            uint64_t start = now();
            all[i].count = all[i].kernel->run(all[i].state, bytes, length);
            if (round >= 0)
                all[i].nanos[round] = now() - start;
        }
    }
}

static char *load(const char *path, size_t *length_out)
{
    struct stat status;
    FILE *file = fopen(path, "rb");
    if (!file || fstat(fileno(file), &status) != 0)
        kernel_fail("cannot read the file");
    size_t length = (size_t)status.st_size;
    if (length > LENGTH_MAX)
        length = LENGTH_MAX;
    char *bytes = malloc(length + 1);
    if (!bytes || fread(bytes, 1, length, file) != length || length == 0)
        kernel_fail("cannot read the file, or it is empty");
    fclose(file);
    *length_out = length;
    return bytes;
}

static int is_wanted(const char *name, char **names)
{
    if (!*names)
        return 1;
    for (; *names; names++)
        if (strcmp(*names, name) == 0)
            return 1;
    return 0;
}

int main(int argc, char **argv)
{
    static struct measurement all[KERNEL_COUNT];
    size_t count = 0;
    size_t length = 0;
    int rounds = argc > 2 ? atoi(argv[2]) : 5;
    if (argc < 2 || rounds < 1 || rounds > ROUNDS_MAX) {
        fputs("usage: kernels FILE [ROUNDS [NAME...]]\n", stderr);
        return 2;
    }
    char *bytes = load(argv[1], &length);
    for (size_t i = 0; i < KERNEL_COUNT; i++) {
        if (!is_wanted(kernels[i]->name, argc > 3 ? argv + 3 : argv + argc))
            continue;
        all[count].kernel = kernels[i];
        all[count++].state = kernels[i]->open(length);
    }
    measure(all, count, bytes, length, rounds);
    for (size_t i = 0; i < count; i++) {
        print_measurement(&all[i], length, rounds);
        all[i].kernel->close(all[i].state);
    }
    free(bytes);
    return 0;
}
