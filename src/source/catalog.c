#include "source/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "source/choice.h"

static void *entry_at(struct catalog_entries entries, size_t index)
{
    return (char *)entries.first + index * entries.size;
}

static int compare(const void *left, const void *right)
{
    const struct table *one = left;
    const struct table *other = right;
    const int order = strcmp(one->schema, other->schema);
    return order != 0 ? order : strcmp(one->name, other->name);
}

void catalog_sort(struct catalog_entries entries)
{
    if (entries.count > 0)
        qsort(entries.first, entries.count, entries.size, compare);
}

static int is_asked(const struct choice *choice, const struct table *table)
{
    if (choice->column_count == 0)
        return 1;
    for (size_t index = 0; index < table->column_count; index++)
        if (choice_takes_column(choice, table->columns[index].name))
            return 1;
    return 0;
}

size_t catalog_drop_unasked(struct catalog_entries entries, const struct choice *choice)
{
    size_t kept = 0;
    for (size_t index = 0; index < entries.count; index++)
        if (is_asked(choice, entry_at(entries, index)))
            memmove(entry_at(entries, kept++), entry_at(entries, index), entries.size);
    return kept;
}

sieve_status catalog_give(struct catalog_entries entries, const char *moment,
                          struct catalog_given *out)
{
    struct catalog_given given = {
        .tables = calloc(entries.count + 1, sizeof *given.tables),
        .read = calloc(entries.count + 1, sizeof *given.read),
    };
    if (!given.tables || !given.read) {
        catalog_given_done(&given);
        return SIEVE_E_MEMORY;
    }
    for (size_t index = 0; index < entries.count; index++) {
        given.tables[index] = *(const struct table *)entry_at(entries, index);
        if (given.tables[index].is_moving)
            given.tables[index].cut = moment;
    }
    *out = given;
    return SIEVE_OK;
}

void catalog_given_done(struct catalog_given *given)
{
    free(given->tables);
    free(given->read);
}
