#include "source/sql.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/buffer.h"

/* Milliseconds to wait for a lock: an application's commit takes less; a report that is
 * made of a ledger while it is written takes longer. */
#define BUSY_PATIENCE     5000
#define BUSY_PATIENCE_OWN 120000
/* Bytes of a value or row of our own. */
#define OWN_LENGTH_MAX (1 << 20)

/* ... of who only reads, between applications that commit all the time: short sleeps, so
 * that a gap between two of them is seen, and in all ten seconds or more. */
#define READ_BUSY_SLEEP 2000000 /* nanoseconds */
#define READ_BUSY_TRIES 5000
/* Bytes of a path in its longest spelling. */
#define PATH_CAPACITY_MAX (3u * 4096u + 64u)
#define CACHE_KIBIBYTES   "-4096"

struct sql {
    sqlite3 *handle;
    atomic_int is_interrupted;
    int failure; /* extended code of the last one */
};

struct sql_query {
    struct sql *sql;
    sqlite3_stmt *handle;
    int failure; /* of a bind */
};

/* ---- failures ---------------------------------------------------------------------- */

static const struct {
    int code;
    const char *name;
    const char *reason;
} failures[] = {
    {SQLITE_PERM, "PERM", "permission denied"},
    {SQLITE_BUSY, "BUSY", "another program has it locked"},
    {SQLITE_LOCKED, "LOCKED", "another program has it locked"},
    {SQLITE_NOMEM, "NOMEM", "not enough memory"},
    {SQLITE_READONLY, "READONLY", "it needs to be repaired by the program that owns it"},
    {SQLITE_INTERRUPT, "INTERRUPT", "interrupted"},
    {SQLITE_IOERR, "IOERR", "it could not be read or written"},
    {SQLITE_CORRUPT, "CORRUPT", "it is damaged"},
    {SQLITE_FULL, "FULL", "no space is left on the device"},
    {SQLITE_CANTOPEN, "CANTOPEN", "it could not be opened"},
    {SQLITE_SCHEMA, "SCHEMA", "its tables changed meanwhile"},
    {SQLITE_TOOBIG, "TOOBIG", "a value is too large"},
    {SQLITE_AUTH, "AUTH", "permission denied"},
    {SQLITE_NOTADB, "NOTADB", "it is no SQLite database, or encrypted"},
    {SQLITE_ERROR, "ERROR", "SQLite cannot run what was asked of it"},
};

#define FAILURE_COUNT (sizeof failures / sizeof failures[0])

/* The row of a code; the last one is for all that has none. */
static size_t failure_row(int code)
{
    size_t index = 0;
    while (index < FAILURE_COUNT - 1 && failures[index].code != (code & 0xFF))
        index++;
    return index;
}

const char *sql_reason(const struct sql *sql)
{
    return failures[failure_row(sql->failure)].reason;
}

const char *sql_code(const struct sql *sql)
{
    return failures[failure_row(sql->failure)].name;
}

int sql_is_busy(const struct sql *sql)
{
    const int code = sql->failure & 0xFF;
    return code == SQLITE_BUSY || code == SQLITE_LOCKED;
}

const char *sql_constraint(const struct sql *sql)
{
    switch (sql->failure) {
    case SQLITE_CONSTRAINT_CHECK:
        return "a CHECK constraint refuses the masked value";
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return "another row would have the same value where it must be unique";
    case SQLITE_CONSTRAINT_NOTNULL:
        return "it may not be NULL";
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return "a foreign key refuses the masked value";
    case SQLITE_CONSTRAINT_TRIGGER:
        return "a trigger refuses the change";
    case SQLITE_CONSTRAINT_DATATYPE:
        return "its type cannot hold the masked value";
    default:
        return (sql->failure & 0xFF) == SQLITE_CONSTRAINT ? "a constraint refuses it"
                                                          : NULL;
    }
}

static sieve_status status_of(int code)
{
    switch (code & 0xFF) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return SIEVE_OK;
    case SQLITE_NOMEM:
        return SIEVE_E_MEMORY;
    case SQLITE_INTERRUPT:
        return SIEVE_STOPPED;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return SIEVE_E_CORRUPT;
    case SQLITE_TOOBIG:
        return SIEVE_E_LIMIT;
    default:
        return SIEVE_E_IO;
    }
}

static sieve_status note(struct sql *sql, int code)
{
    sieve_status status = status_of(code);
    if (status != SIEVE_OK)
        sql->failure = code;
    return status;
}

/* ---- connections ------------------------------------------------------------------- */

