#include "job/sweep_inside.h"

#include <stdlib.h>

#include "job/sweep_verdicts.h"

/* One table as it is told of. */
struct telling {
    struct sweep *sweep;
    struct sweep_table *table;
    struct place place;
    struct count count;
};

/* ---- why a table is not complete --------------------------------------------------- */

static const char *reason_of(const struct sweep *sweep, const struct sweep_table *table,
                             uint64_t rows_read, const struct ledger_missed_sums *missed)
{
    if (table->table->unreadable)
        return table->table->unreadable;
    if (table->reason)
        return table->reason;
    if (!table->was_counted && sweep_is_stopped(sweep))
        return "interrupted";
    if (table->is_sampled)
        return "only a sample of it was read";
    if (!table->was_counted)
        return "no connection was left to read it";
    if (missed->are_rows_known && rows_read + missed->rows != table->rows)
        return "the rows that were read are not those it has";
    if (missed->count > 0)
        return "some of its rows or values could not be read";
    return NULL;
}

/* ---- findings ---------------------------------------------------------------------- */

static sieve_status tell_finding(const struct ledger_finding *found, void *context)
{
    struct telling *telling = context;
    const struct scan_plan *plan = telling->sweep->run->plan;
    if (found->column >= telling->table->table->column_count)
        return SIEVE_E_CORRUPT;
    /* What chance explains is kept, and told to whoever asks for that little. */
    if (found->finding.confidence < plan->options.min_confidence)
        return SIEVE_OK;
    const struct sighting sighting = {
        .finding = &found->finding,
        .card = found->card,
        .field = bytes_of_text(telling->table->column_names[found->column]),
        .row = bytes_of_text(found->row),
        .key = found->key ? bytes_of_text(found->key) : bytes_of(NULL, 0),
    };
    count_finding(&telling->count, &found->finding);
    sieve_status status = desk_card_told(telling->sweep->run->desk, found->card);
    if (status != SIEVE_OK || plan->summary_only || plan->quiet)
        return status;
    return desk_sighting(telling->sweep->run->desk, &telling->place, &sighting);
}

/* ---- one table --------------------------------------------------------------------- */

static size_t left_out_count(const struct table *table)
{
    size_t count = 0;
    for (size_t column = 0; column < table->column_count; column++)
        count += table->columns[column].left_out != NULL;
    return count;
}

static sieve_status tell_table(struct telling *telling, struct verdicts *verdicts)
{
    struct sweep *sweep = telling->sweep;
    struct sweep_table *table = telling->table;
    struct column_entry *columns = NULL;
    struct table_entry entry = {
        .rows = table->was_counted ? table->rows : UINT64_MAX,
        .ranges = table->table->range_count,
        .left_out = left_out_count(table->table),
    };
    struct ledger_missed_sums missed;
    sieve_status status = verdicts_make(verdicts);
    if (status == SIEVE_OK)
        status = ledger_missed_sum(sweep->ledger, table->id, &missed);
    if (status == SIEVE_OK)
        status = verdicts_list(verdicts, &columns);
    if (status != SIEVE_OK)
        return status;
    status = ledger_sums(sweep->ledger, table->id, &entry.rows_read, &entry.bytes);
    if (status == SIEVE_OK)
        status = ledger_findings(sweep->ledger, table->id, sweep->run->ruleset,
                                 tell_finding, telling);
    if (status == SIEVE_OK)
        status = verdicts_tell_silent(verdicts, &telling->place);
    /* Each range was counted by itself. */
    if (table->was_counted && table->rows == UINT64_MAX && !table->is_sampled &&
        missed.are_rows_known)
        table->rows = entry.rows_read + missed.rows;
    if (table->was_counted)
        entry.rows = table->rows;
    const char *reason = reason_of(sweep, table, entry.rows_read, &missed);
    if (!reason && verdicts->silent > 0)
        reason = "keys inside of it hold valid numbers that their names lower";
    entry.is_complete = reason == NULL;
    sweep->is_left |= !table->was_counted && !table->table->unreadable;
    entry.columns = columns;
    entry.column_count = verdicts->count;
    if (status == SIEVE_OK)
        status = ledger_end_table(sweep->ledger, table->id, entry.rows, reason);
    if (status == SIEVE_OK && missed.count > 0)
        status = sweep_tell_missed(sweep, table, &telling->place);
    if (status == SIEVE_OK && reason)
        status = desk_unexamined(sweep->run->desk, &telling->place, reason, 0);
    if (status == SIEVE_OK)
        status = desk_table(sweep->run->desk, &telling->place, &entry, &telling->count);
    free(columns);
    return status;
}

static struct place sweep_place(const struct sweep *sweep,
                                const struct sweep_table *table)
{
    const char *name = sweep->database_name;
    if (sweep->database->ops->schemas_are_databases)
        name = table->schema_name;
    return (struct place){
        .target = sweep->target,
        .database = name ? bytes_of_text(name) : bytes_of(NULL, 0),
        .is_one_of_several = sweep->is_of_several,
        .table = bytes_of_text(table->name),
    };
}

sieve_status sweep_report(struct sweep *sweep)
{
    sieve_scanner *probe = NULL;
    sieve_status status = sieve_scanner_new(sweep->probe_rules, &probe);
    for (size_t index = 0; index < sweep->table_count && status == SIEVE_OK; index++) {
        struct sweep_table *table = &sweep->tables[index];
        struct telling telling = {
            .sweep = sweep,
            .table = table,
            .place = sweep_place(sweep, table),
        };
        struct verdicts verdicts = {.sweep = sweep, .table = table, .probe = probe};
        status = tell_table(&telling, &verdicts);
        verdicts_done(&verdicts);
    }
    sieve_scanner_free(probe);
    return status;
}

/* ---- a plan ------------------------------------------------------------------------ */

/* What one connection takes off a server that is near and not busy, in bytes a second. */
#define PLAN_RATE (100u << 20)

static uint64_t plan_rate(const struct sweep_plan *plan)
{
    const uint64_t readers = plan->readers ? plan->readers : READERS_DEFAULT;
    const uint64_t rate = readers * PLAN_RATE;
    return plan->rate > 0 && plan->rate < rate ? plan->rate : rate;
}

sieve_status sweep_tell_plan(struct sweep *sweep)
{
    const struct count none = {.findings = 0};
    desk_plan(sweep->run->desk, plan_rate(sweep->plan));
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < sweep->table_count && status == SIEVE_OK; index++) {
        const struct table *table = sweep->tables[index].table;
        const struct place place = sweep_place(sweep, &sweep->tables[index]);
        const struct table_entry entry = {
            .rows = table->rows,
            .bytes = table->bytes,
            .ranges = table->range_count,
            .left_out = left_out_count(table),
            .is_plan = 1,
        };
        if (table->unreadable)
            status = desk_unexamined(sweep->run->desk, &place, table->unreadable, 0);
        else
            status = desk_table(sweep->run->desk, &place, &entry, &none);
    }
    return status;
}
