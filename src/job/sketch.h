/* sketch.h - about how many distinct things there were, in bounded memory (HyperLogLog).
 *
 * Things come as hashes of 64 bits.  A sketch says whether one thing may have been among
 * them, and so, beside digits that are shown, it would say more of a number than may be
 * kept (PCI DSS 3.5.1.1): it lives in memory only, and no file ever holds one.
 */
#ifndef SIEVE_JOB_SKETCH_H
#define SIEVE_JOB_SKETCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/* Of a column: 3 % off, about. */
#define SKETCH_BITS_COLUMN  10u
#define SKETCH_BYTES_COLUMN (1u << SKETCH_BITS_COLUMN)

/* `registers` are (1 << bits) bytes, zero at first. */
void sketch_add(unsigned char *registers, unsigned bits, uint64_t hash);

/* What was added to `from` counts in `registers` too, and what was in both once. */
void sketch_merge(unsigned char *registers, const unsigned char *from, unsigned bits);

uint64_t sketch_count(const unsigned char *registers, unsigned bits);

/* The hash of a value, for a sketch and nothing else: it has no key. */
uint64_t sketch_hash(struct bytes value);

#endif /* SIEVE_JOB_SKETCH_H */
