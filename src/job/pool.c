#include "job/pool.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "job/batch.h"
#include "job/item.h"
#include "job/share.h"

#define QUEUE_PER_WORKER 4

/* A shared file and who works on it. */
struct joint {
    struct joint *next;
    struct share *share;
    unsigned users;
};

struct pool {
    struct door base;
    const struct run *run;
    unsigned worker_count;
    struct worker *workers;
    pthread_t *threads;
    unsigned thread_count; /* started */
    struct batch *filling; /* by the walk; not in the queue yet */

    pthread_mutex_t lock;
    pthread_cond_t work;  /* there is something to take, or nothing will come */
    pthread_cond_t space; /* the queue has become shorter, or all is done */
    struct batch_queue queue;
    struct joint *joints;
    unsigned idle;
    int is_closed;       /* nothing more comes from the walk */
    int is_done;         /* ... nor from any worker */
    sieve_status status; /* the first failure */
};

static void *work(void *context);

/* With the lock held.  Threads are started when there is something for them to do; if
 * one cannot be, the others do it as well. */
static void start_thread(struct pool *pool)
{
    struct worker *worker = &pool->workers[pool->thread_count];
    if (pool->thread_count < pool->worker_count &&
        pthread_create(&pool->threads[pool->thread_count], NULL, work, worker) == 0)
        pool->thread_count++;
}

/* ---- shared files ------------------------------------------------------------------ */

static void leave_joint(struct pool *pool, struct joint *joint, struct worker *worker)
{
    struct joint **link = &pool->joints;
    if (--joint->users > 0)
        return;
    while (*link != joint)
        link = &(*link)->next;
    *link = joint->next;
    pthread_mutex_unlock(&pool->lock);
    sieve_status status = share_end(joint->share, worker);
    free(joint);
    pthread_mutex_lock(&pool->lock);
    if (pool->status == SIEVE_OK)
        pool->status = status;
}

/* With the lock held, which is let go for the work. */
static void join(struct pool *pool, struct joint *joint, struct worker *worker)
{
    joint->users++;
    pthread_mutex_unlock(&pool->lock);
    sieve_status status = share_work(joint->share, worker);
    pthread_mutex_lock(&pool->lock);
    if (pool->status == SIEVE_OK)
        pool->status = status;
    leave_joint(pool, joint, worker);
}

static struct joint *open_joint(const struct pool *pool)
{
    struct joint *joint = pool->joints;
    while (joint && !share_has_parts(joint->share))
        joint = joint->next;
    return joint;
}

sieve_status pool_share(struct worker *worker, const struct file *file, struct bytes head)
{
    struct pool *pool = worker->pool;
    if (!pool || pool->worker_count < 2)
        return SIEVE_E_STATE;
    struct joint *joint = calloc(1, sizeof *joint);
    if (!joint)
        return SIEVE_E_MEMORY;
    sieve_status status =
        share_new(file, worker->find, head, pool->worker_count, &joint->share);
    if (status != SIEVE_OK) {
        free(joint);
        return status;
    }
    pthread_mutex_lock(&pool->lock);
    joint->next = pool->joints;
    pool->joints = joint;
    while (pool->status == SIEVE_OK && pool->thread_count < pool->worker_count) {
        unsigned before = pool->thread_count;
        start_thread(pool);
        if (pool->thread_count == before)
            break;
    }
    pthread_cond_broadcast(&pool->work);
    join(pool, joint, worker);
    status = pool->status;
    pthread_mutex_unlock(&pool->lock);
    return status;
}

/* ---- batches ----------------------------------------------------------------------- */

static sieve_status examine(struct pool *pool, struct worker *worker,
                            const struct find *find)
{
    sieve_status status = item_scan(worker, find);
    if (status == SIEVE_OK)
        return SIEVE_OK;
    pthread_mutex_lock(&pool->lock);
    if (pool->status == SIEVE_OK)
        pool->status = status;
    pthread_cond_broadcast(&pool->space);
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
    return status;
}

/* Others wait: they get the rest. */
static struct batch *share_batch(struct pool *pool, struct batch *batch)
{
    pthread_mutex_lock(&pool->lock);
    if (pool->idle > 0 && batch_queue_length(&pool->queue) == 0 && batch->count > 1) {
        batch_queue_put(&pool->queue, batch);
        pthread_cond_broadcast(&pool->work);
        batch = NULL;
    }
    pthread_mutex_unlock(&pool->lock);
    return batch;
}

static void work_off(struct pool *pool, struct worker *worker, struct batch *batch)
{
    struct find find;
    char name[BATCH_NAME_MAX];
    sieve_status status = SIEVE_OK;
    while (batch && status == SIEVE_OK && batch_next(batch, name, &find)) {
        struct directory *directory = directory_keep(find.directory);
        /* What is left may wait as long as this one is large. */
        batch = share_batch(pool, batch);
        status = examine(pool, worker, &find);
        directory_release(directory);
    }
    batch_free(batch);
}

