/* sqlite.c - the tables of an SQLite file, in one snapshot or in many.
 *
 * In WAL mode a reader holds nobody up: each holds a read transaction, and one more
 * connection watches that nothing was written between their beginnings.  A database in
 * WAL mode that nobody has open is read without locks, because taking part would leave
 * files beside it that its owner may not be able to write; then its size and time tell
 * whether it stayed the same.
 *
 * In any other mode whoever commits waits for all readers: so a transaction lasts as long
 * as one range, and all readers let go together (sqlite_turn.c).  Each range is read and
 * counted in one state of the file, but not all ranges in the same one.
 *
 * The file has one descriptor for as long as it is read: closing any other would end the
 * locks that SQLite holds in this process.
 */
#include "source/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/number.h"
#include "base/reason.h"

#define STATEMENT_LENGTH_MAX (4u << 20)
#define PATH_LENGTH_MAX      4096u

/* Bytes of a range for which others wait: what a slow machine reads in no time that
 * anybody would notice. */
#define TURN_BYTES (2u << 20)

static struct sqlite_database *database_of(struct database *self)
{
    return (struct sqlite_database *)self;
}

sieve_status sqlite_fail(struct database_error *error, sieve_status status,
                         const char *reason)
{
    *error = (struct database_error){.reason = reason};
    return status;
}

sieve_status sqlite_fail_sql(struct database_error *error, sieve_status status,
                             const struct sql *sql)
{
    *error = (struct database_error){
        .reason = status == SIEVE_E_MEMORY ? "not enough memory" : sql_reason(sql)};
    if (status != SIEVE_E_MEMORY)
        (void)snprintf(error->code, sizeof error->code, "%.7s", sql_code(sql));
    return status;
}

/* ---- the snapshot ------------------------------------------------------------------ */

/* A transaction begins with its first read. */
static sieve_status begin(struct sql *sql)
{
    int64_t ignored = 0;
    sieve_status status = sql_run(sql, "BEGIN");
    return status == SIEVE_OK
               ? sql_read_number(sql, "SELECT count(*) FROM sqlite_schema", &ignored)
               : status;
}

/* 1 if beside the file one of this name stands that is not empty, or for which being
 * there is enough. */
static int has_companion(const char *path, const char *ending, int may_be_empty)
{
    char name[PATH_LENGTH_MAX];
    struct stat about;
    int length = snprintf(name, sizeof name, "%s%s", path, ending);
    return length > 0 && (size_t)length < sizeof name && stat(name, &about) == 0 &&
           (may_be_empty || about.st_size > 0);
}

#define HEADER_LENGTH    100
#define HEADER_READ_MODE 19
#define HEADER_MODE_WAL  2

/* 1 if nobody has it open, as it is in WAL mode. */
static int is_idle(const char *path)
{
    return !has_companion(path, "-wal", 0) && !has_companion(path, "-shm", 1);
}

static int is_in_wal_mode(int descriptor)
{
    unsigned char header[HEADER_LENGTH];
    return pread(descriptor, header, sizeof header, 0) == HEADER_LENGTH &&
           header[HEADER_READ_MODE] == HEADER_MODE_WAL;
}

int sqlite_is_unchanged(const struct sqlite_database *database)
{
    struct stat now;
    const struct stat *then = &database->about;
    return stat(database->path, &now) == 0 && now.st_ino == then->st_ino &&
           now.st_dev == then->st_dev && now.st_size == then->st_size &&
           now.st_mtim.tv_sec == then->st_mtim.tv_sec &&
           now.st_mtim.tv_nsec == then->st_mtim.tv_nsec &&
           !has_companion(database->path, "-wal", 0);
}

/* 1 if all that was read so far is of one snapshot. */
static int is_same_snapshot(const struct sqlite_database *database)
{
    int64_t version = 0;
    if (database->is_taken_in_turns)
        return 1; /* each range tells for itself */
    if (!database->watch)
        return sqlite_is_unchanged(database);
    return sql_read_number(database->watch, "PRAGMA data_version", &version) ==
               SIEVE_OK &&
           version == database->version;
}

/* ---- tables ------------------------------------------------------------------------ */

static sieve_status sqlite_database_tables(struct database *self,
                                           const struct table **out, size_t *count_out,
                                           struct database_error *error)
{
    struct sqlite_database *database = database_of(self);
    sieve_status status = SIEVE_OK;
    if (!database->is_listed) {
        status = sqlite_list(database->first, &database->choice, &database->tables);
        if (status == SIEVE_OK)
            status = sqlite_list_freed(database->descriptor, &database->choice,
                                       &database->tables);
        if (status == SIEVE_OK)
            status =
                sqlite_list_beside(database->path, &database->choice, &database->tables);
    }
    if (status != SIEVE_OK)
        return sqlite_fail_sql(error, status, database->first);
    database->is_listed = 1;
    *out = database->tables.tables;
    *count_out = database->tables.count;
    return SIEVE_OK;
}

/* ---- readers --------------------------------------------------------------------- */

static sieve_status open_more(struct sqlite_database *database, struct sql **out,
                              struct database_error *error)
{
    struct sql *sql = NULL;
    const char *reason = NULL;
    sieve_status status = sql_open(
        database->path, database->is_alone ? SQL_READ_IDLE : SQL_READ, &sql, &reason);
    if (status != SIEVE_OK)
        return sqlite_fail(error, status, reason);
    if (!database->is_taken_in_turns)
        status = begin(sql);
    if (status != SIEVE_OK) {
        status = sqlite_fail_sql(error, status, sql);
    } else if (!is_same_snapshot(database)) {
        status = sqlite_fail(error, SIEVE_E_STATE, SQLITE_CHANGED);
    } else {
        *out = sql;
        return SIEVE_OK;
    }
    sql_close(sql);
    return status;
}

