/* pglink.h - one connection to a PostgreSQL server: all that is known of libpq.
 *
 * It only reads: the session is read-only, knows no search path, and shows no message of
 * the server to anybody.
 */
#ifndef SIEVE_SOURCE_PGLINK_H
#define SIEVE_SOURCE_PGLINK_H

#include "source/database.h"

struct pglink;

/* Borrowed for the call; a failure ends the COPY with that status. */
typedef sieve_status (*pglink_on_message)(struct bytes message, void *context);

/* Connects as libpq does: a URI, with service file, ~/.pgpass and PG* from the
 * environment.  `choice` tells the time limits, and
 * which database if it is not the URI's. */
sieve_status pglink_open(const char *target, const struct choice *choice,
                         struct pglink **out,
                         struct database_error *error) SIEVE_MUST_CHECK;
void pglink_close(struct pglink *link); /* NULL is legal */

/* Runs statements one after the other.  What a COPY among them sends goes to
 * `on_message` (may be NULL if there is none), other rows nowhere.  After a failure the
 * transaction is rolled back.  *done_out is how many statements succeeded.
 *
 * libpq collects each row of a COPY before it hands it on: a value of 1 GB takes about
 * 2 GB here for the time of the call (its buffer grows by doubling, then the row is
 * copied out once), and no less on the server. */
sieve_status pglink_run(struct pglink *link, const char *sql,
                        pglink_on_message on_message, void *context, size_t *done_out,
                        struct database_error *error) SIEVE_MUST_CHECK;

/* Runs a statement that gives one text, which must fit with its end. */
sieve_status pglink_value(struct pglink *link, const char *sql, char *out,
                          size_t capacity, struct database_error *error) SIEVE_MUST_CHECK;

/* Makes what runs end soon, and all that would follow; safe in any thread. */
void pglink_cancel(struct pglink *link);

/* How many rows the server says it sent in the last COPY of the last run. */
uint64_t pglink_sent(const struct pglink *link);

/* 150004 */
int pglink_version(const struct pglink *link);

/* How the database stores text: "UTF8", "EUC_JP". */
const char *pglink_encoding(const struct pglink *link);

/* How statements and names are written: "UTF8", but for SQL_ASCII. */
const char *pglink_client_encoding(const struct pglink *link);

/* The name of the database; the link's. */
const char *pglink_database(const struct pglink *link);

#endif /* SIEVE_SOURCE_PGLINK_H */
