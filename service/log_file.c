/* log_file.c - the access log's file, and the lines that wait to be written to it. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "service/idle.h"
#include "service/limits.h"
#include "service/log_line.h"
#include "service/slot.h"
#include "service/trouble.h"

#define LINE_LENGTH_MAX (256u << 10)

/* Lines of one thread that wait are so many bytes, and so old, at most. */
#define WAITING_LENGTH_MAX (32u << 10)
#define WAITING_NS_MAX     20000000u

struct access_log {
    pthread_mutex_t lock;
    int descriptor;
    int is_own;  /* else it is standard output */
    int is_torn; /* the last line in it was cut */
    struct idle idle;
    _Atomic(struct waiting *) waiting[SLOTS_MAX];
};

/* ---- what waits ----------------------------------------------------------------------
 */

static void waiting_init(struct waiting *waiting)
{
    memset(waiting, 0, sizeof *waiting);
    pthread_mutex_init(&waiting->lock, NULL);
    buffer_init(&waiting->lines, WAITING_LENGTH_MAX + LINE_LENGTH_MAX);
    safe_text_init(&waiting->safe);
}

static void waiting_done(struct waiting *waiting)
{
    buffer_done(&waiting->lines);
    safe_text_done(&waiting->safe);
    pthread_mutex_destroy(&waiting->lock);
}

/* This thread's; NULL if it has none and there is no room for one. */
static struct waiting *waiting_of(struct access_log *log)
{
    const int slot = slot_of_thread();
    if (slot < 0)
        return NULL;
    struct waiting *waiting =
        atomic_load_explicit(&log->waiting[slot], memory_order_acquire);
    if (waiting)
        return waiting;
    waiting = malloc(sizeof *waiting);
    if (!waiting)
        return NULL;
    waiting_init(waiting);
    atomic_store_explicit(&log->waiting[slot], waiting, memory_order_release);
    return waiting;
}

/* How many bytes were written; less than all: errno says why. */
static size_t write_bytes(int descriptor, struct bytes bytes)
{
    size_t written = 0;
    while (written < bytes.length) {
        const ssize_t count =
            write(descriptor, bytes.at + written, bytes.length - written);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            break;
        written += (size_t)count;
    }
    return written;
}

static uint64_t count_lines(struct bytes bytes)
{
    uint64_t lines = 0;
    for (size_t index = 0; index < bytes.length; index++)
        lines += bytes.at[index] == '\n';
    return lines;
}

/* What cannot be written is lost, and said so; no line begins in the middle of one. */
static void write_lines(struct access_log *log, struct bytes lines)
{
    const struct bytes end = bytes_of("\n", 1);
    size_t written = 0;
    if (log->is_torn && write_bytes(log->descriptor, end) == end.length)
        log->is_torn = 0;
    if (!log->is_torn)
        written = write_bytes(log->descriptor, lines);
    if (written == lines.length)
        return;
    const int error = errno;
    log->is_torn |= written > 0 && lines.at[written - 1] != '\n';
    trouble_note(TROUBLE_LOG, count_lines(bytes_from(lines, written)), error);
}

/* Under its lock. */
static void write_out(struct access_log *log, struct waiting *waiting)
{
    pthread_mutex_lock(&log->lock);
    write_lines(log, buffer_bytes(&waiting->lines));
    pthread_mutex_unlock(&log->lock);
    if (waiting->lines.capacity > 4 * WAITING_LENGTH_MAX)
        buffer_done(&waiting->lines);
    buffer_clear(&waiting->lines);
    atomic_store_explicit(&waiting->has_lines, 0, memory_order_relaxed);
}

static void write_out_all(struct access_log *log)
{
    for (size_t slot = 0; slot < SLOTS_MAX; slot++) {
        struct waiting *waiting =
            atomic_load_explicit(&log->waiting[slot], memory_order_acquire);
        if (!waiting)
            continue;
        pthread_mutex_lock(&waiting->lock);
        write_out(log, waiting);
        pthread_mutex_unlock(&waiting->lock);
    }
}

static int has_lines(void *context)
{
    struct waiting *waiting = waiting_of(context);
    return waiting && atomic_load_explicit(&waiting->has_lines, memory_order_relaxed);
}

static uint64_t nanoseconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* `since` is this thread's alone.  A clock that was put back makes it old too. */
static int is_old(const struct waiting *waiting, uint64_t at)
{
    return at - waiting->since >= WAITING_NS_MAX;
}

static int are_lines_due(void *context)
{
    const struct waiting *waiting = waiting_of(context);
    return waiting && is_old(waiting, nanoseconds_now());
}

static void write_own(void *context)
{
    struct access_log *log = context;
    struct waiting *waiting = waiting_of(log);
    if (!waiting)
        return;
    pthread_mutex_lock(&waiting->lock);
    write_out(log, waiting);
    pthread_mutex_unlock(&waiting->lock);
}

/* ---- the file ------------------------------------------------------------------------
 */

/* Does not wait for who reads a FIFO: there may never be one.  Once it is open it is
 * written to like any other. */
