#include "base/grow.h"
#include "job/repair_judge_inside.h"

#include <stdlib.h>

#include "job/ledger_repairs.h"

#define TOO_LONG       "it is longer than 256 MiB"
#define CHANCE_UNKNOWN 2

/* ---- life -------------------------------------------------------------------------- */

static void cells_done(struct judge *judge)
{
    for (size_t index = 0; index < judge->capacity && judge->cells; index++) {
        buffer_done(&judge->cells[index].text);
        free(judge->cells[index].edits);
        free(judge->cells[index].regions);
    }
    free(judge->cells);
    free(judge->changes);
    free(judge->lengths);
    free(judge->chances);
    judge->chances = NULL;
    judge->chances_of = NULL;
    judge->cells = NULL;
    judge->changes = NULL;
    judge->lengths = NULL;
    judge->capacity = 0;
}

sieve_status judge_new(const struct sweep *sweep, struct judge **out)
{
    struct judge *judge = calloc(1, sizeof *judge);
    if (!judge)
        return SIEVE_E_MEMORY;
    judge->sweep = sweep;
    sieve_status status = sieve_scanner_new(sweep->run->ruleset, &judge->scanner);
    if (status != SIEVE_OK) {
        free(judge);
        return status;
    }
    *out = judge;
    return SIEVE_OK;
}

void judge_free(struct judge *judge)
{
    if (!judge)
        return;
    cells_done(judge);
    free(judge->spared);
    sieve_scanner_free(judge->scanner);
    free(judge);
}

static sieve_status make_room(struct judge *judge, size_t count)
{
    if (judge->cells && count <= judge->capacity)
        return SIEVE_OK;
    cells_done(judge);
    count += count == 0;
    judge->cells = calloc(count, sizeof judge->cells[0]);
    judge->changes = calloc(count, sizeof judge->changes[0]);
    judge->lengths = calloc(count, sizeof judge->lengths[0]);
    judge->chances = calloc(count, sizeof judge->chances[0]);
    if (!judge->cells || !judge->changes || !judge->lengths || !judge->chances)
        return SIEVE_E_MEMORY;
    judge->capacity = count;
    for (size_t index = 0; index < count; index++)
        buffer_init(&judge->cells[index].text, REPAIR_CELL_MAX + NAME_LENGTH_MAX);
    return SIEVE_OK;
}

/* ---- one cell ---------------------------------------------------------------------- */

sieve_status judge_reserve_edits(struct judged_cell *cell, size_t count)
{
    if (count <= cell->edit_capacity)
        return SIEVE_OK;
    struct edit *edits = realloc(cell->edits, 2 * count * sizeof edits[0]);
    if (!edits)
        return SIEVE_E_MEMORY;
    cell->edits = edits;
    cell->edit_capacity = 2 * count;
    return SIEVE_OK;
}

static sieve_status add_edit(struct judged_cell *cell, struct edit edit)
{
    sieve_status status = judge_reserve_edits(cell, cell->edit_count + 1);
    if (status == SIEVE_OK)
        cell->edits[cell->edit_count++] = edit;
    return status;
}

static sieve_status add_region(struct judged_cell *cell, struct region region)
{
    struct region *regions = grown(cell->regions, cell->region_count,
                                   &cell->region_capacity, 8, sizeof regions[0]);
    if (!regions)
        return SIEVE_E_MEMORY;
    cell->regions = regions;
    cell->regions[cell->region_count++] = region;
    return SIEVE_OK;
}

static int is_spared(const struct judge *judge, const sieve_finding *finding)
{
    for (size_t index = 0; index < judge->spared_count; index++) {
        if (judge->spared[index].column == judge->column &&
            strcmp(judge->spared[index].masked, finding->shown) == 0)
            return 1;
    }
    return 0;
}

static sieve_next take_finding(const sieve_finding *finding, void *context)
{
    struct judge *judge = context;
    struct judged_cell *cell = judge->cell;
    uint64_t begin = finding->offset;
    uint64_t end = finding->offset + finding->length;
    if (end <= cell->before)
        return SIEVE_CONTINUE;
    if (begin < cell->before)
        begin = cell->before;
    begin -= cell->before;
    end -= cell->before;
    if (judge->is_chance &&
        column_explains(COLUMN_CHANCE, finding, begin == 0 && end == judge->length))
        return SIEVE_CONTINUE;
    if (is_spared(judge, finding)) {
        judge->has_spared = 1;
        return SIEVE_CONTINUE;
    }
    const int is_sensitive = sieve_kind_is_sensitive(finding->kind);
    if (is_sensitive && begin == 0 && end == judge->length)
        judge->is_all_sensitive = 1;
    judge->status = add_region(cell, (struct region){(size_t)begin, (size_t)(end - begin),
                                                     (uint8_t)is_sensitive});
    return judge->status == SIEVE_OK ? SIEVE_CONTINUE : SIEVE_STOP;
}

/* 1 if a byte is to be changed: where something is let be, only what was counted. */
static int is_wanted(const struct judge *judge, size_t at, size_t *region)
{
    const struct judged_cell *cell = judge->cell;
    if (!judge->is_chance && !judge->has_spared)
        return 1;
    while (*region < cell->region_count &&
           cell->regions[*region].offset + cell->regions[*region].length <= at)
        ++*region;
    return *region < cell->region_count && cell->regions[*region].offset <= at;
}

