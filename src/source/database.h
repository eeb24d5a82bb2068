/* database.h - the rows of a database, all of them, in ranges that can be read again.
 *
 *   server     what may hold several databases; they are opened one after the other
 *   database   one of a server's, or a file, open for reading in one snapshot
 *   table      something that has rows: a table, a view that keeps its rows, the
 *              statistics a server keeps, comments, pages that were freed, ...
 *   range      a part of a table's rows that is read in one go and counted once
 *   reader     one connection; belongs to one thread
 *
 * A database names its tables first.  Then each reader takes ranges, in any order, in any
 * thread, and pushes the rows.  All readers of a database see the same snapshot.
 *
 * Names are as the database has them, in UTF-8 but not safe to show: whoever reports them
 * makes them safe.  Errors are told by constant text, and by the server's own code
 * (SQLSTATE) where there is one: a server's message may quote a row.
 */
#ifndef SIEVE_SOURCE_DATABASE_H
#define SIEVE_SOURCE_DATABASE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "cardsieve.h"

/* Why a column is not read; constants, for the report. */
#define COLUMN_TOO_SHORT "its type cannot hold a card number"
#define COLUMN_UNASKED   "not asked for"

struct column {
    const char *name;
    const char *type;     /* as the database names it: "character varying(255)" */
    const char *left_out; /* why it is not read, or NULL */
    uint8_t is_key;       /* part of what names a row */
    uint8_t is_short;     /* read only to name a row: too short for a card number */
};

/* What kind of place a table is: where people forget to look has a name of its own. */
enum table_kind {
    TABLE_ROWS,       /* a table, a partition, a materialised view */
    TABLE_LARGE,      /* large objects */
    TABLE_STATISTICS, /* values that the planner keeps */
    TABLE_TEXTS,      /* comments, function bodies, view definitions, defaults */
    TABLE_ACTIVITY,   /* statements that run or ran */
    TABLE_FREED,      /* what deleted rows left behind */
    TABLE_LOG         /* the server's own log */
};

/* Owned by the database, unchanged until it is closed. */
struct table {
    const char *schema; /* NULL where there are none */
    const char *name;
    enum table_kind kind;
    const struct column *columns;
    size_t column_count;
    uint64_t rows;  /* about; UINT64_MAX: not known */
    uint64_t bytes; /* about; 0: not known */
    uint64_t range_count;
    /* How the ranges are cut: a later run that finds the same text, and perhaps more
     * ranges, may go on where this one stopped.  NULL: always the same way. */
    const char *cut;
    const char *unreadable; /* why no row of it can be read, or NULL */
    const char *locator;    /* what a row's locator is called; NULL: as in the others */
    uint8_t is_moving;      /* in no snapshot: it changes while it is read */
};

/* One value of a row.  `bytes.at` is NULL for SQL's NULL and for a column left out,
 * unless that is part of the key. */
struct cell {
    struct bytes bytes; /* text as the database stores it, other numbers in decimal */
    int64_t number;
    uint8_t is_binary; /* of a type for bytes */
    uint8_t is_number; /* a whole one: then `bytes` is empty, and not NULL */
};

/* Borrowed for the call. */
struct row {
    const struct cell *cells; /* as many as the table has columns */
    /* Where the row lies: "(0,1)" for PostgreSQL, a rowid for SQLite; what names a row
     * that has no key.  NULL if there is no such thing. */
    const char *locator;
    /* 1: more cells of the row before, which are too much for one row, or part of it is
     * damaged.  Those of the key come again, and were looked at then. */
    uint8_t is_rest;
    /* A part of something long, whose value has so many bytes at its begin and its end
     * that belong to the parts before and behind and are there to be seen beside: what
     * ends in them is told with those. */
    size_t lead;
    size_t tail;
};

/* A failure ends the range with that status. */
typedef sieve_status (*on_row)(const struct row *row, void *context);

/* Why something failed. */
struct database_error {
    const char *reason; /* constant; safe to show */
    char code[8];       /* SQLSTATE or the like, empty if there is none */
    uint8_t is_lost;    /* the connection is gone: another reader may go on */
    uint8_t is_over;    /* ... and so is the snapshot: only a database opened anew can */
    uint8_t is_partial; /* a row or a value of it failed: a careful read gives the rest */
    uint8_t is_moved;   /* it changed meanwhile: the range may be read again */
};

#define MISSED_ROW SIZE_MAX /* instead of a column: the whole row */

/* What a careful read could not give.  Borrowed for the call. */
struct missed {
    /* The row, as far as it is known: its key if `cells` is not NULL, and its locator or
     * in words where the rows lie, such as "(7,*)". */
    const struct cell *cells;
    const char *locator;
    size_t column; /* whose value; the row itself is pushed without it */
    uint64_t rows; /* that are not pushed: 0 for a value; UINT64_MAX: not known */
    const struct database_error *error;
};

typedef sieve_status (*on_missed)(const struct missed *missed, void *context);

