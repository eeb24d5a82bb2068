#include "job/sweep.h"

#include <stdlib.h>
#include <time.h>

#include "job/limiter.h"
#include "job/sweep_inside.h"
#include "source/choice.h"
#include "source/locate.h"

#define WATCH_EVERY 100000000 /* nanoseconds between looks at whether to stop */

int sweep_is_stopped(const struct sweep *sweep)
{
    return sweep->run->stop &&
           atomic_load_explicit(sweep->run->stop->flag, memory_order_relaxed);
}

void sweep_table_failed(struct sweep *sweep, struct sweep_table *table,
                        const char *reason)
{
    pthread_mutex_lock(&sweep->lock);
    if (!table->reason)
        table->reason = reason;
    table->failures++;
    pthread_mutex_unlock(&sweep->lock);
}

/* ---- who reads what ---------------------------------------------------------------- */

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

/* Tables are counted when all ranges are taken. */
static struct sweep_table *take_count(struct sweep *sweep)
{
    struct sweep_table *table = NULL;
    pthread_mutex_lock(&sweep->lock);
    while (!table && sweep->next_count < sweep->table_count &&
           sweep->failure == SIEVE_OK) {
        table = &sweep->tables[sweep->next_count++];
        if (table->table->unreadable || table->reason || table->was_counted)
            table = NULL;
    }
    pthread_mutex_unlock(&sweep->lock);
    return table;
}

static void count_table(struct sweeper *sweeper, struct sweep_table *table)
{
    struct database_error error = {.reason = NULL};
    struct reader *reader = sweeper->reader;
    uint64_t rows = 0;
    sieve_status status =
        reader->database->ops->count(reader, table->table, &rows, &error);
    if (status == SIEVE_OK) {
        table->rows = rows;
        table->was_counted = 1;
    } else if (!sweep_is_stopped(sweeper->sweep)) {
        sweeper->is_lost = error.is_lost;
        sweep_table_failed(sweeper->sweep, table,
                           error.reason ? error.reason : "its rows could not be counted");
    }
}

static void *sweep_thread(void *context)
{
    struct sweeper *sweeper = context;
    struct sweep *sweep = sweeper->sweep;
    struct sweep_table *table = NULL;
    uint64_t range = 0;
    while (!sweep_is_stopped(sweep) && !sweeper->is_lost &&
           take_range(sweep, &table, &range))
        sweep_range(sweeper, table, range);
    while (!sweep_is_stopped(sweep) && !sweeper->is_lost &&
           (table = take_count(sweep)) != NULL)
        count_table(sweeper, table);
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
    sieve_scanner_free(sweeper->scanner);
    if (sweeper->reader)
        sweeper->reader->database->ops->reader_free(sweeper->reader);
}

