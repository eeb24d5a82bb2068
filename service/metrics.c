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

/* Findings have a cell for each brand, kind, form and confidence: most are never touched,
 * and take no memory then. */
#define CONFIDENCES ((size_t)SIEVE_HIGH)
#define FINDING_CELLS                                                                    \
    (METRIC_BRANDS_MAX * SIEVE_KIND_COUNT * SIEVE_FORM_COUNT * CONFIDENCES)

/* On cache lines of its own. */
struct block {
    _Alignas(64) _Atomic uint64_t cells[CELLS];
    _Atomic uint64_t *findings;
};

struct metrics {
    pthread_mutex_t lock;
    /* Names of brands, set once; compared as texts, since each set of patterns has its
     * own. */
    _Atomic(const char *) brands[METRIC_BRANDS_MAX - 1];
    _Atomic(struct block *) blocks[SLOTS_MAX];
    struct block shared; /* of threads without a slot */
};

const char *asked_name(enum asked asked)
{
    static const char *const names[ASKED_COUNT] = {
        [ASKED_OTHER] = "other",
        [ASKED_SCAN] = "scan",
        [ASKED_MASK] = "mask",
        [ASKED_PROXY] = "proxy",
    };
    return names[asked];
}

static int block_init(struct block *block)
{
    memset(block, 0, sizeof *block);
    block->findings = calloc(FINDING_CELLS, sizeof *block->findings);
    return block->findings ? 0 : -1;
}

sieve_status metrics_new(struct metrics **out)
{
    struct metrics *metrics = aligned_alloc(64, (sizeof *metrics + 63) / 64 * 64);
    if (!metrics)
        return SIEVE_E_MEMORY;
    memset(metrics, 0, sizeof *metrics);
    if (block_init(&metrics->shared) < 0) {
        free(metrics);
        return SIEVE_E_MEMORY;
    }
    pthread_mutex_init(&metrics->lock, NULL);
    *out = metrics;
    return SIEVE_OK;
}

void metrics_free(struct metrics *metrics)
{
    if (!metrics)
        return;
    for (size_t slot = 0; slot < SLOTS_MAX; slot++) {
        struct block *block = metrics->blocks[slot];
        if (block)
            free(block->findings);
        free(block);
    }
    free(metrics->shared.findings);
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
    if (!block || block_init(block) < 0) {
        free(block);
        return &metrics->shared;
    }
    atomic_store_explicit(&metrics->blocks[slot], block, memory_order_release);
    return block;
}

static void add(struct metrics *metrics, size_t cell, uint64_t count)
{
    struct block *block = block_of(metrics);
    _Atomic uint64_t *at = &block->cells[cell];
    if (block == &metrics->shared) {
        atomic_fetch_add_explicit(at, count, memory_order_relaxed);
        return;
    }
    /* Nobody else adds here. */
    atomic_store_explicit(at, atomic_load_explicit(at, memory_order_relaxed) + count,
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
    size_t cell =
        finding->brand ? place_of(metrics, finding->brand->name) : METRIC_BRANDS_MAX - 1;
    cell = cell * SIEVE_KIND_COUNT + (size_t)finding->kind;
    cell = cell * SIEVE_FORM_COUNT + (size_t)finding->form;
    cell = cell * CONFIDENCES + (size_t)finding->confidence - 1;
    atomic_fetch_add_explicit(&block_of(metrics)->findings[cell], 1,
                              memory_order_relaxed);
}

void metrics_refusal(struct metrics *metrics, enum problem problem)
{
    add(metrics, CELL_OF(refusals) + (size_t)problem, 1);
}

void metrics_request(struct metrics *metrics, enum asked asked)
{
    add(metrics, CELL_OF(requests) + (size_t)asked, 1);
}

void metrics_reply(struct metrics *metrics, enum asked asked, unsigned status,
                   uint64_t nanoseconds)
{
    const size_t class = status / 100 < STATUS_CLASSES ? status / 100 : 0;
    size_t bucket = 0;
    while (bucket < LATENCY_BUCKETS - 1 &&
           nanoseconds > (uint64_t)metric_latency_ends[bucket] * 1000)
        bucket++;
    add(metrics, CELL_OF(replies) + (size_t)asked * STATUS_CLASSES + class, 1);
    add(metrics, CELL_OF(latency) + (size_t)asked * LATENCY_BUCKETS + bucket, 1);
    add(metrics, CELL_OF(latency_nanoseconds) + (size_t)asked, nanoseconds);
}

/* ---- reading ------------------------------------------------------------------------
 */

struct blocks {
    size_t count;
    const struct block *rows[SLOTS_MAX + 1];
};

static void list_blocks(const struct metrics *metrics, struct blocks *out)
{
    out->count = 0;
    out->rows[out->count++] = &metrics->shared;
    for (size_t slot = 0; slot < SLOTS_MAX; slot++) {
        const struct block *block =
            atomic_load_explicit(&metrics->blocks[slot], memory_order_acquire);
        if (block)
            out->rows[out->count++] = block;
    }
}

void metrics_read(const struct metrics *metrics, struct metrics_sum *out)
{
    uint64_t cells[CELLS] = {0};
    struct blocks blocks;
    list_blocks(metrics, &blocks);
    for (size_t index = 0; index < blocks.count; index++) {
        for (size_t cell = 0; cell < CELLS; cell++)
            cells[cell] += atomic_load_explicit(&blocks.rows[index]->cells[cell],
                                                memory_order_relaxed);
    }
    memcpy(out, cells, sizeof *out);
}

static uint64_t count_found(const struct blocks *blocks, size_t cell)
{
    uint64_t count = 0;
    for (size_t index = 0; index < blocks->count; index++)
        count += atomic_load_explicit(&blocks->rows[index]->findings[cell],
                                      memory_order_relaxed);
    return count;
}

static const char *brand_at(const struct metrics *metrics, size_t place)
{
    const char *name =
        place < METRIC_BRANDS_MAX - 1
            ? atomic_load_explicit(&metrics->brands[place], memory_order_acquire)
            : NULL;
    return name ? name : "";
}

static int has_brand(const struct metrics *metrics, size_t place)
{
    return place == METRIC_BRANDS_MAX - 1 || brand_at(metrics, place)[0] != '\0';
}

void metrics_each_finding(const struct metrics *metrics,
                          void (*each)(const struct metrics_findings *findings,
                                       void *context),
                          void *context)
{
    const size_t of_brand = FINDING_CELLS / METRIC_BRANDS_MAX;
    struct blocks blocks;
    list_blocks(metrics, &blocks);
    for (size_t cell = 0; cell < FINDING_CELLS; cell++) {
        const size_t place = cell / of_brand;
        if (!has_brand(metrics, place))
            continue;
        const struct metrics_findings findings = {
            .kind = (sieve_kind)(cell % of_brand / (SIEVE_FORM_COUNT * CONFIDENCES)),
            .brand = brand_at(metrics, place),
            .form = (sieve_form)(cell / CONFIDENCES % SIEVE_FORM_COUNT),
            .confidence = (sieve_confidence)(cell % CONFIDENCES + 1),
            .count = count_found(&blocks, cell),
        };
        if (findings.count > 0)
            each(&findings, context);
    }
}
