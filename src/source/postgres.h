/* postgres.h - PostgreSQL as a source of rows.
 *
 *   postgres.c    the database, its readers
 *   pgrows.c      the rows of a part of a table; pgcareful.c: around what is damaged
 *   pglink.c      one connection: all that is known of libpq
 *   pgsession.c   statements in the shared snapshot, and their rows
 *   pgserver.c    which databases there are on a server
 *   pgcatalog.c   which tables there are; pgcolumns.c: their columns and keys
 *   pgplaces.c    what else keeps values: statistics, comments, logs, ...
 *   pgtable.c     the statements that read and count a table
 *   pgtypes.c     which types are read, and how; pgbinary.c: what they are made of
 *   pgrepair.h    changing rows
 *   pgnames.c     quoting; pgreason.c: failures in words
 */
#ifndef SIEVE_SOURCE_POSTGRES_H
#define SIEVE_SOURCE_POSTGRES_H

#include "source/database.h"

/* postgresql://... or postgres://... as libpq reads it.  `choice` is borrowed until the
 * database is closed. */
sieve_status postgres_open(const char *target, const struct choice *choice,
                           struct database **out,
                           struct database_error *error) SIEVE_MUST_CHECK;

/* All databases of the server but templates, in order of their names. */
sieve_status postgres_list(const char *target, const struct choice *choice,
                           struct database_list *out,
                           struct database_error *error) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_POSTGRES_H */
