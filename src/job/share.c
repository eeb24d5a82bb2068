#include "job/share.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/wipe.h"
#include "job/item.h"

/* Where a border is looked for behind a part's nominal start, and in what steps. */
#define BORDER_STEP  4096u
#define BORDER_REACH (64u << 10)
#define STORED_MAX   (8u << 20) /* bytes of findings of all parts that wait */

/* A part that is judged and waits for its turn. */
struct result {
    int is_judged;
    struct spool spool;
    uint64_t lines;
    uint64_t line_start;
    int has_line_start;
};

struct share {
    pthread_mutex_t lock;
    pthread_cond_t turn; /* next_write has moved, or there was a failure */
    struct find find;    /* owned name, kept directory */
    struct file file;    /* owned */
    uint64_t parts;
    atomic_ullong next_part; /* the next to take */
    uint64_t next_write;     /* the next whose findings may be written */
    size_t ring_count;
    struct result *ring; /* of part k at k % ring_count */
    uint64_t lines;      /* of all parts before next_write */
    uint64_t line_start;
    struct count count;
    uint64_t end; /* the furthest byte read */
    const char *reason;
    sieve_status failure;
    size_t head_length;
    unsigned char head[SIEVE_HEAD];
};

/* ---- life -------------------------------------------------------------------------- */

static void share_free(struct share *share)
{
    for (size_t index = 0; share->ring && index < share->ring_count; index++)
        spool_done(&share->ring[index].spool);
    free(share->ring);
    /* cast: it was copied here, the find only lends it */
    free((void *)(uintptr_t)share->find.name);
    directory_release(share->find.directory);
    file_close(&share->file);
    pthread_cond_destroy(&share->turn);
    pthread_mutex_destroy(&share->lock);
    wipe_free(share, sizeof *share);
}

static sieve_status make_ring(struct share *share, unsigned workers)
{
    share->ring_count = (size_t)workers * PARTS_AHEAD;
    share->ring = calloc(share->ring_count, sizeof *share->ring);
    if (!share->ring)
        return SIEVE_E_MEMORY;
    for (size_t index = 0; index < share->ring_count; index++)
        spool_init(&share->ring[index].spool);
    return SIEVE_OK;
}

sieve_status share_new(const struct file *file, const struct find *find,
                       struct bytes head, unsigned workers, struct share **out)
{
    struct share *share = calloc(1, sizeof *share);
    if (!share)
        return SIEVE_E_MEMORY;
    share->file.descriptor = -1;
    if (pthread_mutex_init(&share->lock, NULL) != 0) {
        free(share);
        return SIEVE_E_MEMORY;
    }
    if (pthread_cond_init(&share->turn, NULL) != 0) {
        pthread_mutex_destroy(&share->lock);
        free(share);
        return SIEVE_E_MEMORY;
    }
    char *name = strdup(find->name);
    if (!name || make_ring(share, workers) != SIEVE_OK) {
        free(name);
        share_free(share);
        return SIEVE_E_MEMORY;
    }
    share->find = (struct find){directory_keep(find->directory), name};
    share->file = *file;
    share->parts = ((uint64_t)file->about.st_size + PART_LENGTH - 1) / PART_LENGTH;
    share->head_length = head.length < SIEVE_HEAD ? head.length : SIEVE_HEAD;
    memcpy(share->head, head.at, share->head_length);
    *out = share;
    return SIEVE_OK;
}

int share_has_parts(struct share *share)
{
    return atomic_load(&share->next_part) < share->parts;
}

/* ---- where parts begin ------------------------------------------------------------- */

/* The first line behind the nominal start, or the nominal start itself. */
static uint64_t line_behind(const unsigned char *bytes, size_t length, uint64_t nominal)
{
    const unsigned char *feed = memchr(bytes, '\n', length);
    return feed ? nominal + (uint64_t)(feed - bytes) + 1 : nominal;
}

/* The same whoever asks: it depends on the bytes behind the nominal start alone. */
static sieve_status part_start(const struct share *share, uint64_t part, uint64_t *out)
{
    unsigned char bytes[BORDER_STEP];
    const uint64_t nominal = part * PART_LENGTH;
    uint64_t fallback = nominal;
    *out = nominal;
    if (part == 0)
        return SIEVE_OK;
    for (uint64_t past = 0; past < BORDER_REACH; past += BORDER_STEP) {
        size_t length = 0;
        sieve_status status =
            file_read_at(&share->file, nominal + past, bytes, sizeof bytes, &length);
        if (status != SIEVE_OK)
            return status;
        size_t index = sieve_border(bytes, length);
        if (index < length) {
            *out = nominal + past + index;
            return SIEVE_OK;
        }
        if (past == 0)
            fallback = line_behind(bytes, length, nominal);
        if (length < sizeof bytes)
            break;
    }
    *out = fallback;
    return SIEVE_OK;
}

