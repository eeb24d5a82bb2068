/* metrics.h - what the daemon counts.  Each thread that serves counts in a block of its
 * own; a reader adds them up.
 */
#ifndef SIEVE_SERVICE_METRICS_H
#define SIEVE_SERVICE_METRICS_H

#include <stdint.h>

#include "cardsieve.h"
#include "service/problem.h"

/* What a request asks for. */
enum asked {
    ASKED_OTHER, /* also what is no request */
    ASKED_SCAN,
    ASKED_MASK,
    ASKED_PROXY,
    ASKED_COUNT
};

/* "scan": stable, for counters. */
const char *asked_name(enum asked asked);

enum metric {
    METRIC_BYTES_RECEIVED, /* of bodies */
    METRIC_BYTES_EXAMINED, /* ... decoded */
    METRIC_BYTES_SENT,
    METRIC_ZEROED,        /* JSON's bare numbers that became 0 */
    METRIC_UNEXAMINED,    /* scans that were not complete */
    METRIC_GONE,          /* clients that left before their answer */
    METRIC_ALERTED,       /* messages with card data that a proxy passed on, as told to */
    METRIC_DOUBTS_PASSED, /* ... that it could not examine, and passed on, as told to */
    METRIC_RELOADS,
    METRIC_RELOADS_FAILED,
    METRIC_COUNT
};

/* Upper ends of the latency histogram's buckets, in microseconds; the last is open. */
#define LATENCY_BUCKETS 16
extern const uint32_t metric_latency_ends[LATENCY_BUCKETS - 1];

/* Replies by the first digit of their status; 0: there was none. */
#define STATUS_CLASSES 6

#define METRIC_BRANDS_MAX 64 /* the last takes the rest, and those that have none */

struct metrics;

sieve_status metrics_new(struct metrics **out) SIEVE_MUST_CHECK;
void metrics_free(struct metrics *metrics);

/* All of these: any thread, no lock. */
void metrics_add(struct metrics *metrics, enum metric metric, uint64_t count);
void metrics_finding(struct metrics *metrics, const sieve_finding *finding);
void metrics_refusal(struct metrics *metrics, enum problem problem);
/* A request has begun. */
void metrics_request(struct metrics *metrics, enum asked asked);
/* It is over: answered with this status, after so long. */
void metrics_reply(struct metrics *metrics, enum asked asked, unsigned status,
                   uint64_t nanoseconds);

/* ---- reading ------------------------------------------------------------------------
 */

struct metrics_sum {
    uint64_t counts[METRIC_COUNT];
    uint64_t refusals[PROBLEM_COUNT];
    uint64_t requests[ASKED_COUNT];
    uint64_t replies[ASKED_COUNT][STATUS_CLASSES];
    uint64_t latency[ASKED_COUNT][LATENCY_BUCKETS];
    uint64_t latency_nanoseconds[ASKED_COUNT]; /* the sum */
};

/* At about one time; a sum is never behind an earlier one. */
void metrics_read(const struct metrics *metrics, struct metrics_sum *out);

/* All findings of one kind. */
struct metrics_findings {
    sieve_kind kind;
    const char *brand; /* "": none, or one of those past METRIC_BRANDS_MAX */
    sieve_form form;
    sieve_confidence confidence;
    uint64_t count; /* never 0 */
};

/* Calls `each` for what was found so far, in one order; it is borrowed for the call. */
void metrics_each_finding(const struct metrics *metrics,
                          void (*each)(const struct metrics_findings *findings,
                                       void *context),
                          void *context);

#endif /* SIEVE_SERVICE_METRICS_H */
