/* sqlite.c - the tables of an SQLite file, in one snapshot.
 *
 * A file in use is read as any other program reads it: each reader holds a read
 * transaction, and one more connection watches that nothing was written between their
 * beginnings.  A database in WAL mode that nobody has open is read without locks,
 * because taking part would leave files beside it that its owner may not be able to
 * write; then its size and time tell whether it stayed the same.
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

#define REAL_TEXT_MAX        48
#define STATEMENT_LENGTH_MAX (4u << 20)
#define PATH_LENGTH_MAX      4096u

struct sqlite_database {
    struct database base;
    char *path;
    struct choice choice; /* borrows its patterns */
    struct sql *first;    /* lists the tables, then is the first reader's */
    struct sql *watch;    /* NULL if nobody has the file open */
    int64_t version;      /* what the watch saw before the first transaction */
    struct stat about;    /* without a watch: the file as it was */
    struct sqlite_tables tables;
    int is_listed;
};

struct sqlite_reader {
    struct reader base;
    struct sql *sql;
    atomic_int is_cancelled;
    struct cell *cells; /* of the widest table */
    char (*numbers)[REAL_TEXT_MAX];
    size_t capacity;
    struct buffer text;
};

static struct sqlite_database *database_of(struct database *self)
{
    return (struct sqlite_database *)self;
}

static struct sqlite_reader *reader_of(struct reader *self)
{
    return (struct sqlite_reader *)self;
}

static sieve_status fail(struct database_error *error, sieve_status status,
                         const char *reason)
{
    *error = (struct database_error){.reason = reason};
    return status;
}

static sieve_status fail_sql(struct database_error *error, sieve_status status,
                             const struct sql *sql)
{
    *error = (struct database_error){
        .reason = status == SIEVE_E_MEMORY ? "not enough memory" : sql_reason(sql)};
    if (status != SIEVE_E_MEMORY)
        (void)snprintf(error->code, sizeof error->code, "%.7s", sql_code(sql));
    return status;
}

/* ---- the snapshot ------------------------------------------------------------------ */

static const char changed[] = "it was changed while it was read";

static sieve_status read_number(struct sql *sql, const char *text, int64_t *out)
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

/* A transaction begins with its first read. */
static sieve_status begin(struct sql *sql)
{
    int64_t ignored = 0;
    sieve_status status = sql_run(sql, "BEGIN");
    return status == SIEVE_OK
               ? read_number(sql, "SELECT count(*) FROM sqlite_schema", &ignored)
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

/* 1 if it is in WAL mode and nobody has it open. */
static int is_idle(const char *path, int descriptor)
{
    unsigned char header[HEADER_LENGTH];
    return pread(descriptor, header, sizeof header, 0) == HEADER_LENGTH &&
           header[HEADER_READ_MODE] == HEADER_MODE_WAL &&
           !has_companion(path, "-wal", 0) && !has_companion(path, "-shm", 1);
}

static int is_unchanged(const struct sqlite_database *database)
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
    if (!database->watch)
        return is_unchanged(database);
    return read_number(database->watch, "PRAGMA data_version", &version) == SIEVE_OK &&
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
            status =
                sqlite_list_freed(database->path, &database->choice, &database->tables);
    }
    if (status != SIEVE_OK)
        return fail_sql(error, status, database->first);
    database->is_listed = 1;
    *out = database->tables.tables;
    *count_out = database->tables.count;
    return SIEVE_OK;
}

/* ---- readers ----------------------------------------------------------------------- */

static void sqlite_reader_free(struct reader *self)
{
    struct sqlite_reader *reader = reader_of(self);
    if (!self)
        return;
    sql_close(reader->sql);
    free(reader->cells);
    free(reader->numbers);
    buffer_done(&reader->text);
    free(reader);
}

static sieve_status make_room(struct sqlite_reader *reader, size_t count)
{
    if (count <= reader->capacity)
        return SIEVE_OK;
    free(reader->cells);
    free(reader->numbers);
    reader->capacity = 0;
    reader->cells = calloc(count, sizeof reader->cells[0]);
    reader->numbers = calloc(count, sizeof reader->numbers[0]);
    if (!reader->cells || !reader->numbers)
        return SIEVE_E_MEMORY;
    reader->capacity = count;
    return SIEVE_OK;
}