/* ---- taking parts ------------------------------------------------------------------ */

/* 1 with *out set, or 0 when there is nothing more to do. */
static int take_part(struct share *share, uint64_t *out)
{
    int has = 0;
    pthread_mutex_lock(&share->lock);
    while (share->failure == SIEVE_OK && share_has_parts(share) &&
           atomic_load(&share->next_part) >= share->next_write + share->ring_count)
        pthread_cond_wait(&share->turn, &share->lock);
    if (share->failure == SIEVE_OK && share_has_parts(share)) {
        *out = atomic_fetch_add(&share->next_part, 1);
        has = 1;
    }
    pthread_mutex_unlock(&share->lock);
    return has;
}

static void fail(struct share *share, sieve_status status)
{
    pthread_mutex_lock(&share->lock);
    if (share->failure == SIEVE_OK)
        share->failure = status;
    atomic_store(&share->next_part, share->parts);
    pthread_cond_broadcast(&share->turn);
    pthread_mutex_unlock(&share->lock);
}

static void blame(struct share *share, const char *reason)
{
    pthread_mutex_lock(&share->lock);
    if (!share->reason)
        share->reason = reason;
    pthread_mutex_unlock(&share->lock);
}

/* ---- writing in order -------------------------------------------------------------- */

static sieve_status wait_for_turn(struct share *share, uint64_t part)
{
    pthread_mutex_lock(&share->lock);
    while (share->next_write != part && share->failure == SIEVE_OK)
        pthread_cond_wait(&share->turn, &share->lock);
    sieve_status status = share->failure;
    pthread_mutex_unlock(&share->lock);
    return status;
}

/* Only by the one whose turn it is: nobody else changes the sums of lines then. */
static sieve_status write_spool(struct share *share, struct worker *worker,
                                struct spool *spool)
{
    const struct place *place = NULL;
    if (spool->count == 0)
        return SIEVE_OK;
    sieve_status status = worker_place(worker, &place);
    if (status != SIEVE_OK)
        return status;
    return desk_findings(worker->run->desk, place, spool, share->lines,
                         share->line_start);
}

sieve_status share_write(struct share *share, struct worker *worker)
{
    sieve_status status = wait_for_turn(share, worker->part);
    return status == SIEVE_OK ? write_spool(share, worker, &worker->spool) : status;
}

static struct result *result_of(struct share *share, uint64_t part)
{
    return &share->ring[part % share->ring_count];
}

/* Puts what the worker has aside and gives it an empty spool. */
static void store(struct share *share, struct worker *worker)
{
    const struct spotter *spotter = &worker->spotter;
    struct result *result = result_of(share, worker->part);
    struct spool empty = result->spool;
    result->spool = worker->spool;
    worker->spool = empty;
    result->lines = spotter->lines;
    result->line_start = spotter->line_start;
    result->has_line_start = spotter->has_line_start;
    result->is_judged = 1;
}

/* Writes the results whose turn has come.  The lock is held but for the writing, in
 * which next_write stays, so nobody else comes here. */
static sieve_status write_stored(struct share *share, struct worker *worker)
{
    sieve_status status = SIEVE_OK;
    while (status == SIEVE_OK && share->failure == SIEVE_OK &&
           result_of(share, share->next_write)->is_judged) {
        struct result *result = result_of(share, share->next_write);
        pthread_mutex_unlock(&share->lock);
        status = write_spool(share, worker, &result->spool);
        spool_done(&result->spool);
        spool_init(&result->spool);
        pthread_mutex_lock(&share->lock);
        share->lines += result->lines;
        if (result->has_line_start)
            share->line_start = result->line_start;
        result->is_judged = 0;
        share->next_write++;
        pthread_cond_broadcast(&share->turn);
    }
    return status;
}

