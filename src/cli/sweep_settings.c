#include "cli/sweep_settings.h"

#include "base/number.h"

static struct sweep_settings *of(void *settings)
{
    return settings;
}

const char *sweep_set_database(void *settings, const char *value)
{
    return list_add(&of(settings)->databases, value);
}

const char *sweep_set_all_databases(void *settings, const char *value)
{
    (void)value;
    of(settings)->plan.choice.all_databases = 1;
    return NULL;
}

const char *sweep_set_schema(void *settings, const char *value)
{
    return list_add(&of(settings)->schemas, value);
}

const char *sweep_set_table(void *settings, const char *value)
{
    return list_add(&of(settings)->tables, value);
}

const char *sweep_set_exclude_table(void *settings, const char *value)
{
    return list_add(&of(settings)->excluded_tables, value);
}

const char *sweep_set_column(void *settings, const char *value)
{
    return list_add(&of(settings)->columns, value);
}

const char *sweep_set_foreign_tables(void *settings, const char *value)
{
    (void)value;
    of(settings)->plan.choice.foreign_tables = 1;
    return NULL;
}

const char *sweep_set_statement_timeout(void *settings, const char *value)
{
    return seconds_of(value, &of(settings)->plan.choice.statement_seconds);
}

const char *sweep_set_lock_timeout(void *settings, const char *value)
{
    return seconds_of(value, &of(settings)->plan.choice.lock_seconds);
}

const char *sweep_set_ledger(void *settings, const char *value)
{
    of(settings)->plan.ledger = value;
    return NULL;
}

const char *sweep_set_resume(void *settings, const char *value)
{
    of(settings)->plan.resume = value;
    return NULL;
}

const char *sweep_set_dry_run(void *settings, const char *value)
{
    (void)value;
    of(settings)->plan.dry_run = 1;
    return NULL;
}

const char *sweep_set_sample(void *settings, const char *value)
{
    uint64_t percent = 0;
    if (number_parse(value, 99, &percent) < 0 || percent == 0)
        return "it is no number from 1 to 99";
    of(settings)->plan.sample = (unsigned)percent;
    return NULL;
}

const char *sweep_set_rate(void *settings, const char *value)
{
    uint64_t *rate = &of(settings)->plan.rate;
    return number_parse_size(value, rate) < 0 || *rate == 0
               ? "it is no size, such as 64M or 2G"
               : NULL;
}

const char *sweep_set_pause(void *settings, const char *value)
{
    return number_parse_time(value, &of(settings)->plan.pause) < 0
               ? "it is no time, such as 100ms, 2s or 1m"
               : NULL;
}

struct sweep_plan sweep_settings_plan(const struct sweep_settings *settings)
{
    struct sweep_plan plan = settings->plan;
    struct choice *choice = &plan.choice;
    choice->databases = settings->databases.items;
    choice->database_count = settings->databases.count;
    choice->schemas = settings->schemas.items;
    choice->schema_count = settings->schemas.count;
    choice->tables = settings->tables.items;
    choice->table_count = settings->tables.count;
    choice->excluded = settings->excluded_tables.items;
    choice->excluded_count = settings->excluded_tables.count;
    choice->columns = settings->columns.items;
    choice->column_count = settings->columns.count;
    choice->readers = plan.readers ? plan.readers : READERS_DEFAULT;
    if (plan.dry_run)
        choice->readers = 1;
    return plan;
}

void sweep_settings_done(struct sweep_settings *settings)
{
    list_done(&settings->databases);
    list_done(&settings->schemas);
    list_done(&settings->tables);
    list_done(&settings->excluded_tables);
    list_done(&settings->columns);
}
