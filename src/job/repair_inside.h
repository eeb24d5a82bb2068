/* repair_inside.h - what the files of the repair share. */
#ifndef SIEVE_JOB_REPAIR_INSIDE_H
#define SIEVE_JOB_REPAIR_INSIDE_H

#include "base/writer.h"
#include "job/ledger_repairs.h"
#include "job/repair.h"
#include "job/repair_judge.h"

/* Rows of one transaction. */
#define BATCH_ROWS 100u

/* Bytes of the updates of one transaction after which it ends. */
#define BATCH_BYTES (4u << 20)

/* Masked cells whose length is looked at again after an update, in one row. */
#define MASKED_CELLS_MAX 16u

/* How long it must be at least: two keys of JSON that became one would make it shorter.
 */
struct masked_cell {
    size_t column;
    size_t length;
};

/* A row that the ledger names. */
struct candidate {
    int64_t id;
    char *row;     /* its key as a JSON object, safe */
    char *locator; /* "" if there is none */
    char *moved;
    int is_sent;
    /* While it is repaired. */
    char lies_at[REPAIR_LOCATOR_MAX]; /* "" if where it lay */
    int is_updated;
    int is_missed; /* it was changed between the fetching and the update */
    char *rest;    /* why not all of it could be changed, or NULL */
    struct masked_cell masked[MASKED_CELLS_MAX];
    size_t masked_count;
    size_t columns[MASKED_CELLS_MAX]; /* that are to be changed */
    size_t column_count;
    size_t only; /* the one column that is changed, plus one; 0: all of them */
};

/* Rows of one table, all equally sensitive. */
struct batch {
    struct candidate candidates[BATCH_ROWS];
    size_t count;
    int64_t table;
    int is_sensitive;
};

struct repairing {
    struct sweep *sweep;
    const struct repair_order *order;
    struct repair_result *result;
    struct ledger *ledger;
    struct repair *repair;
    struct judge *judge;
    struct shelf shelf;
    struct buffer name; /* of the row at hand, and what is asked of it */
    struct buffer key;  /* values of a key, as they were taken off a name */
    struct buffer text; /* reasons, what is shown */
    struct buffer statement;
    struct batch batch;
    unsigned reconnects;
    int is_begun;                       /* the last transaction could be */
    uint64_t done_before;               /* rows that an earlier run updated */
    struct sweep_table *table;          /* the batch's */
    const struct repair_table *allowed; /* likewise */
    struct twins *twins;                /* of the plan */
    struct planning *planning;          /* while one is made */
    struct buffer notes;                /* lines of comment: triggers and the like */
    const struct sweep_table *noted;    /* the last table whose notes are in it */
};

/* The rows after `after` that are still to be seen to; none: the count is 0. */
sieve_status repair_take_batch(struct repairing *repairing, int64_t after,
                               struct database_error *error) SIEVE_MUST_CHECK;
void repair_batch_done(struct batch *batch);

/* What becomes of a row that was found and is not clean. */
typedef sieve_status (*on_judged)(struct repairing *repairing,
                                  struct candidate *candidate,
                                  const struct repair_row *row,
                                  const struct judged *judged,
                                  struct database_error *error);

/* How a row was found. */
enum seen {
    SEEN_GONE,  /* nowhere */
    SEEN_CLEAN, /* nothing is in it */
    SEEN_FOUND, /* it was told */
    SEEN_LOST,  /* not where it was, and it has no key to ask for */
    SEEN_HIDDEN /* its name holds a number: it cannot be asked for */
};

/* Fetches and judges a row of the batch. */
sieve_status repair_see(struct repairing *repairing, struct candidate *candidate,
                        on_judged tell, enum seen *out,
                        struct database_error *error) SIEVE_MUST_CHECK;

/* A row that was updated, where it lies now; it is told also if it is clean. */
sieve_status repair_see_again(struct repairing *repairing, struct candidate *candidate,
                              on_judged tell, enum seen *out,
                              struct database_error *error) SIEVE_MUST_CHECK;

/* Notes what became of a row that was not told. */
sieve_status repair_note_unseen(struct repairing *repairing,
                                const struct candidate *candidate,
                                enum seen seen) SIEVE_MUST_CHECK;

/* Into repairing->text, NUL-ended: "column: reason (what it is about)"; the column only
 * with `judged`. */
sieve_status repair_put_reason(struct repairing *repairing, const struct judged *judged,
                               const char *obstacle) SIEVE_MUST_CHECK;

/* Notes that a row stays as it is, and why. */
sieve_status repair_leave(struct repairing *repairing, const struct candidate *candidate,
                          const struct judged *judged,
                          const char *obstacle) SIEVE_MUST_CHECK;

/* Writes the plan, all or nothing. */
sieve_status repair_write_plan(struct repairing *repairing, struct safe_text *thing,
                               struct database_error *error) SIEVE_MUST_CHECK;

/* Writes text of ours or the database's so that it stays on its line. */
sieve_status repair_put_shown(struct repairing *repairing, struct writer *writer,
                              struct bytes text) SIEVE_MUST_CHECK;

/* Writes what a plan begins with: what it is, what it does not do, what is to follow. */
sieve_status repair_put_header(struct repairing *repairing, struct writer *writer,
                               uint64_t batches) SIEVE_MUST_CHECK;

/* Makes the changes of the batch at hand. */
sieve_status repair_apply_batch(struct repairing *repairing,
                                struct database_error *error) SIEVE_MUST_CHECK;

/* Makes the changes. */
sieve_status repair_apply(struct repairing *repairing,
                          struct database_error *error) SIEVE_MUST_CHECK;

/* Tells on standard output what came of it. */
sieve_status repair_report(struct repairing *repairing) SIEVE_MUST_CHECK;

/* Sums of the ledger into the result. */
sieve_status repair_sum_up(struct repairing *repairing) SIEVE_MUST_CHECK;

/* The table with this number in the ledger, or NULL. */
struct sweep_table *repair_table_of(const struct repairing *repairing, int64_t table);

/* Opens the connection; `is_writing` as in database.h. */
sieve_status repair_connect(struct repairing *repairing, int is_writing,
                            struct database_error *error) SIEVE_MUST_CHECK;

/* ---- twins ------------------------------------------------------------------------- */

/* Values under unique keys that rows of the plan get. */
sieve_status twins_new(struct twins **out) SIEVE_MUST_CHECK;
void twins_free(struct twins *twins); /* NULL is legal */

/* *is_twin_out is 1 if a row before gets the same value under one of the unique keys. */
sieve_status twins_add(struct twins *twins, const struct repair_table *allowed,
                       const struct repair_row *row, const struct judged *judged,
                       int *is_twin_out) SIEVE_MUST_CHECK;

#endif /* SIEVE_JOB_REPAIR_INSIDE_H */
