/* inventory.h - one report of a ledger, from the file to the last byte. */
#ifndef SIEVE_JOB_INVENTORY_H
#define SIEVE_JOB_INVENTORY_H

#include "base/safe_text.h"
#include "report/inventory.h"

enum inventory_format {
    INVENTORY_TEXT,
    INVENTORY_HTML,
    INVENTORY_CSV,
    INVENTORY_SARIF,
    INVENTORY_JSONL /* the events that the sweep itself tells */
};

struct inventory_plan {
    const char *ledger; /* its path */
    const char *output; /* a path, or NULL: the descriptor */
    const char *title;  /* or NULL */
    enum inventory_format format;
    struct inventory_style style;
    uint64_t made; /* seconds since 1970; 0: not told */
};

struct inventory_outcome {
    struct safe_text thing; /* what failed */
    const char *reason;     /* why; constant; NULL if nothing did */
    uint64_t findings;
    int complete;
    int closed_pipe;
};

static inline void inventory_outcome_init(struct inventory_outcome *outcome)
{
    *outcome = (struct inventory_outcome){.reason = NULL};
    safe_text_init(&outcome->thing);
}

static inline void inventory_outcome_done(struct inventory_outcome *outcome)
{
    safe_text_done(&outcome->thing);
}

/* A file of that name is replaced whole or not at all; only its owner can read the new
 * one.  On failure the outcome tells what and why. */
sieve_status job_inventory(const struct inventory_plan *plan, int descriptor,
                           struct inventory_outcome *outcome) SIEVE_MUST_CHECK;

/* The same as JSON Lines, through an open view. */
struct view;
sieve_status inventory_tell_jsonl(struct view *view, const struct inventory_run *run,
                                  struct writer *writer) SIEVE_MUST_CHECK;

#endif /* SIEVE_JOB_INVENTORY_H */
