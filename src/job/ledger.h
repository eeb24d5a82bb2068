/* ledger.h - what a sweep of a database has read and found, in a file that outlives it.
 *
 * The file is an SQLite database that anybody may query.  It holds no clear number: the
 * names, keys and findings given to it are safe to show.  A range and its findings count
 * once the range is ended; what was added to a range that never ended is forgotten when
 * the ledger is opened again.  Killed at any moment, it is whole.
 *
 * Every function may be called from any thread.
 */
#ifndef SIEVE_JOB_LEDGER_H
#define SIEVE_JOB_LEDGER_H

#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "cardsieve.h"
#include "job/cells.h"

struct ledger;

/* A new one at `path`, which must not exist.  `target` and `options` are safe texts.  On
 * failure *reason_out is constant.  Before anything is entered a snapshot is begun. */
sieve_status ledger_create(const char *path, const char *target, const char *options,
                           struct ledger **out, const char **reason_out) SIEVE_MUST_CHECK;

/* One that is there, for a further snapshot.  If `target` is not NULL it must be the
 * same, and so must the options. */
sieve_status ledger_resume(const char *path, const char *target, const char *options,
                           struct ledger **out, const char **reason_out) SIEVE_MUST_CHECK;

/* Commits and closes.  NULL is legal.  SIEVE_E_IO if something was lost. */
sieve_status ledger_close(struct ledger *ledger);

/* The target of a ledger, to be freed by the caller. */
sieve_status ledger_target(const char *path, char **out,
                           const char **reason_out) SIEVE_MUST_CHECK;

/* A snapshot of a database, safe, or NULL, is what all that follows is read in.  With it
 * the run and its choices are on the disk. */
sieve_status ledger_begin_snapshot(struct ledger *ledger,
                                   const char *database) SIEVE_MUST_CHECK;

/* Where it lies, as it was named when it was opened. */
const char *ledger_path(const struct ledger *ledger);

/* One of the databases that are to be read: why it is not, or not yet, or NULL once all
 * of it was gone through.  `name` is safe; "" where there is one without a name. */
sieve_status ledger_database(struct ledger *ledger, const char *name,
                             const char *reason) SIEVE_MUST_CHECK;

/* How many snapshots the run has seen, with this one. */
uint64_t ledger_snapshots(struct ledger *ledger);

/* What was asked for when the run began, such as "table" and "shop.*": told in the order
 * in which it was put.  Both are safe and the callee's until it returns. */
sieve_status ledger_put_choice(struct ledger *ledger, const char *kind,
                               const char *pattern) SIEVE_MUST_CHECK;
typedef sieve_status (*on_ledger_choice)(const char *kind, const char *pattern,
                                         void *context);
sieve_status ledger_choices(struct ledger *ledger, on_ledger_choice tell,
                            void *context) SIEVE_MUST_CHECK;

/* How many distinct numbers were found before. */
sieve_status ledger_cards(struct ledger *ledger, uint64_t *out) SIEVE_MUST_CHECK;

/* ---- tables ------------------------------------------------------------------------ */

struct ledger_table {
    const char *database; /* or NULL */
    const char *schema;   /* or NULL */
    const char *name;
    const char *cut; /* or NULL */
    uint64_t range_count;
    uint64_t rows; /* about; UINT64_MAX: not known */
};

/* Finds or adds a table.  If its ranges were cut in another way it begins anew. */
sieve_status ledger_table(struct ledger *ledger, const struct ledger_table *table,
                          int64_t *id_out) SIEVE_MUST_CHECK;

/* How the table of these names was cut when it was entered last; *out is to be freed, and
 * NULL if it was not. */
sieve_status ledger_cut(struct ledger *ledger, const struct ledger_table *table,
                        char **out) SIEVE_MUST_CHECK;

sieve_status ledger_column(struct ledger *ledger, int64_t table, size_t column,
                           const char *name, const char *type,
                           const char *left_out) SIEVE_MUST_CHECK;

/* Sets done[range] to 1 for all ranges that were read before. */
sieve_status ledger_done(struct ledger *ledger, int64_t table, unsigned char *done,
                         uint64_t range_count) SIEVE_MUST_CHECK;

/* The rows and bytes of all ranges that were read. */
sieve_status ledger_sums(struct ledger *ledger, int64_t table, uint64_t *rows_out,
                         uint64_t *bytes_out) SIEVE_MUST_CHECK;

/* Forgets what was read and found of a table, but not its columns. */
sieve_status ledger_forget(struct ledger *ledger, int64_t table) SIEVE_MUST_CHECK;

/* Ends a table: the rows it has (UINT64_MAX: not known), and why it is not complete, or
 * NULL. */
sieve_status ledger_end_table(struct ledger *ledger, int64_t table, uint64_t rows,
                              const char *reason) SIEVE_MUST_CHECK;

/* ---- ranges ------------------------------------------------------------------------ */

/* One range of a table, as it is read now. */
struct ledger_range {
    int64_t table;
    uint64_t range;
    uint64_t rows;
    uint64_t bytes;
    uint64_t started; /* seconds since 1970 */
};

struct ledger_finding {
    size_t column;
    const char *row;     /* its key as a JSON object, safe */
    const char *locator; /* safe */
    uint64_t card;       /* ordinal; 0: none */
    const char *key;     /* inside of the cell: "card.number", safe; NULL: it has none */
    int is_whole;        /* 1: its digits are all that stands there */
    sieve_finding finding;
};

