#include "service/rates.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "service/network.h"

/* Sets of a few clients each.  When more come to a set than it holds, the one that was
 * away for longest is forgotten: it would have a full bucket again soonest. */
#define SETS 1024u
#define WAYS 8u

#define SECOND UINT64_C(1000000000)

struct client {
    unsigned char address[CLIENT_LENGTH];
    uint64_t seen;   /* nanoseconds; 0: nobody */
    uint64_t credit; /* nanoseconds that were saved up; each request costs some */
};

struct rates {
    pthread_mutex_t lock;
    uint64_t seed;
    struct client clients[SETS][WAYS];
};

sieve_status rates_new(struct rates **out)
{
    struct rates *rates = calloc(1, sizeof *rates);
    if (!rates)
        return SIEVE_E_MEMORY;
    if (getrandom(&rates->seed, sizeof rates->seed, 0) != (ssize_t)sizeof rates->seed) {
        free(rates);
        return SIEVE_E_IO;
    }
    pthread_mutex_init(&rates->lock, NULL);
    *out = rates;
    return SIEVE_OK;
}

void rates_free(struct rates *rates)
{
    if (!rates)
        return;
    pthread_mutex_destroy(&rates->lock);
    free(rates);
}

static struct client *find(struct rates *rates,
                           const unsigned char address[CLIENT_LENGTH])
{
    struct client *set = rates->clients[client_hash(address, rates->seed) % SETS];
    struct client *oldest = &set[0];
    for (size_t way = 0; way < WAYS; way++) {
        if (set[way].seen > 0 && memcmp(set[way].address, address, CLIENT_LENGTH) == 0)
            return &set[way];
        if (set[way].seen < oldest->seen)
            oldest = &set[way];
    }
    memset(oldest, 0, sizeof *oldest);
    memcpy(oldest->address, address, CLIENT_LENGTH);
    return oldest;
}

int rates_allow(struct rates *rates, const struct sockaddr *peer, uint64_t rate,
                uint64_t burst)
{
    unsigned char address[CLIENT_LENGTH];
    const uint64_t cost = SECOND / rate;
    const uint64_t most = cost * (burst > 0 ? burst : rate);
    client_of(peer, address);
    pthread_mutex_lock(&rates->lock);
    const uint64_t now = clock_now(); /* here: it is never before `seen` */
    struct client *client = find(rates, address);
    const uint64_t saved =
        client->seen > 0 ? client->credit + (now - client->seen) : most;
    client->credit = saved < most ? saved : most;
    client->seen = now;
    const int is_allowed = client->credit >= cost;
    if (is_allowed)
        client->credit -= cost;
    pthread_mutex_unlock(&rates->lock);
    return is_allowed;
}
