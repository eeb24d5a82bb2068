/* metrics.h - what the daemon counts.  Each thread that serves counts in a block of its
 * own; a reader adds them up.
 */
#ifndef SIEVE_SERVICE_METRICS_H
#define SIEVE_SERVICE_METRICS_H

#include <stdint.h>

#include "cardsieve.h"
#include "service/problem.h"

enum metric {
    METRIC_SCANS, /* requests, by what they asked for */
    METRIC_MASKS,
    METRIC_OTHERS,
    METRIC_BYTES_RECEIVED, /* of bodies */
    METRIC_BYTES_EXAMINED, /* ... decoded */
    METRIC_BYTES_SENT,
    METRIC_ZEROED,     /* JSON's bare numbers that became 0 */
    METRIC_UNEXAMINED, /* scans that were not complete */
    METRIC_GONE,       /* clients that left before their answer */
    METRIC_RELOADS,
    METRIC_RELOADS_FAILED,
    METRIC_COUNT
};

/* Upper ends of the latency histogram's buckets, in microseconds; the last is open. */
#define LATENCY_BUCKETS 16
extern const uint32_t metric_latency_ends[LATENCY_BUCKETS - 1];

#define METRIC_BRANDS_MAX 64 /* the last takes the rest, and those that have none */

struct metrics;

sieve_status metrics_new(struct metrics **out) SIEVE_MUST_CHECK;
void metrics_free(struct metrics *metrics);

/* All of these: any thread, no lock. */
void metrics_add(struct metrics *metrics, enum metric metric, uint64_t count);
void metrics_finding(struct metrics *metrics, const sieve_finding *finding);
void metrics_refusal(struct metrics *metrics, enum problem problem);
/* One request has been answered with this status, after so long. */
void metrics_reply(struct metrics *metrics, unsigned status, uint64_t nanoseconds);

/* ---- reading ------------------------------------------------------------------------
 */

struct metrics_sum {
    uint64_t counts[METRIC_COUNT];
    uint64_t refusals[PROBLEM_COUNT];
    uint64_t statuses[6]; /* by their first digit; 0 is none */
    uint64_t by_kind[SIEVE_KIND_COUNT];
    uint64_t by_form[SIEVE_FORM_COUNT];
    uint64_t by_confidence[SIEVE_HIGH + 1];
    uint64_t by_brand[METRIC_BRANDS_MAX];
    uint64_t latency[LATENCY_BUCKETS];
    uint64_t latency_nanoseconds; /* the sum */
};

/* At about one time; a sum is never behind an earlier one. */
void metrics_read(const struct metrics *metrics, struct metrics_sum *out);

/* The name of a brand's place, NULL for the last and for one that is free. */
const char *metrics_brand(const struct metrics *metrics, size_t place);

#endif /* SIEVE_SERVICE_METRICS_H */
