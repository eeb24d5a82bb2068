/* mill.h - a body that is masked in another thread, while the thread of its connection
 * receives more of it and sends what was masked.
 *
 * What comes is gathered in a few blocks; masked bytes wait until they are taken.  So
 * there is a bound to both: who feeds it waits while it is full.
 *
 * All calls come from the thread of the connection, which hands over the body for as long
 * as the mill lives.
 */
#ifndef SIEVE_SERVICE_MILL_H
#define SIEVE_SERVICE_MILL_H

#include "service/body.h"
#include "service/queue.h"

struct mill;
struct workers;

struct mill_plan {
    struct workers *workers;
    struct http_body *body; /* borrowed; in pieces already */
    size_t piece_max;       /* bytes that are written at once, at most */
    struct queue *made;     /* what it writes into; borrowed */
    const uint64_t *found;  /* findings of its listener; borrowed */
    /* From any thread: there may be something to take. */
    void (*tell)(void *context);
    void *context;
};

sieve_status mill_new(const struct mill_plan *plan, struct mill **out) SIEVE_MUST_CHECK;
/* Nothing more is done to the body, nor told.  NULL is legal; wipes. */
void mill_free(struct mill *mill);

/* Not if it is full. */
sieve_status mill_write(struct mill *mill, struct bytes piece) SIEVE_MUST_CHECK;
/* 1 if it takes no more; ... if it has less to do than would keep it at work. */
int mill_is_full(struct mill *mill);
int mill_is_hungry(struct mill *mill);
/* What was gathered is masked too, unless something else is being masked already; 1 if
 * there is such. */
int mill_has_rest(struct mill *mill);
void mill_flush(struct mill *mill);
/* All of the body came. */
void mill_end(struct mill *mill);

struct mill_state {
    enum problem problem; /* why the body is refused */
    int has_ended;        /* all of it was judged: the body's notes can be read */
    uint64_t found;       /* so far */
};

/* What was masked goes into `to` if that is empty, and with the rest in any case; what is
 * true of it. */
sieve_status mill_take(struct mill *mill, struct queue *to,
                       struct mill_state *state_out) SIEVE_MUST_CHECK;
/* Bytes that are masked and were not taken, about. */
size_t mill_waiting(struct mill *mill);

#endif /* SIEVE_SERVICE_MILL_H */
