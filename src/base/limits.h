/* limits.h - every ceiling of the command, with its unit and its reason.
 *
 * Together they keep one run under 64 MiB whatever it is fed.
 */
#ifndef SIEVE_BASE_LIMITS_H
#define SIEVE_BASE_LIMITS_H

/* Bytes read at a time.  With its history it must fit a core's second-level cache. */
#define READ_LENGTH (256u << 10)

/* Bytes a pipe stage hands on at a time. */
#define CHUNK_LENGTH (64u << 10)

/* Bytes of output collected before a write. */
#define WRITE_CAPACITY (64u << 10)

/* Bytes of one file name with all its directories, as it is shown. */
#define NAME_LENGTH_MAX (64u << 10)

/* Bytes of the findings of one item that wait to be written together. */
#define SPOOL_CAPACITY_MAX (1u << 20)

/* Bytes of a part of a large file that several workers share, and how many parts
 * may be ahead of the one whose findings are written next, for each worker. */
#define PART_LENGTH (4u << 20)
#define PARTS_AHEAD 4

/* Bytes from which a file is shared. */
#define SHARED_LENGTH_MIN (2 * PART_LENGTH)

/* Codings on top of each other that are undone. */
#define CODEC_DEPTH_MAX 5

/* Bytes any decoder may ask for; for more it waits until it is the only one. */
#define DECODER_MEMORY (10u << 20)

/* Distinct numbers told apart exactly; past that their count is an estimate. */
#define CARDS_EXACT_MAX 1000000u

/* Workers. */
#define WORKERS_MAX 256

/* Directories inside each other that are entered: each holds a descriptor. */
#define WALK_DEPTH_MAX 512

/* Bytes of one table of the user's own patterns, and the number of them. */
#define TABLE_LENGTH_MAX (4u << 20)
#define TABLE_COUNT_MAX  32

/* Seconds that a reader of a database waits for a locked table before it goes on. */
#define LOCK_SECONDS 10

/* Bytes of the names of all tables and columns of a server's database. */
#define CATALOG_MEMORY_MAX (256u << 20)

/* Bytes of a part of a large object or of a server's log that is read at a time. */
#define LARGE_PART_LENGTH (8u << 20)

/* ... and of the parts before and behind that come with it: more than any card number
 * with the words near it. */
#define LARGE_PART_BESIDE 4096u

/* Bytes of a key file. */
#define KEY_LENGTH_MIN 16u
#define KEY_LENGTH_MAX 4096u

#endif /* SIEVE_BASE_LIMITS_H */
