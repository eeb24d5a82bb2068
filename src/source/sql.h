/* sql.h - SQLite as this program uses it: the only file that knows sqlite3.h.
 *
 * A connection and its queries belong to one thread at a time; only sql_interrupt() may
 * be called from another.  Failures are told by constant words: the library's own
 * messages quote what was asked.
 */
#ifndef SIEVE_SOURCE_SQL_H
#define SIEVE_SOURCE_SQL_H

#include <stdint.h>

#include "base/bytes.h"
#include "cardsieve.h"

struct sql;
struct sql_query;

enum sql_mode {
    SQL_READ,        /* a database in use: takes part in its locking, changes nothing */
    SQL_READ_IDLE,   /* one that nobody has open: no lock is taken, no file made beside */
    SQL_READ_EDITED, /* one of our own, that others may have edited: values are short */
    SQL_REPAIR,      /* somebody else's that is to be changed: as its owner would */
    SQL_WRITE,       /* an existing one of our own */
    SQL_CREATE       /* a new one of our own; the file was made before, empty */
};

/* On failure *reason_out is constant; it is not touched on success. */
sieve_status sql_open(const char *path, enum sql_mode mode, struct sql **out,
                      const char **reason_out) SIEVE_MUST_CHECK;
void sql_close(struct sql *sql); /* NULL is legal; its queries are gone before */

/* Why the last call failed; constant.  The code is "SQLITE_BUSY" and the like. */
const char *sql_reason(const struct sql *sql);
const char *sql_code(const struct sql *sql);

/* 1 if it failed because of a lock; of a constraint, which kind: a constant, else NULL.
 */
int sql_is_busy(const struct sql *sql);
const char *sql_constraint(const struct sql *sql);

/* Makes what runs in another thread end soon with SIEVE_STOPPED. */
void sql_interrupt(struct sql *sql);

/* Statements that give no rows, parted by semicolons. */
sieve_status sql_run(struct sql *sql, const char *text) SIEVE_MUST_CHECK;

sieve_status sql_prepare(struct sql *sql, struct bytes text,
                         struct sql_query **out) SIEVE_MUST_CHECK;
void sql_done(struct sql_query *query); /* NULL is legal */

/* Places are counted from 1 and keep what they have.  Bytes are borrowed until the query
 * is reset; a failure is told by the next step. */
void sql_bind_number(struct sql_query *query, int place, int64_t number);
void sql_bind_text(struct sql_query *query, int place, const char *text); /* or NULL */
/* Past INT64_MAX: it is not known, NULL. */
void sql_bind_count(struct sql_query *query, int place, uint64_t count);
void sql_bind_bytes(struct sql_query *query, int place, struct bytes bytes);

/* The next row; *has_row_out is 0 past the last, and then the query begins anew. */
sieve_status sql_step(struct sql_query *query, int *has_row_out) SIEVE_MUST_CHECK;
void sql_reset(struct sql_query *query);

/* A query that gives no rows, or whose rows do not matter, from begin to end. */
sieve_status sql_finish(struct sql_query *query) SIEVE_MUST_CHECK;

enum sql_kind {
    SQL_NULL,
    SQL_INTEGER,
    SQL_REAL,
    SQL_TEXT,
    SQL_BLOB
};

/* Rows that the last statement changed, those of triggers not counted. */
int64_t sql_changes(const struct sql *sql);

/* Columns are counted from 0.  Text is UTF-8 as far as what is kept is text. */
enum sql_kind sql_kind(struct sql_query *query, int column);
struct bytes sql_bytes(struct sql_query *query, int column);
const char *sql_text(struct sql_query *query, int column); /* NUL-ended; never NULL */
int64_t sql_number(struct sql_query *query, int column);
double sql_real(struct sql_query *query, int column);

/* The one number that a query gives; *out is left alone if it gives no row. */
sieve_status sql_read_number(struct sql *sql, const char *text,
                             int64_t *out) SIEVE_MUST_CHECK;

/* Appends `name` as an identifier with its quotes. */
struct buffer;
sieve_status sql_append_name(struct buffer *out, const char *name) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_SQL_H */