/* As many as were asked for, or as the snapshot allows. */
static sieve_status make_sweepers(struct sweep *sweep, struct database_error *error)
{
    const unsigned wanted = sweep->plan->readers ? sweep->plan->readers : READERS_DEFAULT;
    sweep->sweepers = calloc(wanted, sizeof sweep->sweepers[0]);
    if (!sweep->sweepers)
        return SIEVE_E_MEMORY;
    for (unsigned index = 0; index < wanted; index++) {
        struct sweeper *sweeper = &sweep->sweepers[index];
        sweeper->sweep = sweep;
        shelf_init(&sweeper->shelf);
        buffer_init(&sweeper->row, NAME_LENGTH_MAX);
        sieve_status status =
            sweep->database->ops->reader(sweep->database, &sweeper->reader, error);
        if (status == SIEVE_E_STATE && index > 0)
            break;
        sweep->sweeper_count = index + 1;
        if (status == SIEVE_OK)
            status = sieve_scanner_new(sweep->run->ruleset, &sweeper->scanner);
        if (status != SIEVE_OK)
            return status;
    }
    return SIEVE_OK;
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

static sieve_status run_sweepers(struct sweep *sweep)
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

/* ---- the run ----------------------------------------------------------------------- */

static sieve_status tell_thing(struct sweep *sweep, struct safe_text *thing,
                               const char *text)
{
    return veil_set(sweep->run->veil, thing, bytes_of_text(text));
}

/* What there is, and whether all that was asked for is there. */
static sieve_status list(struct sweep *sweep, struct safe_text *thing,
                         struct database_error *error, const struct table **out,
                         size_t *count_out)
{
    sieve_status status =
        sweep->database->ops->tables(sweep->database, out, count_out, error);
    if (status != SIEVE_OK)
        return status;
    const char *unmatched = choice_unmatched(&sweep->plan->choice, *out, *count_out);
    if (!unmatched)
        return SIEVE_OK;
    error->reason = "there is nothing of this name";
    status = tell_thing(sweep, thing, unmatched);
    return status == SIEVE_OK ? SIEVE_E_INVALID : status;
}

/* 1 if a column's name was taken for more than its values allow: it is forgotten. */
static sieve_status drop_names(struct sweep *sweep, struct sweep_table *table,
                               int *dropped_out)
{
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < table->table->column_count; index++) {
        struct ledger_sums sums;
        if (table->effects[index] != NAME_LOWERS || table->table->columns[index].left_out)
            continue;
        status = ledger_column_sums(sweep->ledger, table->id, index, &sums);
        if (status != SIEVE_OK)
            break;
        if (!column_outweighs_name(&sums.counts, table->effects[index]))
            continue;
        table->columns[index].prefix = NULL;
        table->effects[index] = NAME_SILENT;
        *dropped_out = 1;
    }
    return status;
}

/* Ranges of several snapshots that do not add up, because rows came or went between
 * these, are read anew in this one; and so is a table with a column whose name misled. */
static sieve_status is_to_be_read_anew(struct sweep *sweep, struct sweep_table *table,
                                       int *anew_out)
{
    uint64_t rows = 0;
    uint64_t bytes = 0;
    if (!table->was_counted)
        return SIEVE_OK;
    sieve_status status = ledger_sums(sweep->ledger, table->id, &rows, &bytes);
    if (status == SIEVE_OK && sweep->plan->resume && !table->is_sampled)
        *anew_out = rows != table->rows;
    return status == SIEVE_OK ? drop_names(sweep, table, anew_out) : status;
}

static sieve_status read_anew(struct sweep *sweep)
{
    int are_some = 0;
    for (size_t index = 0; index < sweep->table_count; index++) {
        struct sweep_table *table = &sweep->tables[index];
        int anew = 0;
        sieve_status status = is_to_be_read_anew(sweep, table, &anew);
        if (status == SIEVE_OK && anew) {
            status = sweep_read_anew(sweep, table);
            are_some = 1;
        }
        if (status != SIEVE_OK)
            return status;
    }
    sweep->next_table = 0;
    sweep->next_count = 0;
    for (size_t index = 0; index < sweep->sweeper_count; index++)
        sweep->sweepers[index].cells_of = NULL; /* made with the names as they were */
    return are_some ? run_sweepers(sweep) : SIEVE_OK;
}

static sieve_status sweep_all(struct sweep *sweep, const struct table *tables,
                              size_t count, struct safe_text *thing,
                              struct database_error *error)
{
    sieve_status status = sweep_open_ledger(sweep, thing, &error->reason);
    desk_sweep_begins(sweep->run->desk, sweep->cards_before);
    if (status == SIEVE_OK)
        status = sweep_make_tables(sweep, tables, count);
    if (status == SIEVE_OK && sweep->plan->rate > 0)
        status = limiter_new(sweep->plan->rate,
                             sweep->run->stop ? sweep->run->stop->flag : NULL,
                             &sweep->limiter);
    if (status == SIEVE_OK)
        status = make_sweepers(sweep, error);
    if (status == SIEVE_OK)
        status = run_sweepers(sweep);
    if (status == SIEVE_OK && !sweep_is_stopped(sweep))
        status = read_anew(sweep);
    if (status == SIEVE_OK)
        status = sweep_report(sweep);
    if (status == SIEVE_OK)
        desk_sweep(sweep->run->desk, ledger_snapshots(sweep->ledger), 0);
    return status;
}

