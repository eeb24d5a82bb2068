/* shelf.h - what names the rows of a block, until the block is judged. */
#ifndef SIEVE_JOB_SHELF_H
#define SIEVE_JOB_SHELF_H

#include "base/buffer.h"
#include "job/veil.h"
#include "source/database.h"

struct shelf {
    struct buffer bytes; /* of all rows, one after the other */
    size_t *begins;      /* where each row begins */
    size_t count;
    size_t capacity;
    struct safe_text safe;
    struct safe_text locator; /* of the row that was named last */
};

void shelf_init(struct shelf *shelf);
void shelf_done(struct shelf *shelf);
void shelf_clear(struct shelf *shelf);

/* Keeps the locator and the key of a row. */
sieve_status shelf_add(struct shelf *shelf, const struct table *table,
                       const struct row *row) SIEVE_MUST_CHECK;

/* The key of the row as a JSON object of strings: {"id":"42"}, or its locator under the
 * name `locator` if it has no key.  What could be a card number in it is hidden; then
 * the locator follows. */
sieve_status shelf_row(struct shelf *shelf, size_t index, const struct table *table,
                       const char *locator, struct veil *veil,
                       struct buffer *out) SIEVE_MUST_CHECK;

/* The locator of the row that was named last, what could be a number in it hidden: a
 * rowid may be one.  NUL-ended, borrowed until the next is named. */
const char *shelf_locator(const struct shelf *shelf);

#endif /* SIEVE_JOB_SHELF_H */
