#include "job/sweep_inside.h"

#include <stdlib.h>
#include <time.h>

#include "job/limiter.h"

#define RECONNECT_PAUSE 200u /* milliseconds, and twice as many each time */

/* ---- findings ---------------------------------------------------------------------- */

/* Rows of a block are counted from the range's first. */
static sieve_status name_row(struct sweeper *sweeper, uint64_t row)
{
    const struct sweep *sweep = sweeper->sweep;
    const struct table *table = sweeper->table->table;
    const char *locator = table->locator;
    if (!locator)
        locator = sweep->database->ops->locator;
    if (sweeper->row_named == row + 1)
        return SIEVE_OK;
    if (table->kind == TABLE_FREED)
        locator = "place";
    sieve_status status =
        shelf_row(&sweeper->shelf, (size_t)(row - sweeper->first_row), table,
                  locator ? locator : "row", sweep->run->veil, &sweeper->row);
    if (status == SIEVE_OK)
        status = buffer_append(&sweeper->row, bytes_of("", 1));
    if (status == SIEVE_OK)
        sweeper->row_named = row + 1;
    return status;
}

/* 1 if it is told with the part before or behind. */
static int is_of_other_part(const struct sweeper *sweeper, size_t column,
                            const sieve_finding *finding)
{
    const uint64_t end = finding->offset + finding->length;
    return sweeper->lead + sweeper->tail > 0 &&
           !sweeper->table->table->columns[column].is_key &&
           (end <= sweeper->lead || end > sweeper->part_length - sweeper->tail);
}

static sieve_status tell_finding(size_t column, uint64_t row, struct bytes value,
                                 const sieve_finding *finding, void *context)
{
    struct sweeper *sweeper = context;
    struct sweep *sweep = sweeper->sweep;
    struct headway *headway = desk_headway(sweep->run->desk);
    struct ledger_finding found = {.column = column, .finding = *finding};
    if (is_of_other_part(sweeper, column, finding))
        return SIEVE_OK;
    sieve_status status = name_row(sweeper, row);
    if (status == SIEVE_OK)
        status = sweep_find_key(sweeper, row, value, &found);
    if (status == SIEVE_OK)
        status = desk_ordinal(sweep->run->desk, finding, &found.card);
    if (status == SIEVE_OK) {
        found.row = (const char *)sweeper->row.at;
        found.locator = shelf_locator(&sweeper->shelf);
        status = ledger_add(sweep->ledger, &sweeper->range, &found);
    }
    headway_add(&headway->findings, 1);
    sweeper->told_findings++;
    return status;
}

/* ---- rows -------------------------------------------------------------------------- */

static void pay_limiter(struct sweeper *sweeper)
{
    limiter_take(sweeper->sweep->limiter, sweeper->owed_bytes);
    sweeper->owed_bytes = 0;
}

static sieve_status judge_block(struct sweeper *sweeper)
{
    const uint64_t bytes = sweeper->range.bytes - sweeper->told_bytes;
    sieve_status status = cells_judge(sweeper->cells);
    shelf_clear(&sweeper->shelf);
    sweeper->first_row = sweeper->range.rows;
    sweeper->row_named = 0;
    sweeper->told_bytes = sweeper->range.bytes;
    headway_add(&desk_headway(sweeper->sweep->run->desk)->bytes, bytes);
    sweeper->owed_bytes += bytes;
    if (!sweeper->sweep->database->ops->is_hasty)
        pay_limiter(sweeper);
    return status;
}

static sieve_status add_cells(struct sweeper *sweeper, const struct row *row)
{
    const struct table *table = sweeper->table->table;
    sieve_status status = shelf_add(&sweeper->shelf, table, row);
    for (size_t index = 0; index < table->column_count && status == SIEVE_OK; index++) {
        const struct cell *cell = &row->cells[index];
        if (!cell->bytes.at || table->columns[index].left_out ||
            (row->is_rest && table->columns[index].is_key))
            continue;
        if (cell->is_number) {
            sweeper->range.bytes += sizeof cell->number;
            status = cells_add_number(sweeper->cells, index, sweeper->range.rows,
                                      cell->number);
        } else {
            sweeper->range.bytes += cell->bytes.length;
            status = cells_add(sweeper->cells, index, sweeper->range.rows, cell->bytes);
        }
    }
    return status;
}

/* The rest of a row has the number of the row: that is judged by itself. */
static sieve_status go_back(struct sweeper *sweeper)
{
    sieve_status status = judge_block(sweeper);
    if (sweeper->range.rows == 0)
        return SIEVE_E_INTERNAL;
    sweeper->range.rows--;
    sweeper->first_row = sweeper->range.rows;
    return status;
}

