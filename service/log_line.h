/* log_line.h - one line of the access log while it is made, and where lines wait.
 *
 * Each thread has lines of its own that wait; they are written together, whole, when
 * the thread has nothing to do (idle.h), and when they are many or old.
 */
#ifndef SIEVE_SERVICE_LOG_LINE_H
#define SIEVE_SERVICE_LOG_LINE_H

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "base/safe_text.h"
#include "service/access_log.h"

/* What one thread has to write.  Others touch it only to write it out. */
struct waiting {
    pthread_mutex_t lock;
    atomic_int has_lines;
    struct buffer lines;
    struct safe_text safe;
    uint64_t since; /* nanoseconds; when the first line came */
    time_t second;  /* of the texts */
    char texts[2][64];
};

/* One line that is being made; a failure stays. */
struct log_line {
    struct waiting *waiting;
    sieve_scanner *veil;
    uint64_t at; /* nanoseconds */
    size_t begin;
    sieve_status status;
};

/* Begins a line; what waits for this thread is locked until it ends.  `own` is used by a
 * thread that has none, and must live until then. */
void log_line_begin(struct access_log *log, struct waiting *own, sieve_scanner *veil,
                    struct log_line *line);

/* Adds the line to what waits, or, if it failed, leaves it out and says so. */
void log_line_end(struct access_log *log, struct waiting *own,
                  const struct log_line *line);

#endif /* SIEVE_SERVICE_LOG_LINE_H */