/* What was counted under one key inside of a column's values. */
struct ledger_key_counts {
    size_t column;
    const char *key; /* safe */
    struct cell_counts counts;
};

/* What was counted in a range: `columns` of all its columns, `keys` of the keys met. */
struct ledger_counts {
    const struct cell_counts *columns;
    size_t column_count;
    const struct ledger_key_counts *keys;
    size_t key_count;
};

sieve_status ledger_add(struct ledger *ledger, const struct ledger_range *range,
                        const struct ledger_finding *finding) SIEVE_MUST_CHECK;

/* The range was read to its end.  Counts are added up; of what is distinct the most that
 * one run has seen is kept. */
sieve_status ledger_end_range(struct ledger *ledger, const struct ledger_range *range,
                              const struct ledger_counts *counts) SIEVE_MUST_CHECK;

/* Forgets what was added to a range that was not read to its end. */
sieve_status ledger_drop_range(struct ledger *ledger,
                               const struct ledger_range *range) SIEVE_MUST_CHECK;

/* What of the range could not be read; it does not keep the range from ending. */
struct ledger_missed {
    const char *row;     /* as a finding's, or "{}" */
    const char *locator; /* safe */
    int has_column;      /* 0: the whole row, or rows */
    size_t column;
    uint64_t rows;      /* not read because of it; UINT64_MAX: not known */
    const char *reason; /* constant */
    const char *code;
};

sieve_status ledger_miss(struct ledger *ledger, const struct ledger_range *range,
                         const struct ledger_missed *missed) SIEVE_MUST_CHECK;

struct ledger_missed_sums {
    uint64_t count;
    uint64_t rows; /* those that are known */
    int are_rows_known;
};
sieve_status ledger_missed_sum(struct ledger *ledger, int64_t table,
                               struct ledger_missed_sums *out) SIEVE_MUST_CHECK;

/* Tells what of a table could not be read, in order. */
typedef sieve_status (*on_ledger_missed)(const struct ledger_missed *missed,
                                         void *context);
sieve_status ledger_missed(struct ledger *ledger, int64_t table, on_ledger_missed tell,
                           void *context) SIEVE_MUST_CHECK;

/* ---- what was found ---------------------------------------------------------------- */

/* A column, or a key inside of its values (NULL: the column with all that is in it). */
struct ledger_place {
    int64_t table;
    size_t column;
    const char *key;
};

/* Sums over one of these. */
struct ledger_sums {
    struct cell_counts counts;
    uint64_t cards;     /* distinct */
    int cards_least;    /* 1: there may be more: other runs knew them by other ordinals */
    int distinct_least; /* 1: likewise of counts.distinct */
    uint64_t sensitive; /* findings that may never be kept */
    char brands[160];   /* "visa, jcb" */
};

sieve_status ledger_sums_of(struct ledger *ledger, const struct ledger_place *place,
                            struct ledger_sums *out) SIEVE_MUST_CHECK;

/* The keys of the first rows with findings, as a JSON array of objects: at most `count`,
 * those of sensitive data first.  `out` is emptied before. */
sieve_status ledger_first_rows(struct ledger *ledger, const struct ledger_place *place,
                               size_t count, struct buffer *out) SIEVE_MUST_CHECK;

/* The keys inside of a column's values, or those that findings stand under, each
 * NUL-ended, one behind the other, in order.  `out` is emptied before. */
sieve_status ledger_keys(struct ledger *ledger, int64_t table, size_t column,
                         int only_found, struct buffer *out) SIEVE_MUST_CHECK;

/* 1 if values of the table have keys inside. */
sieve_status ledger_has_keys(struct ledger *ledger, int64_t table,
                             int *out) SIEVE_MUST_CHECK;

/* Keys under which nothing was found although nine of ten numbers, and at least `least`,
 * are valid and in a range of tier A: `out` as of ledger_keys(), of one column. */
sieve_status ledger_silent_keys(struct ledger *ledger, int64_t table, size_t column,
                                uint64_t least, struct buffer *out) SIEVE_MUST_CHECK;

/* What came of a column or a key.  Texts are safe; `effect` and `neighbours` may be NULL.
 */
struct ledger_verdict {
    const char *verdict;
    const char *reason;
    const char *effect; /* of its name: "raises", "lowers" */
    const char *neighbours;
    int has_findings;
    int is_chance; /* 1: those that chance explains become low */
};

/* Puts the verdict, and the confidence of its findings: what it was when they were found,
 * or low.  Of a column only those that stand under no key. */
sieve_status ledger_judge(struct ledger *ledger, const struct ledger_place *place,
                          const struct ledger_verdict *verdict) SIEVE_MUST_CHECK;

/* Tells the findings of a table, those of sensitive data first, else in order; a brand is
 * one of `ruleset`.  What chance explains has a reason more. */
typedef sieve_status (*on_ledger_finding)(const struct ledger_finding *finding,
                                          void *context);
sieve_status ledger_findings(struct ledger *ledger, int64_t table,
                             const sieve_ruleset *ruleset, on_ledger_finding tell,
                             void *context) SIEVE_MUST_CHECK;

#endif /* SIEVE_JOB_LEDGER_H */
