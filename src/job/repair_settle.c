#include <string.h>

#include "job/repair_judge_inside.h"

void judge_note_obstacle(struct judge *judge, size_t column, const char *obstacle,
                         const char *about, int follows)
{
    struct judged *judged = &judge->judged;
    if (judged->obstacle && !(judged->follows && !follows))
        return;
    judged->obstacle = obstacle;
    judged->about = about;
    judged->column = column;
    judged->follows = follows;
}

/* Why a number that cannot hold a mask stays, or NULL with what it becomes. */
static const char *settle_number(const struct judge *judge,
                                 const struct repair_column *allowed,
                                 enum change_kind *kind_out)
{
    const struct repair_order *order = judge->sweep->plan->repair;
    const int is_deleted = order->delete_sensitive && judge->is_all_sensitive;
    if (!is_deleted && order->numeric == NUMERIC_SKIP)
        return "a number cannot hold a mask; left as it is, as asked";
    if (!is_deleted && order->numeric == NUMERIC_ASK)
        return "a number cannot hold a mask; --numeric null or zero says what it becomes";
    if (order->numeric != NUMERIC_ZERO || allowed->way == REPAIR_NUMBERS) {
        *kind_out = CHANGE_NULL;
        if (allowed->is_nullable)
            return NULL;
        if (allowed->way == REPAIR_NUMBERS || !is_deleted)
            return "a number cannot hold a mask, and it may not be NULL";
    }
    *kind_out = CHANGE_ZERO;
    return NULL;
}

static const char *settle_text(struct judge *judge, const struct repair_column *allowed,
                               struct bytes value, enum change_kind *kind_out)
{
    struct judged_cell *cell = judge->cell;
    *kind_out = CHANGE_MASK;
    if (judge->sweep->plan->repair->delete_sensitive && judge->is_all_sensitive) {
        *kind_out = allowed->is_nullable ? CHANGE_NULL : CHANGE_EMPTY;
        return NULL;
    }
    if (cell->edit_count == 0)
        return "its digits cannot be masked";
    size_t count = cell->edit_count;
    const int may_be = value.at[0] == '{' || value.at[0] == '[';
    if (allowed->way != REPAIR_JSON && !may_be)
        return NULL;
    if (judge_reserve_edits(cell, 3 * count) != SIEVE_OK)
        return "not enough memory";
    const sieve_status status =
        json_quote_numbers(value, cell->edits, &count, cell->edit_capacity);
    if (status != SIEVE_OK) /* not JSON, or not all of it: as any text */
        return allowed->way == REPAIR_JSON ? "it is no JSON" : NULL;
    cell->edit_count = count;
    return NULL;
}

/* How long it will be: quotes may be put in. */
static size_t length_of(const struct judged_cell *cell, struct bytes value)
{
    size_t length = value.length;
    for (size_t index = 0; index < cell->edit_count; index++)
        length += cell->edits[index].text.length - cell->edits[index].length;
    return length;
}

sieve_status judge_settle(struct judge *judge, const struct repair_column *allowed,
                          const struct repair_row *row, size_t column)
{
    struct judged *judged = &judge->judged;
    const struct judged_cell *cell = judge->cell;
    const struct bytes value = row->cells[column].bytes;
    struct change change = {.column = column};
    const char *obstacle = allowed->obstacle;
    judged->findings += cell->region_count;
    if (obstacle) {
        judge_note_obstacle(judge, column, obstacle, allowed->about, allowed->follows);
        return SIEVE_OK;
    }
    if (row->numbers[column] || allowed->way == REPAIR_NUMBER ||
        allowed->way == REPAIR_NUMBERS)
        obstacle = settle_number(judge, allowed, &change.kind);
    else
        obstacle = settle_text(judge, allowed, value, &change.kind);
    if (obstacle) {
        judge_note_obstacle(judge, column, obstacle, NULL, 0);
        return SIEVE_OK;
    }
    change.edits = cell->edits;
    change.edit_count = cell->edit_count;
    change.regions = cell->regions;
    change.region_count = cell->region_count;
    change.masked = bytes_of(cell->text.at + cell->before, value.length);
    judge->lengths[judged->change_count] =
        change.kind == CHANGE_MASK ? length_of(cell, value) : 0;
    judge->changes[judged->change_count++] = change;
    judged->repaired += cell->region_count;
    return SIEVE_OK;
}