/* "file:/srv/shop%20one.db?mode=ro": what a path holds must not be read as a query. */
static sieve_status make_uri(const char *path, enum sql_mode mode, struct buffer *out)
{
    static const char *const queries[] = {
        [SQL_READ] = "?mode=ro",        [SQL_READ_IDLE] = "?mode=ro&immutable=1",
        [SQL_READ_EDITED] = "?mode=ro", [SQL_REPAIR] = "?mode=rw",
        [SQL_WRITE] = "?mode=rw",       [SQL_CREATE] = "?mode=rw",
    };
    static const char digits[] = "0123456789ABCDEF";
    const char *prefix = path[0] == '/' ? "file://" : "file:";
    sieve_status status = buffer_append(out, bytes_of_text(prefix));
    for (; *path && status == SIEVE_OK; path++) {
        const unsigned char byte = (unsigned char)*path;
        const char escape[] = {'%', digits[byte >> 4], digits[byte & 15]};
        const int is_plain = (byte >= 'a' && byte <= 'z') ||
                             (byte >= 'A' && byte <= 'Z') ||
                             (byte >= '0' && byte <= '9') || strchr("/._-", byte);
        status = buffer_append(out, is_plain ? bytes_of(path, 1) : bytes_of(escape, 3));
    }
    if (status == SIEVE_OK)
        status = buffer_append(out, bytes_of_text(queries[mode]));
    return status == SIEVE_OK ? buffer_append(out, bytes_of("", 1)) : status;
}

static const char *const settings[] = {
    /* The schema is trusted, or no generated column that calls json_extract() could be
     * read: SQLite's own functions do nothing but compute, and there are no others. */
    [SQL_READ] = "PRAGMA query_only=1; PRAGMA cache_size=" CACHE_KIBIBYTES,
    [SQL_READ_IDLE] = "PRAGMA query_only=1; PRAGMA cache_size=" CACHE_KIBIBYTES,
    /* What is replaced is to be gone from the file too. */
    [SQL_REPAIR] = "PRAGMA secure_delete=1; PRAGMA foreign_keys=1;"
                   "PRAGMA cache_size=" CACHE_KIBIBYTES,
    [SQL_READ_EDITED] = "PRAGMA query_only=1; PRAGMA trusted_schema=0;"
                        "PRAGMA cell_size_check=1; PRAGMA cache_size=" CACHE_KIBIBYTES,
    [SQL_WRITE] = "PRAGMA journal_mode=DELETE; PRAGMA synchronous=NORMAL",
    [SQL_CREATE] = "PRAGMA journal_mode=DELETE; PRAGMA synchronous=NORMAL",
};

static int is_to_read(enum sql_mode mode)
{
    return mode == SQL_READ || mode == SQL_READ_IDLE || mode == SQL_READ_EDITED;
}

/* 0 ends the waiting. */
static int wait_a_little(void *context, int tries)
{
    const struct sql *sql = context;
    const struct timespec pause = {0, READ_BUSY_SLEEP};
    if (tries >= READ_BUSY_TRIES || atomic_load(&sql->is_interrupted))
        return 0;
    (void)nanosleep(&pause, NULL);
    return 1;
}

