#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "job/sweep_inside.h"

sieve_status sweep_safe_copy(struct veil *veil, const char *text, char **out)
{
    struct safe_text safe;
    safe_text_init(&safe);
    sieve_status status = veil_set(veil, &safe, bytes_of_text(text));
    if (status == SIEVE_OK)
        status = buffer_append(&safe.buffer, bytes_of("", 1));
    if (status == SIEVE_OK) {
        *out = strdup((const char *)safe.buffer.at);
        status = *out ? SIEVE_OK : SIEVE_E_MEMORY;
    }
    safe_text_done(&safe);
    return status;
}

/* Each part is made safe alone, and both together: a number in a part may be hidden from
 * sight by the other. */
static sieve_status make_name(struct veil *veil, const struct table *table, char **out)
{
    char *schema = NULL;
    char *name = NULL;
    char *joined = NULL;
    if (!table->schema)
        return sweep_safe_copy(veil, table->name, out);
    sieve_status status = sweep_safe_copy(veil, table->schema, &schema);
    if (status == SIEVE_OK)
        status = sweep_safe_copy(veil, table->name, &name);
    if (status == SIEVE_OK) {
        const size_t length = strlen(schema) + strlen(name) + 2;
        joined = malloc(length);
        if (joined)
            (void)snprintf(joined, length, "%s.%s", schema, name);
        status = joined ? sweep_safe_copy(veil, joined, out) : SIEVE_E_MEMORY;
    }
    free(schema);
    free(name);
    free(joined);
    return status;
}

/* A weak name of a code beside a column of card numbers has a card word near it, as it
 * would have in a row written out as name: value lines. */
static sieve_status raise_weak(struct sweep_table *table)
{
    const size_t count = table->table->column_count;
    int has_card = 0;
    for (size_t index = 0; index < count; index++)
        has_card |= table->abouts[index] == ABOUT_CARD;
    for (size_t index = 0; index < count && has_card; index++) {
        struct cell_column *column = &table->columns[index];
        if (!column->is_weak || column->prefix)
            continue;
        sieve_status status =
            name_near_card(table->table->columns[index].name, &table->prefixes[index]);
        if (status != SIEVE_OK)
            return status;
        column->prefix = table->prefixes[index];
        column->for_codes = 1;
        table->effects[index] = NAME_RAISES;
    }
    return SIEVE_OK;
}

static sieve_status make_columns(struct sweep *sweep, struct sweep_table *table,
                                 sieve_scanner *probe)
{
    const size_t count = table->table->column_count;
    const size_t room = count ? count : 1;
    table->columns = calloc(room, sizeof table->columns[0]);
    table->prefixes = calloc(room, sizeof table->prefixes[0]);
    table->effects = calloc(room, sizeof table->effects[0]);
    table->column_names = calloc(room, sizeof table->column_names[0]);
    table->abouts = calloc(room, sizeof table->abouts[0]);
    if (!table->columns || !table->prefixes || !table->effects || !table->column_names ||
        !table->abouts)
        return SIEVE_E_MEMORY;
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < count && status == SIEVE_OK; index++) {
        const struct column *column = &table->table->columns[index];
        struct name_meaning meaning;
        status =
            sweep_safe_copy(sweep->run->veil, column->name, &table->column_names[index]);
        if (status == SIEVE_OK)
            status = name_judge(probe, column->name, &meaning);
        if (status == SIEVE_OK) {
            table->effects[index] = meaning.effect;
            table->abouts[index] = (unsigned char)meaning.about;
            table->prefixes[index] = meaning.prefix;
            table->columns[index] =
                (struct cell_column){.prefix = meaning.prefix,
                                     .for_codes = meaning.for_codes,
                                     .is_weak = meaning.is_weak,
                                     .is_alone = sweep->run->has_expressions != 0};
        }
    }
    return status == SIEVE_OK ? raise_weak(table) : status;
}