static sieve_status open_more(struct sqlite_database *database, struct sql **out,
                              struct database_error *error)
{
    struct sql *sql = NULL;
    const char *reason = NULL;
    sieve_status status = sql_open(
        database->path, database->watch ? SQL_READ : SQL_READ_IDLE, &sql, &reason);
    if (status != SIEVE_OK)
        return fail(error, status, reason);
    status = begin(sql);
    if (status != SIEVE_OK) {
        status = fail_sql(error, status, sql);
    } else if (!is_same_snapshot(database)) {
        status = fail(error, SIEVE_E_STATE, changed);
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
        return fail(error, SIEVE_E_MEMORY, "not enough memory");
    reader->base.database = self;
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

static void sqlite_reader_cancel(struct reader *self)
{
    struct sqlite_reader *reader = reader_of(self);
    atomic_store(&reader->is_cancelled, 1);
    sql_interrupt(reader->sql);
}

/* ---- rows -------------------------------------------------------------------------- */

static size_t integer_text(int64_t value, char out[REAL_TEXT_MAX])
{
    const size_t sign = value < 0;
    out[0] = '-';
    return sign +
           number_text(value < 0 ? 0 - (uint64_t)value : (uint64_t)value, out + sign);
}

/* A whole number as one: "4.1e15" and "4111.0" would hide what it is. */
static size_t real_text(double value, char out[REAL_TEXT_MAX])
{
    if (fabs(value) < 9e18 && value >= -9e18 && floor(value) >= value)
        return integer_text((int64_t)value, out);
    int length = snprintf(out, REAL_TEXT_MAX, "%.17g", value);
    return length > 0 ? (size_t)length : 0;
}

static void read_cell(struct sql_query *query, int at, char text[REAL_TEXT_MAX],
                      struct cell *out)
{
    *out = (struct cell){.is_binary = 0};
    switch (sql_kind(query, at)) {
    case SQL_NULL:
        break;
    case SQL_INTEGER:
        out->bytes = bytes_of(text, integer_text(sql_number(query, at), text));
        break;
    case SQL_REAL:
        out->bytes = bytes_of(text, real_text(sql_real(query, at), text));
        break;
    case SQL_BLOB:
        out->is_binary = 1;
        out->bytes = sql_bytes(query, at);
        break;
    case SQL_TEXT:
        out->bytes = sql_bytes(query, at);
        break;
    }
    if (!out->bytes.at && sql_kind(query, at) != SQL_NULL)
        out->bytes = bytes_of("", 0);
}

static sieve_status put(struct buffer *out, const char *text)
{
    return buffer_append(out, bytes_of_text(text));
}

/* The first and the last range are open: what lies outside the ends that were seen
 * belongs to them, and so do values that are no numbers. */
static sieve_status make_query(struct sqlite_reader *reader, const struct table *table,
                               const struct sqlite_plan *plan, uint64_t range,
                               struct sql_query **out)
{
    const int has_begin = range > 0;
    const int has_end = range + 1 < table->range_count;
    struct buffer *text = &reader->text;
    text->length = 0;
    sieve_status status = put(text, plan->select);
    if (status == SIEVE_OK && has_begin)
        status = put(text, " WHERE ");
    if (status == SIEVE_OK && has_begin)
        status = put(text, plan->bound);
    if (status == SIEVE_OK && has_begin)
        status = put(text, " >= ?1");
    if (status == SIEVE_OK && has_end)
        status = put(text, has_begin ? " AND " : " WHERE ");
    if (status == SIEVE_OK && has_end)
        status = put(text, plan->bound);
    if (status == SIEVE_OK && has_end)
        status = put(text, " < ?2");
    if (status == SIEVE_OK)
        status = sql_prepare(reader->sql, buffer_bytes(text), out);
    if (status == SIEVE_OK && has_begin)
        sql_bind_number(*out, 1, sqlite_bound(plan, range));
    if (status == SIEVE_OK && has_end)
        sql_bind_number(*out, 2, sqlite_bound(plan, range + 1));
    return status;
}

static void read_row(struct sqlite_reader *reader, struct sql_query *query,
                     const struct table *table)
{
    int at = 1;
    for (size_t index = 0; index < table->column_count; index++) {
        const struct column *column = &table->columns[index];
        if (column->left_out && !column->is_key)
            reader->cells[index] = (struct cell){.is_binary = 0};
        else
            read_cell(query, at++, reader->numbers[index], &reader->cells[index]);
    }
}

/* *is_ours_out is 1 if it was the reading that failed, not who is told. */
static sieve_status read_rows(struct sqlite_reader *reader, struct sql_query *query,
                              const struct table *table, on_row tell, void *context,
                              int *is_ours_out)
{
    char locator[REAL_TEXT_MAX];
    for (;;) {
        int has_row = 0;
        sieve_status status = sql_step(query, &has_row);
        *is_ours_out = status != SIEVE_OK;
        if (status != SIEVE_OK || !has_row)
            return status;
        if (atomic_load_explicit(&reader->is_cancelled, memory_order_relaxed))
            return SIEVE_STOPPED;
        const int has_locator = sql_kind(query, 0) != SQL_NULL;
        if (has_locator)
            locator[integer_text(sql_number(query, 0), locator)] = '\0';
        read_row(reader, query, table);
        const struct row row = {reader->cells, has_locator ? locator : NULL};
        status = tell(&row, context);
        if (status != SIEVE_OK)
            return status;
    }
}

static const struct sqlite_plan *plan_of(const struct sqlite_database *database,
                                         const struct table *table)
{
    return &database->tables.plans[table - database->tables.tables];
}

static sieve_status sqlite_reader_read(struct reader *self, const struct table *table,
                                       uint64_t range, on_row tell, void *context,
                                       struct database_error *error)
{
    struct sqlite_reader *reader = reader_of(self);
    const struct sqlite_database *database = database_of(self->database);
    const struct sqlite_plan *plan = plan_of(database, table);
    struct sql_query *query = NULL;
    int is_ours = 1;
    *error = (struct database_error){.reason = NULL};
    sieve_status status = make_room(reader, table->column_count);
    if (status != SIEVE_OK)
        return fail(error, status, "not enough memory");
    if (plan->page_size > 0) {
        status = sqlite_read_freed(database->path, plan, range, tell, context,
                                   &reader->is_cancelled);
        return status == SIEVE_E_IO ? fail(error, status, "it could not be read")
                                    : status;
    }
    status = make_query(reader, table, plan, range, &query);
    if (status == SIEVE_OK)
        status = read_rows(reader, query, table, tell, context, &is_ours);
    sql_done(query);
    if (status != SIEVE_OK && is_ours)
        return fail_sql(error, status, reader->sql);
    return status;
}

static sieve_status count_row(const struct row *row, void *context)
{
    (void)row;
    ++*(uint64_t *)context;
    return SIEVE_OK;
}

static sieve_status sqlite_reader_count(struct reader *self, const struct table *table,
                                        uint64_t *rows_out, struct database_error *error)
{
    struct sqlite_reader *reader = reader_of(self);
    const struct sqlite_database *database = database_of(self->database);
    const struct sqlite_plan *plan = plan_of(database, table);
    uint64_t rows = 0;
    int64_t count = 0;
    sieve_status status = SIEVE_OK;
    if (plan->page_size > 0) {
        for (uint64_t range = 0; range < table->range_count && status == SIEVE_OK;
             range++)
            status = sqlite_read_freed(database->path, plan, range, count_row, &rows,
                                       &reader->is_cancelled);
        if (status != SIEVE_OK)
            return fail(error, status, "it could not be read");
        *rows_out = rows;
        return SIEVE_OK;
    }
    status = read_number(reader->sql, plan->count, &count);
    if (status != SIEVE_OK)
        return fail_sql(error, status, reader->sql);
    if (!database->watch && !is_unchanged(database))
        return fail(error, SIEVE_E_STATE, changed);
    *rows_out = (uint64_t)count;
    return SIEVE_OK;
}

/* ---- life -------------------------------------------------------------------------- */

static void sqlite_database_free(struct database *self)
{
    struct sqlite_database *database = database_of(self);
    sqlite_tables_done(&database->tables);
    sql_close(database->first);
    sql_close(database->watch);
    free(database->path);
    free(database);
}

static const struct database_ops sqlite_ops = {
    .scheme = "sqlite",
    .locator = "rowid",
    .tables = sqlite_database_tables,
    .reader = sqlite_database_reader,
    .read = sqlite_reader_read,
    .count = sqlite_reader_count,
    .cancel = sqlite_reader_cancel,
    .reader_free = sqlite_reader_free,
    .free = sqlite_database_free,
};

/* Looks at the file before SQLite does: of what is none, its errors tell little. */
static sieve_status look(struct sqlite_database *database, int *is_idle_out,
                         struct database_error *error)
{
    int descriptor = open(database->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return fail(error, SIEVE_E_IO, reason_of_system(errno));
    sieve_status status = SIEVE_OK;
    if (fstat(descriptor, &database->about) < 0)
        status = fail(error, SIEVE_E_IO, reason_of_system(errno));
    else if (!S_ISREG(database->about.st_mode))
        status = fail(error, SIEVE_E_IO, "it is no file");
    else
        *is_idle_out = is_idle(database->path, descriptor);
    close(descriptor);
    return status;
}

static sieve_status begin_all(struct sqlite_database *database, int is_alone,
                              struct database_error *error)
{
    const char *reason = NULL;
    sieve_status status = SIEVE_OK;
    if (!is_alone) {
        status = sql_open(database->path, SQL_READ, &database->watch, &reason);
        if (status != SIEVE_OK)
            return fail(error, status, reason);
        status = read_number(database->watch, "PRAGMA data_version", &database->version);
        if (status != SIEVE_OK)
            return fail_sql(error, status, database->watch);
    }
    status = sql_open(database->path, is_alone ? SQL_READ_IDLE : SQL_READ,
                      &database->first, &reason);
    if (status != SIEVE_OK)
        return fail(error, status, reason);
    status = begin(database->first);
    return status == SIEVE_OK ? status : fail_sql(error, status, database->first);
}

sieve_status sqlite_open(const char *target, const struct choice *choice,
                         struct database **out, struct database_error *error)
{
    int is_alone = 0;
    struct sqlite_database *database = calloc(1, sizeof *database);
    if (!database)
        return fail(error, SIEVE_E_MEMORY, "not enough memory");
    database->base.ops = &sqlite_ops;
    database->choice = *choice;
    database->path = strdup(target + strlen(SQLITE_SCHEME));
    sieve_status status = database->path
                              ? look(database, &is_alone, error)
                              : fail(error, SIEVE_E_MEMORY, "not enough memory");
    if (status == SIEVE_OK)
        status = begin_all(database, is_alone, error);
    if (status != SIEVE_OK) {
        sqlite_database_free(&database->base);
        return status;
    }
    *out = &database->base;
    return SIEVE_OK;
}
