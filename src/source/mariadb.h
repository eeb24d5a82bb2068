/* mariadb.h - MariaDB and MySQL as a source of rows.
 *
 *   mariadb.c     the database, its readers, the rows
 *   myaddress.c   mysql://... in its parts
 *   mylink.c      one connection: all that is known of libmariadb
 *   mysession.c   ... that only reads
 *   mysnapshot.c  several connections that see the same
 *   mycatalog.c   which tables there are; mycolumns.c: their columns, keys, partitions
 *   mycut.c       ranges of keys; myborder.c: where they begin
 *   myplaces.c    what else keeps values: comments, definitions, statements, logs
 *   mytable.c     the statements that read and count a table
 *   myrepair.h    rows fetched and changed
 *   mytypes.c     which types are read, and how
 *   statement.c   the text of statements; myreason.c: failures in words
 */
#ifndef SIEVE_SOURCE_MARIADB_H
#define SIEVE_SOURCE_MARIADB_H

#include "source/database.h"

/* mysql://... or mariadb://...  `choice` is borrowed until the database is closed. */
sieve_status mariadb_open(const char *target, const struct choice *choice,
                          struct database **out,
                          struct database_error *error) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_MARIADB_H */