/* The bytes that the mask changed. */
static sieve_status find_edits(struct judge *judge, struct bytes value)
{
    struct judged_cell *cell = judge->cell;
    const unsigned char *masked = cell->text.at + cell->before;
    sieve_status status = SIEVE_OK;
    size_t region = 0;
    for (size_t at = 0; at < value.length && status == SIEVE_OK; at++) {
        const size_t begin = at;
        while (at < value.length && masked[at] != value.at[at] &&
               is_wanted(judge, at, &region))
            at++;
        if (at > begin)
            status = add_edit(cell, (struct edit){begin, at - begin,
                                                  bytes_of(masked + begin, at - begin)});
    }
    return status;
}

/* As it is judged behind its column's name. */
static sieve_status judge_cell(struct judge *judge, const struct sweep_table *table,
                               size_t column, struct bytes value)
{
    struct judged_cell *cell = &judge->cells[column];
    const char *prefix = table->columns[column].prefix;
    judge->cell = cell;
    judge->column = column;
    judge->has_spared = 0;
    judge->length = value.length;
    judge->is_all_sensitive = 0;
    judge->status = SIEVE_OK;
    cell->edit_count = 0;
    cell->region_count = 0;
    buffer_clear(&cell->text);
    cell->before = prefix ? strlen(prefix) : 0;
    sieve_status status = SIEVE_OK;
    if (prefix)
        status = buffer_append(&cell->text, bytes_of_text(prefix));
    if (status == SIEVE_OK)
        status = buffer_append(&cell->text, value);
    if (status == SIEVE_OK)
        status = sieve_mask(judge->scanner, cell->text.at, cell->text.length,
                            take_finding, judge);
    if (status == SIEVE_STOPPED)
        status = judge->status;
    if (status != SIEVE_OK || cell->region_count == 0)
        return status;
    return find_edits(judge, value);
}

/* ---- what is let be --------------------------------------------------------------- */

static sieve_status take_low(size_t column, const char *masked, void *context)
{
    struct judge *judge = context;
    struct spared *list = grown(judge->spared, judge->spared_count,
                                &judge->spared_capacity, 8, sizeof list[0]);
    if (!list)
        return SIEVE_E_MEMORY;
    judge->spared = list;
    struct spared *spared = &judge->spared[judge->spared_count];
    const size_t length = strlen(masked);
    if (length >= sizeof spared->masked)
        return SIEVE_OK;
    spared->column = column;
    memcpy(spared->masked, masked, length + 1);
    judge->spared_count++;
    return SIEVE_OK;
}

sieve_status judge_begin(struct judge *judge, int64_t repair)
{
    judge->spared_count = 0;
    if (judge->sweep->run->plan->options.min_confidence == SIEVE_LOW)
        return SIEVE_OK;
    return ledger_repair_low(judge->sweep->ledger, repair, take_low, judge);
}

/* ---- a row ------------------------------------------------------------------------- */

/* As the inventory has it: what chance explains is told to whoever asks for little. */
static sieve_status ask_chance(struct judge *judge, const struct sweep_table *table,
                               size_t column)
{
    if (judge->chances_of != table) {
        memset(judge->chances, CHANCE_UNKNOWN, judge->capacity);
        judge->chances_of = table;
    }
    if (judge->chances[column] != CHANCE_UNKNOWN)
        return SIEVE_OK;
    int is_chance = 0;
    sieve_status status = SIEVE_OK;
    if (judge->sweep->run->plan->options.min_confidence > SIEVE_LOW)
        status = ledger_is_chance(judge->sweep->ledger, table->id, column, &is_chance);
    if (status == SIEVE_OK)
        judge->chances[column] = (unsigned char)is_chance;
    return status;
}

static sieve_status judge_column(struct judge *judge, const struct sweep_table *table,
                                 const struct repair_column *allowed,
                                 const struct repair_row *row, size_t column)
{
    const struct bytes value = row->cells[column].bytes;
    if (value.length > REPAIR_CELL_MAX) {
        judge_note_obstacle(judge, column, TOO_LONG, NULL, 0);
        return SIEVE_OK;
    }
    judge->is_chance = 0;
    sieve_status status = judge_cell(judge, table, column, value);
    if (status != SIEVE_OK || judge->cell->region_count == 0)
        return status;
    status = ask_chance(judge, table, column);
    judge->is_chance = status == SIEVE_OK && judge->chances[column];
    if (judge->is_chance)
        status = judge_cell(judge, table, column, value);
    if (status != SIEVE_OK || judge->cell->region_count == 0)
        return status;
    return judge_settle(judge, allowed, row, column);
}

sieve_status judge_row(struct judge *judge, const struct sweep_table *table,
                       const struct repair_table *allowed, const struct repair_row *row,
                       const struct judged **out)
{
    const struct table *of = table->table;
    sieve_status status = make_room(judge, of->column_count);
    judge->judged = (struct judged){.changes = judge->changes, .lengths = judge->lengths};
    for (size_t column = 0; column < of->column_count && status == SIEVE_OK; column++) {
        if (of->columns[column].left_out || row->cells[column].bytes.length == 0)
            continue;
        status = judge_column(judge, table, &allowed->columns[column], row, column);
    }
    if (status == SIEVE_OK)
        *out = &judge->judged;
    return status;
}
