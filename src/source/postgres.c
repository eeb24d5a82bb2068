#include "source/postgres.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/number.h"
#include "base/wipe.h"
#include "source/pgcareful.h"
#include "source/pgcatalog.h"
#include "source/pgrepair.h"
#include "source/pgrows.h"

/* The leader does nothing but hold the snapshot, so that no failure can end it. */
struct postgres {
    struct database base;
    char *target; /* owned; may hold a password */
    const struct choice *choice;
    struct pglink *leader;
    struct pglink *spare; /* has listed the tables; the first reader takes it */
    char snapshot[PGSNAPSHOT_MAX];
    struct pgcatalog catalog;
    struct catalog_given given;
};

struct postgres_reader {
    struct reader base;
    struct pgsession session;
};

/* ---- reading ----------------------------------------------------------------------- */

/* What has been given out as a table is the one of the same place in the catalog. */
static const struct pgtable *find_table(const struct reader *reader,
                                        const struct table *table)
{
    const struct postgres *database = (const struct postgres *)reader->database;
    return &database->catalog.tables[table - database->given.tables];
}

static atomic_ullong *rows_read(const struct reader *reader, const struct table *table)
{
    const struct postgres *database = (const struct postgres *)reader->database;
    return &database->given.read[table - database->given.tables];
}

static sieve_status postgres_read(struct reader *self, const struct table *table,
                                  uint64_t range, on_row take, void *context,
                                  struct database_error *error)
{
    struct pgsession *session = &((struct postgres_reader *)self)->session;
    const struct pgtable *found = find_table(self, table);
    *error = (struct database_error){.reason = "out of memory"};
    if (range >= table->range_count || table->unreadable)
        return SIEVE_E_INVALID;
    struct pgrows rows = {.session = session, .on_row = take, .context = context};
    sieve_status status = self->on_missed
                              ? pgcareful_read(&rows, found, range, self, error)
                              : pgrows_read_range(&rows, found, range, error);
    if (status == SIEVE_OK && table->is_moving)
        atomic_store(rows_read(self, table), rows.row_count);
    return status;
}

/* ---- counting ---------------------------------------------------------------------- */

static sieve_status take_count(const struct bytes *fields, void *context)
{
    *(uint64_t *)context = (uint64_t)pgbinary_int8(fields[0]);
    return SIEVE_OK;
}

static sieve_status postgres_count(struct reader *self, const struct table *table,
                                   uint64_t *rows_out, struct database_error *error)
{
    struct pgsession *session = &((struct postgres_reader *)self)->session;
    const struct pgtable *found = find_table(self, table);
    struct bytes fields[1];
    uint64_t rows = 0;
    const struct pgtaker taker = {fields, 1, take_count, &rows};
    sieve_status status = SIEVE_OK;
    *error = (struct database_error){.reason = "out of memory"};
    /* Statements that run are others at the next look: what was read is all there was. */
    if (table->is_moving)
        rows = atomic_load(rows_read(self, table));
    if (!table->is_moving && !found->is_empty) {
        status = pgsession_begin(session, 0);
        if (status == SIEVE_OK)
            status = pgtable_append_count(found, &session->sql);
        if (status == SIEVE_OK)
            status = pgsession_run(session, &taker, error);
    }
    if (status == SIEVE_OK)
        *rows_out = rows;
    return status;
}

/* ---- readers ----------------------------------------------------------------------- */

static sieve_status postgres_reader(struct database *self, struct reader **out,
                                    struct database_error *error)
{
    struct postgres *database = (struct postgres *)self;
    *error = (struct database_error){.reason = "out of memory"};
    struct postgres_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return SIEVE_E_MEMORY;
    struct pglink *link = database->spare;
    database->spare = NULL;
    sieve_status status =
        link ? SIEVE_OK : pglink_open(database->target, database->choice, &link, error);
    if (status != SIEVE_OK) {
        free(reader);
        return status;
    }
    reader->base.database = self;
    pgsession_init(&reader->session, link, database->snapshot);
    *out = &reader->base;
    return SIEVE_OK;
}

static void postgres_cancel(struct reader *self)
{
    pglink_cancel(((struct postgres_reader *)self)->session.link);
}

