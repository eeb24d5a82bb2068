/* batch.h - names of files in one directory, and a queue of such batches. */
#ifndef SIEVE_JOB_BATCH_H
#define SIEVE_JOB_BATCH_H

#include <stdatomic.h>

#include "source/source.h"

#define BATCH_COUNT_MAX  64
#define BATCH_LENGTH_MAX 8192u
#define BATCH_NAME_MAX   4096u /* no system opens a longer one */

struct batch {
    struct batch *next;
    struct directory *directory; /* kept; NULL for names the user typed */
    unsigned count;              /* names left */
    unsigned from;               /* where the next one begins */
    unsigned length;
    char names[BATCH_LENGTH_MAX];
};

sieve_status batch_new(struct directory *directory, struct batch **out) SIEVE_MUST_CHECK;
void batch_free(struct batch *batch); /* NULL is legal */

/* 1 if it is of the same directory and has room. */
int batch_fits(const struct batch *batch, const struct find *find);
void batch_add(struct batch *batch, const char *name); /* which fits */

/* Takes the next name: copied to `name`, whom `out` borrows.  0 past the last one. */
int batch_next(struct batch *batch, char name[BATCH_NAME_MAX], struct find *out);

/* First in, first out.  The length may be read without the lock of the rest. */
struct batch_queue {
    struct batch *first;
    struct batch *last;
    atomic_uint length;
};

void batch_queue_put(struct batch_queue *queue, struct batch *batch);
struct batch *batch_queue_take(struct batch_queue *queue); /* NULL if it is empty */
unsigned batch_queue_length(struct batch_queue *queue);
void batch_queue_clear(struct batch_queue *queue);

#endif /* SIEVE_JOB_BATCH_H */
