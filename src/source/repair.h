/* repair.h - rows of a database again, each by its name, and what takes the numbers out.
 *
 *   repair   a connection that belongs to one thread; it reads, or it reads and writes
 *   place    what names a row: where it lay, or the values of its key
 *   change   what becomes of one cell: other bytes at a few places, NULL, 0 or nothing
 *   update   a statement that makes all changes of one row, and only if the row still is
 *            as it was when it was fetched.  The same text stands in a plan and is run
 *
 * An update holds no clear number and no hash of one.  Its guard is the row's version
 * where there is one; else the key, the type and length of each cell that is changed,
 * and at the place of each number a pattern of the digits that may be shown.
 *
 * Like a database it tells failures by constant words.
 */
#ifndef SIEVE_SOURCE_REPAIR_H
#define SIEVE_SOURCE_REPAIR_H

#include "base/buffer.h"
#include "source/database.h"

/* Bytes of a row's place; of a statement; of a cell that is repaired. */
#define REPAIR_LOCATOR_MAX 48
#define REPAIR_UPDATE_MAX  (64u << 20)
#define REPAIR_CELL_MAX    (256u << 20)

/* ---- what a table allows ----------------------------------------------------------- */

enum repair_way {
    REPAIR_MASK,    /* text or bytes */
    REPAIR_JSON,    /* text that has to stay JSON */
    REPAIR_NUMBER,  /* holds no mask, but NULL or 0 */
    REPAIR_NUMBERS, /* several numbers in one value: holds no mask and no 0 */
};

struct repair_column {
    enum repair_way way;
    /* Why it is not changed (constant), and the name that this is about (not safe); both
     * may be NULL. */
    const char *obstacle;
    const char *about;
    uint8_t follows;     /* 1: it changes along when what it depends on is repaired */
    uint8_t is_nullable; /* 1: it may become NULL */
    uint8_t is_unique;   /* 1: part of a unique key */
};

/* Something to know before the table is changed: a trigger that fires.  `what` is
 * constant, `name` not safe. */
struct repair_note {
    const char *what;
    const char *name;
};

/* Columns whose values together may not occur twice. */
struct repair_unique {
    const char *name; /* not safe; may be NULL */
    const size_t *columns;
    size_t column_count;
};

struct repair_table {
    const struct table *table;
    const char *obstacle;          /* why none of its rows can be changed, or NULL */
    struct repair_column *columns; /* as many as the table has */
    const struct repair_note *notes;
    size_t note_count;
    const struct repair_unique *uniques;
    size_t unique_count;
};

/* ---- rows -------------------------------------------------------------------------- */

/* A row's locator, or, if that is NULL, the values of its key columns in their order. */
struct repair_place {
    const char *locator;
    const struct bytes *key;
    size_t key_count;
};

/* Borrowed for the call. */
struct repair_row {
    const struct cell *cells;     /* as in struct row */
    const unsigned char *numbers; /* 1 for each cell whose value is a number */
    const char *locator;          /* or NULL */
    const char *version;          /* or NULL */
};

/* May use the repair for anything but fetching. */
typedef sieve_status (*on_repair_row)(const struct repair_row *row, void *context);

/* ---- changes ----------------------------------------------------------------------- */

enum change_kind {
    CHANGE_MASK,
    CHANGE_NULL,
    CHANGE_ZERO,
    CHANGE_EMPTY
};

/* Bytes [offset, offset + length) of the cell give way to `text`. */
struct edit {
    size_t offset;
    size_t length; /* 0: `text` is put in */
    struct bytes text;
};

/* Where a number lies in the cell. */
struct region {
    size_t offset;
    size_t length;
    uint8_t is_sensitive; /* nothing of it may be shown, also not in a guard */
};

struct change {
    size_t column;
    enum change_kind kind;
    const struct edit *edits; /* in order of offset; of CHANGE_MASK */
    size_t edit_count;
    const struct region *regions; /* in order of offset */
    size_t region_count;
    struct bytes masked; /* the cell with its digits masked: as long as the cell */
};

/* All changes of one row. */
struct repair_update {
    const struct repair_table *table;
    const struct repair_row *row;
    const struct change *changes;
    size_t count;
};