static int open_file(const char *path)
{
    if (path[0] == '\0')
        return STDOUT_FILENO;
    const int descriptor = open(
        path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0640);
    const int flags = descriptor < 0 ? -1 : fcntl(descriptor, F_GETFL);
    if (flags >= 0)
        (void)fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK);
    return descriptor;
}

/* Why open_file() could not; errno says more. */
static const char *tell_failure(const char *path)
{
    const int system = errno;
    struct stat about;
    const int is_unread =
        system == ENXIO && lstat(path, &about) == 0 && S_ISFIFO(about.st_mode);
    errno = system;
    return is_unread ? "the access log is a FIFO that nobody reads"
                     : "the access log cannot be opened";
}

sieve_status access_log_new(const char *path, struct access_log **out,
                            const char **reason_out)
{
    struct access_log *log = calloc(1, sizeof *log);
    *reason_out = "not enough memory";
    if (!log)
        return SIEVE_E_MEMORY;
    log->descriptor = open_file(path);
    log->is_own = path[0] != '\0';
    if (log->descriptor < 0) {
        const int system = errno;
        free(log);
        errno = system;
        *reason_out = tell_failure(path);
        return SIEVE_E_IO;
    }
    pthread_mutex_init(&log->lock, NULL);
    log->idle = (struct idle){has_lines, are_lines_due, write_own, log};
    idle_set(&log->idle);
    *out = log;
    return SIEVE_OK;
}

void access_log_free(struct access_log *log)
{
    if (!log)
        return;
    idle_set(NULL);
    write_out_all(log);
    for (size_t slot = 0; slot < SLOTS_MAX; slot++) {
        struct waiting *waiting = log->waiting[slot];
        if (waiting)
            waiting_done(waiting);
        free(waiting);
    }
    if (log->is_own)
        (void)close(log->descriptor);
    pthread_mutex_destroy(&log->lock);
    free(log);
}

/* Why open_file() could not write to what is there already: errno; 0. */
static int find_obstacle(const char *path, mode_t mode)
{
    if (S_ISDIR(mode))
        return EISDIR;
    if (S_ISLNK(mode))
        return ELOOP;
    if (S_ISSOCK(mode))
        return ENXIO;
    return access(path, W_OK) == 0 ? 0 : errno;
}

static int find_obstacle_of_making(const char *path)
{
    char folder[SETTING_LENGTH_MAX];
    const char *slash = strrchr(path, '/');
    const size_t kept = !slash || slash == path ? 1 : (size_t)(slash - path);
    if (kept >= sizeof folder)
        return ENAMETOOLONG;
    if (slash && slash[1] == '\0')
        return EISDIR;
    memcpy(folder, path, kept);
    folder[kept] = '\0';
    return access(folder, W_OK | X_OK) == 0 ? 0 : errno;
}

sieve_status access_log_check(const char *path, const char **reason_out)
{
    struct stat about;
    int system = 0;
    if (path[0] == '\0')
        return SIEVE_OK;
    if (lstat(path, &about) == 0)
        system = find_obstacle(path, about.st_mode);
    else
        system = errno == ENOENT ? find_obstacle_of_making(path) : errno;
    errno = system;
    *reason_out = "the access log cannot be opened";
    return system == 0 ? SIEVE_OK : SIEVE_E_IO;
}

sieve_status access_log_reopen(struct access_log *log, const char *path,
                               const char **reason_out)
{
    const int descriptor = open_file(path);
    if (descriptor < 0) {
        *reason_out = tell_failure(path);
        return SIEVE_E_IO;
    }
    write_out_all(log); /* to the file that they belong to */
    pthread_mutex_lock(&log->lock);
    if (log->is_own)
        (void)close(log->descriptor);
    log->descriptor = descriptor;
    log->is_torn = 0;
    log->is_own = path[0] != '\0';
    pthread_mutex_unlock(&log->lock);
    return SIEVE_OK;
}

/* ---- a line --------------------------------------------------------------------------
 */

void log_line_begin(struct access_log *log, struct waiting *own, sieve_scanner *veil,
                    struct log_line *line)
{
    struct waiting *waiting = waiting_of(log);
    if (!waiting) {
        waiting_init(own);
        waiting = own;
    }
    pthread_mutex_lock(&waiting->lock);
    *line = (struct log_line){waiting, veil, nanoseconds_now(), waiting->lines.length,
                              SIEVE_OK};
    if (waiting->lines.length == 0)
        waiting->since = line->at;
}

/* Lines are written one by one where there are few: see idle.h. */
void log_line_end(struct access_log *log, struct waiting *own,
                  const struct log_line *line)
{
    struct waiting *waiting = line->waiting;
    if (line->status != SIEVE_OK) {
        waiting->lines.length = line->begin;
        trouble_note(TROUBLE_LOG, 1, line->status == SIEVE_E_MEMORY ? ENOMEM : EIO);
    }
    atomic_store_explicit(&waiting->has_lines, waiting->lines.length > 0,
                          memory_order_relaxed);
    if (waiting == own || waiting->lines.length >= WAITING_LENGTH_MAX ||
        is_old(waiting, line->at))
        write_out(log, waiting);
    pthread_mutex_unlock(&waiting->lock);
    if (waiting == own)
        waiting_done(own);
}
