/* cards.h - telling distinct numbers apart, in bounded memory.
 *
 * Numbers come as keyed hashes.  The first million distinct ones get an ordinal;
 * past that their count goes on as an estimate (HyperLogLog, about 1 % off).  It
 * belongs to one thread at a time.
 */
#ifndef SIEVE_JOB_CARDS_H
#define SIEVE_JOB_CARDS_H

#include <stdint.h>

#include "cardsieve.h"

struct cards;

sieve_status cards_new(struct cards **out) SIEVE_MUST_CHECK;
void cards_free(struct cards *cards); /* NULL is legal */

/* The ordinal of this number, from 1 in the order they come; 0 past the exact ones.
 * SIEVE_E_MEMORY. */
sieve_status cards_ordinal(struct cards *cards, const uint64_t card[2],
                           uint64_t *out) SIEVE_MUST_CHECK;

/* Says that this number comes soon: its place in memory is fetched meanwhile. */
void cards_expect(const struct cards *cards, const uint64_t card[2]);

/* How many there were; *estimated_out is 1 if that is an estimate. */
uint64_t cards_count(const struct cards *cards, int *estimated_out);

/* 1 if a finding of this kind is a number that has an ordinal. */
int cards_has_number(const sieve_finding *finding);

#endif /* SIEVE_JOB_CARDS_H */
