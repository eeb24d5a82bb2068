/* sweep_choice.c - what a sweep was asked for.
 *
 * It stands in the ledger, so that a sweep that goes on without patterns reads what it
 * was begun for, and one with others is refused.
 */
#include <stdlib.h>
#include <string.h>

#include "job/sweep_inside.h"
#include "source/choice.h"

enum chosen_kind {
    CHOSEN_DATABASE,
    CHOSEN_SCHEMA,
    CHOSEN_TABLE,
    CHOSEN_EXCLUDED,
    CHOSEN_COLUMN,
    CHOSEN_ALL_DATABASES,
    CHOSEN_FOREIGN_TABLES,
    CHOSEN_KIND_COUNT
};

/* As the options are called. */
static const char *const kind_names[] = {
    [CHOSEN_DATABASE] = "database",
    [CHOSEN_SCHEMA] = "schema",
    [CHOSEN_TABLE] = "table",
    [CHOSEN_EXCLUDED] = "exclude-table",
    [CHOSEN_COLUMN] = "column",
    [CHOSEN_ALL_DATABASES] = "all-databases",
    [CHOSEN_FOREIGN_TABLES] = "foreign-tables",
};

#define CHOSEN_MAX (CHOSEN_KIND_COUNT * CHOICE_PATTERNS_MAX)

struct chosen {
    enum chosen_kind kind;
    char *pattern; /* safe */
};

struct sweep_choice {
    struct chosen items[CHOSEN_MAX];
    size_t count;
    const char *lists[CHOSEN_KIND_COUNT][CHOICE_PATTERNS_MAX];
    size_t list_counts[CHOSEN_KIND_COUNT];
};

static void kept_free(struct sweep_choice *kept)
{
    for (size_t index = 0; kept && index < kept->count; index++)
        free(kept->items[index].pattern);
    free(kept);
}

void sweep_choice_done(struct sweep *sweep)
{
    kept_free(sweep->kept);
    sweep->kept = NULL;
}

/* Takes the pattern over. */
static sieve_status add(struct sweep_choice *kept, enum chosen_kind kind, char *pattern)
{
    if (!pattern || kept->list_counts[kind] == CHOICE_PATTERNS_MAX) {
        free(pattern);
        return pattern ? SIEVE_E_CORRUPT : SIEVE_E_MEMORY;
    }
    kept->items[kept->count++] = (struct chosen){kind, pattern};
    kept->lists[kind][kept->list_counts[kind]++] = pattern;
    return SIEVE_OK;
}

static sieve_status add_patterns(struct sweep *sweep, struct sweep_choice *kept,
                                 enum chosen_kind kind, const char *const *patterns,
                                 size_t count)
{
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < count && status == SIEVE_OK; index++) {
        char *safe = NULL;
        status = sweep_safe_copy(sweep->run->veil, patterns[index], &safe);
        if (status == SIEVE_OK)
            status = add(kept, kind, safe);
    }
    return status;
}

/* What was asked on the command line. */
static sieve_status add_asked(struct sweep *sweep, struct sweep_choice *kept)
{
    static const char *const yes[] = {"yes"};
    const struct choice *choice = &sweep->plan->choice;
    const struct {
        enum chosen_kind kind;
        const char *const *patterns;
        size_t count;
    } lists[] = {
        {CHOSEN_DATABASE, choice->databases, choice->database_count},
        {CHOSEN_SCHEMA, choice->schemas, choice->schema_count},
        {CHOSEN_TABLE, choice->tables, choice->table_count},
        {CHOSEN_EXCLUDED, choice->excluded, choice->excluded_count},
        {CHOSEN_COLUMN, choice->columns, choice->column_count},
        {CHOSEN_ALL_DATABASES, yes, choice->all_databases != 0},
        {CHOSEN_FOREIGN_TABLES, yes, choice->foreign_tables != 0},
    };
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < sizeof lists / sizeof lists[0]; index++) {
        if (status == SIEVE_OK)
            status = add_patterns(sweep, kept, lists[index].kind, lists[index].patterns,
                                  lists[index].count);
    }
    return status;
}

static sieve_status take_kept(const char *kind, const char *pattern, void *context)
{
    for (size_t index = 0; index < CHOSEN_KIND_COUNT; index++) {
        if (strcmp(kind, kind_names[index]) == 0)
            return add(context, (enum chosen_kind)index, strdup(pattern));
    }
    return SIEVE_E_CORRUPT;
}

static int is_same(const struct sweep_choice *one, const struct sweep_choice *other)
{
    if (one->count != other->count)
        return 0;
    for (size_t index = 0; index < one->count; index++) {
        if (one->items[index].kind != other->items[index].kind ||
            strcmp(one->items[index].pattern, other->items[index].pattern) != 0)
            return 0;
    }
    return 1;
}

/* The choice of the ledger in place of none. */
static void use_kept(struct sweep *sweep, struct sweep_choice *kept)
{
    struct choice *choice = &sweep->choice;
    choice->databases = kept->lists[CHOSEN_DATABASE];
    choice->database_count = kept->list_counts[CHOSEN_DATABASE];
    choice->schemas = kept->lists[CHOSEN_SCHEMA];
    choice->schema_count = kept->list_counts[CHOSEN_SCHEMA];
    choice->tables = kept->lists[CHOSEN_TABLE];
    choice->table_count = kept->list_counts[CHOSEN_TABLE];
    choice->excluded = kept->lists[CHOSEN_EXCLUDED];
    choice->excluded_count = kept->list_counts[CHOSEN_EXCLUDED];
    choice->columns = kept->lists[CHOSEN_COLUMN];
    choice->column_count = kept->list_counts[CHOSEN_COLUMN];
    choice->all_databases = kept->list_counts[CHOSEN_ALL_DATABASES] > 0;
    choice->foreign_tables = kept->list_counts[CHOSEN_FOREIGN_TABLES] > 0;
    sweep->is_choice_kept = 1;
}

static sieve_status refuse(struct sweep *sweep, struct safe_text *thing,
                           const char **reason_out)
{
    *reason_out = "it was begun with other options";
    return veil_set(sweep->run->veil, thing, bytes_of_text(sweep->plan->resume)) ==
                   SIEVE_OK
               ? SIEVE_E_STATE
               : SIEVE_E_MEMORY;
}

sieve_status sweep_choose(struct sweep *sweep, struct safe_text *thing,
                          const char **reason_out)
{
    struct sweep_choice *kept = NULL;
    sweep->choice = sweep->plan->choice;
    sweep->kept = calloc(1, sizeof *sweep->kept);
    if (!sweep->kept)
        return SIEVE_E_MEMORY;
    sieve_status status = add_asked(sweep, sweep->kept);
    if (status != SIEVE_OK || !sweep->plan->resume)
        return status;
    kept = calloc(1, sizeof *kept);
    if (!kept)
        return SIEVE_E_MEMORY;
    status = ledger_choices(sweep->ledger, take_kept, kept);
    if (status == SIEVE_OK && sweep->kept->count == 0) {
        sweep_choice_done(sweep);
        sweep->kept = kept;
        use_kept(sweep, kept);
        return SIEVE_OK;
    }
    if (status == SIEVE_OK && !is_same(kept, sweep->kept))
        status = refuse(sweep, thing, reason_out);
    kept_free(kept);
    return status;
}

sieve_status sweep_enter_choice(struct sweep *sweep)
{
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < sweep->kept->count && status == SIEVE_OK; index++)
        status =
            ledger_put_choice(sweep->ledger, kind_names[sweep->kept->items[index].kind],
                              sweep->kept->items[index].pattern);
    return status;
}
