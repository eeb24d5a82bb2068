/* exposition.h - numbers in the text format of Prometheus (0.0.4) or OpenMetrics (1.0).
 *
 * A family is begun, then its samples are written.  A failure stays in `status`, so a
 * run of calls needs one look at the end.
 */
#ifndef SIEVE_SERVICE_EXPOSITION_H
#define SIEVE_SERVICE_EXPOSITION_H

#include "base/buffer.h"
#include "base/safe_text.h"

#define EXPOSITION_TYPE_PLAIN "text/plain; version=0.0.4; charset=utf-8"
#define EXPOSITION_TYPE_OPEN  "application/openmetrics-text; version=1.0.0; charset=utf-8"

enum exposition_type {
    EXPOSITION_COUNTER,
    EXPOSITION_GAUGE,
    EXPOSITION_HISTOGRAM
};

struct exposition {
    struct buffer text;
    struct safe_text safe;
    sieve_scanner *veil; /* hides what looks like a number in a label; NULL: all of it */
    int is_open;         /* OpenMetrics */
    const char *family;  /* that was begun */
    enum exposition_type type;
    sieve_status status;
};

/* One label of a sample. */
struct label {
    const char *name;
    const char *value;
};

void exposition_init(struct exposition *exposition, int is_open, sieve_scanner *veil);
void exposition_done(struct exposition *exposition);

/* `family` has its unit but no _total; both live until the next family. */
void exposition_family(struct exposition *exposition, const char *family,
                       enum exposition_type type, const char *help);

/* A sample of the family: a counter or a gauge. */
void exposition_sample(struct exposition *exposition, const struct label *labels,
                       size_t count, uint64_t value);
/* The same in seconds. */
void exposition_seconds(struct exposition *exposition, const struct label *labels,
                        size_t count, uint64_t nanoseconds);

/* One histogram of times: `ends` are the upper ends of all buckets but the last, in
 * microseconds; `counts` those of each by itself. */
struct exposition_times {
    const uint32_t *ends;
    const uint64_t *counts;
    size_t bucket_count;
    uint64_t nanoseconds;
};
void exposition_histogram(struct exposition *exposition, struct label label,
                          const struct exposition_times *times);

/* After the last sample. */
void exposition_end(struct exposition *exposition);

#endif /* SIEVE_SERVICE_EXPOSITION_H */
