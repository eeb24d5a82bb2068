/* tier_table.h - which numbers are in a range of tier A: those that are cards for sure if
 * their check digit is right, whatever is around them.
 */
#ifndef SIEVE_JOB_TIER_TABLE_H
#define SIEVE_JOB_TIER_TABLE_H

#include "base/bytes.h"
#include "cardsieve.h"

struct tier_table;

/* Of the built-in ranges and the user's own.  Read-only once made. */
sieve_status tier_table_new(const sieve_options *options,
                            struct tier_table **out) SIEVE_MUST_CHECK;
void tier_table_free(struct tier_table *tiers); /* NULL is legal */

/* 1 if these ASCII digits are.  NULL is legal: then none are. */
int tier_table_has(const struct tier_table *tiers, struct bytes digits);

#endif /* SIEVE_JOB_TIER_TABLE_H */
