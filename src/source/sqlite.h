/* sqlite.h - the inside of the SQLite source: what its files share.
 *
 *   sqlite.c         the database, its snapshot, its readers
 *   sqlite_rows.c    what a reader does
 *   sqlite_tables.c  which tables there are and how each is read
 *   sqlite_cut.c     the ranges of a table
 *   sqlite_keys.c    ... that has no rowids; sqlite_border.h: the borders
 *   sqlite_careful.c around damaged pages
 *   sqlite_turn.c    transactions that are short, and end together
 *   sqlite_beside.c  the files beside it: write-ahead log, rollback journal
 *   sqlite_repair.h  changing rows
 *   sqlite_pages.c   what deleted rows left in the file
 */
#ifndef SIEVE_SOURCE_SQLITE_H
#define SIEVE_SOURCE_SQLITE_H

#include <pthread.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "source/database.h"
#include "source/sql.h"

/* About so many bytes in one range if nobody says. */
#define SQLITE_RANGE_BYTES (8u << 20)

#define SQLITE_KEYS_MAX 4 /* columns that a table without rowids is parted by */

struct sqlite_key {
    const char *name;  /* quoted */
    const char *kinds; /* of borders that compare as they are: sqlite_border.h */
};

/* How a table is read.  A value is moved by 2^63 so that its order is that of numbers
 * without a sign; a range holds those whose upper bits are the same. */
struct sqlite_plan {
    char *select; /* "SELECT rowid, a, b FROM t NOT INDEXED" */
    char *count;  /* "SELECT count(*) FROM t" */
    char *bound;  /* what the ranges are cut by, quoted; NULL: there is one */
    int is_without_rowid;
    int has_locator; /* the first value of a row is its rowid */
    int first;       /* where the columns begin in a row: 1, or 0 where all are taken */
    uint64_t base;   /* upper bits of the first range */
    unsigned shift;  /* how many are the lower bits */
    struct sqlite_key keys[SQLITE_KEYS_MAX];
    size_t key_count; /* 0: not by keys */
    const char **borders;
    size_t border_count; /* one less than ranges */
    uint32_t page_size;  /* of freed pages: the whole plan */
    const char
        *companion; /* of a file beside it: what its name ends in; the whole plan */
};

/* "-9223372036854775808", or a real in its longest form. */
#define SQLITE_NUMBER_MAX 48

struct sqlite_tables {
    struct table *tables;
    struct sqlite_plan *plans; /* as many */
    size_t count;
    char **texts; /* owned: names, types and the like */
    size_t text_count;
};

/* Who reads a database whose writers wait for readers.  SQLite lets a reader in if this
 * process has another one inside, whoever waits: so from time to time all must be out. */
struct sqlite_turn {
    pthread_mutex_t lock;
    pthread_cond_t is_out; /* the last one */
    unsigned inside;
    int is_closed;    /* until all are out */
    uint64_t began;   /* when the first came in, in nanoseconds */
    int has_counter;  /* a state was seen */
    uint32_t counter; /* of the state that was seen last */
    uint64_t state;   /* its number, from 1 */
};

struct sqlite_database {
    struct database base;
    int descriptor;        /* the only one there may be */
    int is_alone;          /* nobody has it open: it is read without locks */
    int is_taken_in_turns; /* who writes waits for readers */
    struct sqlite_turn turn;
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
    uint64_t turn_began; /* in nanoseconds */
    unsigned moves;      /* how often the range changed before it was read */
    struct cell *cells;  /* of the widest table */
    char (*numbers)[SQLITE_NUMBER_MAX];
    size_t capacity;
    struct buffer text;
};

#define SQLITE_CHANGED "it was changed while it was read"

/* Both return `status`. */
sieve_status sqlite_fail(struct database_error *error, sieve_status status,
                         const char *reason);
sieve_status sqlite_fail_sql(struct database_error *error, sieve_status status,
                             const struct sql *sql);

/* 1 if a file that nobody had open is as it was. */
int sqlite_is_unchanged(const struct sqlite_database *database);

/* Those of database_ops. */
sieve_status sqlite_reader_read(struct reader *self, const struct table *table,
                                uint64_t range, on_row tell, void *context,
                                struct database_error *error) SIEVE_MUST_CHECK;
sieve_status sqlite_reader_count(struct reader *self, const struct table *table,
                                 uint64_t *rows_out,
                                 struct database_error *error) SIEVE_MUST_CHECK;
void sqlite_reader_cancel(struct reader *self);
void sqlite_reader_free(struct reader *self);

/* One listing. */
struct sqlite_listing {
    struct sql *sql;
    const struct choice *choice;
    struct sqlite_tables *tables;
    struct buffer text; /* statements are made here */
    int leaves_virtual; /* of this table: it cannot be read around what fails */
};