static sieve_status run_open(struct sweep *sweep, struct safe_text *thing,
                             struct database_error *error)
{
    const struct table *tables = NULL;
    size_t count = 0;
    sieve_status status = list(sweep, thing, error, &tables, &count);
    if (status != SIEVE_OK)
        return status;
    if (!sweep->plan->dry_run)
        return sweep_all(sweep, tables, count, thing, error);
    status = sweep_make_tables(sweep, tables, count);
    if (status == SIEVE_OK)
        status = sweep_tell_plan(sweep);
    if (status == SIEVE_OK)
        desk_sweep(sweep->run->desk, 1, 1);
    return status;
}

static sieve_status sweep_done(struct sweep *sweep, sieve_status status,
                               struct database_error *error)
{
    for (size_t index = 0; index < sweep->sweeper_count; index++)
        sweeper_done(&sweep->sweepers[index]);
    free(sweep->sweepers);
    for (size_t index = 0; index < sweep->table_count; index++)
        sweep_table_done(&sweep->tables[index]);
    free(sweep->tables);
    if (ledger_close(sweep->ledger) != SIEVE_OK && status == SIEVE_OK) {
        status = SIEVE_E_IO;
        error->reason = "the ledger could not be written";
    }
    limiter_free(sweep->limiter);
    sieve_ruleset_free(sweep->probe_rules);
    if (sweep->database)
        sweep->database->ops->free(sweep->database);
    safe_text_done(&sweep->target);
    pthread_cond_destroy(&sweep->ended);
    pthread_mutex_destroy(&sweep->lock);
    return status;
}

/* Opens what the target names; what is shown of it holds no password. */
static sieve_status open_target(struct sweep *sweep, const char *target,
                                struct database_error *error)
{
    int is_one = 0;
    char *shown = NULL;
    sieve_status status = database_shown(target, &shown);
    if (status == SIEVE_OK)
        status = veil_set(sweep->run->veil, &sweep->target, bytes_of_text(shown));
    if (status == SIEVE_OK) /* NUL-ended behind its length */
        status = buffer_append(&sweep->target.buffer, bytes_of("", 1));
    if (status == SIEVE_OK) {
        sweep->target.buffer.length--;
        status =
            database_open(target, &sweep->plan->choice, &sweep->database, &is_one, error);
    }
    free(shown);
    return status;
}

sieve_status sweep_run(const struct run *run, const char *target, struct safe_text *thing,
                       const char **reason_out)
{
    struct sweep sweep = {.run = run, .plan = &run->plan->sweep};
    struct database_error error = {.reason = NULL};
    char *own = NULL;
    sieve_status status = SIEVE_OK;
    if (!target)
        status = ledger_target(sweep.plan->resume, &own, reason_out);
    if (status != SIEVE_OK)
        return veil_set(run->veil, thing, bytes_of_text(sweep.plan->resume)) == SIEVE_OK
                   ? status
                   : SIEVE_E_MEMORY;
    safe_text_init(&sweep.target);
    pthread_mutex_init(&sweep.lock, NULL);
    pthread_cond_init(&sweep.ended, NULL);
    status = open_target(&sweep, target ? target : own, &error);
    if (status == SIEVE_OK)
        status = run_open(&sweep, thing, &error);
    if (status != SIEVE_OK && safe_text_bytes(thing).length == 0 &&
        safe_text_set(thing, safe_text_bytes(&sweep.target), NULL) != SIEVE_OK)
        status = SIEVE_E_MEMORY;
    status = sweep_done(&sweep, status, &error);
    if (status != SIEVE_OK)
        *reason_out = error.reason;
    free(own);
    return status;
}
