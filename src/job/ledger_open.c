#include "job/ledger_open.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/reason.h"
#include "source/sql.h"

static const char layout[] =
    "PRAGMA application_id = " LEDGER_APPLICATION "; PRAGMA user_version = " LEDGER_LAYOUT
    "; BEGIN;"
    "CREATE TABLE run(target TEXT NOT NULL, options TEXT NOT NULL, version TEXT NOT NULL,"
    " started INTEGER NOT NULL);"
    "CREATE TABLE choices(number INTEGER PRIMARY KEY, kind TEXT NOT NULL,"
    " pattern TEXT NOT NULL);"
    "CREATE TABLE databases(name TEXT PRIMARY KEY, reason TEXT);"
    "CREATE TABLE snapshots(number INTEGER PRIMARY KEY, database TEXT,"
    " started INTEGER NOT NULL);"
    "CREATE TABLE tables(id INTEGER PRIMARY KEY, database TEXT, schema TEXT, name TEXT "
    "NOT NULL,"
    " cut TEXT, ranges INTEGER NOT NULL, rows_expected INTEGER, rows INTEGER,"
    " snapshot INTEGER NOT NULL, finished INTEGER, reason TEXT);"
    "CREATE INDEX tables_name ON tables(name);"
    "CREATE TABLE columns(table_id INTEGER NOT NULL, number INTEGER NOT NULL,"
    " name TEXT NOT NULL, type TEXT, left_out TEXT, \"values\" INTEGER DEFAULT 0,"
    " bytes INTEGER DEFAULT 0, numbers INTEGER DEFAULT 0,"
    " luhn INTEGER DEFAULT 0, tier_a INTEGER DEFAULT 0, \"distinct\" INTEGER DEFAULT 0,"
    " sketched INTEGER DEFAULT 0, verdict TEXT, reason TEXT, effect TEXT, neighbours "
    "TEXT,"
    " PRIMARY KEY(table_id, number)) WITHOUT ROWID;"
    "CREATE TABLE keys(table_id INTEGER NOT NULL, number INTEGER NOT NULL,"
    " key TEXT NOT NULL, \"values\" INTEGER DEFAULT 0, bytes INTEGER DEFAULT 0,"
    " numbers INTEGER DEFAULT 0, luhn INTEGER DEFAULT 0, tier_a INTEGER DEFAULT 0,"
    " \"distinct\" INTEGER DEFAULT 0, sketched INTEGER DEFAULT 0,"
    " verdict TEXT, reason TEXT, effect TEXT, neighbours TEXT,"
    " PRIMARY KEY(table_id, number, key)) WITHOUT ROWID;"
    "CREATE TABLE ranges(table_id INTEGER NOT NULL, range INTEGER NOT NULL,"
    " rows INTEGER NOT NULL, bytes INTEGER NOT NULL, started INTEGER NOT NULL,"
    " finished INTEGER NOT NULL, snapshot INTEGER NOT NULL,"
    " PRIMARY KEY(table_id, range)) WITHOUT ROWID;"
    "CREATE TABLE findings(id INTEGER PRIMARY KEY, table_id INTEGER NOT NULL,"
    " range INTEGER NOT NULL, number INTEGER NOT NULL, row TEXT NOT NULL,"
    " locator TEXT, offset INTEGER NOT NULL, length INTEGER NOT NULL,"
    " kind TEXT NOT NULL, brand TEXT, digits INTEGER NOT NULL, masked TEXT NOT NULL,"
    " form TEXT NOT NULL, confidence TEXT NOT NULL, reasons TEXT NOT NULL,"
    " test_number INTEGER NOT NULL, rule TEXT, card INTEGER, key TEXT,"
    " is_whole INTEGER NOT NULL, found_confidence TEXT NOT NULL);"
    "CREATE TABLE unexamined(id INTEGER PRIMARY KEY, table_id INTEGER NOT NULL,"
    " range INTEGER NOT NULL, number INTEGER, row TEXT NOT NULL, locator TEXT,"
    " rows INTEGER, reason TEXT NOT NULL, code TEXT NOT NULL);"
    "CREATE INDEX unexamined_place ON unexamined(table_id, range);"
    "CREATE INDEX findings_place ON findings(table_id, range);"
    "CREATE INDEX findings_column ON findings(table_id, number, key);"
    "COMMIT";

static const char not_a_ledger[] = "it is no ledger of this program";

/* ---- opening ----------------------------------------------------------------------- */

