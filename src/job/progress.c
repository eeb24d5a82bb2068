#include "job/progress.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/number.h"

#define PERIOD          200000000u  /* nanoseconds between two lines */
#define FIRST_AFTER     1000000000u /* nanoseconds a run may take without telling */
#define LINE_MAX_LENGTH 320
#define THINGS_MAX      160 /* five numbers of any length, and the words */
#define CLEAR           "\r\033[K"

struct progress {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    int is_ended;
    int is_shown; /* there is a line on the terminal */
    struct headway *headway;
    uint64_t total;
    uint64_t began;
};

/* A terminal that does not take it is no reason to fail. */
static void show(const char *text, size_t length)
{
    (void)!write(STDERR_FILENO, text, length);
}

void progress_clear(void *context)
{
    struct progress *progress = context;
    pthread_mutex_lock(&progress->lock);
    if (progress->is_shown)
        show(CLEAR, strlen(CLEAR));
    progress->is_shown = 0;
    pthread_mutex_unlock(&progress->lock);
}

static void describe_time_left(char *out, size_t capacity, uint64_t bytes, uint64_t total,
                               uint64_t elapsed)
{
    out[0] = '\0';
    if (total <= bytes || bytes == 0)
        return;
    double left = (double)elapsed / 1e9 * (double)(total - bytes) / (double)bytes;
    (void)snprintf(out, capacity, ", %u:%02u left", (unsigned)(left / 60),
                   (unsigned)left % 60);
}

/* "3/12 tables, 70/194 ranges", or "14 files". */
static void describe_things(const struct headway *headway, char *out, size_t capacity)
{
    const unsigned long long items = headway_read(&headway->items);
    const unsigned long long tables = headway_read(&headway->tables_total);
    int length = 0;
    if (items > 0 || tables == 0)
        length = snprintf(out, capacity, "%llu %s%s", items,
                          items == 1 ? "file" : "files", tables > 0 ? ", " : "");
    if (tables > 0 && length >= 0 && (size_t)length < capacity)
        (void)snprintf(out + length, capacity - (size_t)length,
                       "%llu/%llu tables, %llu/%llu ranges",
                       (unsigned long long)headway_read(&headway->tables), tables,
                       (unsigned long long)headway_read(&headway->ranges),
                       (unsigned long long)headway_read(&headway->ranges_total));
}

static size_t make_line(const struct progress *progress, char line[LINE_MAX_LENGTH])
{
    const struct headway *headway = progress->headway;
    const uint64_t bytes = headway_read(&headway->bytes);
    const uint64_t elapsed = clock_now() - progress->began;
    char done[NUMBER_TEXT_MAX];
    char total[NUMBER_TEXT_MAX] = "";
    char rate[NUMBER_TEXT_MAX];
    char left[NUMBER_TEXT_MAX];
    char things[THINGS_MAX];
    number_size(bytes, done);
    const uint64_t all = progress->total + headway_read(&headway->more);
    if (all > 0)
        number_size(all, total);
    number_size((uint64_t)((double)bytes * 1e9 / (double)(elapsed + 1)), rate);
    describe_time_left(left, sizeof left, bytes, all, elapsed);
    describe_things(headway, things, sizeof things);
    int length =
        snprintf(line, LINE_MAX_LENGTH, CLEAR "%s%s%s, %s, %llu findings, %s/s%s", done,
                 total[0] ? " of " : "", total, things,
                 (unsigned long long)headway_read(&headway->findings), rate, left);
    return length < LINE_MAX_LENGTH ? (size_t)length : LINE_MAX_LENGTH - 1;
}

/* With the lock held, which the wait lets go.  1 if it has ended. */
static int wait_a_while(struct progress *progress, uint64_t nanoseconds)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    uint64_t sum = (uint64_t)until.tv_nsec + nanoseconds;
    until.tv_sec += (time_t)(sum / 1000000000u);
    until.tv_nsec = (long)(sum % 1000000000u);
    while (!progress->is_ended &&
           pthread_cond_timedwait(&progress->ended, &progress->lock, &until) == 0) {
    }
    return progress->is_ended;
}

static void *tell(void *context)
{
    struct progress *progress = context;
    char line[LINE_MAX_LENGTH];
    uint64_t patience = FIRST_AFTER;
    pthread_mutex_lock(&progress->lock);
    while (!wait_a_while(progress, patience)) {
        show(line, make_line(progress, line));
        progress->is_shown = 1;
        patience = PERIOD;
    }
    pthread_mutex_unlock(&progress->lock);
    return NULL;
}

sieve_status progress_new(struct headway *headway, uint64_t total, struct progress **out)
{
    struct progress *progress = calloc(1, sizeof *progress);
    if (!progress)
        return SIEVE_E_MEMORY;
    progress->headway = headway;
    progress->total = total;
    progress->began = clock_now();
    if (pthread_mutex_init(&progress->lock, NULL) != 0 ||
        pthread_cond_init(&progress->ended, NULL) != 0 ||
        pthread_create(&progress->thread, NULL, tell, progress) != 0) {
        free(progress);
        return SIEVE_E_MEMORY;
    }
    *out = progress;
    return SIEVE_OK;
}

void progress_free(struct progress *progress)
{
    if (!progress)
        return;
    pthread_mutex_lock(&progress->lock);
    progress->is_ended = 1;
    pthread_cond_signal(&progress->ended);
    pthread_mutex_unlock(&progress->lock);
    pthread_join(progress->thread, NULL);
    progress_clear(progress);
    pthread_cond_destroy(&progress->ended);
    pthread_mutex_destroy(&progress->lock);
    free(progress);
}
