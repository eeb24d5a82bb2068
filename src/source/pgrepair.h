/* pgrepair.h - rows of a PostgreSQL database fetched and changed: what its files share.
 *
 *   pgrepair.c      the connection, statements run
 *   pgfetch.c       one row again, as cells
 *   pgupdate.c      the text of an update and its guard
 *   pgexamine.c     what a table allows; pgtry.c: whether a change would be taken
 *   pgcharacters.c  where a character ends, in the encodings of servers
 *
 * A row is guarded by the place and the version that it was fetched with.  Large objects
 * have neither: they are guarded by what they hold.
 */
#ifndef SIEVE_SOURCE_PGREPAIR_H
#define SIEVE_SOURCE_PGREPAIR_H

#include "source/pgcatalog.h"
#include "source/repair.h"

#define PGREFUSED_BY_CHECK "a CHECK constraint or its partition refuses the masked value"

/* How a column's value is written into a statement. */
enum pgvalue {
    PGVALUE_TEXT,  /* text and varchar: what overlay() gives is what the column takes */
    PGVALUE_CAST,  /* through text and back */
    PGVALUE_BYTES, /* bytea */
    PGVALUE_OTHER  /* its type is not of the system's own schema, and through text */
};

struct pgexamined {
    struct repair_table table;
    struct pgcatalog memory; /* all of it lies in here */
    const char *oid;         /* as text */
    struct repair_column *columns;
    unsigned char *values; /* enum pgvalue, one a column */
    struct repair_note *notes;
    struct repair_unique *uniques;
    const char **checks; /* conditions that each row has to meet */
    size_t check_count;
};

struct pgrepair {
    struct repair base;
    struct pgsession session;
    /* The catalog's table for one that was given out. */
    const struct pgtable *(*find)(const void *database, const struct table *table);
    const void *database;
    int is_writing;
    int is_open;                /* a transaction is */
    character_length length_of; /* NULL: characters of this encoding are not known */
    struct pgexamined examined;
    /* The row at hand. */
    struct buffer row;  /* its fields, as they came */
    struct buffer text; /* numbers of it */
    struct bytes *fields;
    struct cell *cells;
    unsigned char *numbers;
    size_t capacity;
};

/* Those of repair_ops. */
sieve_status pgexamine(struct repair *self, const struct table *table,
                       const struct repair_table **out,
                       struct database_error *error) SIEVE_MUST_CHECK;
sieve_status pgfetch(struct repair *self, const struct table *table,
                     const struct repair_place *place, on_repair_row tell_row,
                     void *context, struct database_error *error) SIEVE_MUST_CHECK;
sieve_status pgupdate_append(struct repair *self, const struct repair_update *update,
                             struct buffer *out) SIEVE_MUST_CHECK;
sieve_status pgtry(struct repair *self, const struct repair_update *update,
                   const char **obstacle_out,
                   struct database_error *error) SIEVE_MUST_CHECK;

void pgexamined_done(struct pgexamined *examined);

/* Appends what a column becomes. */
sieve_status pgupdate_append_value(const struct pgrepair *repair,
                                   const struct repair_update *update,
                                   const struct change *change,
                                   struct buffer *out) SIEVE_MUST_CHECK;

/* Appends ONLY "schema"."table"; and WHERE with the row's guard. */
sieve_status pgupdate_append_from(const struct table *table,
                                  struct buffer *out) SIEVE_MUST_CHECK;
sieve_status pgupdate_append_guard(const struct repair_row *row,
                                   struct buffer *out) SIEVE_MUST_CHECK;

/* Begins a transaction.  Where one of a reading repair failed, it has to be begun anew.
 */
sieve_status pgrepair_begin(struct repair *self,
                            struct database_error *error) SIEVE_MUST_CHECK;

/* Puts what is known of a failure into words for who changes rows. */
void pgrepair_explain(struct repair *self, struct database_error *error);

/* Where characters of an encoding end; NULL if that is not known. */
character_length pgcharacters_of(const char *encoding);

/* Takes the link over, whatever comes of it. */
sieve_status pgrepair_new(struct pglink *link, const void *database,
                          const struct pgtable *(*find)(const void *database,
                                                        const struct table *table),
                          int is_writing, struct repair **out) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_PGREPAIR_H */
