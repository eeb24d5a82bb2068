/* streams.h - memory for the requests that proxies send on while they are received: one
 * ceiling over all of them, whatever their upstreams do.
 */
#ifndef SIEVE_SERVICE_STREAMS_H
#define SIEVE_SERVICE_STREAMS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* All zero at first. */
struct streams {
    atomic_size_t taken; /* bytes */
};

/* Sets so many bytes aside, if no more than `most` are then: 0, else -1.  Any thread. */
int streams_take(struct streams *streams, size_t count, uint64_t most);
void streams_give(struct streams *streams, size_t count);

#endif /* SIEVE_SERVICE_STREAMS_H */