static sieve_status set_up(struct sql *sql, enum sql_mode mode)
{
    static const int off[] = {SQLITE_DBCONFIG_ENABLE_TRIGGER,
                              SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION};
    (void)sqlite3_extended_result_codes(sql->handle, 1);
    const int patience =
        mode == SQL_WRITE || mode == SQL_CREATE ? BUSY_PATIENCE_OWN : BUSY_PATIENCE;
    if (mode == SQL_READ)
        (void)sqlite3_busy_handler(sql->handle, wait_a_little, sql);
    else
        (void)sqlite3_busy_timeout(sql->handle, patience);
    for (size_t index = mode == SQL_REPAIR; index < sizeof off / sizeof off[0]; index++)
        (void)sqlite3_db_config(sql->handle, off[index], 0, NULL);
    /* A database from anywhere may say anything in its schema. */
    if (is_to_read(mode) || mode == SQL_REPAIR)
        (void)sqlite3_db_config(sql->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (mode == SQL_READ_EDITED)
        (void)sqlite3_limit(sql->handle, SQLITE_LIMIT_LENGTH, OWN_LENGTH_MAX);
    return sql_run(sql, settings[mode]);
}

sieve_status sql_open(const char *path, enum sql_mode mode, struct sql **out,
                      const char **reason_out)
{
    const int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX |
                      (is_to_read(mode) ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
    struct buffer uri;
    struct sql *sql = calloc(1, sizeof *sql);
    buffer_init(&uri, PATH_CAPACITY_MAX);
    sieve_status status = sql ? make_uri(path, mode, &uri) : SIEVE_E_MEMORY;
    if (status == SIEVE_OK)
        status =
            note(sql, sqlite3_open_v2((const char *)uri.at, &sql->handle, flags, NULL));
    if (status == SIEVE_OK)
        status = set_up(sql, mode);
    buffer_done(&uri);
    if (status == SIEVE_OK) {
        *out = sql;
        return SIEVE_OK;
    }
    *reason_out = sql && sql->failure ? sql_reason(sql) : "not enough memory";
    sql_close(sql);
    return status;
}

void sql_close(struct sql *sql)
{
    if (!sql)
        return;
    (void)sqlite3_close(sql->handle);
    free(sql);
}

void sql_interrupt(struct sql *sql)
{
    atomic_store(&sql->is_interrupted, 1);
    sqlite3_interrupt(sql->handle);
}

/* ---- queries ----------------------------------------------------------------------- */

sieve_status sql_run(struct sql *sql, const char *text)
{
    return note(sql, sqlite3_exec(sql->handle, text, NULL, NULL, NULL));
}

sieve_status sql_prepare(struct sql *sql, struct bytes text, struct sql_query **out)
{
    struct sql_query *query = calloc(1, sizeof *query);
    if (!query)
        return SIEVE_E_MEMORY;
    query->sql = sql;
    sieve_status status =
        note(sql, sqlite3_prepare_v2(sql->handle, (const char *)text.at, (int)text.length,
                                     &query->handle, NULL));
    if (status != SIEVE_OK) {
        free(query);
        return status;
    }
    *out = query;
    return SIEVE_OK;
}

void sql_done(struct sql_query *query)
{
    if (!query)
        return;
    (void)sqlite3_finalize(query->handle);
    free(query);
}

static void note_bind(struct sql_query *query, int code)
{
    if (code != SQLITE_OK)
        query->failure = code;
}

void sql_bind_number(struct sql_query *query, int place, int64_t number)
{
    note_bind(query, sqlite3_bind_int64(query->handle, place, number));
}

void sql_bind_text(struct sql_query *query, int place, const char *text)
{
    note_bind(query, sqlite3_bind_text(query->handle, place, text, -1, SQLITE_STATIC));
}

void sql_bind_bytes(struct sql_query *query, int place, struct bytes bytes)
{
    note_bind(query, sqlite3_bind_text64(query->handle, place, (const char *)bytes.at,
                                         bytes.length, SQLITE_STATIC, SQLITE_UTF8));
}

sieve_status sql_step(struct sql_query *query, int *has_row_out)
{
    int code = query->failure;
    query->failure = SQLITE_OK;
    if (code == SQLITE_OK)
        code = sqlite3_step(query->handle);
    *has_row_out = code == SQLITE_ROW;
    if (code != SQLITE_ROW)
        (void)sqlite3_reset(query->handle);
    return note(query->sql, code);
}

void sql_reset(struct sql_query *query)
{
    (void)sqlite3_reset(query->handle);
}

sieve_status sql_finish(struct sql_query *query)
{
    int has_row = 0;
    sieve_status status = SIEVE_OK;
    do
        status = sql_step(query, &has_row);
    while (status == SIEVE_OK && has_row);
    return status;
}

int64_t sql_changes(const struct sql *sql)
{
    return sqlite3_changes64(sql->handle);
}

/* ---- what a row holds -------------------------------------------------------------- */

enum sql_kind sql_kind(struct sql_query *query, int column)
{
    switch (sqlite3_column_type(query->handle, column)) {
    case SQLITE_INTEGER:
        return SQL_INTEGER;
    case SQLITE_FLOAT:
        return SQL_REAL;
    case SQLITE_TEXT:
        return SQL_TEXT;
    case SQLITE_BLOB:
        return SQL_BLOB;
    default:
        return SQL_NULL;
    }
}

struct bytes sql_bytes(struct sql_query *query, int column)
{
    /* Text first: its length counts after it was made UTF-8. */
    const void *at = sqlite3_column_type(query->handle, column) == SQLITE_BLOB
                         ? sqlite3_column_blob(query->handle, column)
                         : sqlite3_column_text(query->handle, column);
    const int length = sqlite3_column_bytes(query->handle, column);
    return bytes_of(at, at ? (size_t)length : 0);
}

const char *sql_text(struct sql_query *query, int column)
{
    const unsigned char *text = sqlite3_column_text(query->handle, column);
    return text ? (const char *)text : "";
}

int64_t sql_number(struct sql_query *query, int column)
{
    return sqlite3_column_int64(query->handle, column);
}

double sql_real(struct sql_query *query, int column)
{
    return sqlite3_column_double(query->handle, column);
}

sieve_status sql_read_number(struct sql *sql, const char *text, int64_t *out)
{
    struct sql_query *query = NULL;
    int has_row = 0;
    sieve_status status = sql_prepare(sql, bytes_of_text(text), &query);
    if (status == SIEVE_OK)
        status = sql_step(query, &has_row);
    if (status == SIEVE_OK && has_row)
        *out = sql_number(query, 0);
    sql_done(query);
    return status;
}
