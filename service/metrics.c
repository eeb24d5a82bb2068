#include "service/metrics.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "service/limits.h"
#include "service/slot.h"

const uint32_t metric_latency_ends[LATENCY_BUCKETS - 1] = {
    50,    100,   250,    500,    1000,    2500,    5000,     10000,
    25000, 50000, 100000, 250000, 1000000, 5000000, 30000000,
};

#define CELLS           (sizeof(struct metrics_sum) / sizeof(uint64_t))
#define CELL_OF(member) (offsetof(struct metrics_sum, member) / sizeof(uint64_t))

/* On cache lines of its own. */
struct block {
    _Alignas(64) _Atomic uint64_t cells[CELLS];
};

struct metrics {
    pthread_mutex_t lock;
    /* Names of brands, set once; compared as texts, since each set of patterns has its
     * own. */
    _Atomic(const char *) brands[METRIC_BRANDS_MAX - 1];
    _Atomic(struct block *) blocks[SLOTS_MAX];
    struct block shared; /* of threads without a slot */
};

sieve_status metrics_new(struct metrics **out)
{
    struct metrics *metrics = aligned_alloc(64, (sizeof *metrics + 63) / 64 * 64);
    if (!metrics)
        return SIEVE_E_MEMORY;
    memset(metrics, 0, sizeof *metrics);
    pthread_mutex_init(&metrics->lock, NULL);
    *out = metrics;
    return SIEVE_OK;
}

void metrics_free(struct metrics *metrics)
{
    if (!metrics)
        return;
    for (size_t slot = 0; slot < SLOTS_MAX; slot++)
        free(metrics->blocks[slot]);
    for (size_t place = 0; place < METRIC_BRANDS_MAX - 1; place++) {
        union {
            const char *from;
            void *to;
        } name = {metrics->brands[place]};
        free(name.to);
    }
    pthread_mutex_destroy(&metrics->lock);
    free(metrics);
}

static struct block *block_of(struct metrics *metrics)
{
    const int slot = slot_of_thread();
    if (slot < 0)
        return &metrics->shared;
    struct block *block =
        atomic_load_explicit(&metrics->blocks[slot], memory_order_acquire);
    if (block)
        return block;
    block = aligned_alloc(64, sizeof *block);
    if (!block)
        return &metrics->shared;
    memset(block, 0, sizeof *block);
    atomic_store_explicit(&metrics->blocks[slot], block, memory_order_release);
    return block;
}

static void add(struct metrics *metrics, size_t cell, uint64_t count)
{
    atomic_fetch_add_explicit(&block_of(metrics)->cells[cell], count,
                              memory_order_relaxed);
}

void metrics_add(struct metrics *metrics, enum metric metric, uint64_t count)
{
    if (count > 0)
        add(metrics, CELL_OF(counts) + (size_t)metric, count);
}

/* The place of a name, made if there is room. */
static size_t make_place(struct metrics *metrics, const char *name)
{
    size_t place = 0;
    pthread_mutex_lock(&metrics->lock);
    while (place < METRIC_BRANDS_MAX - 1 && metrics->brands[place] &&
           strcmp(metrics->brands[place], name) != 0)
        place++;
    if (place < METRIC_BRANDS_MAX - 1 && !metrics->brands[place]) {
        char *copy = strdup(name);
        if (copy)
            atomic_store_explicit(&metrics->brands[place], copy, memory_order_release);
        else
            place = METRIC_BRANDS_MAX - 1;
    }
    pthread_mutex_unlock(&metrics->lock);
    return place;
}

static size_t place_of(struct metrics *metrics, const char *name)
{
    for (size_t place = 0; place < METRIC_BRANDS_MAX - 1; place++) {
        const char *known =
            atomic_load_explicit(&metrics->brands[place], memory_order_acquire);
        if (!known)
            return make_place(metrics, name);
        if (strcmp(known, name) == 0)
            return place;
    }
    return METRIC_BRANDS_MAX - 1;
}

void metrics_finding(struct metrics *metrics, const sieve_finding *finding)
{
    const size_t place =
        finding->brand ? place_of(metrics, finding->brand->name) : METRIC_BRANDS_MAX - 1;
    add(metrics, CELL_OF(by_kind) + (size_t)finding->kind, 1);
    add(metrics, CELL_OF(by_form) + (size_t)finding->form, 1);
    add(metrics, CELL_OF(by_confidence) + (size_t)finding->confidence, 1);
    add(metrics, CELL_OF(by_brand) + place, 1);
}

void metrics_refusal(struct metrics *metrics, enum problem problem)
{
    add(metrics, CELL_OF(refusals) + (size_t)problem, 1);
}

void metrics_reply(struct metrics *metrics, unsigned status, uint64_t nanoseconds)
{
    size_t bucket = 0;
    while (bucket < LATENCY_BUCKETS - 1 &&
           nanoseconds > (uint64_t)metric_latency_ends[bucket] * 1000)
        bucket++;
    add(metrics, CELL_OF(statuses) + (status / 100 < 6 ? status / 100 : 0), 1);
    add(metrics, CELL_OF(latency) + bucket, 1);
    add(metrics, CELL_OF(latency_nanoseconds), nanoseconds);
}

static void read_block(const struct block *block, uint64_t *cells)
{
    for (size_t cell = 0; cell < CELLS; cell++)
        cells[cell] += atomic_load_explicit(&block->cells[cell], memory_order_relaxed);
}

void metrics_read(const struct metrics *metrics, struct metrics_sum *out)
{
    uint64_t cells[CELLS] = {0};
    read_block(&metrics->shared, cells);
    for (size_t slot = 0; slot < SLOTS_MAX; slot++) {
        const struct block *block =
            atomic_load_explicit(&metrics->blocks[slot], memory_order_acquire);
        if (block)
            read_block(block, cells);
    }
    memcpy(out, cells, sizeof *out);
}

const char *metrics_brand(const struct metrics *metrics, size_t place)
{
    return place < METRIC_BRANDS_MAX - 1
               ? atomic_load_explicit(&metrics->brands[place], memory_order_acquire)
               : NULL;
}
