/* limits.h - every ceiling of the daemon that no option moves, with unit and reason. */
#ifndef SIEVE_SERVICE_LIMITS_H
#define SIEVE_SERVICE_LIMITS_H

#include <stddef.h>

/* Bytes of a connection's own memory: its request's head, and a piece of its body.  An
 * idle connection keeps it, so it is under 64 KiB. */
#define CONNECTION_MEMORY (48u << 10)

/* Bytes of a head that this is made for; see connection_memory(). */
#define HEAD_LENGTH_USUAL (16u << 10)

/* Bytes of that memory for each field, cookie and argument of a query: libmicrohttpd
 * lists them all; and what they leave for the head of a reply. */
#define PAIR_MEMORY   64u
#define REPLY_RESERVE (4u << 10)

/* Bytes of a large body that are received in one call; of a connection that has one. */
#define AHEAD_LENGTH (512u << 10)

/* Connections past their limit that are open only to be told so. */
#define CROWD_RESERVE 64

/* Bytes of a refused body that are read and dropped to keep the connection. */
#define DROPPED_LENGTH_MAX (1u << 20)

/* Bytes of a body that is judged as one block; a longer one goes through a pipeline. */
#define BLOCK_LENGTH_MAX (256u << 10)

/* Bytes of a longer one that are gathered before they are masked.  What comes of them,
 * and of what was held back before, fits into 256 KiB. */
#define GATHERED_MAX (256u << 10)

/* Bytes of a body of which more is masked in another thread, and its blocks of
 * GATHERED_MAX bytes: one is filled meanwhile. */
#define MILL_LENGTH_MIN (1u << 20)
#define MILL_BLOCKS     3u

/* Masked bytes that were not taken and keep that thread from masking the next block. */
#define MILL_MADE_MAX (384u << 10)

/* Bytes that are set aside for a request that a proxy sends on while it is received, once
 * it is longer than a block; more of them if it is masked in another thread. */
#define STREAM_MEMORY      ((size_t)9 << 18)
#define STREAM_MILL_MEMORY ((size_t)7 << 18)

/* Bytes of free memory at the end of a thread's heap that are kept for the next body, and
 * of an allocation that is given back to the system at once. */
#define FREE_MEMORY_KEPT_MAX  (2 << 20)
#define ALLOCATION_MAPPED_MIN (1 << 20)

/* Bytes of an answer in memory; what is more lies encrypted in a temporary file. */
#define SPOOL_MEMORY_MAX (1u << 20)

/* Bytes of a spool's file that are encrypted together. */
#define SPOOL_FRAME (64u << 10)

/* Sets of patterns that are kept ready, one for each set of options in use. */
#define ENGINES_MAX 16

/* Threads that serve, over all listeners. */
#define SLOTS_MAX 256

/* Scanners of a set of patterns that wait for the next body that needs its own. */
#define SPARE_SCANNERS_MAX 16

/* Listeners that are told apart in /metrics. */
#define GAUGES_MAX 64

/* Bytes of a request's options written out, of one value. */
#define OPTION_LENGTH_MAX 512

/* Bytes of a request target. */
#define TARGET_LENGTH_MAX 8192

/* Content codings on top of each other. */
#define CODINGS_MAX 3

/* Bytes of a connection's memory where heads may be as long as this. */
static inline size_t connection_memory(size_t head_length)
{
    return head_length <= HEAD_LENGTH_USUAL
               ? CONNECTION_MEMORY
               : CONNECTION_MEMORY + head_length - HEAD_LENGTH_USUAL;
}

#endif /* SIEVE_SERVICE_LIMITS_H */
