#include "job/sweep_inside.h"

#include <stdio.h>
#include <stdlib.h>

/* Columns that far from each other tell of each other. */
#define NEAR_COLUMNS   12u
#define NEIGHBOURS_MAX 384u

/* One table as it is told of. */
struct telling {
    struct sweep *sweep;
    struct sweep_table *table;
    struct place place;
    enum column_verdict *verdicts;
    struct ledger_sums *sums; /* of the columns with findings, in order */
    char (*reasons)[COLUMN_REASON_MAX];
    struct column_entry *entries;
    size_t entry_count;
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

/* ---- verdicts ---------------------------------------------------------------------- */

/* "the expiry date (exp), a security code (cvv)": what columns near by are named. */
static void tell_neighbours(const struct sweep_table *table, size_t column,
                            char out[NEIGHBOURS_MAX])
{
    const size_t first = column > NEAR_COLUMNS ? column - NEAR_COLUMNS : 0;
    size_t length = 0;
    out[0] = '\0';
    for (size_t index = first;
         index < table->table->column_count && index <= column + NEAR_COLUMNS; index++) {
        const char *text = name_about_text(table->abouts[index]);
        if (index == column || !text || length >= NEIGHBOURS_MAX)
            continue;
        const int more =
            snprintf(out + length, NEIGHBOURS_MAX - length, "%s%s (%.48s)",
                     length > 0 ? ", " : "", text, table->column_names[index]);
        length += more > 0 ? (size_t)more : 0;
    }
}

static sieve_status add_entry(struct telling *telling, size_t column)
{
    struct ledger_sums *sums = &telling->sums[telling->entry_count];
    char *reason = telling->reasons[telling->entry_count];
    struct column_entry *entry = &telling->entries[telling->entry_count];
    const struct sweep_table *table = telling->table;
    char neighbours[NEIGHBOURS_MAX];
    struct ledger *ledger = telling->sweep->ledger;
    sieve_status status = ledger_column_sums(ledger, table->id, column, sums);
    if (status != SIEVE_OK)
        return status;
    const struct column_facts facts = {.counts = sums->counts,
                                       .effect = table->effects[column],
                                       .neighbours = neighbours};
    tell_neighbours(table, column, neighbours);
    const enum column_verdict verdict = column_judge(&facts, reason);
    telling->verdicts[column] = verdict;
    status =
        ledger_verdict(ledger, table->id, column, column_verdict_name(verdict), reason);
    if (verdict == COLUMN_CLEAN)
        return status;
    *entry = (struct column_entry){
        .name = bytes_of_text(table->column_names[column]),
        .verdict = column_verdict_name(verdict),
        .reason = reason,
        .findings = sums->counts.findings,
        .cards = sums->cards,
        .values = sums->counts.values,
        .sensitive = sums->sensitive,
        .brands = sums->brands,
        .first_row = bytes_of_text(sums->first_row),
    };
    telling->entry_count++;
    return status;
}

static sieve_status judge_columns(struct telling *telling)
{
    const struct table *table = telling->table->table;
    const size_t count = table->column_count ? table->column_count : 1;
    telling->verdicts = calloc(count, sizeof telling->verdicts[0]);
    telling->sums = calloc(count, sizeof telling->sums[0]);
    telling->reasons = calloc(count, sizeof telling->reasons[0]);
    telling->entries = calloc(count, sizeof telling->entries[0]);
    if (!telling->verdicts || !telling->sums || !telling->reasons || !telling->entries)
        return SIEVE_E_MEMORY;
    sieve_status status = SIEVE_OK;
    for (size_t column = 0; column < table->column_count && status == SIEVE_OK;
         column++) {
        if (!table->columns[column].left_out)
            status = add_entry(telling, column);
    }
    return status;
}

/* ---- findings ---------------------------------------------------------------------- */

static sieve_status tell_finding(const struct ledger_finding *found, void *context)
{
    struct telling *telling = context;
    const struct scan_plan *plan = telling->sweep->run->plan;
    sieve_finding finding = found->finding;
    if (found->column >= telling->table->table->column_count)
        return SIEVE_E_CORRUPT;
    /* What chance explains is kept, and told to whoever asks for that little. */
    if (telling->verdicts[found->column] == COLUMN_CHANCE &&
        finding.kind == SIEVE_KIND_PAN) {
        finding.confidence = SIEVE_LOW;
        if (plan->options.min_confidence > SIEVE_LOW)
            return SIEVE_OK;
    }
    const struct sighting sighting = {
        .finding = &finding,
        .card = found->card,
        .field = bytes_of_text(telling->table->column_names[found->column]),
        .row = bytes_of_text(found->row),
    };
    count_finding(&telling->count, &finding);
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

static sieve_status tell_table(struct telling *telling)
{
    struct sweep *sweep = telling->sweep;
    struct sweep_table *table = telling->table;
    struct table_entry entry = {
        .rows = table->was_counted ? table->rows : UINT64_MAX,
        .ranges = table->table->range_count,
        .left_out = left_out_count(table->table),
    };
    struct ledger_missed_sums missed;
    sieve_status status = judge_columns(telling);
    if (status == SIEVE_OK)
        status = ledger_missed_sum(sweep->ledger, table->id, &missed);
    if (status != SIEVE_OK)
        return status;
    status = ledger_sums(sweep->ledger, table->id, &entry.rows_read, &entry.bytes);
    if (status == SIEVE_OK)
        status = ledger_findings(sweep->ledger, table->id, sweep->run->ruleset,
                                 tell_finding, telling);
    const char *reason = reason_of(sweep, table, entry.rows_read, &missed);
    entry.is_complete = reason == NULL;
    entry.columns = telling->entries;
    entry.column_count = telling->entry_count;
    if (status == SIEVE_OK)
        status = ledger_end_table(sweep->ledger, table->id, entry.rows, reason);
    if (status == SIEVE_OK && missed.count > 0)
        status = sweep_tell_missed(sweep, table, &telling->place);
    if (status == SIEVE_OK && reason)
        status = desk_unexamined(sweep->run->desk, &telling->place, reason, 0);
    return status == SIEVE_OK
               ? desk_table(sweep->run->desk, &telling->place, &entry, &telling->count)
               : status;
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
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < sweep->table_count && status == SIEVE_OK; index++) {
        struct sweep_table *table = &sweep->tables[index];
        struct telling telling = {
            .sweep = sweep,
            .table = table,
            .place = sweep_place(sweep, table),
        };
        status = tell_table(&telling);
        free(telling.verdicts);
        free(telling.sums);
        free(telling.reasons);
        free(telling.entries);
    }
    return status;
}

/* ---- a plan ------------------------------------------------------------------------ */

sieve_status sweep_tell_plan(struct sweep *sweep)
{
    const struct count none = {.findings = 0};
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