/* A part of something long is judged by itself. */
static sieve_status add_part(struct sweeper *sweeper, const struct row *row)
{
    const struct table *table = sweeper->table->table;
    sieve_status status = judge_block(sweeper);
    for (size_t index = 0; index < table->column_count; index++) {
        if (!table->columns[index].is_key)
            sweeper->part_length = row->cells[index].bytes.length;
    }
    sweeper->lead = row->lead;
    sweeper->tail = row->tail;
    if (status == SIEVE_OK)
        status = add_cells(sweeper, row);
    sweeper->range.rows++;
    if (status == SIEVE_OK)
        status = judge_block(sweeper);
    sweeper->lead = 0;
    sweeper->tail = 0;
    return status;
}

/* What fails here is ours. */
static sieve_status take_row(const struct row *row, void *context)
{
    struct sweeper *sweeper = context;
    if (sweep_is_stopped(sweeper->sweep))
        return SIEVE_STOPPED;
    sieve_status status = row->is_rest ? go_back(sweeper) : SIEVE_OK;
    if (row->lead + row->tail > 0) {
        sweeper->failure = status == SIEVE_OK ? add_part(sweeper, row) : status;
        return sweeper->failure;
    }
    if (status == SIEVE_OK)
        status = add_cells(sweeper, row);
    sweeper->range.rows++;
    if (status == SIEVE_OK && cells_are_full(sweeper->cells, sweeper->shelf.count))
        status = judge_block(sweeper);
    sweeper->failure = status;
    return status;
}

/* ---- one range --------------------------------------------------------------------- */

static sieve_status make_cells(struct sweeper *sweeper, const struct sweep_table *table)
{
    const size_t count = table->table->column_count;
    if (sweeper->cells_of == table)
        return SIEVE_OK;
    cells_free(sweeper->cells);
    sweeper->cells = NULL;
    sweeper->cells_of = NULL;
    if (count > sweeper->count_capacity) {
        free(sweeper->counts);
        sweeper->count_capacity = 0;
        sweeper->counts = calloc(count, sizeof sweeper->counts[0]);
        if (!sweeper->counts)
            return SIEVE_E_MEMORY;
        sweeper->count_capacity = count;
    }
    const struct cell_taker taker = {tell_finding, sweeper};
    sieve_status status = cells_new(sweeper->scanner, sweeper->sweep->tiers,
                                    table->columns, count, &taker, &sweeper->cells);
    if (status == SIEVE_OK)
        sweeper->cells_of = table;
    return status;
}

/* Where a database has no one snapshot, each of its states that was seen is one. */
static sieve_status note_state(struct sweep *sweep, uint64_t state)
{
    sieve_status status = SIEVE_OK;
    pthread_mutex_lock(&sweep->lock);
    if (sweep->states == 0)
        sweep->states = 1; /* it was begun with the database */
    while (sweep->states < state && status == SIEVE_OK) {
        status = ledger_begin_snapshot(sweep->ledger, sweep->database_name);
        sweep->states++;
    }
    pthread_mutex_unlock(&sweep->lock);
    return status;
}

/* What came of a range that was not read to its end must not be counted. */
static sieve_status drop_range(struct sweeper *sweeper)
{
    struct headway *headway = desk_headway(sweeper->sweep->run->desk);
    headway_add(&headway->findings, 0 - sweeper->told_findings);
    shelf_clear(&sweeper->shelf);
    cells_free(sweeper->cells);
    sweeper->cells = NULL;
    sweeper->cells_of = NULL;
    return ledger_drop_range(sweeper->sweep->ledger, &sweeper->range);
}

static void fail_run(struct sweep *sweep, sieve_status status)
{
    pthread_mutex_lock(&sweep->lock);
    if (sweep->failure == SIEVE_OK)
        sweep->failure = status;
    pthread_mutex_unlock(&sweep->lock);
}

static sieve_status read_range(struct sweeper *sweeper, struct sweep_table *table,
                               uint64_t range, struct database_error *error)
{
    struct reader *reader = sweeper->reader;
    sweeper->table = table;
    sweeper->failure = SIEVE_OK;
    sweeper->row_named = 0;
    sweeper->walk_row = 0;
    sweeper->first_row = 0;
    sweeper->told_bytes = 0;
    sweeper->told_findings = 0;
    sweeper->range = (struct ledger_range){
        .table = table->id, .range = range, .started = (uint64_t)time(NULL)};
    sieve_status status = make_cells(sweeper, table);
    sweeper->failure = status;
    if (status == SIEVE_OK)
        status = reader->database->ops->read(reader, table->table, range, take_row,
                                             sweeper, error);
    if (status == SIEVE_OK) {
        status = judge_block(sweeper);
        if (status == SIEVE_OK)
            status = note_state(sweeper->sweep, reader->state);
        if (status == SIEVE_OK)
            status = sweep_end_range(sweeper);
        sweeper->failure = status;
    }
    return status;
}