void sweep_leave_out(struct sweep_table *table, unsigned sample)
{
    for (uint64_t range = 1; sample > 0 && range < table->table->range_count; range++) {
        if (range * sample / 100 == (range - 1) * sample / 100 && !table->done[range]) {
            table->done[range] = 1;
            table->is_sampled = 1;
        }
    }
}

void sweep_count_left(struct sweep_table *table)
{
    table->left = 0;
    for (uint64_t range = 0; range < table->table->range_count; range++)
        table->left += !table->done[range];
}

#define COLUMNS_MARK "; columns "

/* How a table is cut, and a sum over what its columns are: if either changed, what was
 * read before is of no use.  To be freed; NULL: no memory. */
static char *tell_cut(const struct table *table)
{
    const char *cut = table->cut ? table->cut : "whole";
    const size_t capacity = strlen(cut) + sizeof COLUMNS_MARK + 16;
    char *out = malloc(capacity);
    uint64_t sum = UINT64_C(14695981039346656037);
    for (size_t index = 0; index < table->column_count; index++) {
        const struct column *column = &table->columns[index];
        const unsigned char marks[] = {column->left_out != NULL, column->is_key, 0};
        for (const char *at = column->name; *at; at++)
            sum = (sum ^ (unsigned char)*at) * UINT64_C(1099511628211);
        for (size_t mark = 0; mark < sizeof marks; mark++)
            sum = (sum ^ marks[mark]) * UINT64_C(1099511628211);
    }
    if (out)
        (void)snprintf(out, capacity, "%s" COLUMNS_MARK "%016llx", cut,
                       (unsigned long long)sum);
    return out;
}

/* Where an earlier run stopped this one goes on, if the table can be cut the same way. */
static sieve_status cut_as_before(struct sweep *sweep, struct sweep_table *table)
{
    const struct database_ops *ops = sweep->database->ops;
    char *name = NULL;
    char *cut = NULL;
    if (!sweep->is_continued || !sweep->ledger || !ops->cut_again)
        return SIEVE_OK;
    sieve_status status = sweep_safe_copy(sweep->run->veil, table->table->name, &name);
    const struct ledger_table entry = {
        .database = sweep->database_name, .schema = table->schema_name, .name = name};
    if (status == SIEVE_OK)
        status = ledger_cut(sweep->ledger, &entry, &cut);
    char *mark = status == SIEVE_OK && cut ? strstr(cut, COLUMNS_MARK) : NULL;
    if (mark) {
        *mark = '\0';
        status = ops->cut_again(sweep->database, table->table, cut);
    }
    free(cut);
    free(name);
    return status;
}

static sieve_status enter_table(struct sweep *sweep, struct sweep_table *table)
{
    const struct table *from = table->table;
    struct ledger *ledger = sweep->ledger;
    const char *schema = table->schema_name;
    char *name = NULL;
    char *cut = tell_cut(from);
    sieve_status status =
        cut ? sweep_safe_copy(sweep->run->veil, from->name, &name) : SIEVE_E_MEMORY;
    const struct ledger_table entry = {sweep->database_name, schema,    name, cut,
                                       from->range_count,    from->rows};
    if (status == SIEVE_OK)
        status = ledger_table(ledger, &entry, &table->id);
    for (size_t index = 0; index < from->column_count && status == SIEVE_OK; index++)
        status = ledger_column(ledger, table->id, index, table->column_names[index],
                               from->columns[index].type, from->columns[index].left_out);
    if (status == SIEVE_OK)
        status = ledger_done(ledger, table->id, table->done, from->range_count);
    sweep_leave_out(table, sweep->plan->sample);
    sweep_count_left(table);
    free(cut);
    free(name);
    return status;
}

/* ---- for the line of progress ------------------------------------------------------ */

uint64_t sweep_unread_ranges(const struct sweep_table *table)
{
    uint64_t left = 0;
    for (uint64_t range = 0; range < table->table->range_count; range++)
        left += !table->done[range];
    return table->table->unreadable ? 0 : left;
}

