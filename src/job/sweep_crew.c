#include "job/sweep_inside.h"

#include <stdlib.h>
#include <time.h>

#define KEY_COUNTS_MAX (64u << 20) /* bytes: 256 keys in each of 1,600 columns */

#define WATCH_EVERY 100000000 /* nanoseconds between looks at whether to stop */

/* ---- who reads what ---------------------------------------------------------------- */

void sweep_table_failed(struct sweep *sweep, struct sweep_table *table,
                        const char *reason)
{
    pthread_mutex_lock(&sweep->lock);
    if (!table->reason)
        table->reason = reason;
    table->failures++;
    pthread_mutex_unlock(&sweep->lock);
}

/* The next range of the table that is to be read, or its range count. */
static uint64_t next_range(struct sweep_table *table)
{
    while (table->next < table->table->range_count && table->done[table->next])
        table->next++;
    return table->next;
}

/* 0 if there is nothing left to take. */
static int take_range(struct sweep *sweep, struct sweep_table **table_out,
                      uint64_t *range_out)
{
    int is_taken = 0;
    pthread_mutex_lock(&sweep->lock);
    while (!is_taken && sweep->next_table < sweep->table_count &&
           sweep->failure == SIEVE_OK) {
        struct sweep_table *table = &sweep->tables[sweep->next_table];
        const uint64_t range = next_range(table);
        if (table->table->unreadable || table->failures >= TABLE_FAILURES_MAX ||
            range >= table->table->range_count) {
            sweep->next_table++;
            continue;
        }
        table->next++;
        *table_out = table;
        *range_out = range;
        is_taken = 1;
    }
    pthread_mutex_unlock(&sweep->lock);
    return is_taken;
}

static void *sweep_thread(void *context)
{
    struct sweeper *sweeper = context;
    struct sweep *sweep = sweeper->sweep;
    struct sweep_table *table = NULL;
    uint64_t range = 0;
    while (!sweeper->is_counter && !sweep_is_stopped(sweep) && !sweeper->is_lost &&
           take_range(sweep, &table, &range))
        sweep_range(sweeper, table, range);
    sweep_count_tables(sweeper);
    pthread_mutex_lock(&sweep->lock);
    sweep->running--;
    pthread_cond_signal(&sweep->ended);
    pthread_mutex_unlock(&sweep->lock);
    return NULL;
}

/* ---- sweepers ---------------------------------------------------------------------- */

static void sweeper_done(struct sweeper *sweeper)
{
    cells_free(sweeper->cells);
    shelf_done(&sweeper->shelf);
    buffer_done(&sweeper->row);
    free(sweeper->counts);
    buffer_done(&sweeper->keys);
    sieve_scanner_free(sweeper->scanner);
    if (sweeper->reader)
        sweeper->reader->database->ops->reader_free(sweeper->reader);
}

static sieve_status make_sweeper(struct sweep *sweep, struct database_error *error)
{
    struct sweeper *sweeper = &sweep->sweepers[sweep->sweeper_count];
    sweeper->sweep = sweep;
    sieve_status status =
        sweep->database->ops->reader(sweep->database, &sweeper->reader, error);
    if (status == SIEVE_E_STATE && sweep->sweeper_count > 0)
        return status;
    shelf_init(&sweeper->shelf);
    buffer_init(&sweeper->row, NAME_LENGTH_MAX);
    buffer_init(&sweeper->keys, KEY_COUNTS_MAX);
    sweep->sweeper_count++;
    return status == SIEVE_OK ? sieve_scanner_new(sweep->run->ruleset, &sweeper->scanner)
                              : status;
}

/* One that does nothing but count; without it the others do. */
static void make_counter(struct sweep *sweep)
{
    struct database_error missed;
    const size_t before = sweep->sweeper_count;
    if (make_sweeper(sweep, &missed) == SIEVE_OK)
        sweep->sweepers[before].is_counter = 1;
    else if (sweep->sweeper_count > before)
        sweeper_done(&sweep->sweepers[--sweep->sweeper_count]);
}

/* As many as were asked for, or as the snapshot allows. */
sieve_status sweep_make_crew(struct sweep *sweep, struct database_error *error)
{
    const unsigned wanted = sweep->plan->readers ? sweep->plan->readers : READERS_DEFAULT;
    sieve_status status = SIEVE_OK;
    sweep->sweepers = calloc((size_t)wanted + 1, sizeof sweep->sweepers[0]);
    if (!sweep->sweepers)
        return SIEVE_E_MEMORY;
    while (sweep->sweeper_count < wanted && status == SIEVE_OK)
        status = make_sweeper(sweep, error);
    if (status == SIEVE_E_STATE)
        sweep->lack = error->reason;
    if (status == SIEVE_OK && sweep_is_worth_counter(sweep))
        make_counter(sweep);
    return status == SIEVE_E_STATE && sweep->sweeper_count > 0 ? SIEVE_OK : status;
}

/* Waits for all; whoever is asked to stop must hear it inside of a long query too. */
static void wait_for_all(struct sweep *sweep)
{
    int is_cancelled = 0;
    pthread_mutex_lock(&sweep->lock);
    while (sweep->running > 0) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += WATCH_EVERY;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        (void)pthread_cond_timedwait(&sweep->ended, &sweep->lock, &until);
        if (!is_cancelled && sweep_is_stopped(sweep)) {
            is_cancelled = 1;
            for (size_t index = 0; index < sweep->sweeper_count; index++)
                if (sweep->sweepers[index].reader)
                    sweep->database->ops->cancel(sweep->sweepers[index].reader);
        }
    }
    pthread_mutex_unlock(&sweep->lock);
}

sieve_status sweep_run_crew(struct sweep *sweep)
{
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < sweep->sweeper_count; index++) {
        struct sweeper *sweeper = &sweep->sweepers[index];
        pthread_mutex_lock(&sweep->lock);
        sweep->running++;
        pthread_mutex_unlock(&sweep->lock);
        if (pthread_create(&sweeper->thread, NULL, sweep_thread, sweeper) == 0) {
            sweeper->is_started = 1;
            continue;
        }
        pthread_mutex_lock(&sweep->lock);
        sweep->running--;
        pthread_mutex_unlock(&sweep->lock);
        /* Fewer threads do the same work. */
        status = index == 0 ? SIEVE_E_MEMORY : SIEVE_OK;
        break;
    }
    wait_for_all(sweep);
    for (size_t index = 0; index < sweep->sweeper_count; index++) {
        if (sweep->sweepers[index].is_started)
            (void)pthread_join(sweep->sweepers[index].thread, NULL);
    }
    return status == SIEVE_OK ? sweep->failure : status;
}

void sweep_crew_done(struct sweep *sweep)
{
    for (size_t index = 0; index < sweep->sweeper_count; index++)
        sweeper_done(&sweep->sweepers[index]);
    free(sweep->sweepers);
    sweep->sweepers = NULL;
    sweep->sweeper_count = 0;
}

int sweep_crew_is_lost(const struct sweep *sweep)
{
    for (size_t index = 0; index < sweep->sweeper_count; index++) {
        if (sweep->sweepers[index].is_lost)
            return 1;
    }
    return 0;
}
