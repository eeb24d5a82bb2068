#include "job/paths.h"

#include <stdlib.h>
#include <string.h>

#include "base/wipe.h"
#include "job/sketch.h"

#define SLOTS (2u * PATHS_MAX) /* a power of two */

struct paths {
    struct path entries[PATHS_MAX];
    size_t count;
    uint16_t slots[SLOTS]; /* place of an entry, plus one; 0: free */
};

sieve_status paths_new(struct paths **out)
{
    *out = calloc(1, sizeof **out);
    return *out ? SIEVE_OK : SIEVE_E_MEMORY;
}

void paths_forget_sketches(struct paths *paths)
{
    for (size_t index = 0; paths && index < paths->count; index++) {
        wipe_free(paths->entries[index].sketch, SKETCH_BYTES_COLUMN);
        paths->entries[index].sketch = NULL;
    }
}

void path_merge_sketch(struct path *path, const struct path *from)
{
    if (from->sketch && !path->sketch)
        path->sketch = calloc(1, SKETCH_BYTES_COLUMN);
    if (from->sketch && path->sketch)
        sketch_merge(path->sketch, from->sketch, SKETCH_BITS_COLUMN);
}

void paths_free(struct paths *paths)
{
    paths_forget_sketches(paths);
    for (size_t index = 0; paths && index < paths->count; index++) {
        free(paths->entries[index].path);
        free(paths->entries[index].shown);
    }
    free(paths);
}

struct path *paths_all(struct paths *paths, size_t *count_out)
{
    *count_out = paths->count;
    return paths->entries;
}

static size_t slot_of(const struct paths *paths, const char *path)
{
    uint32_t hash = 2166136261u;
    for (const char *at = path; *at; at++)
        hash = (hash ^ (unsigned char)*at) * 16777619u;
    size_t slot = (hash ^ hash >> 15) & (SLOTS - 1);
    while (paths->slots[slot] != 0 &&
           strcmp(paths->entries[paths->slots[slot] - 1].path, path) != 0)
        slot = (slot + 1) & (SLOTS - 1);
    return slot;
}

sieve_status paths_find(struct paths *paths, const char *path, struct path **out)
{
    size_t slot = slot_of(paths, path);
    if (paths->slots[slot] == 0 && paths->count >= PATHS_MAX - 1) {
        path = INSIDE_ELSEWHERE;
        slot = slot_of(paths, path);
    }
    if (paths->slots[slot] == 0) {
        struct path *entry = &paths->entries[paths->count];
        entry->path = strdup(path);
        if (!entry->path)
            return SIEVE_E_MEMORY;
        paths->slots[slot] = (uint16_t)++paths->count;
    }
    *out = &paths->entries[paths->slots[slot] - 1];
    return SIEVE_OK;
}

static int is_number(struct bytes value)
{
    if (value.length < CELL_DIGITS_MIN || value.length > CELL_DIGITS_MAX)
        return 0;
    for (size_t index = 0; index < value.length; index++) {
        if (value.at[index] < '0' || value.at[index] > '9')
            return 0;
    }
    return 1;
}

/* Numbers are told apart; other values are not, that documents cost little. */
static void count_number(struct path *path, struct bytes number,
                         const struct tier_table *tiers)
{
    cell_counts_number(&path->counts, number, tiers);
    if (!path->sketch)
        path->sketch = calloc(1, SKETCH_BYTES_COLUMN);
    if (!path->sketch)
        return;
    sketch_add(path->sketch, SKETCH_BITS_COLUMN, sketch_hash(number));
    path->counts.sketched++;
}

sieve_status paths_count(struct paths *paths, struct bytes value, enum inside_kind kind,
                         const struct tier_table *tiers)
{
    struct inside walk;
    struct leaf leaf;
    sieve_status status = SIEVE_OK;
    inside_begin(&walk, value, kind);
    while (status == SIEVE_OK && inside_next(&walk, &leaf)) {
        struct path *path = NULL;
        if (walk.path[0] == '\0')
            continue;
        status = paths_find(paths, walk.path, &path);
        if (status != SIEVE_OK)
            break;
        const struct bytes text = bytes_of(value.at + leaf.begin, leaf.end - leaf.begin);
        path->counts.values++;
        path->counts.bytes += text.length;
        if (is_number(text))
            count_number(path, text, tiers);
    }
    return status;
}
