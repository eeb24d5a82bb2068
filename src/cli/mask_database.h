/* mask_database.h - the part of `cardsieve mask` that is about databases. */
#ifndef SIEVE_CLI_MASK_DATABASE_H
#define SIEVE_CLI_MASK_DATABASE_H

#include "cli/settings.h"

/* First member of the command's settings: its setters take them as this. */
struct mask_database {
    struct list schemas;
    struct list tables;
    struct list excluded_tables;
    struct list columns;
    struct sweep_plan sweep;
    struct repair_order order;
    int yes;
    const char *used; /* an option that is for databases only, or NULL */
};

const char *set_plan_file(void *settings, const char *value);
const char *set_apply(void *settings, const char *value);
const char *set_yes(void *settings, const char *value);
const char *set_numeric(void *settings, const char *value);
const char *set_delete_sad(void *settings, const char *value);
const char *set_ledger_file(void *settings, const char *value);
const char *set_resume_file(void *settings, const char *value);
const char *set_schemas(void *settings, const char *value);
const char *set_tables(void *settings, const char *value);
const char *set_excluded_tables(void *settings, const char *value);
const char *set_columns(void *settings, const char *value);
const char *set_readers(void *settings, const char *value);
const char *set_read_rate(void *settings, const char *value);
const char *set_read_pause(void *settings, const char *value);

void mask_database_done(struct mask_database *database);

/* Repairs the database `target`, or, if that is NULL, the one of the ledger to be
 * resumed; returns the exit status. */
int mask_database_run(const struct command *self, struct mask_database *database,
                      const struct mask_plan *plan, const char *target);

#endif /* SIEVE_CLI_MASK_DATABASE_H */
