/* workers.h - threads that do what would keep a thread that serves from serving.
 *
 * They start when there is something to do for the first time.  Any thread may call
 * these.
 */
#ifndef SIEVE_SERVICE_WORKERS_H
#define SIEVE_SERVICE_WORKERS_H

#include "cardsieve.h"

struct workers;

enum work_phase {
    WORK_NONE,
    WORK_WAITS,
    WORK_RUNS
};

/* Something to do.  All zero but for `run` at first. */
struct work {
    /* Does a part of it: 1 if there is more, which is done after what others wait for. */
    int (*run)(struct work *work);
    struct work *next;
    enum work_phase phase; /* under the workers' lock, as is ... */
    int is_asked_again;    /* while it runs */
};

sieve_status workers_new(unsigned count, struct workers **out) SIEVE_MUST_CHECK;
/* After all work was stopped.  NULL is legal. */
void workers_free(struct workers *workers);

/* Has it run once more, in one thread at a time; 0, or -1 if there is none. */
int workers_ask(struct workers *workers, struct work *work);

/* It does not run when this returns, nor after: waits until the part at hand is done. */
void workers_stop(struct workers *workers, struct work *work);

#endif /* SIEVE_SERVICE_WORKERS_H */