static sieve_status ledger_new(const char *path, enum sql_mode mode, struct ledger **out,
                               const char **reason_out)
{
    struct ledger *ledger = calloc(1, sizeof *ledger);
    *reason_out = "not enough memory";
    if (!ledger)
        return SIEVE_E_MEMORY;
    if (pthread_mutex_init(&ledger->lock, NULL) != 0) {
        free(ledger);
        return SIEVE_E_MEMORY;
    }
    ledger->path = strdup(path);
    sieve_status status =
        ledger->path ? sql_open(path, mode, &ledger->sql, reason_out) : SIEVE_E_MEMORY;
    if (status != SIEVE_OK) {
        (void)ledger_close(ledger);
        return status;
    }
    ledger->committed = clock_now();
    *out = ledger;
    return SIEVE_OK;
}

sieve_status ledger_begin_snapshot(struct ledger *ledger, const char *database)
{
    struct sql_query *query = NULL;
    ledger_lock(ledger);
    sieve_status status =
        ledger_prepare(ledger, LEDGER_SNAPSHOT,
                       "INSERT INTO snapshots(database, started) VALUES(?1, ?2)", &query);
    if (status == SIEVE_OK) {
        sql_bind_text(query, 1, database);
        sql_bind_number(query, 2, (int64_t)time(NULL));
        status = ledger_finish(ledger, query);
    }
    if (status == SIEVE_OK)
        status = sql_read_number(ledger->sql, "SELECT max(number) FROM snapshots",
                                 &ledger->snapshot);
    if (status == SIEVE_OK)
        status = sql_read_number(ledger->sql, "SELECT coalesce(max(id), 0) FROM tables",
                                 &ledger->last_table);
    if (status == SIEVE_OK)
        status = ledger_commit(ledger);
    return ledger_unlock(ledger, status);
}

/* ---- what was asked for ------------------------------------------------------------ */

sieve_status ledger_put_choice(struct ledger *ledger, const char *kind,
                               const char *pattern)
{
    struct sql_query *query = NULL;
    ledger_lock(ledger);
    sieve_status status =
        ledger_prepare(ledger, LEDGER_PUT_CHOICE,
                       "INSERT INTO choices(kind, pattern) VALUES(?1, ?2)", &query);
    if (status == SIEVE_OK) {
        sql_bind_text(query, 1, kind);
        sql_bind_text(query, 2, pattern);
        status = ledger_finish(ledger, query);
    }
    return ledger_unlock(ledger, status);
}

sieve_status ledger_choices(struct ledger *ledger, on_ledger_choice tell, void *context)
{
    static const char text[] = "SELECT kind, pattern FROM choices ORDER BY number";
    struct sql_query *query = NULL;
    int has_row = 0;
    ledger_lock(ledger);
    sieve_status status =
        sql_prepare(ledger->sql, bytes_of(text, sizeof text - 1), &query);
    while (status == SIEVE_OK && (status = sql_step(query, &has_row)) == SIEVE_OK &&
           has_row)
        status = tell(sql_text(query, 0), sql_text(query, 1), context);
    sql_done(query);
    return ledger_unlock(ledger, status);
}

/* ---- a new one --------------------------------------------------------------------- */

static sieve_status begin_run(struct ledger *ledger, const char *target,
                              const char *options)
{
    struct sql_query *query = NULL;
    static const char text[] = "INSERT INTO run VALUES(?1, ?2, ?3, ?4)";
    sieve_status status = sql_run(ledger->sql, layout);
    if (status == SIEVE_OK)
        status = sql_prepare(ledger->sql, bytes_of(text, sizeof text - 1), &query);
    if (status != SIEVE_OK)
        return status;
    sql_bind_text(query, 1, target);
    sql_bind_text(query, 2, options);
    sql_bind_text(query, 3, sieve_version());
    sql_bind_number(query, 4, (int64_t)time(NULL));
    status = ledger_finish(ledger, query); /* kept with the first snapshot */
    sql_done(query);
    return status;
}

/* The file is made here: SQLite would let others read it. */
static sieve_status make_file(const char *path, const char **reason_out)
{
    int descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) {
        *reason_out = errno == EEXIST ? "it exists; --resume goes on with it"
                                      : reason_of_system(errno);
        return SIEVE_E_IO;
    }
    close(descriptor);
    return SIEVE_OK;
}

