#include "service/crowd.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "service/network.h"

#define ROWS 1024u

/* A client with open connections. */
struct guest {
    struct guest *next;
    unsigned char address[CLIENT_LENGTH];
    unsigned count;
};

struct crowd {
    unsigned places;
    unsigned share;
    unsigned reserve;
    atomic_uint taken;
    atomic_uint kept;
    pthread_mutex_t lock;
    uint64_t seed;
    struct guest *rows[ROWS];
};

sieve_status crowd_new(unsigned places, unsigned share, unsigned reserve,
                       struct crowd **out)
{
    struct crowd *crowd = calloc(1, sizeof *crowd);
    if (!crowd)
        return SIEVE_E_MEMORY;
    if (getrandom(&crowd->seed, sizeof crowd->seed, 0) != (ssize_t)sizeof crowd->seed) {
        free(crowd);
        return SIEVE_E_IO;
    }
    crowd->places = places;
    crowd->share = share;
    crowd->reserve = reserve;
    pthread_mutex_init(&crowd->lock, NULL);
    *out = crowd;
    return SIEVE_OK;
}

void crowd_free(struct crowd *crowd)
{
    if (!crowd)
        return;
    for (size_t row = 0; row < ROWS; row++) {
        struct guest *guest = crowd->rows[row];
        while (guest) {
            struct guest *next = guest->next;
            free(guest);
            guest = next;
        }
    }
    pthread_mutex_destroy(&crowd->lock);
    free(crowd);
}

/* One more, if there are fewer than so many. */
static int take_one(atomic_uint *count, unsigned most)
{
    unsigned before = atomic_load_explicit(count, memory_order_relaxed);
    while (before < most) {
        if (atomic_compare_exchange_weak(count, &before, before + 1))
            return 1;
    }
    return 0;
}

/* ---- shares --------------------------------------------------------------------------
 */

/* Where a client stands, or would: the link that leads to it. */
static struct guest **find(struct crowd *crowd,
                           const unsigned char address[CLIENT_LENGTH])
{
    struct guest **link = &crowd->rows[client_hash(address, crowd->seed) % ROWS];
    while (*link && memcmp((*link)->address, address, CLIENT_LENGTH) != 0)
        link = &(*link)->next;
    return link;
}

/* Without memory for a client's row it has no share. */
static int take_share(struct crowd *crowd, const struct sockaddr *peer)
{
    unsigned char address[CLIENT_LENGTH];
    client_of(peer, address);
    pthread_mutex_lock(&crowd->lock);
    struct guest **link = find(crowd, address);
    if (!*link) {
        *link = calloc(1, sizeof **link);
        if (*link)
            memcpy((*link)->address, address, CLIENT_LENGTH);
    }
    const int is_taken = *link && (*link)->count < crowd->share;
    if (is_taken)
        (*link)->count++;
    pthread_mutex_unlock(&crowd->lock);
    return is_taken;
}

static void give_share(struct crowd *crowd, const struct sockaddr *peer)
{
    unsigned char address[CLIENT_LENGTH];
    client_of(peer, address);
    pthread_mutex_lock(&crowd->lock);
    struct guest **link = find(crowd, address);
    struct guest *guest = *link;
    if (guest && --guest->count == 0) {
        *link = guest->next;
        free(guest);
    }
    pthread_mutex_unlock(&crowd->lock);
}

/* ---- coming and going ----------------------------------------------------------------
 */

enum problem crowd_enter(struct crowd *crowd, const struct sockaddr *peer,
                         struct crowd_place *out)
{
    /* All that come by a Unix socket look the same: its mode says who they are. */
    const int has_share = crowd->share > 0 && peer->sa_family != AF_UNIX;
    enum problem problem = PROBLEM_NONE;
    *out = (struct crowd_place){.is_counted = take_one(&crowd->taken, crowd->places)};
    if (!out->is_counted)
        problem = PROBLEM_BUSY;
    else if (has_share) {
        out->is_shared = take_share(crowd, peer);
        problem = out->is_shared ? PROBLEM_NONE : PROBLEM_TOO_MANY;
    }
    if (problem == PROBLEM_NONE)
        return problem;
    if (out->is_counted)
        atomic_fetch_sub(&crowd->taken, 1);
    out->is_counted = 0;
    out->is_kept = take_one(&crowd->kept, crowd->reserve);
    return problem;
}

void crowd_leave(struct crowd *crowd, const struct sockaddr *peer,
                 const struct crowd_place *place)
{
    if (place->is_shared)
        give_share(crowd, peer);
    if (place->is_counted)
        atomic_fetch_sub(&crowd->taken, 1);
    if (place->is_kept)
        atomic_fetch_sub(&crowd->kept, 1);
}
