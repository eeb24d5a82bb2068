#include "source/pgrepair.h"

#include <stdlib.h>
#include <string.h>

#include "source/pgnames.h"

#define ROW_LENGTH_MAX (UINT32_C(1) << 30) /* bytes of one that is fetched */
#define TEXTS_MAX      (16u << 20)

static struct pgrepair *repair_of(struct repair *self)
{
    return (struct pgrepair *)self;
}

/* ---- failures ---------------------------------------------------------------------- */

static const struct {
    const char *code; /* its begin */
    const char *reason;
    int is_passing;
} code_rows[] = {
    {"40001", "others changed it at the same time", 1},
    {"40P01", "others had it locked the other way round", 1},
    {"55P03", "somebody else has it locked", 1},
    {"22", "its type cannot hold the masked value", 0},
    {"23502", "it may not be NULL", 0},
    {"23503", "a foreign key refuses the masked value", 0},
    {"23505", REPAIR_HAS_TWIN, 0},
    {"23514", PGREFUSED_BY_CHECK, 0},
    {"23", "a constraint refuses the masked value", 0},
    {"25006", "the server is read-only", 0},
    {"42501", "no permission to change it", 0},
    {"42P01", "a trigger or rule looks for names in a search_path, which is empty", 0},
    {"42883", "a trigger or rule looks for names in a search_path, which is empty", 0},
    {"P0", "a trigger refuses the change", 0},
    {"44000", "a view's CHECK OPTION refuses it", 0},
};

void pgrepair_explain(struct repair *self, struct database_error *error)
{
    self->is_passing = 0;
    for (size_t index = 0; index < sizeof code_rows / sizeof code_rows[0]; index++) {
        if (strncmp(error->code, code_rows[index].code, strlen(code_rows[index].code)) ==
            0) {
            error->reason = code_rows[index].reason;
            self->is_passing = code_rows[index].is_passing;
            return;
        }
    }
}

/* ---- transactions ------------------------------------------------------------------ */

static sieve_status run(struct pgrepair *repair, const char *sql,
                        struct database_error *error)
{
    size_t done = 0;
    sieve_status status = pglink_run(repair->session.link, sql, NULL, NULL, &done, error);
    if (status == SIEVE_E_IO)
        pgrepair_explain(&repair->base, error);
    return status;
}

sieve_status pgrepair_begin(struct repair *self, struct database_error *error)
{
    struct pgrepair *repair = repair_of(self);
    sieve_status status =
        run(repair,
            repair->is_writing ? "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
                               : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            error);
    repair->is_open = status == SIEVE_OK;
    return status;
}

static sieve_status pgrepair_end(struct repair *self, int is_commit,
                                 struct database_error *error)
{
    struct pgrepair *repair = repair_of(self);
    *error = (struct database_error){.reason = NULL};
    if (!repair->is_open)
        return SIEVE_OK;
    repair->is_open = 0;
    return run(repair, is_commit ? "COMMIT" : "ROLLBACK", error);
}

/* ---- updates ----------------------------------------------------------------------- */

struct updated {
    char *locator;
    uint64_t rows;
};

static sieve_status take_place(const struct bytes *fields, void *context)
{
    struct updated *updated = context;
    updated->rows++;
    return fields[0].at ? pgbinary_locator(fields[0], updated->locator) : SIEVE_OK;
}

static sieve_status pgrepair_update(struct repair *self, struct bytes statement,
                                    char locator_out[REPAIR_LOCATOR_MAX],
                                    uint64_t *rows_out, struct database_error *error)
{
    struct pgrepair *repair = repair_of(self);
    struct updated updated = {.locator = locator_out};
    struct bytes fields[1];
    const struct pgtaker taker = {fields, 1, take_place, &updated};
    struct buffer *sql = &repair->session.sql;
    locator_out[0] = '\0';
    *error = (struct database_error){.reason = "out of memory"};
    sieve_status status = pgsession_begin_ask(&repair->session, 0);
    if (status == SIEVE_OK)
        status = pgtext_append(sql, "COPY (");
    if (status == SIEVE_OK)
        status = buffer_append(sql, statement);
    if (status == SIEVE_OK)
        status = pgtext_append(sql, ") TO STDOUT (FORMAT binary);");
    if (status == SIEVE_OK)
        status = pgsession_ask(&repair->session, 0, &taker, error);
    if (status == SIEVE_E_IO)
        pgrepair_explain(self, error);
    if (status != SIEVE_OK)
        repair->is_open = 0;
    *rows_out = updated.rows;
    return status;
}

