/* bare.h - a reply's head that says nothing of a body.
 *
 * A HEAD, or a 304, of which nobody knows how long the body would be: libmicrohttpd
 * 0.9.75 sends the last chunk of a body that there is not, or says that its length is 0.
 * So it is given a body of no bytes, and the last field of the head, which says that, is
 * left out where it is sent.
 */
#ifndef SIEVE_SERVICE_BARE_H
#define SIEVE_SERVICE_BARE_H

#include <stddef.h>
#include <sys/types.h>

enum bare {
    BARE_NOT,   /* what is sent goes out as it is */
    BARE_AWAITS /* ... but the end of the next head */
};

/* Sends what is left of a head, all of it at a time, through `send_bytes`, and returns
 * what that would have returned: how many of these bytes are sent, or less than 0.  Less
 * than all are only where `send_bytes` took less: who sends waits for room then.
 * *bare becomes BARE_NOT when the head is out.  What does not end as such a head goes
 * out as it is. */
ssize_t bare_send(enum bare *bare, const void *bytes, size_t length,
                  ssize_t (*send_bytes)(void *link, const void *bytes, size_t length),
                  void *link);

#endif /* SIEVE_SERVICE_BARE_H */
