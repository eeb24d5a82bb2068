#include "job/limiter.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"

/* Milliseconds of one sleep: so soon a stop is heard. */
#define SLEEP_MAX 100u

struct limiter {
    pthread_mutex_t lock;
    const atomic_int *stop;
    double bytes_each; /* nanosecond */
    double free_at;    /* the moment by which all that was taken is paid */
};

sieve_status limiter_new(uint64_t rate, const atomic_int *stop, struct limiter **out)
{
    struct limiter *limiter = calloc(1, sizeof *limiter);
    if (!limiter)
        return SIEVE_E_MEMORY;
    if (pthread_mutex_init(&limiter->lock, NULL) != 0) {
        free(limiter);
        return SIEVE_E_MEMORY;
    }
    limiter->stop = stop;
    limiter->bytes_each = (double)rate / 1e9;
    limiter->free_at = (double)clock_now();
    *out = limiter;
    return SIEVE_OK;
}

void limiter_free(struct limiter *limiter)
{
    if (!limiter)
        return;
    pthread_mutex_destroy(&limiter->lock);
    free(limiter);
}

void limiter_pause(uint64_t milliseconds, const atomic_int *stop)
{
    while (milliseconds > 0 && !(stop && atomic_load(stop))) {
        const uint64_t part = milliseconds < SLEEP_MAX ? milliseconds : SLEEP_MAX;
        const struct timespec time = {0, (long)(part * 1000000)};
        (void)nanosleep(&time, NULL);
        milliseconds -= part;
    }
}

void limiter_take(struct limiter *limiter, uint64_t bytes)
{
    if (!limiter)
        return;
    const double now = (double)clock_now();
    pthread_mutex_lock(&limiter->lock);
    if (limiter->free_at < now)
        limiter->free_at = now;
    const double wait = limiter->free_at - now;
    limiter->free_at += (double)bytes / limiter->bytes_each;
    pthread_mutex_unlock(&limiter->lock);
    limiter_pause((uint64_t)(wait / 1e6), limiter->stop);
}
