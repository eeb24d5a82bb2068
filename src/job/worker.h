/* worker.h - what one thread needs to examine items, one after the other.
 *
 * Made once, used for any number of items: an item costs no allocation.  `item` is the
 * story of one file; here is what it works with.
 */
#ifndef SIEVE_JOB_WORKER_H
#define SIEVE_JOB_WORKER_H

#include <pthread.h>

#include "codec/beside.h"
#include "job/desk.h"
#include "job/plan.h"
#include "job/spot.h"
#include "job/veil.h"
#include "source/file.h"

#define WORKER_CARDS_MAX 256

/* Shared by all workers; lives longer than any. */
struct run {
    const struct scan_plan *plan;
    const sieve_ruleset *ruleset;
    struct desk *desk;
    struct veil *veil;
    const struct stop *stop;
    pthread_mutex_t *gate; /* held by whose decoder needs much memory */
    int has_expressions;   /* of the user's own among the patterns */
    struct stat output;    /* what the report is written to: not to be read */
};

struct pool;
struct share;

struct worker {
    const struct run *run;
    struct pool *pool;   /* where other workers are; NULL if there are none */
    struct share *share; /* the item is shared, and this one judges `part` of it */
    uint64_t part;
    sieve_scanner *scanner;
    struct window *window;
    struct spotter spotter;
    struct window_sink sink;
    struct beside beside; /* of a coded item */
    struct beside_place beside_place;
    struct spotter beside_spotter;
    struct spool spool;
    struct count count;     /* of the item */
    uint64_t told_findings; /* ... that the headway knows of */
    size_t card_count;
    uint64_t cards[WORKER_CARDS_MAX][2]; /* not handed in yet */
    const struct find *find;             /* the item */
    struct place place;                  /* its name; made when there is need of it */
    int has_place;
    int has_gate;
    unsigned char *raw;  /* READ_LENGTH bytes for compressed input; made when needed */
    sieve_status status; /* the first failure inside a callback */
};

void worker_init(struct worker *worker, const struct run *run);

/* Makes its engine, if it has none yet: many a worker never gets anything to do. */
sieve_status worker_make_ready(struct worker *worker) SIEVE_MUST_CHECK;
void worker_done(struct worker *worker);

/* Begins the item; `find` is borrowed until its end. */
void worker_start(struct worker *worker, const struct find *find);

/* The item's name, made safe. */
sieve_status worker_place(struct worker *worker,
                          const struct place **out) SIEVE_MUST_CHECK;

/* Tells that the item was not examined, or not to its end. */
sieve_status worker_unexamined(struct worker *worker,
                               const char *reason) SIEVE_MUST_CHECK;

/* Hands in the numbers that were only counted. */
sieve_status worker_hand_in_cards(struct worker *worker) SIEVE_MUST_CHECK;

/* Something that could not even be begun; for whoever has no worker. */
sieve_status run_missed(const struct run *run, const struct find *find,
                        const char *reason) SIEVE_MUST_CHECK;

/* Ends the item: hands in what was found. */
sieve_status worker_end(struct worker *worker, uint64_t bytes) SIEVE_MUST_CHECK;

#endif /* SIEVE_JOB_WORKER_H */
