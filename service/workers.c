#include "service/workers.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct workers {
    pthread_mutex_t lock;
    pthread_cond_t has_work;
    pthread_cond_t has_paused; /* a part was done */
    struct work *first;        /* that waits */
    struct work *last;
    int is_over;
    unsigned idle;
    unsigned count; /* of threads that were started */
    unsigned most;
    pthread_t threads[];
};

sieve_status workers_new(unsigned count, struct workers **out)
{
    struct workers *workers =
        calloc(1, sizeof *workers + count * sizeof *workers->threads);
    if (!workers)
        return SIEVE_E_MEMORY;
    (void)pthread_mutex_init(&workers->lock, NULL);
    (void)pthread_cond_init(&workers->has_work, NULL);
    (void)pthread_cond_init(&workers->has_paused, NULL);
    workers->most = count;
    *out = workers;
    return SIEVE_OK;
}

void workers_free(struct workers *workers)
{
    if (!workers)
        return;
    pthread_mutex_lock(&workers->lock);
    workers->is_over = 1;
    (void)pthread_cond_broadcast(&workers->has_work);
    pthread_mutex_unlock(&workers->lock);
    for (unsigned index = 0; index < workers->count; index++)
        (void)pthread_join(workers->threads[index], NULL);
    (void)pthread_cond_destroy(&workers->has_paused);
    (void)pthread_cond_destroy(&workers->has_work);
    (void)pthread_mutex_destroy(&workers->lock);
    free(workers);
}

/* ---- a thread: all of it under the lock, but while work runs -------------------------
 */

static void append(struct workers *workers, struct work *work)
{
    work->phase = WORK_WAITS;
    work->next = NULL;
    if (workers->last)
        workers->last->next = work;
    else
        workers->first = work;
    workers->last = work;
}

static void do_part(struct workers *workers, struct work *work)
{
    workers->first = work->next;
    if (!workers->first)
        workers->last = NULL;
    work->phase = WORK_RUNS;
    work->is_asked_again = 0;
    pthread_mutex_unlock(&workers->lock);
    const int has_more = work->run(work);
    pthread_mutex_lock(&workers->lock);
    if (has_more || work->is_asked_again)
        append(workers, work);
    else
        work->phase = WORK_NONE;
    (void)pthread_cond_broadcast(&workers->has_paused);
}

static void *run_thread(void *context)
{
    struct workers *workers = context;
    pthread_mutex_lock(&workers->lock);
    while (!workers->is_over) {
        if (workers->first) {
            do_part(workers, workers->first);
            continue;
        }
        workers->idle++;
        (void)pthread_cond_wait(&workers->has_work, &workers->lock);
        workers->idle--;
    }
    pthread_mutex_unlock(&workers->lock);
    return NULL;
}

/* Signals are for the thread that waits for them. */
static void start_thread(struct workers *workers)
{
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    if (pthread_create(&workers->threads[workers->count], NULL, run_thread, workers) == 0)
        workers->count++;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* ---- work ----------------------------------------------------------------------------
 */

int workers_ask(struct workers *workers, struct work *work)
{
    int wakes = 0;
    pthread_mutex_lock(&workers->lock);
    if (work->phase == WORK_RUNS) {
        work->is_asked_again = 1;
    } else if (work->phase == WORK_NONE) {
        if (workers->idle == 0 && workers->count < workers->most)
            start_thread(workers);
        if (workers->count > 0)
            append(workers, work);
        wakes = workers->idle > 0;
    }
    const int is_taken = work->phase != WORK_NONE;
    pthread_mutex_unlock(&workers->lock);
    if (wakes)
        (void)pthread_cond_signal(&workers->has_work);
    return is_taken ? 0 : -1;
}

static void take_out(struct workers *workers, struct work *work)
{
    struct work *before = NULL;
    for (struct work *each = workers->first; each != work; each = each->next)
        before = each;
    if (before)
        before->next = work->next;
    else
        workers->first = work->next;
    if (workers->last == work)
        workers->last = before;
    work->phase = WORK_NONE;
}

void workers_stop(struct workers *workers, struct work *work)
{
    pthread_mutex_lock(&workers->lock);
    while (work->phase == WORK_RUNS)
        (void)pthread_cond_wait(&workers->has_paused, &workers->lock);
    if (work->phase == WORK_WAITS)
        take_out(workers, work);
    pthread_mutex_unlock(&workers->lock);
}