/* ---- life -------------------------------------------------------------------------- */

static void pgrepair_cancel(struct repair *self)
{
    pglink_cancel(repair_of(self)->session.link);
}

static void pgrepair_free(struct repair *self)
{
    struct pgrepair *repair = repair_of(self);
    if (!self)
        return;
    pgexamined_done(&repair->examined);
    pgsession_done(&repair->session);
    buffer_done(&repair->row);
    repair->text.length = repair->text.capacity; /* numbers may lie anywhere in it */
    buffer_done(&repair->text);
    free(repair->fields);
    free(repair->cells);
    free(repair->numbers);
    free(repair);
}

static const char *const aftercare[] = {
    "ANALYZE the tables: pg_statistic keeps common values, numbers among them.",
    "Dead rows hold the numbers until VACUUM has gone over them, and their pages until",
    "  they are written anew: VACUUM FULL, which locks the table meanwhile.",
    "REFRESH the materialised views that are made of these tables.",
    "The write-ahead log, its archive, replicas with a delay and backups hold the",
    "  numbers: let them run out, or replace and destroy them.",
    "The server's log and pg_stat_statements may hold statements with numbers.",
    "Then scan again.",
    NULL,
};

static const struct repair_script script = {
    .how = "psql -X -f PLAN DATABASE",
    .prologue =
        "SET client_encoding='UTF8';\n"
        "SET standard_conforming_strings=on;\n"
        "SET lock_timeout='10s';\n"
        "SELECT pg_catalog.set_config('search_path','',false);\n"
        "CREATE TEMPORARY TABLE cardsieve_repair(number bigint PRIMARY KEY, name text,"
        " updated bigint CHECK (updated IN (0,1)));\n",
    .begin = "BEGIN;\n",
    .before = "WITH done AS (",
    .between = ")\n  INSERT INTO pg_temp.cardsieve_repair SELECT ",
    .behind = ", count(*) FROM done;\n",
    .commit = "COMMIT;\n",
    .epilogue =
        "SELECT 'rows updated: '||coalesce(sum(updated),0)||'; changed by others, not"
        " touched: '||count(*)-coalesce(sum(updated),0)||'; not run: '||(",
    .ending = "-count(*)) AS repair FROM pg_temp.cardsieve_repair;\n"
              "SELECT name AS changed_by_others FROM pg_temp.cardsieve_repair"
              " WHERE updated=0 ORDER BY number;\n",
    .aftercare = aftercare,
};

static const struct repair_ops pgrepair_ops = {
    .script = &script,
    .examine = pgexamine,
    .begin = pgrepair_begin,
    .end = pgrepair_end,
    .fetch = pgfetch,
    .append_update = pgupdate_append,
    .check = pgtry,
    .update = pgrepair_update,
    .cancel = pgrepair_cancel,
    .free = pgrepair_free,
    .rows_move = 1,
};

sieve_status pgrepair_new(struct pglink *link, const void *database,
                          const struct pgtable *(*find)(const void *database,
                                                        const struct table *table),
                          int is_writing, struct repair **out)
{
    struct pgrepair *repair = calloc(1, sizeof *repair);
    if (!repair) {
        pglink_close(link);
        return SIEVE_E_MEMORY;
    }
    repair->base.ops = &pgrepair_ops;
    repair->database = database;
    repair->find = find;
    repair->is_writing = is_writing;
    repair->length_of = pgcharacters_of(pglink_encoding(link));
    pgsession_init(&repair->session, link, NULL);
    repair->session.sql.ceiling = REPAIR_UPDATE_MAX;
    buffer_init(&repair->row, ROW_LENGTH_MAX);
    buffer_init(&repair->text, TEXTS_MAX);
    *out = &repair->base;
    return SIEVE_OK;
}
