/* mycut_again.c - a table cut as it was in an earlier run. */
#include "source/mycut.h"

#include "source/myborder.h"

#define BORDERS_MAX 65536u /* of one part */

/* The borders of one part, up to the next one's mark; *at is moved there.  0 if one of
 * them is none. */
static int read_borders(const struct mytable *table, const char **at,
                        const char **borders, size_t *count_out,
                        struct mycatalog *catalog)
{
    size_t count = 0;
    while (**at == ' ') {
        const char *border = ++*at;
        const size_t length = strcspn(border, " /");
        if (count == BORDERS_MAX || !myborder_fits(table, border, length))
            return 0;
        if (borders)
            borders[count] = mycatalog_keep(catalog, bytes_of(border, length));
        if (borders && !borders[count])
            return 0;
        count++;
        *at += length;
    }
    *count_out = count;
    return **at == '/' || **at == '\0';
}

/* 1 if the text goes on with this part's name. */
static int read_name(const struct mypart *part, const char **at)
{
    struct statement name;
    statement_init(&name);
    statement_put(&name, "/");
    if (part->name)
        statement_put_name(&name, part->name);
    const size_t length = name.text.length;
    const int is_it =
        name.status == SIEVE_OK && strncmp(*at, (const char *)name.text.at, length) == 0;
    *at += is_it ? length : 0;
    statement_done(&name);
    return is_it;
}

sieve_status mycut_again(struct mycatalog *catalog, struct mytable *table,
                         const char *cut)
{
    const char *at = cut + strlen("key");
    if (!table->key.is_ordered || strncmp(cut, "key", strlen("key")) != 0)
        return SIEVE_OK;
    struct mypart *parts = mycatalog_take(catalog, table->part_count * sizeof *parts);
    if (!parts)
        return SIEVE_E_MEMORY;
    uint64_t ranges = 0;
    for (size_t index = 0; index < table->part_count; index++) {
        struct mypart *part = &parts[index];
        *part = table->parts[index];
        const char *behind = NULL;
        if (!read_name(part, &at))
            return SIEVE_OK;
        behind = at;
        if (!read_borders(table, &behind, NULL, &part->border_count, catalog))
            return SIEVE_OK;
        part->borders =
            mycatalog_take(catalog, (part->border_count + 1) * sizeof *part->borders);
        if (!part->borders ||
            !read_borders(table, &at, part->borders, &part->border_count, catalog))
            return SIEVE_E_MEMORY;
        ranges += part->border_count + 1;
    }
    if (*at != '\0')
        return SIEVE_OK;
    const char *kept = mycatalog_keep(catalog, bytes_of_text(cut));
    if (!kept)
        return SIEVE_E_MEMORY;
    table->parts = parts;
    table->table.range_count = ranges;
    table->table.cut = kept;
    return SIEVE_OK;
}
