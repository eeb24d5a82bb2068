/* myrepair.h - rows of a MariaDB database fetched and changed: what its files share.
 *
 *   myrepair.c    the connection, rows, statements run
 *   myupdate.c    the text of an update and its guard
 *   myexamine.c   what a table allows
 *   mytry.c       whether a change would be taken
 *
 * This server keeps no version of a row that could be asked for: a row is guarded by its
 * key, the length of each cell that is changed, and the digits that may be shown.
 */
#ifndef SIEVE_SOURCE_MYREPAIR_H
#define SIEVE_SOURCE_MYREPAIR_H

#include "source/mycatalog.h"
#include "source/repair.h"

#define MYEXPRESSIONS_MAX 256u

struct myrepair {
    struct repair base;
    struct mylink *link; /* owned */
    const struct mytable *(*find)(const void *database, const struct table *table);
    const void *database;
    int is_writing;
    int is_open; /* a transaction is */
    struct statement statement;
    /* What was examined last. */
    struct repair_table examined;
    const struct mytable *from;
    struct mycatalog memory; /* all of it lies in here */
    struct repair_note *notes;
    struct repair_unique *uniques;
    size_t *unique_columns;
    size_t unique_used;
    const char **expressions; /* conditions of rows, to be tried */
    size_t expression_count;
    /* The row at hand. */
    struct cell *cells;
    unsigned char *numbers;
    unsigned char *bytes; /* owned; of all its cells */
    size_t byte_count;
    size_t capacity;
};

/* Those of repair_ops. */
sieve_status myexamine(struct repair *self, const struct table *table,
                       const struct repair_table **out,
                       struct database_error *error) SIEVE_MUST_CHECK;
void myexamined_done(struct myrepair *repair);
sieve_status myupdate_append(struct repair *self, const struct repair_update *update,
                             struct buffer *out) SIEVE_MUST_CHECK;
sieve_status mycheck(struct repair *self, const struct repair_update *update,
                     const char **obstacle_out,
                     struct database_error *error) SIEVE_MUST_CHECK;

/* Puts the table; what a column becomes, of its own character set if `as_text`; and
 * WHERE with the row's guard. */
void myupdate_put_table(const struct myrepair *repair, struct statement *statement);
void myupdate_put_value(const struct myrepair *repair, const struct repair_row *row,
                        const struct change *change, int as_text,
                        struct statement *statement);
void myupdate_put_guard(const struct myrepair *repair, const struct repair_update *update,
                        struct statement *statement);

/* Puts " column = value" of a key.  `is_told`: the value is as reports have it. */
void myupdate_put_key(const struct mytable *table, size_t column, struct bytes value,
                      int is_told, struct statement *statement);

/* Tells what went wrong; a lock or a deadlock may be over a moment later. */
sieve_status myrepair_fail(struct myrepair *repair, sieve_status status,
                           const struct database_error *error);

/* What mariadb.c gives: a connection of its own, which is taken over. */
sieve_status myrepair_new(struct mylink *link, const void *database,
                          const struct mytable *(*find)(const void *database,
                                                        const struct table *table),
                          int is_writing, struct repair **out) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_MYREPAIR_H */