static void *work(void *context)
{
    struct worker *worker = context;
    struct pool *pool = worker->pool;
    pthread_mutex_lock(&pool->lock);
    while (pool->status == SIEVE_OK) {
        struct joint *joint = open_joint(pool);
        struct batch *batch = NULL;
        if (joint) {
            join(pool, joint, worker);
        } else if ((batch = batch_queue_take(&pool->queue)) != NULL) {
            pthread_cond_signal(&pool->space);
            pthread_mutex_unlock(&pool->lock);
            work_off(pool, worker, batch);
            pthread_mutex_lock(&pool->lock);
        } else if (pool->is_done ||
                   (pool->is_closed && pool->idle + 1 == pool->thread_count)) {
            pool->is_done = 1;
            break;
        } else {
            pool->idle++;
            pthread_cond_wait(&pool->work, &pool->lock);
            pool->idle--;
        }
    }
    /* The others find the same. */
    pthread_cond_broadcast(&pool->work);
    pthread_cond_broadcast(&pool->space);
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

/* ---- the door ---------------------------------------------------------------------- */

static sieve_status put(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    while (pool->status == SIEVE_OK &&
           batch_queue_length(&pool->queue) >= pool->worker_count * QUEUE_PER_WORKER)
        pthread_cond_wait(&pool->space, &pool->lock);
    sieve_status status = pool->status;
    if (status == SIEVE_OK) {
        batch_queue_put(&pool->queue, pool->filling);
        pool->filling = NULL;
        if (pool->idle == 0)
            start_thread(pool);
        if (pool->thread_count == 0)
            status = SIEVE_E_MEMORY;
        pthread_cond_signal(&pool->work);
    }
    pthread_mutex_unlock(&pool->lock);
    return status;
}

static sieve_status found(struct door *self, const struct find *find)
{
    struct pool *pool = (struct pool *)self;
    sieve_status status = SIEVE_OK;
    if (pool->worker_count == 1)
        return item_scan(&pool->workers[0], find);
    if (strlen(find->name) >= BATCH_NAME_MAX)
        return run_missed(pool->run, find, "file name too long");
    if (pool->filling && !batch_fits(pool->filling, find))
        status = put(pool);
    if (status == SIEVE_OK && !pool->filling)
        status = batch_new(find->directory, &pool->filling);
    if (status != SIEVE_OK)
        return status;
    batch_add(pool->filling, find->name);
    /* As long as workers have enough to do, the batch may grow. */
    return batch_queue_length(&pool->queue) < pool->worker_count ? put(pool) : SIEVE_OK;
}

static sieve_status missed(struct door *self, const struct find *find, const char *reason)
{
    return run_missed(((struct pool *)self)->run, find, reason);
}

static void skipped(struct door *self, enum skip why)
{
    desk_skipped(((struct pool *)self)->run->desk, why);
}

static const struct door_ops pool_door_ops = {found, missed, skipped};

/* ---- life -------------------------------------------------------------------------- */

static sieve_status make_workers(struct pool *pool)
{
    pool->workers = calloc(pool->worker_count, sizeof *pool->workers);
    pool->threads = calloc(pool->worker_count, sizeof *pool->threads);
    if (!pool->workers || !pool->threads)
        return SIEVE_E_MEMORY;
    for (unsigned index = 0; index < pool->worker_count; index++) {
        worker_init(&pool->workers[index], pool->run);
        pool->workers[index].pool = pool;
    }
    return SIEVE_OK;
}

sieve_status pool_new(const struct run *run, unsigned workers, struct pool **out)
{
    struct pool *pool = calloc(1, sizeof *pool);
    if (!pool)
        return SIEVE_E_MEMORY;
    pool->base.ops = &pool_door_ops;
    pool->run = run;
    pool->worker_count = workers;
    if (pthread_mutex_init(&pool->lock, NULL) != 0 ||
        pthread_cond_init(&pool->work, NULL) != 0 ||
        pthread_cond_init(&pool->space, NULL) != 0) {
        free(pool); /* on Linux these never fail */
        return SIEVE_E_MEMORY;
    }
    sieve_status status = make_workers(pool);
    if (status != SIEVE_OK) {
        pool_free(pool);
        return status;
    }
    *out = pool;
    return SIEVE_OK;
}

/* Workers start workers, so their number is final only when all is done. */
static void join_threads(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    while (pool->thread_count > 0 && !pool->is_done && pool->status == SIEVE_OK)
        pthread_cond_wait(&pool->space, &pool->lock);
    unsigned count = pool->thread_count;
    pthread_mutex_unlock(&pool->lock);
    for (unsigned index = 0; index < count; index++)
        pthread_join(pool->threads[index], NULL);
    pool->thread_count = 0;
}

static void close_queue(struct pool *pool, sieve_status status)
{
    pthread_mutex_lock(&pool->lock);
    pool->is_closed = 1;
    if (pool->status == SIEVE_OK)
        pool->status = status;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
}

void pool_free(struct pool *pool)
{
    if (!pool)
        return;
    close_queue(pool, SIEVE_STOPPED);
    join_threads(pool);
    batch_free(pool->filling);
    batch_queue_clear(&pool->queue);
    for (unsigned index = 0; pool->workers && index < pool->worker_count; index++) {
        if (pool->workers[index].run)
            worker_done(&pool->workers[index]);
    }
    free(pool->workers);
    free(pool->threads);
    pthread_cond_destroy(&pool->space);
    pthread_cond_destroy(&pool->work);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}

struct door *pool_door(struct pool *pool)
{
    return &pool->base;
}

sieve_status pool_close(struct pool *pool)
{
    sieve_status status = SIEVE_OK;
    if (pool->filling)
        status = put(pool);
    close_queue(pool, status);
    join_threads(pool);
    return pool->status;
}

void pool_stats(const struct pool *pool, sieve_stats *out)
{
    memset(out, 0, sizeof *out);
    for (unsigned index = 0; index < pool->worker_count; index++) {
        sieve_stats stats;
        if (!pool->workers[index].scanner)
            continue;
        sieve_scanner_stats(pool->workers[index].scanner, &stats);
        out->bytes += stats.bytes;
        out->regions += stats.regions;
        out->region_bytes += stats.region_bytes;
        out->candidates += stats.candidates;
        out->in_range += stats.in_range;
        out->luhn += stats.luhn;
        out->survivors += stats.survivors;
        out->findings += stats.findings;
        out->sieve_time += stats.sieve_time;
        out->judge_time += stats.judge_time;
        out->context_time += stats.context_time;
        out->total_time += stats.total_time;
    }
}
