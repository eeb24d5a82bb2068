/* pgrepair.h - rows of a PostgreSQL database fetched and changed: what its files share.
 *
 *   pgrepair.c     the connection, rows, statements run
 *   pgupdate.c     the text of an update and its guard
 *   pgexamine.c    what a table allows; pgtry.c: whether a change would be taken
 *   pgcharacters.c where a character ends, in the encodings of servers
 *
 * A row is guarded by the place and the version that it was fetched with.  Large objects
 * have neither that all may read: they are guarded by what they hold.
 */
#ifndef SIEVE_SOURCE_PGREPAIR_H
#define SIEVE_SOURCE_PGREPAIR_H

#include "source/pgsession.h"
#include "source/pgtable.h"
#include "source/repair.h"

#define PGSAVEPOINT_NONE 0

struct pgrepair {
    struct repair base;
    struct pgsession session;
    const struct pgtable *(*find)(const void *database, const struct table *table);
    const void *database;
    int is_writing;
    int is_open;                /* a transaction is */
    character_length length_of; /* of the server's encoding; NULL: it is not known */
    /* What was examined last. */
    struct pgexamined *examined;
    /* The row at hand. */
    struct buffer row;  /* its message */
    struct buffer text; /* numbers as text */
    struct bytes *fields;
    struct cell *cells;
    unsigned char *numbers;
    size_t capacity;
};

/* Of a column, beside what struct repair_column says. */
enum pgvalue {
    PGVALUE_TEXT,  /* text, varchar: overlay() gives what the column takes */
    PGVALUE_CAST,  /* through text and back */
    PGVALUE_BYTES, /* bytea */
    PGVALUE_LARGE  /* a part of a large object */
};

struct pgexamined {
    struct repair_table table;
    const struct pgtable *from;
    unsigned char *values;    /* enum pgvalue, one a column */
    const char **types;       /* as casts name them, one a column */
    const char **expressions; /* conditions of rows, to be tried */
    size_t expression_count;
    struct pgcatalog *memory; /* all of it lies in here */
};

sieve_status pgexamine(struct repair *self, const struct table *table,
                       const struct repair_table **out,
                       struct database_error *error) SIEVE_MUST_CHECK;
void pgexamined_free(struct pgexamined *examined); /* NULL is legal */

sieve_status pgupdate_append(struct repair *self, const struct repair_table *table,
                             const struct repair_row *row, const struct change *changes,
                             size_t count, struct buffer *out) SIEVE_MUST_CHECK;

/* Appends what a column becomes. */
sieve_status pgvalue_append(const struct pgrepair *repair, const struct repair_row *row,
                            const struct change *change,
                            struct buffer *out) SIEVE_MUST_CHECK;

/* Appends ONLY "schema"."table", and WHERE with the row's guard. */
sieve_status pgfrom_append(const struct table *table,
                           struct buffer *out) SIEVE_MUST_CHECK;
sieve_status pgguard_append(const struct repair_row *row,
                            struct buffer *out) SIEVE_MUST_CHECK;

sieve_status pgcheck(struct repair *self, const struct repair_table *table,
                     const struct repair_row *row, const struct change *changes,
                     size_t count, const char **obstacle_out,
                     struct database_error *error) SIEVE_MUST_CHECK;

/* Runs repair->session.sql, which holds one COPY, inside of the open transaction. */
sieve_status pgrepair_ask(struct pgrepair *repair, const struct pgtaker *taker,
                          struct database_error *error) SIEVE_MUST_CHECK;

/* Where a character of the encoding ends; NULL if that is not known. */
character_length pgcharacters_of(const char *encoding);

/* What postgres.c gives: a connection that may write if asked to. */
sieve_status pgrepair_new(struct pglink *link, const void *database,
                          const struct pgtable *(*find)(const void *database,
                                                        const struct table *table),
                          int is_writing, struct repair **out,
                          struct database_error *error) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_PGREPAIR_H */