static sieve_status end_part(struct share *share, struct worker *worker)
{
    sieve_status status = SIEVE_OK;
    if (worker->spool.records.capacity > STORED_MAX / share->ring_count)
        status = wait_for_turn(share, worker->part);
    if (status != SIEVE_OK)
        return status;
    pthread_mutex_lock(&share->lock);
    store(share, worker);
    if (share->next_write == worker->part)
        status = write_stored(share, worker);
    pthread_mutex_unlock(&share->lock);
    return status;
}

/* ---- judging a part ---------------------------------------------------------------- */

static sieve_status read_part(struct share *share, struct worker *worker, uint64_t begin)
{
    uint64_t offset = begin;
    sieve_status status = SIEVE_OK;
    while (status == SIEVE_OK && !window_is_full(worker->window)) {
        void *at = NULL;
        size_t capacity = 0;
        size_t length = 0;
        status = window_room(worker->window, &at, &capacity);
        if (status == SIEVE_OK)
            status = file_read_at(&share->file, offset, at, capacity, &length);
        if (status != SIEVE_OK || length == 0)
            break;
        offset += length;
        status = window_commit(worker->window, length);
    }
    return status;
}

static void note_end(struct share *share, uint64_t part, uint64_t end, uint64_t until)
{
    const uint64_t size = (uint64_t)share->file.about.st_size;
    pthread_mutex_lock(&share->lock);
    if (end > share->end)
        share->end = end;
    if (!share->reason && end < (part + 1 == share->parts ? size : until))
        share->reason = "it became shorter while it was read";
    pthread_mutex_unlock(&share->lock);
}

/* What is the file's fault is told of it; the rest ends the run. */
static sieve_status excuse(struct share *share, const struct worker *worker,
                           sieve_status status)
{
    const int system = errno;
    if (worker->status != SIEVE_OK)
        return worker->status;
    if (status == SIEVE_OK || status == SIEVE_STOPPED || status == SIEVE_E_MEMORY)
        return status;
    blame(share, item_reason(status, system));
    return SIEVE_OK;
}

static sieve_status judge_range(struct share *share, struct worker *worker, uint64_t from,
                                uint64_t until)
{
    const uint64_t begin = from > SIEVE_BEFORE ? from - SIEVE_BEFORE : 0;
    spotter_start(&worker->spotter, from);
    window_start(worker->window, &worker->sink, begin, from, until,
                 bytes_of(share->head, share->head_length));
    sieve_status status = read_part(share, worker, begin);
    if (status == SIEVE_E_IO)
        status = excuse(share, worker, status);
    if (status == SIEVE_OK)
        status = window_finish(worker->window);
    return excuse(share, worker, status);
}

static sieve_status judge_part(struct share *share, struct worker *worker)
{
    const uint64_t part = worker->part;
    uint64_t from = 0;
    uint64_t until = UINT64_MAX;
    sieve_status status = part_start(share, part, &from);
    if (status == SIEVE_OK && part + 1 < share->parts)
        status = part_start(share, part + 1, &until);
    if (status == SIEVE_E_IO) {
        blame(share, item_reason(status, errno));
        until = from;
    } else if (status != SIEVE_OK) {
        return status;
    }
    spotter_start(&worker->spotter, from);
    if (from >= until)
        return SIEVE_OK;
    status = judge_range(share, worker, from, until);
    note_end(share, part, window_end(worker->window), until);
    return status;
}

sieve_status share_work(struct share *share, struct worker *worker)
{
    sieve_status status = worker_make_ready(worker);
    worker_start(worker, &share->find);
    worker->share = share;
    while (status == SIEVE_OK && take_part(share, &worker->part)) {
        status = judge_part(share, worker);
        if (status == SIEVE_OK)
            status = end_part(share, worker);
    }
    worker->share = NULL;
    if (status == SIEVE_OK)
        status = worker_hand_in_cards(worker);
    if (status != SIEVE_OK)
        fail(share, status);
    spool_clear(&worker->spool);
    pthread_mutex_lock(&share->lock);
    count_add(&share->count, &worker->count);
    pthread_mutex_unlock(&share->lock);
    return status;
}

sieve_status share_end(struct share *share, struct worker *worker)
{
    sieve_status status = SIEVE_OK;
    const char *reason = share->failure == SIEVE_STOPPED ? "interrupted" : share->reason;
    worker_start(worker, &share->find);
    worker->count = share->count;
    if (reason)
        status = worker_unexamined(worker, reason);
    if (status == SIEVE_OK)
        status = worker_end(worker, share->end);
    status = share->failure != SIEVE_OK ? share->failure : status;
    share_free(share);
    return status;
}
