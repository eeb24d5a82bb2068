#include "detect/candidate.h"
#include "base/grow.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define CANDIDATES_FIRST 64u

struct candidate *candidate_add(struct candidate_list *list)
{
    struct candidate *items =
        grown(list->items, list->count, &list->capacity, CANDIDATES_FIRST, sizeof *items);
    if (!items)
        return NULL;
    list->items = items;
    struct candidate *candidate = &list->items[list->count++];
    memset(candidate, 0, offsetof(struct candidate, reasons));
    return candidate;
}

static int compare(const void *left, const void *right)
{
    const struct candidate *a = left;
    const struct candidate *b = right;
    if (a->begin != b->begin)
        return a->begin < b->begin ? -1 : 1;
    bool a_sensitive = sieve_kind_is_sensitive(a->kind) != 0;
    bool b_sensitive = sieve_kind_is_sensitive(b->kind) != 0;
    if (a_sensitive != b_sensitive)
        return a_sensitive ? -1 : 1;
    if (a->end != b->end)
        return a->end < b->end ? -1 : 1;
    return (a->mode > b->mode) - (a->mode < b->mode);
}

void candidate_sort(struct candidate_list *list)
{
    for (size_t i = 1; i < list->count; i++) {
        if (compare(&list->items[i - 1], &list->items[i]) <= 0)
            continue;
        qsort(list->items, list->count, sizeof *list->items, compare);
        return;
    }
}

void candidate_reason(struct candidate *candidate, const char *reason)
{
    if (candidate->reason_count < SIEVE_REASONS_MAX)
        candidate->reasons[candidate->reason_count++] = reason;
}
