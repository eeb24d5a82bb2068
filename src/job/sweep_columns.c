#include <stdlib.h>
#include <string.h>

#include "base/wipe.h"
#include "job/sweep_inside.h"

/* ---- where a finding stands inside of its cell ------------------------------------- */

/* Goes on where the last finding of the same cell was, which is before this one. */
static int find_leaf(struct sweeper *sweeper, uint64_t row, struct bytes value,
                     const struct ledger_finding *found)
{
    const uint64_t offset = found->finding.offset;
    int is_there = 1;
    if (sweeper->walk_row != row + 1 || sweeper->walk_column != found->column ||
        sweeper->leaf.begin > offset) {
        inside_begin(&sweeper->walk, value, inside_kind_of(value));
        sweeper->walk_row = row + 1;
        sweeper->walk_column = found->column;
        sweeper->leaf = (struct leaf){0, 0};
    }
    sweeper->walk.value = value; /* the same bytes, perhaps elsewhere */
    while (is_there && sweeper->leaf.end <= offset)
        is_there = inside_next(&sweeper->walk, &sweeper->leaf);
    if (!is_there)
        sweeper->leaf = (struct leaf){value.length, value.length};
    return is_there && sweeper->leaf.begin <= offset;
}

/* What a key of a column is called in the ledger: safe, and one of so many.  Lives as
 * long as the table. */
static sieve_status name_key(struct sweeper *sweeper, size_t column, const char *path,
                             const char **out)
{
    struct sweep_table *table = sweeper->table;
    struct path *entry = NULL;
    sieve_status status = SIEVE_OK;
    pthread_mutex_lock(&sweeper->sweep->lock);
    if (!table->keys)
        table->keys = calloc(table->table->column_count, sizeof(struct paths *));
    if (!table->keys)
        status = SIEVE_E_MEMORY;
    else if (!table->keys[column])
        status = paths_new(&table->keys[column]);
    if (status == SIEVE_OK)
        status = paths_find(table->keys[column], path, &entry);
    if (status == SIEVE_OK && !entry->shown)
        status = sweep_safe_copy(sweeper->sweep->run->veil, entry->path, &entry->shown);
    if (status == SIEVE_OK)
        *out = entry->shown;
    pthread_mutex_unlock(&sweeper->sweep->lock);
    return status;
}

sieve_status sweep_find_key(struct sweeper *sweeper, uint64_t row, struct bytes value,
                            struct ledger_finding *found)
{
    const sieve_finding *finding = &found->finding;
    struct leaf all = {0, value.length};
    sieve_status status = SIEVE_OK;
    if (find_leaf(sweeper, row, value, found) && sweeper->walk.path[0] != '\0') {
        all = sweeper->leaf;
        status = name_key(sweeper, found->column, sweeper->walk.path, &found->key);
    } else if (sweeper->walk.depth == INSIDE_DEPTH_MAX) {
        status = name_key(sweeper, found->column, INSIDE_ELSEWHERE, &found->key);
    }
    found->is_whole = finding->offset == all.begin &&
                      finding->length == all.end - all.begin &&
                      finding->length == finding->digit_count;
    return status;
}

/* ---- what was counted in a range --------------------------------------------------- */

/* As merge_sketch() for a key that has its name. */
static uint64_t merge_key(struct sweeper *sweeper, size_t column, const struct path *from)
{
    struct path *path = NULL;
    uint64_t distinct = 0;
    pthread_mutex_lock(&sweeper->sweep->lock);
    if (paths_find(sweeper->table->keys[column], from->path, &path) == SIEVE_OK) {
        path_merge_sketch(path, from);
        if (path->sketch)
            distinct = sketch_count(path->sketch, SKETCH_BITS_COLUMN);
    }
    pthread_mutex_unlock(&sweeper->sweep->lock);
    return distinct;
}

static sieve_status take_keys(struct sweeper *sweeper, size_t column, struct paths *paths)
{
    size_t count = 0;
    const struct path *all = paths_all(paths, &count);
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < count && status == SIEVE_OK; index++) {
        struct ledger_key_counts counts = {.column = column, .counts = all[index].counts};
        status = name_key(sweeper, column, all[index].path, &counts.key);
        if (status == SIEVE_OK)
            counts.counts.distinct = merge_key(sweeper, column, &all[index]);
        if (status == SIEVE_OK)
            status = buffer_append(&sweeper->keys, bytes_of(&counts, sizeof counts));
    }
    return status;
}

/* The sketch of this sweeper becomes part of that of the table; returns the count. */
static uint64_t merge_sketch(struct sweeper *sweeper, size_t column,
                             const unsigned char *sketch)
{
    struct sweep_table *table = sweeper->table;
    uint64_t distinct = 0;
    pthread_mutex_lock(&sweeper->sweep->lock);
    if (!table->sketches)
        table->sketches = calloc(table->table->column_count, sizeof(unsigned char *));
    if (table->sketches && !table->sketches[column])
        table->sketches[column] = calloc(1, SKETCH_BYTES_COLUMN);
    if (table->sketches && table->sketches[column]) {
        sketch_merge(table->sketches[column], sketch, SKETCH_BITS_COLUMN);
        distinct = sketch_count(table->sketches[column], SKETCH_BITS_COLUMN);
    }
    pthread_mutex_unlock(&sweeper->sweep->lock);
    return distinct;
}

sieve_status sweep_end_range(struct sweeper *sweeper)
{
    const size_t count = sweeper->table->table->column_count;
    sieve_status status = SIEVE_OK;
    sweeper->keys.length = 0;
    for (size_t column = 0; column < count && status == SIEVE_OK; column++) {
        struct cell_watch *watch = cells_watch(sweeper->cells, column);
        struct paths *paths = cell_watch_take_paths(watch);
        sweeper->counts[column] = cell_watch_take_counts(watch);
        if (watch->sketch)
            sweeper->counts[column].distinct =
                merge_sketch(sweeper, column, watch->sketch);
        if (paths)
            status = take_keys(sweeper, column, paths);
        paths_free(paths);
    }
    const struct ledger_counts counts = {
        .columns = sweeper->counts,
        .column_count = count,
        .keys = (const void *)sweeper->keys.at,
        .key_count = sweeper->keys.length / sizeof(struct ledger_key_counts),
    };
    return status == SIEVE_OK
               ? ledger_end_range(sweeper->sweep->ledger, &sweeper->range, &counts)
               : status;
}

/* ---- of a table -------------------------------------------------------------------- */

static void forget_sketches(struct sweep_table *table)
{
    for (size_t column = 0; table->sketches && column < table->table->column_count;
         column++)
        wipe_free(table->sketches[column], SKETCH_BYTES_COLUMN);
    free(table->sketches);
    table->sketches = NULL;
    for (size_t column = 0; table->keys && column < table->table->column_count; column++)
        paths_forget_sketches(table->keys[column]);
}

void sweep_range_is_over(struct sweep *sweep, struct sweep_table *table)
{
    pthread_mutex_lock(&sweep->lock);
    if (table->left > 0 && --table->left == 0)
        forget_sketches(table);
    pthread_mutex_unlock(&sweep->lock);
}

void sweep_forget_columns(struct sweep_table *table)
{
    if (!table->table)
        return;
    forget_sketches(table);
    for (size_t column = 0; table->keys && column < table->table->column_count; column++)
        paths_free(table->keys[column]);
    free(table->keys);
    table->keys = NULL;
}
