/* mask_database.h - the part of `cardsieve mask` that is about databases. */
#ifndef SIEVE_CLI_MASK_DATABASE_H
#define SIEVE_CLI_MASK_DATABASE_H

#include "cli/sweep_settings.h"

/* First member of the command's settings: its setters, and those of the sweep, take them
 * as this. */
struct mask_database {
    struct sweep_settings sweep;
    struct repair_order order;
    int yes;
};

const char *set_plan_file(void *settings, const char *value);
const char *set_apply(void *settings, const char *value);
const char *set_yes(void *settings, const char *value);
const char *set_numeric(void *settings, const char *value);
const char *set_delete_sad(void *settings, const char *value);
const char *set_readers(void *settings, const char *value);

/* 1 if something was said that is for databases only. */
int mask_database_is_used(const struct mask_database *database);

void mask_database_done(struct mask_database *database);

/* Repairs the database `target`, or, if that is NULL, the one of the ledger to be
 * resumed; returns the exit status. */
int mask_database_run(const struct command *self, struct mask_database *database,
                      const struct mask_plan *plan, const char *target);

#endif /* SIEVE_CLI_MASK_DATABASE_H */
