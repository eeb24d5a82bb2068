/* rates.h - how often one client may come: a bucket of tokens for each address (of IPv6
 * the first 64 bits), in memory that does not grow.
 */
#ifndef SIEVE_SERVICE_RATES_H
#define SIEVE_SERVICE_RATES_H

#include <stdint.h>
#include <sys/socket.h>

#include "cardsieve.h"

struct rates;

sieve_status rates_new(struct rates **out) SIEVE_MUST_CHECK;
void rates_free(struct rates *rates); /* NULL is legal */

/* 1 if this client may come now: `rate` times a second, `burst` at once.  Any thread. */
int rates_allow(struct rates *rates, const struct sockaddr *peer, uint64_t rate,
                uint64_t burst);

#endif /* SIEVE_SERVICE_RATES_H */