/* Whoever cancels must not meet a reader that is being freed. */
static void exchange_reader(struct sweeper *sweeper, struct reader *reader)
{
    pthread_mutex_lock(&sweeper->sweep->lock);
    struct reader *old = sweeper->reader;
    sweeper->reader = reader;
    pthread_mutex_unlock(&sweeper->sweep->lock);
    if (old)
        sweeper->sweep->database->ops->reader_free(old);
}

/* 1 if there is a new connection in the same snapshot, in place of the one that was lost.
 */
static int reconnect(struct sweeper *sweeper)
{
    struct sweep *sweep = sweeper->sweep;
    const atomic_int *stop = sweep->run->stop ? sweep->run->stop->flag : NULL;
    exchange_reader(sweeper, NULL);
    while (sweeper->reconnects < RECONNECTS_MAX && !sweep_is_stopped(sweep)) {
        struct database_error error = {.reason = NULL};
        struct reader *reader = NULL;
        limiter_pause(RECONNECT_PAUSE << sweeper->reconnects, stop);
        sweeper->reconnects++;
        if (sweep->database->ops->reader(sweep->database, &reader, &error) == SIEVE_OK) {
            exchange_reader(sweeper, reader);
            return 1;
        }
    }
    return 0;
}

/* Once: what came of it must be dropped if it fails. */
static sieve_status try_range(struct sweeper *sweeper, struct sweep_table *table,
                              uint64_t range, struct database_error *error)
{
    sieve_status status = read_range(sweeper, table, range, error);
    if (status == SIEVE_OK)
        return SIEVE_OK;
    sieve_status dropped = drop_range(sweeper);
    if (sweeper->failure == SIEVE_OK)
        sweeper->failure = dropped != SIEVE_OK        ? dropped
                           : status == SIEVE_E_MEMORY ? status
                                                      : SIEVE_OK;
    return status;
}

static void set_careful(struct sweeper *sweeper, int is_careful)
{
    sweeper->reader->on_missed = is_careful ? sweep_missed : NULL;
    sweeper->reader->missed_context = sweeper;
}

/* How often one range is read again because it changed meanwhile. */
#define MOVES_MAX 10u

/* A lost connection is replaced; what failed because of a row is read with care, once. */
static int may_try_again(struct sweeper *sweeper, const struct database_error *error,
                         int *is_careful, unsigned *moves)
{
    if (error->is_moved)
        return ++*moves < MOVES_MAX;
    if (error->is_lost)
        return !error->is_over && reconnect(sweeper);
    if (!error->is_partial || *is_careful)
        return 0;
    *is_careful = 1;
    return 1;
}

static void note_read(struct sweep *sweep, struct sweep_table *table, uint64_t range)
{
    pthread_mutex_lock(&sweep->lock);
    table->done[range] = 1;
    sweep->ranges_read++;
    const int is_whole = table->left == 0 && sweep_unread_ranges(table) == 0;
    pthread_mutex_unlock(&sweep->lock);
    headway_add(&desk_headway(sweep->run->desk)->ranges, 1);
    if (is_whole)
        headway_add(&desk_headway(sweep->run->desk)->tables, 1);
}

void sweep_range(struct sweeper *sweeper, struct sweep_table *table, uint64_t range)
{
    struct sweep *sweep = sweeper->sweep;
    sieve_status status = SIEVE_E_IO;
    struct database_error error;
    unsigned moves = 0;
    int is_careful = 0;
    do {
        error = (struct database_error){.reason = NULL};
        set_careful(sweeper, is_careful);
        status = try_range(sweeper, table, range, &error);
    } while (status != SIEVE_OK && !sweep_is_stopped(sweep) &&
             sweeper->failure == SIEVE_OK &&
             may_try_again(sweeper, &error, &is_careful, &moves));
    if (sweeper->reader)
        set_careful(sweeper, 0);
    pay_limiter(sweeper);
    sweep_range_is_over(sweep, table);
    if (status == SIEVE_OK) {
        note_read(sweep, table, range);
        limiter_pause(sweep->plan->pause,
                      sweep->run->stop ? sweep->run->stop->flag : NULL);
    } else if (sweep_is_stopped(sweep)) {
        return;
    } else if (sweeper->failure != SIEVE_OK) {
        fail_run(sweep, sweeper->failure);
    } else {
        sweeper->is_lost = error.is_lost;
        sweep_table_failed(sweep, table,
                           error.reason ? error.reason : "it could not be read");
    }
}
