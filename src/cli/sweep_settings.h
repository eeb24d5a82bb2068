/* sweep_settings.h - the options that say how a database is swept, for every command that
 * sweeps one.
 *
 * The setters take the command's own settings, which begin with these.
 */
#ifndef SIEVE_CLI_SWEEP_SETTINGS_H
#define SIEVE_CLI_SWEEP_SETTINGS_H

#include "cli/settings.h"

struct sweep_settings {
    struct sweep_plan plan; /* without the patterns */
    struct list databases;
    struct list schemas;
    struct list tables;
    struct list excluded_tables;
    struct list columns;
};

/* Each returns what is wrong with the value, a constant, or NULL. */
const char *sweep_set_database(void *settings, const char *value);
const char *sweep_set_all_databases(void *settings, const char *value);
const char *sweep_set_schema(void *settings, const char *value);
const char *sweep_set_table(void *settings, const char *value);
const char *sweep_set_exclude_table(void *settings, const char *value);
const char *sweep_set_column(void *settings, const char *value);
const char *sweep_set_foreign_tables(void *settings, const char *value);
const char *sweep_set_statement_timeout(void *settings, const char *value);
const char *sweep_set_lock_timeout(void *settings, const char *value);
const char *sweep_set_ledger(void *settings, const char *value);
const char *sweep_set_resume(void *settings, const char *value);
const char *sweep_set_dry_run(void *settings, const char *value);
const char *sweep_set_sample(void *settings, const char *value);
const char *sweep_set_rate(void *settings, const char *value);
const char *sweep_set_pause(void *settings, const char *value);

/* The plan with the patterns, which stay the settings'. */
struct sweep_plan sweep_settings_plan(const struct sweep_settings *settings);
void sweep_settings_done(struct sweep_settings *settings);

#endif /* SIEVE_CLI_SWEEP_SETTINGS_H */
