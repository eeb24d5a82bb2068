/* ahead.h - bytes of a large body that were received before libmicrohttpd asked for them.
 *
 * It asks for half of a connection's memory at a time.  Each such call has the system
 * tell the sender of the room it made, and send more, in this thread: with larger calls
 * most of that is the sender's.
 */
#ifndef SIEVE_SERVICE_AHEAD_H
#define SIEVE_SERVICE_AHEAD_H

#include <stddef.h>
#include <stdint.h>

#include "service/limits.h"

/* Of one connection; all zero at first. */
struct ahead {
    unsigned char *bytes; /* AHEAD_LENGTH of them, or NULL */
    size_t at;            /* what is before it was taken */
    size_t length;
    size_t used;   /* the largest length so far */
    int is_wanted; /* more came than there was room for */
};

/* Where to receive AHEAD_LENGTH bytes when all was taken and `left` of the body are to
 * come; NULL if that is not worth it, or there is no memory. */
void *ahead_room(struct ahead *ahead, uint64_t left);
/* So many came there. */
void ahead_fill(struct ahead *ahead, size_t count);

/* Takes up to `capacity` bytes; how many, 0 if there are none. */
size_t ahead_take(struct ahead *ahead, void *to, size_t capacity);

void ahead_done(struct ahead *ahead); /* wipes */

#endif /* SIEVE_SERVICE_AHEAD_H */
