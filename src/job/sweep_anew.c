/* sweep_anew.c - tables that are read again, because what was read of them does not fit.
 */
#include <string.h>

#include "job/sweep_inside.h"

/* Forgets what was read of a table, so that it is read again. */
static sieve_status forget(struct sweep *sweep, struct sweep_table *table)
{
    memset(table->done, 0, (size_t)table->table->range_count);
    table->next = 0;
    table->was_counted = 0;
    sweep_leave_out(table, sweep->plan->sample);
    sweep_forget_columns(table);
    sweep_count_left(table);
    sweep_await_table(sweep, table);
    return ledger_forget(sweep->ledger, table->id);
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
        const struct ledger_place place = {table->id, index, NULL};
        status = ledger_sums_of(sweep->ledger, &place, &sums);
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
    struct ledger_missed_sums missed;
    if (!table->was_counted)
        return SIEVE_OK;
    sieve_status status = ledger_sums(sweep->ledger, table->id, &rows, &bytes);
    if (status == SIEVE_OK)
        status = ledger_missed_sum(sweep->ledger, table->id, &missed);
    if (status == SIEVE_OK && sweep->is_continued && !table->is_sampled)
        *anew_out = table->rows != UINT64_MAX && missed.are_rows_known &&
                    rows + missed.rows != table->rows;
    return status == SIEVE_OK ? drop_names(sweep, table, anew_out) : status;
}

sieve_status sweep_mark_anew(struct sweep *sweep, int *are_some_out)
{
    *are_some_out = 0;
    for (size_t index = 0; index < sweep->table_count; index++) {
        struct sweep_table *table = &sweep->tables[index];
        int anew = 0;
        sieve_status status = is_to_be_read_anew(sweep, table, &anew);
        if (status == SIEVE_OK && anew) {
            status = forget(sweep, table);
            *are_some_out = 1;
        }
        if (status != SIEVE_OK)
            return status;
    }
    sweep->next_table = 0;
    sweep->next_count = 0;
    sweep->next_early_count = 0;
    for (size_t index = 0; index < sweep->sweeper_count; index++)
        sweep->sweepers[index].cells_of = NULL; /* made with the names as they were */
    return SIEVE_OK;
}