/* Columns of a table that are read. */
size_t sqlite_taken(const struct table *table);

/* Cuts a table into ranges of about as many bytes as was asked for. */
sieve_status sqlite_cut(struct sqlite_listing *listing, struct table *table,
                        struct sqlite_plan *plan) SIEVE_MUST_CHECK;

/* The columns that a table without rowids can be parted by, in the plan. */
sieve_status sqlite_find_keys(struct sqlite_listing *listing, const struct table *table,
                              struct sqlite_plan *plan) SIEVE_MUST_CHECK;

/* Cuts such a table; its select is made. */
sieve_status sqlite_cut_keys(struct sqlite_listing *listing, struct table *table,
                             struct sqlite_plan *plan) SIEVE_MUST_CHECK;

/* Puts " WHERE ..." for a range of it; nothing if there is one. */
sieve_status sqlite_put_range(const struct sqlite_plan *plan, uint64_t range,
                              struct buffer *out) SIEVE_MUST_CHECK;

/* That of database_ops. */
sieve_status sqlite_cut_again(struct database *self, const struct table *table,
                              const char *cut) SIEVE_MUST_CHECK;

/* Lists what there is and was asked for. */
sieve_status sqlite_list(struct sql *sql, const struct choice *choice,
                         struct sqlite_tables *out) SIEVE_MUST_CHECK;
void sqlite_tables_done(struct sqlite_tables *tables);

/* Adds the item for freed pages. */
sieve_status sqlite_list_freed(int descriptor, const struct choice *choice,
                               struct sqlite_tables *tables) SIEVE_MUST_CHECK;

/* Room for one more; the table is all zero but its range count of 1. */
sieve_status sqlite_add(struct sqlite_tables *tables, struct table **table_out,
                        struct sqlite_plan **plan_out) SIEVE_MUST_CHECK;

/* Appends zero-ended text. */
sieve_status sqlite_put(struct buffer *out, const char *text) SIEVE_MUST_CHECK;

/* A copy of the text that lives as long as the tables. */
sieve_status sqlite_keep(struct sqlite_tables *tables, const char *text,
                         const char **out) SIEVE_MUST_CHECK;

/* The value that begins a range. */
int64_t sqlite_bound(const struct sqlite_plan *plan, uint64_t range);

/* A range of a table with rowids, around what is damaged; tells reader->on_missed. */
sieve_status sqlite_read_careful(struct sqlite_reader *reader, const struct table *table,
                                 uint64_t range, on_row tell, void *context,
                                 struct database_error *error) SIEVE_MUST_CHECK;

/* A row into the reader's cells; its columns begin at `at`. */
void sqlite_read_row(struct sql_query *query, const struct table *table, int at,
                     struct sqlite_reader *reader);

void sqlite_turn_init(struct sqlite_turn *turn);
void sqlite_turn_done(struct sqlite_turn *turn);

/* Begins and ends a transaction of one range; its state is the reader's.  Without effect
 * where readers keep theirs. */
sieve_status sqlite_turn_begin(struct sqlite_reader *reader,
                               struct database_error *error) SIEVE_MUST_CHECK;
void sqlite_turn_end(struct sqlite_reader *reader);

/* 1 if the transaction has lasted so long that others should not wait longer. */
int sqlite_turn_is_over(const struct sqlite_reader *reader);

/* Adds items for the files beside it that may keep old pages. */
sieve_status sqlite_list_beside(const char *path, const struct choice *choice,
                                struct sqlite_tables *tables) SIEVE_MUST_CHECK;

/* Pushes the bytes of one range of such a file, in parts. */
sieve_status sqlite_read_beside(const char *path, const struct sqlite_plan *plan,
                                uint64_t range, on_row tell, void *context,
                                const atomic_int *is_cancelled) SIEVE_MUST_CHECK;

/* Pushes what was freed in the pages of one range; `is_cancelled` may change meanwhile.
 */
sieve_status sqlite_read_freed(int descriptor, const struct sqlite_plan *plan,
                               uint64_t range, on_row tell_row, void *context,
                               const atomic_int *is_cancelled) SIEVE_MUST_CHECK;

/* A name for the rowid that no column has taken; NULL if there is none. */
const char *sqlite_rowid_name(const struct table *table);

/* A value as the cell that is read of it; `text` is where a number goes. */
void sqlite_read_cell(struct sql_query *query, int at, char text[SQLITE_NUMBER_MAX],
                      struct cell *out);

struct repair;

/* That of database_ops. */
sieve_status sqlite_repair(struct database *self, int is_writing, struct repair **out,
                           struct database_error *error) SIEVE_MUST_CHECK;

#define SQLITE_SCHEME "sqlite:"

/* `target` is sqlite:FILE. */
sieve_status sqlite_open(const char *target, const struct choice *choice,
                         struct database **out,
                         struct database_error *error) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_SQLITE_H */