/* ---- a script ---------------------------------------------------------------------- */

/* The words around updates in a plan; all of it constant.  What is counted goes into a
 * temporary table cardsieve_repair(number, name, updated). */
struct repair_script {
    const char *how;      /* "psql -X -f plan.sql": for the plan's header */
    const char *prologue; /* before the first batch */
    const char *begin;    /* of a batch */
    const char *before;   /* an update */
    const char *between; /* an update and its number; after it come ", ", a name in single
                          * quotes */
    const char *behind;  /* the name */
    const char *commit;  /* of a batch */
    const char *epilogue; /* after the last batch, up to the number of rows in the plan */
    const char *ending;   /* what comes behind that number */
    const char *const *aftercare; /* lines, the last is NULL: what is still to be done */
};

struct repair_ops {
    const struct repair_script *script;

    /* What the table allows; the repair's, until the next is examined. */
    sieve_status (*examine)(struct repair *self, const struct table *table,
                            const struct repair_table **out,
                            struct database_error *error);

    /* Inside of a transaction: all of one go or, if it is `is_writing`, one that can be
     * given up.  After a failure it is given up already. */
    sieve_status (*begin)(struct repair *self, struct database_error *error);
    sieve_status (*end)(struct repair *self, int is_commit, struct database_error *error);

    /* Pushes the row, if it is there. */
    sieve_status (*fetch)(struct repair *self, const struct table *table,
                          const struct repair_place *place, on_repair_row on_row,
                          void *context, struct database_error *error);

    /* Appends the statement, without an end. */
    sieve_status (*append_update)(struct repair *self, const struct repair_update *update,
                                  struct buffer *out);

    /* Looks, without changing anything, whether the database would take it. *obstacle_out
     * is constant, and NULL if nothing is in the way. */
    sieve_status (*check)(struct repair *self, const struct repair_update *update,
                          const char **obstacle_out, struct database_error *error);

    /* Runs an update; `locator_out` is where the row lies now, "" if that is nowhere, and
     * *rows_out 0 if it was not as it was. */
    sieve_status (*update)(struct repair *self, struct bytes statement,
                           char locator_out[REPAIR_LOCATOR_MAX], uint64_t *rows_out,
                           struct database_error *error);

    void (*cancel)(struct repair *self); /* as that of a reader */
    void (*free)(struct repair *self);   /* NULL is legal */
    int rows_move; /* 1: a row that is changed gets another locator */
};

/* First member of every concrete repair. */
struct repair {
    const struct repair_ops *ops;
    int is_passing; /* the last failure: a lock, a deadlock; may succeed a moment later */
};

/* ---- what the sources share -------------------------------------------------------- */

/* An obstacle that each may meet. */
#define REPAIR_HAS_TWIN "another row has the masked value already, which must be unique"

/* What becomes of a column of the row; NULL: it stays. */
const struct change *repair_change_of(const struct change *changes, size_t count,
                                      size_t column);

/* 1 if one of its columns changes. */
int repair_changes_unique(const struct change *changes, size_t count,
                          const struct repair_unique *unique);

/* Bytes of the character that begins a text of `left` bytes, 1 at least. */
typedef size_t (*character_length)(const unsigned char *at, size_t left);

/* One of bytes; of UTF-8. */
size_t repair_byte_length(const unsigned char *at, size_t left);
size_t utf8_length(const unsigned char *at, size_t left);

/* One edit in characters: so many from the `from`th (counted from 0) give way to `text`,
 * which lies in the change or its masked cell. */
struct character_edit {
    uint64_t from;
    uint64_t count;
    struct bytes text;
};

/* The edits of a change widened to whole characters, those that meet made one.  Returns
 * how many; `out` has room for all edits. */
size_t edits_as_pieces(const struct change *change, struct bytes cell,
                       character_length length_of, struct character_edit *out);

/* Appends x'0a0b', or what stands around it in `open` and `close`. */
sieve_status repair_append_hex(struct buffer *out, const char *open, struct bytes bytes,
                               const char *close) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_REPAIR_H */
