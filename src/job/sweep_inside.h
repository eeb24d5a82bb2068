/* sweep_inside.h - what the files of the sweep share. */
#ifndef SIEVE_JOB_SWEEP_INSIDE_H
#define SIEVE_JOB_SWEEP_INSIDE_H

#include <pthread.h>

#include "job/columns.h"
#include "job/inside.h"
#include "job/ledger.h"
#include "job/shelf.h"
#include "job/sweep.h"
#include "job/tier_table.h"
#include "source/database.h"

/* How often one table may fail before its other ranges are not tried. */
#define TABLE_FAILURES_MAX 3u

/* How often one sweeper may lose its connection and get another. */
#define RECONNECTS_MAX 5u

/* One table in this run. */
struct sweep_table {
    const struct table *table;
    int64_t id;                  /* in the ledger */
    struct cell_column *columns; /* as many as the table has */
    char **prefixes;
    enum name_effect *effects;
    unsigned char *abouts; /* enum name_about of each column */
    char *name;            /* "schema.name", safe */
    char *schema_name;     /* safe, or NULL */
    char **column_names;   /* safe */
    unsigned char *done;   /* ranges not to be read, one byte each */
    uint64_t next;         /* range that is taken next */
    unsigned failures;
    int is_sampled; /* ranges were left out */
    uint64_t left;  /* ranges that are still to be read */
    /* Under the sweep's lock, one a column; NULL until there is one. */
    unsigned char **sketches; /* of the values; gone once all ranges are read */
    struct paths **keys;      /* inside of the values, as they are shown */
    int was_counted;
    int is_being_counted;
    uint64_t rows;      /* as the database counts them */
    const char *reason; /* the first of what failed, or NULL */
};

struct sweep {
    const struct run *run;
    const struct sweep_plan *plan;
    const char *target_text;
    const struct database_list *list; /* what is to be read */
    int are_databases_noted;          /* in the ledger */
    struct safe_text target;
    struct choice choice;      /* as asked, or as it was when the sweep began */
    struct sweep_choice *kept; /* what that choice lies in */
    int is_choice_kept;
    struct ledger *ledger;
    sieve_ruleset *probe_rules; /* finds everything */
    struct tier_table *tiers;
    struct limiter *limiter;
    uint64_t cards_before; /* distinct numbers of earlier snapshots */
    int is_of_several;     /* several databases of one server are swept */
    int is_left;           /* something could still be read, in a run that goes on */
    uint64_t databases_read;
    unsigned listed_before; /* of the server, with the databases before this one */
    unsigned listed;        /* ... and with this one */

    /* The database that is open. */
    struct database *database;
    char *database_name; /* safe, or NULL */
    struct sweep_table *tables;
    size_t table_count;
    struct sweeper *sweepers;
    size_t sweeper_count;
    const char *lack; /* why there are fewer than were asked for, or NULL */
    int is_continued; /* some of it was read in an earlier snapshot */
    unsigned reopens; /* since a range was read */

    pthread_mutex_t lock; /* of all that follows, and of the tables' progress */
    pthread_cond_t ended; /* a sweeper has */
    size_t next_table;
    size_t next_count;       /* table that is counted next */
    size_t next_early_count; /* ... by the one that does nothing else */
    size_t running;
    uint64_t ranges_read;
    uint64_t states;      /* of the database that were seen, if it has no snapshot */
    sieve_status failure; /* why the run cannot go on */
};

/* One connection and its thread. */
struct sweeper {
    struct sweep *sweep;
    struct reader *reader;
    sieve_scanner *scanner;
    pthread_t thread;
    int is_started;
    int is_counter; /* reads no ranges */
    int is_lost;    /* its connection is gone */
    unsigned reconnects;

    /* The range that is read now. */
    struct sweep_table *table;
    struct cells *cells; /* of `cells_of` */
    const struct sweep_table *cells_of;
    struct shelf shelf;
    struct buffer row;  /* name of the last row that had a finding */
    uint64_t row_named; /* its number, plus one */
    size_t lead;        /* of the row that is judged by itself, or both 0 */
    size_t tail;
    size_t part_length;
    uint64_t first_row;  /* number of the first row on the shelf */
    uint64_t owed_bytes; /* to the limiter */
    uint64_t told_bytes; /* of the range, that the headway knows of */
    uint64_t told_findings;
    struct ledger_range range;
    struct cell_counts *counts;
    size_t count_capacity;
    struct buffer keys; /* ledger_key_counts of the range */

    /* Where the last finding stood inside of its value. */
    struct inside walk;
    struct leaf leaf;
    size_t walk_column;
    uint64_t walk_row;    /* plus one; 0: nowhere */
    sieve_status failure; /* of ours, not of the reading */
};

