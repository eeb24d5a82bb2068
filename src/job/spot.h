/* spot.h - where a finding stands: its line, its column, and a few safe words around.
 *
 * It listens to a window and tells each finding again, with its place.  Findings wait
 * until their piece ends (or there are many), so that an excerpt can hide its
 * neighbours too: only the finding itself is shown, masked; every other finding and
 * every long number beside it is hidden.
 */
#ifndef SIEVE_JOB_SPOT_H
#define SIEVE_JOB_SPOT_H

#include "job/charset.h"
#include "pipeline/window.h"
#include "report/report.h"

#define SPOT_PENDING_MAX 256

struct spot_options {
    int lines;    /* count lines and columns */
    int excerpts; /* make excerpts */
    int strict;   /* excerpts hide every digit: the engine was not asked for all */
};

struct spotter {
    struct spot_options options;
    sieve_status (*tell)(const struct sighting *sighting, void *context);
    void *context;

    const unsigned char *bytes; /* of the piece that is judged now */
    uint64_t begin;
    uint64_t end;
    uint64_t seen_from; /* excerpts reach no further back: what is there is not known */

    uint64_t counted_to; /* lines are counted up to here */
    uint64_t lines;      /* ... complete ones */
    uint64_t line_start; /* where the line at counted_to begins; see has_line_start */
    int has_line_start;  /* 0: in an earlier part of the item */

    size_t pending_count;
    sieve_finding pending[SPOT_PENDING_MAX];
    struct buffer excerpt;
    struct converter converter;
    sieve_status status; /* the first failure of tell() */
};

void spotter_init(struct spotter *spotter, const struct spot_options *options,
                  sieve_status (*tell)(const struct sighting *sighting, void *context),
                  void *context);
void spotter_done(struct spotter *spotter);

/* Begins an item, or a part of one at `from`: then lines count from the part's start,
 * and a column is 0 as long as its line began before it. */
void spotter_start(struct spotter *spotter, uint64_t from);

/* The three of a window_sink, with the spotter as context. */
void spotter_on_begin(const struct piece *piece, void *context);
sieve_next spotter_on_finding(const sieve_finding *finding, void *context);
sieve_status spotter_on_end(const struct piece *piece, void *context);

#endif /* SIEVE_JOB_SPOT_H */