struct database;
struct reader;
struct repair;

struct database_ops {
    const char *scheme;  /* "sqlite" */
    const char *locator; /* what a row's locator is called: "rowid" */
    /* 1: while a range is read others may wait for it: it is read without a rest. */
    uint8_t is_hasty;
    /* 1: the schemas of its tables are what its users call databases. */
    uint8_t schemas_are_databases;

    /* The tables that were chosen; the array is the database's. */
    sieve_status (*tables)(struct database *self, const struct table **out,
                           size_t *count_out, struct database_error *error);

    /* Cuts a table as an earlier run did, whose `cut` it was; its `cut` and range count
     * change with it.  Nothing if that cannot be any more.  NULL: how a table is cut
     * hardly depends on its rows. */
    sieve_status (*cut_again)(struct database *self, const struct table *table,
                              const char *cut);

    /* One more connection in the same snapshot.  SIEVE_E_STATE if there can be no more
     * than there are: the first one always succeeds or tells why the run cannot be. */
    sieve_status (*reader)(struct database *self, struct reader **out,
                           struct database_error *error);

    /* Pushes all rows of a range, in an order that is the same each time.  With
     * reader->on_missed it is a careful read, slower, which tells what it cannot read
     * and goes on: rows pushed and rows told are all rows of the range. */
    sieve_status (*read)(struct reader *reader, const struct table *table, uint64_t range,
                         on_row on_row, void *context, struct database_error *error);

    /* How many rows the table has in this snapshot, counted by the database itself; of
     * what no snapshot keeps, such as statements that run, as many as were read.
     * UINT64_MAX: each range was counted when it was read, in a state of its own. */
    sieve_status (*count)(struct reader *reader, const struct table *table,
                          uint64_t *rows_out, struct database_error *error);

    /* Makes a read in another thread end soon.  Safe in any thread. */
    void (*cancel)(struct reader *reader);

    void (*reader_free)(struct reader *reader); /* NULL is legal */

    /* A connection of its own that fetches rows and, if `is_writing`, changes them; see
     * repair.h.  Ends the snapshot: there may be no reader any more, nor come one.  The
     * tables stay.  NULL: this kind of database cannot be repaired. */
    sieve_status (*repair)(struct database *self, int is_writing, struct repair **out,
                           struct database_error *error);
    void (*free)(struct database *self);
};

/* First member of every concrete database. */
struct database {
    const struct database_ops *ops;
    const char
        *name; /* on its server; NULL: it is a file, or its schemas have the names */
};

/* First member of every concrete reader. */
struct reader {
    struct database *database;
    uint64_t state; /* which state of the database the last range was read in, from 1 */
    on_missed on_missed; /* NULL: what cannot be read ends the range */
    void *missed_context;
};

/* What to read, as psql and pg_dump know patterns: * ? and "quoted", schema.table. */
struct choice {
    /* Of a server.  None, and not all: the database that the target names. */
    const char *const *databases;
    size_t database_count;
    int all_databases;
    /* The one of them to open, as the server has its name; NULL: the target's. */
    const char *database;
    /* Of a sweep over several: bits, the source's own, of what belongs to the server as
     * a whole and was listed with an earlier one.  NULL: one is read alone. */
    unsigned *listed;
    const char *const *schemas;
    size_t schema_count;
    const char *const *tables;
    size_t table_count;
    const char *const *excluded; /* tables */
    size_t excluded_count;
    const char *const *columns; /* names or patterns of a column's name; none: all */
    size_t column_count;
    uint64_t range_bytes; /* about so much in one range */
    unsigned readers;     /* that will be asked for, about; 0: one */
    int foreign_tables;
    int is_repair; /* it will be changed: what a crash left unfinished may be undone */
    /* Of a server: the longest that a statement may run (0: no limit) and wait for a
     * lock (0: the source's own). */
    uint32_t statement_seconds;
    uint32_t lock_seconds;
};

/* One database of a server. */
struct database_entry {
    char *name;             /* NULL: the one that the target names */
    const char *unreadable; /* why it cannot be opened, constant, or NULL */
};

struct database_list {
    struct database_entry *entries;
    size_t count;
};

/* The databases of the server which `target` names that were chosen, in order of their
 * names; templates are not among them.  Without a choice, or where schemas are the
 * databases, it is the one entry of the target itself.  SIEVE_E_INVALID with
 * *unmatched_out set, one of `choice`, if a pattern matches none. */
sieve_status database_list(const char *target, const struct choice *choice,
                           struct database_list *out, const char **unmatched_out,
                           struct database_error *error) SIEVE_MUST_CHECK;
void database_list_done(struct database_list *list);

/* Opens what a target such as sqlite:FILE or postgresql://... names.  *is_database_out is
 * 0 if the target is none, and then nothing was opened. */
sieve_status database_open(const char *target, const struct choice *choice,
                           struct database **out, int *is_database_out,
                           struct database_error *error) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_DATABASE_H */