static void add_awaited(const struct sweep *sweep, const struct sweep_table *table,
                        uint64_t times)
{
    struct headway *headway = desk_headway(sweep->run->desk);
    const uint64_t left = sweep_unread_ranges(table);
    if (left == 0)
        return;
    const double part = (double)left / (double)table->table->range_count;
    headway_add(&headway->more, times * (uint64_t)((double)table->table->bytes * part));
    headway_add(&headway->ranges_total, times * left);
    headway_add(&headway->tables_total, times);
}

void sweep_await_table(const struct sweep *sweep, const struct sweep_table *table)
{
    add_awaited(sweep, table, 1);
}

void sweep_forget_headway(struct sweep *sweep)
{
    for (size_t index = 0; index < sweep->table_count; index++)
        add_awaited(sweep, &sweep->tables[index], UINT64_MAX); /* times minus one */
}

/* ---- all of a table ---------------------------------------------------------------- */

static sieve_status make_table(struct sweep *sweep, const struct table *from,
                               struct sweep_table *table, sieve_scanner *probe)
{
    table->table = from;
    sieve_status status = make_name(sweep->run->veil, from, &table->name);
    if (status == SIEVE_OK && from->schema)
        status = sweep_safe_copy(sweep->run->veil, from->schema, &table->schema_name);
    if (status == SIEVE_OK)
        status = cut_as_before(sweep, table);
    if (status == SIEVE_OK) {
        table->done = calloc(from->range_count ? (size_t)from->range_count : 1, 1);
        status = table->done ? SIEVE_OK : SIEVE_E_MEMORY;
    }
    if (status == SIEVE_OK)
        status = make_columns(sweep, table, probe);
    if (status == SIEVE_OK && sweep->ledger)
        status = enter_table(sweep, table);
    if (status == SIEVE_OK)
        sweep_await_table(sweep, table);
    return status;
}

void sweep_table_done(struct sweep_table *table)
{
    for (size_t index = 0; table->table && index < table->table->column_count; index++) {
        if (table->prefixes)
            free(table->prefixes[index]);
        if (table->column_names)
            free(table->column_names[index]);
    }
    free(table->prefixes);
    free(table->column_names);
    free(table->columns);
    free(table->effects);
    free(table->abouts);
    sweep_forget_columns(table);
    free(table->done);
    free(table->name);
    free(table->schema_name);
}

/* Everything, whatever this run looks for: names are judged by it. */
static sieve_status make_probe(struct sweep *sweep, sieve_scanner **out)
{
    sieve_options options = sweep->run->plan->options;
    options.brands = NULL;
    options.kinds = 0;
    options.min_confidence = SIEVE_LOW;
    options.style = SIEVE_STYLE_FULL;
    options.key = NULL;
    options.key_length = 0;
    sieve_status status = SIEVE_OK;
    if (!sweep->probe_rules) /* of an earlier database */
        status = sieve_ruleset_new(&options, &sweep->probe_rules, NULL);
    return status == SIEVE_OK ? sieve_scanner_new(sweep->probe_rules, out) : status;
}

sieve_status sweep_make_tables(struct sweep *sweep, const struct table *tables,
                               size_t count)
{
    sieve_scanner *probe = NULL;
    sweep->tables = calloc(count ? count : 1, sizeof sweep->tables[0]);
    if (!sweep->tables)
        return SIEVE_E_MEMORY;
    sieve_status status = make_probe(sweep, &probe);
    if (status == SIEVE_OK && !sweep->tiers)
        status = tier_table_new(&sweep->run->plan->options, &sweep->tiers);
    for (size_t index = 0; index < count && status == SIEVE_OK; index++) {
        sweep->table_count = index + 1;
        status = make_table(sweep, &tables[index], &sweep->tables[index], probe);
    }
    sieve_scanner_free(probe);
    return status;
}