static void postgres_reader_free(struct reader *self)
{
    if (!self)
        return;
    pgsession_done(&((struct postgres_reader *)self)->session);
    free(self);
}

/* ---- repair ------------------------------------------------------------------------ */

static const struct pgtable *find_of(const void *database, const struct table *table)
{
    const struct postgres *postgres = database;
    return &postgres->catalog.tables[table - postgres->given.tables];
}

static sieve_status postgres_repair(struct database *self, int is_writing,
                                    struct repair **out, struct database_error *error)
{
    struct postgres *database = (struct postgres *)self;
    struct pglink *link = NULL;
    /* A snapshot that is held keeps dead rows from being removed. */
    pglink_close(database->leader);
    pglink_close(database->spare);
    database->leader = NULL;
    database->spare = NULL;
    database->base.name = NULL; /* the leader's */
    *error = (struct database_error){.reason = "out of memory"};
    sieve_status status = pglink_open(database->target, database->choice, &link, error);
    return status == SIEVE_OK ? pgrepair_new(link, database, find_of, is_writing, out)
                              : status;
}

/* ---- the database ------------------------------------------------------------------ */

static sieve_status list_tables(struct postgres *database, struct database_error *error)
{
    struct pgsession session;
    pgsession_init(&session, database->spare, database->snapshot);
    sieve_status status =
        pgcatalog_list(&session, database->choice, &database->catalog, error);
    session.link = NULL; /* it stays the spare one */
    pgsession_done(&session);
    if (status != SIEVE_OK)
        return status;
    return catalog_give(pgcatalog_entries(&database->catalog), database->snapshot,
                        &database->given);
}

static sieve_status postgres_tables(struct database *self, const struct table **out,
                                    size_t *count_out, struct database_error *error)
{
    struct postgres *database = (struct postgres *)self;
    *error = (struct database_error){.reason = "out of memory"};
    sieve_status status =
        database->given.tables ? SIEVE_OK : list_tables(database, error);
    if (status != SIEVE_OK)
        return status;
    *out = database->given.tables;
    *count_out = database->catalog.count;
    return SIEVE_OK;
}

static void postgres_free(struct database *self)
{
    struct postgres *database = (struct postgres *)self;
    if (!database)
        return;
    pglink_close(database->spare);
    pglink_close(database->leader);
    pgcatalog_done(&database->catalog);
    catalog_given_done(&database->given);
    if (database->target)
        wipe_free(database->target, strlen(database->target));
    free(database);
}

static const struct database_ops postgres_ops = {
    .scheme = "postgresql",
    .tables = postgres_tables,
    .reader = postgres_reader,
    .read = postgres_read,
    .count = postgres_count,
    .cancel = postgres_cancel,
    .reader_free = postgres_reader_free,
    .repair = postgres_repair,
    .free = postgres_free,
};

static sieve_status take_snapshot(struct postgres *database, struct database_error *error)
{
    size_t done = 0;
    sieve_status status =
        pglink_run(database->leader, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                   NULL, NULL, &done, error);
    if (status == SIEVE_OK)
        status = pglink_value(database->leader, "SELECT pg_export_snapshot()",
                              database->snapshot, sizeof database->snapshot, error);
    return status;
}

sieve_status postgres_open(const char *target, const struct choice *choice,
                           struct database **out, struct database_error *error)
{
    *error = (struct database_error){.reason = "out of memory"};
    struct postgres *database = calloc(1, sizeof *database);
    if (!database)
        return SIEVE_E_MEMORY;
    database->base.ops = &postgres_ops;
    database->choice = choice;
    database->target = strdup(target);
    sieve_status status = database->target ? SIEVE_OK : SIEVE_E_MEMORY;
    if (status == SIEVE_OK)
        status = pglink_open(target, choice, &database->leader, error);
    if (status == SIEVE_OK)
        status = take_snapshot(database, error);
    if (status == SIEVE_OK)
        status = pglink_open(target, choice, &database->spare, error);
    if (status != SIEVE_OK) {
        postgres_free(&database->base);
        return status;
    }
    database->base.name = pglink_database(database->leader);
    *out = &database->base;
    return SIEVE_OK;
}
