/* cell_watch.h - what is counted of the values of one column while they go by. */
#ifndef SIEVE_JOB_CELL_WATCH_H
#define SIEVE_JOB_CELL_WATCH_H

#include "base/bytes.h"
#include "cardsieve.h"
#include "job/paths.h"
#include "job/sketch.h"

/* Begin with zeros. */
struct cell_watch {
    struct cell_counts counts;
    struct paths *paths; /* the keys inside of its values; NULL until one has some */
    /* SKETCH_BITS_COLUMN of its distinct values: begun by the first number of a card's
     * length and by the first finding, so that most columns cost nothing.  NULL: none. */
    unsigned char *sketch;
};

void cell_watch_done(struct cell_watch *watch);

/* A value that is not NULL, whatever it is. */
void cell_watch_any(struct cell_watch *watch, struct bytes value);

/* The same value, if it may be or hold a number of a card's length; `meanings` are those
 * of its bytes (meaning.h).  `tiers` may be NULL.  Documents without a run of twelve
 * digits count under none of their keys. */
sieve_status cell_watch_value(struct cell_watch *watch, struct bytes value,
                              unsigned meanings,
                              const struct tier_table *tiers) SIEVE_MUST_CHECK;

void cell_watch_finding(struct cell_watch *watch);

/* The counts since they were taken last. */
struct cell_counts cell_watch_take_counts(struct cell_watch *watch);

/* Likewise the keys, to be freed by the caller; NULL if there were none. */
struct paths *cell_watch_take_paths(struct cell_watch *watch);

#endif /* SIEVE_JOB_CELL_WATCH_H */
