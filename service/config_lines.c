/* config_lines.c - where in the file a value stands. */
#include "service/config.h"

#include <stdio.h>

static int is_same(const struct config_key *left, const struct config_key *right)
{
    return left->row == right->row && left->proxy == right->proxy &&
           left->route == right->route;
}

static void add(struct config_lines *lines, const struct config_key *key, size_t item,
                size_t line)
{
    if (lines->count < CONFIG_LINES_MAX)
        lines->rows[lines->count++] = (struct config_line){*key, item, line};
}

void config_note(struct config_lines *lines, const struct config_key *key, size_t item,
                 size_t line)
{
    add(lines, key, item, line);
}

void config_override(struct config_lines *lines, const struct config_key *key)
{
    int is_known = 0;
    for (size_t index = 0; index < lines->count; index++) {
        struct config_line *row = &lines->rows[index];
        if (is_same(&row->key, key)) {
            row->line = 0;
            is_known = 1;
        }
    }
    if (!is_known)
        add(lines, key, 0, 0);
}

/* The item's, else the key's first; NULL: it was given nowhere. */
static const struct config_line *find(const struct config_lines *lines,
                                      const struct config_key *key, size_t item)
{
    const struct config_line *found = NULL;
    for (size_t index = 0; index < lines->count; index++) {
        const struct config_line *row = &lines->rows[index];
        if (!is_same(&row->key, key))
            continue;
        if (row->item == item)
            return row;
        if (!found)
            found = row;
    }
    return found;
}

static const struct config_line *find_proxy(const struct config_lines *lines,
                                            size_t proxy)
{
    for (size_t index = 0; index < lines->count; index++) {
        if (lines->rows[index].key.proxy == proxy && lines->rows[index].line > 0)
            return &lines->rows[index];
    }
    return NULL;
}

void config_locate(const struct config_lines *lines, struct config_problem *problem)
{
    struct config_key key;
    if (problem->file || config_find(problem->key, &key))
        return;
    const struct config_line *row = find(lines, &key, problem->item);
    if (!row && key.proxy != CONFIG_NO_PLACE)
        row = find_proxy(lines, key.proxy);
    if (!row || row->line == 0)
        return;
    problem->file = lines->file;
    problem->line = row->line;
}

void config_blame(struct config_problem *problem, size_t proxy, const char *key,
                  const char *reason, int system)
{
    *problem = (struct config_problem){.reason = reason, .system = system};
    if (key && proxy == CONFIG_NO_PLACE)
        (void)snprintf(problem->key, sizeof problem->key, "%s", key);
    else if (key)
        (void)snprintf(problem->key, sizeof problem->key, "proxies.%zu.%s", proxy, key);
}