static sieve_status sqlite_database_reader(struct database *self, struct reader **out,
                                           struct database_error *error)
{
    struct sqlite_database *database = database_of(self);
    struct sqlite_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return sqlite_fail(error, SIEVE_E_MEMORY, "not enough memory");
    reader->base.database = self;
    reader->base.state = 1;
    buffer_init(&reader->text, STATEMENT_LENGTH_MAX);
    if (database->first) {
        reader->sql = database->first;
        database->first = NULL;
    } else {
        sieve_status status = open_more(database, &reader->sql, error);
        if (status != SIEVE_OK) {
            sqlite_reader_free(&reader->base);
            return status;
        }
    }
    *out = &reader->base;
    return SIEVE_OK;
}

/* ---- life -------------------------------------------------------------------------- */

static void sqlite_database_free(struct database *self)
{
    struct sqlite_database *database = database_of(self);
    sqlite_tables_done(&database->tables);
    sql_close(database->first);
    sql_close(database->watch);
    if (database->descriptor >= 0)
        close(database->descriptor);
    sqlite_turn_done(&database->turn);
    free(database->path);
    free(database);
}

static const struct database_ops sqlite_ops = {
    .scheme = "sqlite",
    .locator = "rowid",
    .is_hasty = 1,
    .tables = sqlite_database_tables,
    .cut_again = sqlite_cut_again,
    .reader = sqlite_database_reader,
    .read = sqlite_reader_read,
    .count = sqlite_reader_count,
    .cancel = sqlite_reader_cancel,
    .reader_free = sqlite_reader_free,
    .repair = sqlite_repair,
    .free = sqlite_database_free,
};

/* Looks at the file before SQLite does: of what is none, its errors tell little. */
static sieve_status look(struct sqlite_database *database, struct database_error *error)
{
    database->descriptor = open(database->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (database->descriptor < 0)
        return sqlite_fail(error, SIEVE_E_IO, reason_of_system(errno));
    if (fstat(database->descriptor, &database->about) < 0)
        return sqlite_fail(error, SIEVE_E_IO, reason_of_system(errno));
    if (!S_ISREG(database->about.st_mode))
        return sqlite_fail(error, SIEVE_E_IO, "it is no file");
    const int is_wal = is_in_wal_mode(database->descriptor);
    database->is_alone = is_wal && is_idle(database->path);
    database->is_taken_in_turns = !is_wal;
    if (database->is_taken_in_turns && database->choice.range_bytes == 0)
        database->choice.range_bytes = TURN_BYTES;
    return SIEVE_OK;
}

/* What a program that crashed left unfinished is undone by who may write. */
static void recover(const struct sqlite_database *database)
{
    struct sql *sql = NULL;
    const char *ignored = NULL;
    int64_t count = 0;
    if (!database->choice.is_repair ||
        sql_open(database->path, SQL_REPAIR, &sql, &ignored) != SIEVE_OK)
        return;
    /* If it could not be, whoever reads is told. */
    if (sql_read_number(sql, "SELECT count(*) FROM sqlite_schema", &count) != SIEVE_OK)
        count = 0;
    sql_close(sql);
}

static sieve_status begin_watch(struct sqlite_database *database,
                                struct database_error *error)
{
    const char *reason = NULL;
    sieve_status status = sql_open(database->path, SQL_READ, &database->watch, &reason);
    if (status != SIEVE_OK)
        return sqlite_fail(error, status, reason);
    status = sql_read_number(database->watch, "PRAGMA data_version", &database->version);
    return status == SIEVE_OK ? status : sqlite_fail_sql(error, status, database->watch);
}

static sieve_status begin_all(struct sqlite_database *database,
                              struct database_error *error)
{
    const char *reason = NULL;
    int64_t ignored = 0;
    sieve_status status = SIEVE_OK;
    if (!database->is_alone && !database->is_taken_in_turns)
        status = begin_watch(database, error);
    if (status != SIEVE_OK)
        return status;
    status = sql_open(database->path, database->is_alone ? SQL_READ_IDLE : SQL_READ,
                      &database->first, &reason);
    if (status != SIEVE_OK)
        return sqlite_fail(error, status, reason);
    status = database->is_taken_in_turns
                 ? sql_read_number(database->first, "SELECT count(*) FROM sqlite_schema",
                                   &ignored)
                 : begin(database->first);
    return status == SIEVE_OK ? status : sqlite_fail_sql(error, status, database->first);
}

sieve_status sqlite_open(const char *target, const struct choice *choice,
                         struct database **out, struct database_error *error)
{
    struct sqlite_database *database = calloc(1, sizeof *database);
    if (!database)
        return sqlite_fail(error, SIEVE_E_MEMORY, "not enough memory");
    database->base.ops = &sqlite_ops;
    database->choice = *choice;
    database->descriptor = -1;
    sqlite_turn_init(&database->turn);
    database->path = strdup(target + strlen(SQLITE_SCHEME));
    sieve_status status = database->path
                              ? look(database, error)
                              : sqlite_fail(error, SIEVE_E_MEMORY, "not enough memory");
    if (status == SIEVE_OK) {
        recover(database);
        status = begin_all(database, error);
    }
    if (status != SIEVE_OK) {
        sqlite_database_free(&database->base);
        return status;
    }
    *out = &database->base;
    return SIEVE_OK;
}
