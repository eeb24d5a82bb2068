#include "job/cell_watch.h"

#include <stdlib.h>

#include "base/wipe.h"
#include "job/meaning.h"

void cell_watch_done(struct cell_watch *watch)
{
    paths_free(watch->paths);
    wipe_free(watch->sketch, SKETCH_BYTES_COLUMN);
    *watch = (struct cell_watch){.paths = NULL};
}

struct cell_counts cell_watch_take_counts(struct cell_watch *watch)
{
    const struct cell_counts counts = watch->counts;
    watch->counts = (struct cell_counts){.values = 0};
    return counts;
}

struct paths *cell_watch_take_paths(struct cell_watch *watch)
{
    struct paths *paths = watch->paths;
    watch->paths = NULL;
    return paths;
}

static void sketch_value(struct cell_watch *watch, struct bytes value)
{
    sketch_add(watch->sketch, SKETCH_BITS_COLUMN, sketch_hash(value));
    watch->counts.sketched++;
}

/* From here on the values are told apart.  Without memory they are not. */
static void begin_sketch(struct cell_watch *watch)
{
    if (!watch->sketch)
        watch->sketch = calloc(1, SKETCH_BYTES_COLUMN);
}

void cell_watch_any(struct cell_watch *watch, struct bytes value)
{
    watch->counts.values++;
    watch->counts.bytes += value.length;
    if (watch->sketch)
        sketch_value(watch, value);
}

void cell_watch_finding(struct cell_watch *watch)
{
    watch->counts.findings++;
    begin_sketch(watch);
}

static sieve_status count_keys(struct cell_watch *watch, struct bytes value,
                               const struct tier_table *tiers)
{
    const enum inside_kind kind = inside_kind_of(value);
    if (kind == INSIDE_NONE)
        return SIEVE_OK;
    sieve_status status = watch->paths ? SIEVE_OK : paths_new(&watch->paths);
    return status == SIEVE_OK ? paths_count(watch->paths, value, kind, tiers) : status;
}

sieve_status cell_watch_value(struct cell_watch *watch, struct bytes value,
                              unsigned meanings, const struct tier_table *tiers)
{
    const unsigned keyed = MEANS_DIGIT | MEANS_KEY;
    if (meanings & MEANS_OTHER)
        return (meanings & keyed) == keyed && inside_has_number(value)
                   ? count_keys(watch, value, tiers)
                   : SIEVE_OK;
    if (value.length < CELL_DIGITS_MIN || value.length > CELL_DIGITS_MAX)
        return SIEVE_OK;
    cell_counts_number(&watch->counts, value, tiers);
    if (!watch->sketch) {
        begin_sketch(watch);
        if (watch->sketch)
            sketch_value(watch, value);
    }
    return SIEVE_OK;
}
