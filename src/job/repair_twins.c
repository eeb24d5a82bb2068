#include <stdlib.h>
#include <string.h>

#include "job/repair_inside.h"

#define TWINS_BYTES_MAX (64u << 20)

/* All values that rows of the plan get under unique keys, one behind the other, and a
 * table of where each begins. */
struct twins {
    struct buffer bytes;
    size_t *begins; /* plus one; 0: free */
    size_t count;
    size_t capacity; /* a power of two */
};

/* What stands before each value. */
struct twin_head {
    uint64_t hash; /* of masked values only */
    size_t length;
};

sieve_status twins_new(struct twins **out)
{
    struct twins *twins = calloc(1, sizeof *twins);
    if (!twins)
        return SIEVE_E_MEMORY;
    buffer_init(&twins->bytes, TWINS_BYTES_MAX);
    *out = twins;
    return SIEVE_OK;
}

void twins_free(struct twins *twins)
{
    if (!twins)
        return;
    buffer_done(&twins->bytes);
    free(twins->begins);
    free(twins);
}

static uint64_t hash_of(struct bytes bytes)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t index = 0; index < bytes.length; index++)
        hash = (hash ^ bytes.at[index]) * UINT64_C(1099511628211);
    return hash;
}

static size_t slot_of(const struct twins *twins, uint64_t hash, struct bytes value)
{
    size_t slot = (size_t)hash & (twins->capacity - 1);
    while (twins->begins[slot] > 0) {
        struct twin_head head;
        const unsigned char *at = twins->bytes.at + twins->begins[slot] - 1;
        memcpy(&head, at, sizeof head);
        if (head.hash == hash && head.length == value.length &&
            memcmp(at + sizeof head, value.at, value.length) == 0)
            break;
        slot = (slot + 1) & (twins->capacity - 1);
    }
    return slot;
}

static sieve_status grow(struct twins *twins)
{
    if (twins->capacity > 2 * twins->count)
        return SIEVE_OK;
    const size_t capacity = twins->capacity ? 2 * twins->capacity : 1024;
    size_t *begins = calloc(capacity, sizeof begins[0]);
    if (!begins)
        return SIEVE_E_MEMORY;
    for (size_t index = 0; index < twins->capacity; index++) {
        struct twin_head head;
        if (twins->begins[index] == 0)
            continue;
        memcpy(&head, twins->bytes.at + twins->begins[index] - 1, sizeof head);
        size_t slot = (size_t)head.hash & (capacity - 1);
        while (begins[slot] > 0)
            slot = (slot + 1) & (capacity - 1);
        begins[slot] = twins->begins[index];
    }
    free(twins->begins);
    twins->begins = begins;
    twins->capacity = capacity;
    return SIEVE_OK;
}

static sieve_status add(struct twins *twins, struct bytes value, int *is_twin_out)
{
    const struct twin_head head = {hash_of(value), value.length};
    sieve_status status = grow(twins);
    if (status != SIEVE_OK)
        return status;
    const size_t slot = slot_of(twins, head.hash, value);
    if (twins->begins[slot] > 0) {
        *is_twin_out = 1;
        return SIEVE_OK;
    }
    const size_t begin = twins->bytes.length;
    status = buffer_append(&twins->bytes, bytes_of(&head, sizeof head));
    if (status == SIEVE_OK)
        status = buffer_append(&twins->bytes, value);
    if (status != SIEVE_OK) {
        twins->bytes.length = begin;
        /* Past the memory that is allowed the database finds them itself. */
        return status == SIEVE_E_LIMIT ? SIEVE_OK : status;
    }
    twins->begins[slot] = begin + 1;
    twins->count++;
    return SIEVE_OK;
}

/* The value that a column gets; *is_null_out: NULL, which is no one's twin. */
static struct bytes new_value(const struct repair_row *row, const struct judged *judged,
                              size_t column, int *is_null_out)
{
    const struct change *change =
        repair_change_of(judged->changes, judged->change_count, column);
    *is_null_out |= change ? change->kind == CHANGE_NULL : !row->cells[column].bytes.at;
    if (!change)
        return row->cells[column].bytes;
    switch (change->kind) {
    case CHANGE_MASK:
        return change->masked;
    case CHANGE_ZERO:
        return bytes_of("0", 1);
    case CHANGE_EMPTY:
    case CHANGE_NULL:
        break;
    }
    return bytes_of("", 0);
}

static sieve_status put_value(struct buffer *out, size_t mark, struct bytes value)
{
    sieve_status status = buffer_append(out, bytes_of(&mark, sizeof mark));
    if (status == SIEVE_OK)
        status = buffer_append(out, bytes_of(&value.length, sizeof value.length));
    return status == SIEVE_OK ? buffer_append(out, value) : status;
}

static sieve_status add_unique(struct twins *twins, const struct repair_table *allowed,
                               size_t number, const struct repair_row *row,
                               const struct judged *judged, int *is_twin_out)
{
    const struct repair_unique *unique = &allowed->uniques[number];
    struct buffer value;
    const uintptr_t table = (uintptr_t)allowed->table;
    int is_null = 0;
    if (!repair_changes_unique(judged->changes, judged->change_count, unique))
        return SIEVE_OK;
    buffer_init(&value, TWINS_BYTES_MAX);
    sieve_status status = put_value(&value, number, bytes_of(&table, sizeof table));
    for (size_t index = 0; index < unique->column_count && status == SIEVE_OK; index++) {
        const size_t column = unique->columns[index];
        status = put_value(&value, column, new_value(row, judged, column, &is_null));
    }
    if (status == SIEVE_OK && !is_null)
        status = add(twins, buffer_bytes(&value), is_twin_out);
    buffer_done(&value);
    return status == SIEVE_E_LIMIT ? SIEVE_OK : status;
}

sieve_status twins_add(struct twins *twins, const struct repair_table *allowed,
                       const struct repair_row *row, const struct judged *judged,
                       int *is_twin_out)
{
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < allowed->unique_count && status == SIEVE_OK; index++)
        status = add_unique(twins, allowed, index, row, judged, is_twin_out);
    return status;
}
