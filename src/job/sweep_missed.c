/* sweep_missed.c - rows and values that could not be read: entered, and told. */
#include "job/sweep_inside.h"

/* Of one table; the ledger has all. */
#define MISSED_TOLD_MAX 1000u

#define UNKNOWN_REASON "it could not be read"

/* What names the row; `row` and the shelf's locator are NUL-ended then. */
static sieve_status name_row(struct sweeper *sweeper, const struct missed *missed,
                             struct shelf *shelf, struct buffer *row)
{
    const struct sweep *sweep = sweeper->sweep;
    struct table table = *sweeper->table->table;
    const struct row lost = {.cells = missed->cells, .locator = missed->locator};
    const char *locator = table.locator ? table.locator : sweep->database->ops->locator;
    if (!missed->cells)
        table.column_count = 0; /* it has no key that is known */
    sieve_status status = shelf_add(shelf, &table, &lost);
    if (status == SIEVE_OK)
        status =
            shelf_row(shelf, 0, &table, locator ? locator : "row", sweep->run->veil, row);
    return status == SIEVE_OK ? buffer_append(row, bytes_of("", 1)) : status;
}

sieve_status sweep_missed(const struct missed *missed, void *context)
{
    struct sweeper *sweeper = context;
    struct shelf shelf;
    struct buffer row;
    shelf_init(&shelf);
    buffer_init(&row, NAME_LENGTH_MAX);
    sieve_status status = name_row(sweeper, missed, &shelf, &row);
    if (status == SIEVE_OK) {
        const struct ledger_missed entry = {
            .row = (const char *)row.at,
            .locator = shelf_locator(&shelf),
            .has_column = missed->column != MISSED_ROW,
            .column = missed->column,
            .rows = missed->rows,
            .reason = missed->error->reason ? missed->error->reason : UNKNOWN_REASON,
            .code = missed->error->code,
        };
        status = ledger_miss(sweeper->sweep->ledger, &sweeper->range, &entry);
    }
    shelf_done(&shelf);
    buffer_done(&row);
    sweeper->failure = status;
    return status;
}

/* ---- telling ----------------------------------------------------------------------- */

struct telling {
    struct sweep *sweep;
    const struct sweep_table *table;
    struct place place;
    unsigned told;
};

static sieve_status tell(const struct ledger_missed *missed, void *context)
{
    struct telling *telling = context;
    struct place place = telling->place;
    if (telling->told++ >= MISSED_TOLD_MAX)
        return SIEVE_OK;
    if (missed->has_column && missed->column < telling->table->table->column_count)
        place.field = bytes_of_text(telling->table->column_names[missed->column]);
    place.row = bytes_of_text(missed->row);
    return desk_unexamined(telling->sweep->run->desk, &place, missed->reason, 0);
}

sieve_status sweep_tell_missed(struct sweep *sweep, const struct sweep_table *table,
                               const struct place *place)
{
    struct telling telling = {.sweep = sweep, .table = table, .place = *place};
    return ledger_missed(sweep->ledger, table->id, tell, &telling);
}
