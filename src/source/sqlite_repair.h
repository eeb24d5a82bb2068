/* sqlite_repair.h - rows of an SQLite file fetched and changed: what its files share.
 *
 *   sqlite_repair.c    the connection, rows, statements run
 *   sqlite_update.c    the text of an update; sqlite_guard.c: of its guard
 *   sqlite_examine.c   what a table allows
 *   sqlite_try.c       whether a change would be taken
 */
#ifndef SIEVE_SOURCE_SQLITE_REPAIR_H
#define SIEVE_SOURCE_SQLITE_REPAIR_H

#include "source/repair.h"
#include "source/sqlite.h"

struct sqlite_repair {
    struct repair base;
    struct sqlite_database *database;
    struct sql *sql;
    atomic_int is_cancelled;
    int is_writing;
    int is_utf16; /* how the file keeps text */
    int is_open;  /* a transaction is */
    struct buffer text;
    /* What was examined last. */
    struct repair_table examined;
    struct repair_note *notes;
    struct repair_unique *uniques;
    size_t *unique_columns;
    char **names; /* owned */
    size_t name_count;
    int was_mirrored; /* it was tried to make a table like it in memory */
    int has_mirror;
    /* The row at hand. */
    struct cell *cells;
    char (*number_texts)[SQLITE_NUMBER_MAX];
    unsigned char *numbers;
    size_t capacity;
};

/* Those of repair_ops. */
sieve_status sqlite_examine(struct repair *self, const struct table *table,
                            const struct repair_table **out,
                            struct database_error *error) SIEVE_MUST_CHECK;
sieve_status sqlite_append_update(struct repair *self, const struct repair_update *update,
                                  struct buffer *out) SIEVE_MUST_CHECK;
sieve_status sqlite_check(struct repair *self, const struct repair_update *update,
                          const char **obstacle_out,
                          struct database_error *error) SIEVE_MUST_CHECK;

/* Drops the table in memory, if there is one. */
void sqlite_drop_mirror(struct sqlite_repair *repair);

void sqlite_examined_done(struct sqlite_repair *repair);

/* Appends the value that a column gets; and WHERE with the guard of the row. */
sieve_status sqlite_append_value(const struct sqlite_repair *repair,
                                 const struct repair_update *update,
                                 const struct change *change,
                                 struct buffer *out) SIEVE_MUST_CHECK;
sieve_status sqlite_append_guard(const struct repair_update *update,
                                 struct buffer *out) SIEVE_MUST_CHECK;

/* How a value is taken apart. */
enum sqlite_handle {
    SQLITE_BY_CHARACTERS, /* text that is what it claims to be */
    SQLITE_BY_BYTES,      /* text with other bytes in it */
    SQLITE_BYTES,         /* a blob */
    SQLITE_DIGITS         /* a number */
};

enum sqlite_handle sqlite_handle_of(const struct repair_row *row, size_t column);
int sqlite_is_clean(struct bytes text);

/* The column, as what it is taken apart as. */
sieve_status sqlite_put_column(struct buffer *out, const char *name,
                               enum sqlite_handle handle) SIEVE_MUST_CHECK;

sieve_status sqlite_put_number(struct buffer *out, uint64_t number) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_SQLITE_REPAIR_H */
