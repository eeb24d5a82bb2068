/* How many rows a table has, counted by the database itself: the proof that all of them
 * were read.  Where that takes long, one connection more counts while the others read. */
#include "job/sweep_inside.h"

/* Rows that are counted in no time. */
#define COUNTED_AT_ONCE 1000000u

int sweep_is_worth_counter(const struct sweep *sweep)
{
    uint64_t rows = 0;
    if (sweep->plan->rate > 0 || sweep->plan->pause > 0)
        return 0; /* the server is not to be hurried */
    for (size_t index = 0; index < sweep->table_count; index++) {
        const struct table *table = sweep->tables[index].table;
        if (table->kind == TABLE_ROWS && !table->unreadable && table->rows != UINT64_MAX)
            rows += table->rows;
    }
    return rows > COUNTED_AT_ONCE;
}

/* What is kept in no snapshot can be counted only when it was read: after all ranges
 * were taken. */
static int is_countable(const struct sweep_table *table, int is_early)
{
    return !table->table->unreadable && !table->reason && !table->was_counted &&
           !table->is_being_counted && (!is_early || table->table->kind == TABLE_ROWS);
}

static struct sweep_table *take_table(struct sweep *sweep, size_t *next, int is_early)
{
    struct sweep_table *table = NULL;
    pthread_mutex_lock(&sweep->lock);
    while (!table && *next < sweep->table_count && sweep->failure == SIEVE_OK) {
        table = &sweep->tables[(*next)++];
        if (is_countable(table, is_early))
            table->is_being_counted = 1;
        else
            table = NULL;
    }
    pthread_mutex_unlock(&sweep->lock);
    return table;
}

static void count_table(struct sweeper *sweeper, struct sweep_table *table)
{
    struct database_error error = {.reason = NULL};
    struct reader *reader = sweeper->reader;
    struct sweep *sweep = sweeper->sweep;
    uint64_t rows = 0;
    sieve_status status =
        reader->database->ops->count(reader, table->table, &rows, &error);
    pthread_mutex_lock(&sweep->lock);
    table->is_being_counted = 0;
    if (status == SIEVE_OK) {
        table->rows = rows;
        table->was_counted = 1;
    }
    pthread_mutex_unlock(&sweep->lock);
    if (status == SIEVE_OK || sweep_is_stopped(sweep))
        return;
    sweeper->is_lost = error.is_lost;
    sweep_table_failed(sweep, table,
                       error.reason ? error.reason : "its rows could not be counted");
}

void sweep_count_tables(struct sweeper *sweeper)
{
    struct sweep *sweep = sweeper->sweep;
    struct sweep_table *table = NULL;
    size_t *next = sweeper->is_counter ? &sweep->next_early_count : &sweep->next_count;
    while (!sweep_is_stopped(sweep) && !sweeper->is_lost &&
           (table = take_table(sweep, next, sweeper->is_counter)) != NULL)
        count_table(sweeper, table);
}