sieve_status ledger_create(const char *path, const char *target, const char *options,
                           struct ledger **out, const char **reason_out)
{
    struct ledger *ledger = NULL;
    sieve_status status = make_file(path, reason_out);
    if (status == SIEVE_OK)
        status = ledger_new(path, SQL_CREATE, &ledger, reason_out);
    if (status != SIEVE_OK)
        return status;
    status = begin_run(ledger, target, options);
    if (status != SIEVE_OK) {
        *reason_out = sql_reason(ledger->sql);
        (void)ledger_close(ledger);
        return status;
    }
    *out = ledger;
    return SIEVE_OK;
}

/* ---- going on ---------------------------------------------------------------------- */

/* *reason_out is set if it is none, or another's. */
static sieve_status check_run(struct ledger *ledger, const char *target,
                              const char *options, const char **reason_out)
{
    struct sql_query *query = NULL;
    int64_t number = 0;
    int has_row = 0;
    static const char text[] = "SELECT target, options FROM run";
    sieve_status status = sql_read_number(
        ledger->sql,
        "SELECT count(*) FROM pragma_application_id a, pragma_user_version v"
        " WHERE a.application_id = " LEDGER_APPLICATION
        " AND v.user_version = " LEDGER_LAYOUT,
        &number);
    if (status == SIEVE_OK && number == 1)
        status = sql_prepare(ledger->sql, bytes_of(text, sizeof text - 1), &query);
    if (status == SIEVE_OK && query)
        status = sql_step(query, &has_row);
    if (status != SIEVE_OK)
        *reason_out = sql_reason(ledger->sql);
    else if (!query)
        *reason_out = not_a_ledger;
    else if (!has_row)
        *reason_out = "nothing was entered in it: delete it and begin anew";
    else if (target && strcmp(sql_text(query, 0), target) != 0)
        *reason_out = "it is of another target";
    else if (options && strcmp(sql_text(query, 1), options) != 0)
        *reason_out = "it was begun with other options";
    sql_done(query);
    return *reason_out ? SIEVE_E_STATE : SIEVE_OK;
}

static const char forget_unended[] =
    "DELETE FROM findings WHERE NOT EXISTS (SELECT 1 FROM ranges r"
    " WHERE r.table_id = findings.table_id AND r.range = findings.range);"
    "DELETE FROM unexamined WHERE NOT EXISTS (SELECT 1 FROM ranges r"
    " WHERE r.table_id = unexamined.table_id AND r.range = unexamined.range)";

sieve_status ledger_resume(const char *path, const char *target, const char *options,
                           struct ledger **out, const char **reason_out)
{
    struct ledger *ledger = NULL;
    sieve_status status = ledger_new(path, SQL_WRITE, &ledger, reason_out);
    if (status != SIEVE_OK)
        return status;
    *reason_out = NULL;
    status = check_run(ledger, target, options, reason_out);
    if (status == SIEVE_OK)
        status = sql_run(ledger->sql, forget_unended);
    if (status != SIEVE_OK) {
        if (!*reason_out)
            *reason_out = sql_reason(ledger->sql);
        (void)ledger_close(ledger);
        return status;
    }
    *out = ledger;
    return SIEVE_OK;
}

sieve_status ledger_look(const char *path, struct ledger **out, const char **reason_out)
{
    struct ledger *ledger = NULL;
    /* To write: what a kill left unfinished is undone by who opens it. */
    sieve_status status = ledger_new(path, SQL_WRITE, &ledger, reason_out);
    if (status != SIEVE_OK)
        return status;
    *reason_out = NULL;
    status = check_run(ledger, NULL, NULL, reason_out);
    if (status != SIEVE_OK)
        (void)ledger_close(ledger);
    else
        *out = ledger;
    return status;
}

sieve_status ledger_target(const char *path, char **out, const char **reason_out)
{
    struct ledger *ledger = NULL;
    struct sql_query *query = NULL;
    int has_row = 0;
    static const char text[] = "SELECT target FROM run";
    sieve_status status = ledger_look(path, &ledger, reason_out);
    if (status != SIEVE_OK)
        return status;
    status = sql_prepare(ledger->sql, bytes_of(text, sizeof text - 1), &query);
    if (status == SIEVE_OK)
        status = sql_step(query, &has_row);
    if (status == SIEVE_OK) {
        *out = strdup(sql_text(query, 0));
        status = *out ? SIEVE_OK : SIEVE_E_MEMORY;
    }
    if (status != SIEVE_OK)
        *reason_out = sql_reason(ledger->sql);
    sql_done(query);
    (void)ledger_close(ledger);
    return status;
}