/* A new ledger, or the one to go on with.  `thing` gets its name on failure. */
sieve_status sweep_create_ledger(struct sweep *sweep, struct safe_text *thing,
                                 const char **reason_out) SIEVE_MUST_CHECK;
sieve_status sweep_resume_ledger(struct sweep *sweep, struct safe_text *thing,
                                 const char **reason_out) SIEVE_MUST_CHECK;

/* Names the ledger in the outcome of a run that can be gone on with. */
void sweep_tell_ledger(const struct sweep *sweep, sieve_status status,
                       struct outcome *outcome);

/* Makes sweep->choice: what was asked, or, where nothing was, what the ledger that is
 * gone on with was begun with.  Another choice than that is refused. */
sieve_status sweep_choose(struct sweep *sweep, struct safe_text *thing,
                          const char **reason_out) SIEVE_MUST_CHECK;

/* Enters the choice in a new ledger. */
sieve_status sweep_enter_choice(struct sweep *sweep) SIEVE_MUST_CHECK;
void sweep_choice_done(struct sweep *sweep);

/* The text made safe, as a string of its own. */
sieve_status sweep_safe_copy(struct veil *veil, const char *text,
                             char **out) SIEVE_MUST_CHECK;

/* What is to be read of these tables; with a ledger they are entered in it. */
sieve_status sweep_make_tables(struct sweep *sweep, const struct table *tables,
                               size_t count) SIEVE_MUST_CHECK;
void sweep_table_done(struct sweep_table *table);

/* Every part of a hundred evenly, and the first range always. */
void sweep_leave_out(struct sweep_table *table, unsigned sample);

/* Ranges of a table that can be read and were not; under the lock once there is a crew.
 */
uint64_t sweep_unread_ranges(const struct sweep_table *table);

/* Adds to the headway what is to be read of a table. */
void sweep_await_table(const struct sweep *sweep, const struct sweep_table *table);

/* Takes back from the headway what was not read of a database that is opened anew. */
void sweep_forget_headway(struct sweep *sweep);

/* Forgets what was read of tables that do not add up, so that they are read again. */
sieve_status sweep_mark_anew(struct sweep *sweep, int *are_some_out) SIEVE_MUST_CHECK;

/* As many readers as were asked for, or as the snapshot allows, and their threads, which
 * end when there is nothing left to take or they lost their connection. */
sieve_status sweep_make_crew(struct sweep *sweep,
                             struct database_error *error) SIEVE_MUST_CHECK;
sieve_status sweep_run_crew(struct sweep *sweep) SIEVE_MUST_CHECK;
void sweep_crew_done(struct sweep *sweep);
int sweep_crew_is_lost(const struct sweep *sweep);

/* Notes what a careful read could not give; the context is the sweeper. */
sieve_status sweep_missed(const struct missed *missed, void *context);

/* Names what of a table could not be read in the report. */
sieve_status sweep_tell_missed(struct sweep *sweep, const struct sweep_table *table,
                               const struct place *place) SIEVE_MUST_CHECK;

/* Sets the key that a finding stands under inside of its cell, and whether it is all that
 * stands there. */
sieve_status sweep_find_key(struct sweeper *sweeper, uint64_t row, struct bytes value,
                            struct ledger_finding *found) SIEVE_MUST_CHECK;

/* Takes what was counted in the range that ends, and enters it with the range. */
sieve_status sweep_end_range(struct sweeper *sweeper) SIEVE_MUST_CHECK;

/* How many ranges are to be read, before any is. */
void sweep_count_left(struct sweep_table *table);

/* A range of the table will not be tried again, or all will be. */
void sweep_range_is_over(struct sweep *sweep, struct sweep_table *table);
void sweep_forget_columns(struct sweep_table *table);

/* Reads one range to its end, or notes why not. */
void sweep_range(struct sweeper *sweeper, struct sweep_table *table, uint64_t range);

/* Notes the first reason of a table; once more is not worth it. */
void sweep_table_failed(struct sweep *sweep, struct sweep_table *table,
                        const char *reason);

/* 1 if counting takes so long that a connection of its own should do it. */
int sweep_is_worth_counter(const struct sweep *sweep);

/* Counts the rows of tables until there is none left to count. */
void sweep_count_tables(struct sweeper *sweeper);

int sweep_is_stopped(const struct sweep *sweep);

/* Judges the columns and writes what was found. */
sieve_status sweep_report(struct sweep *sweep) SIEVE_MUST_CHECK;

/* A dry run tells what there is. */
sieve_status sweep_tell_plan(struct sweep *sweep) SIEVE_MUST_CHECK;

#endif /* SIEVE_JOB_SWEEP_INSIDE_H */
