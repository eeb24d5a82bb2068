/* meaning.h - what the bytes of a value may mean to a judgement, all of them together.
 *
 * Asked of every cell of a database, so it looks at sixteen bytes at once.
 */
#ifndef SIEVE_JOB_MEANING_H
#define SIEVE_JOB_MEANING_H

#include "base/bytes.h"

#define MEANS_DIGIT   1u
#define MEANS_LETTER  2u  /* of ASCII */
#define MEANS_CODED   4u  /* a byte of an escape or of no ASCII */
#define MEANS_CONTROL 8u  /* below 0x10: zeros and line ends among them */
#define MEANS_OTHER   16u /* anything that is no digit, whatever else it means */
#define MEANS_KEY     32u /* stands between a key and its value, in any notation */

/* The sum of what any of its bytes may mean; 0 for no bytes. */
unsigned meanings_of(struct bytes value);

/* 1 if its first line may name the columns of further lines. */
int may_have_header(struct bytes value);

#endif /* SIEVE_JOB_MEANING_H */
