/* ledger_repairs.h - the part of a ledger that tells what became of each row with
 * findings.
 *
 * A row is `pending` until something is known of it.  Before a transaction is committed
 * its rows are `sent`, with the places they will lie at: so a run that was killed in
 * between can be told from one that was killed before.
 */
#ifndef SIEVE_JOB_LEDGER_REPAIRS_H
#define SIEVE_JOB_LEDGER_REPAIRS_H

#include "job/ledger.h"

enum repair_state {
    STATE_PENDING,
    STATE_SENT,
    STATE_UPDATED, /* and looked at again */
    STATE_CHANGED, /* by others: nothing is found in it any more, or it is gone */
    STATE_FOLLOWS, /* it changes along with another row */
    STATE_LEFT     /* `reason` tells why */
};

/* A row; strings are borrowed for the call. */
struct ledger_repair {
    int64_t id;
    int64_t table;
    const char *row;     /* its key as a JSON object, safe */
    const char *locator; /* safe; "" if there is none */
    const char *moved;   /* where it lies since it was sent; "" if that is not known */
    uint64_t findings;
    int is_sensitive;
    int is_sent;
};

/* Enters the rows with findings of at least that confidence, sensitive ones first.
 * Those that were updated since they were read are not entered again. */
sieve_status ledger_repairs_begin(struct ledger *ledger,
                                  sieve_confidence least) SIEVE_MUST_CHECK;

/* Tells at most `limit` rows behind the one of this id that are pending or sent, all of
 * one table and equally sensitive. */
typedef sieve_status (*on_ledger_repair)(const struct ledger_repair *repair,
                                         void *context);
sieve_status ledger_repairs_next(struct ledger *ledger, int64_t after, unsigned limit,
                                 on_ledger_repair tell, void *context) SIEVE_MUST_CHECK;

/* `reason` and `moved` may be NULL; both safe. */
sieve_status ledger_repair_state(struct ledger *ledger, int64_t id,
                                 enum repair_state state, const char *reason,
                                 const char *moved) SIEVE_MUST_CHECK;

/* What was told is on the disk when this returns. */
sieve_status ledger_repairs_keep(struct ledger *ledger) SIEVE_MUST_CHECK;

/* Tells the findings of a row that are low because chance explains them. */
typedef sieve_status (*on_ledger_low)(size_t column, const char *masked, void *context);
sieve_status ledger_repair_low(struct ledger *ledger, int64_t id, on_ledger_low tell,
                               void *context) SIEVE_MUST_CHECK;

/* 1 if the column's numbers are what chance gives. */
sieve_status ledger_is_chance(struct ledger *ledger, int64_t table, size_t column,
                              int *out) SIEVE_MUST_CHECK;

struct repair_sums {
    uint64_t rows;
    uint64_t findings;
    uint64_t sensitive; /* rows */
    uint64_t states[STATE_LEFT + 1];
};
sieve_status ledger_repairs_sums(struct ledger *ledger,
                                 struct repair_sums *out) SIEVE_MUST_CHECK;

/* Tells how many rows are in a state, by table and reason, the sensitive first; `row` is
 * the first of them. */
struct repair_group {
    int64_t table;
    const char *reason; /* or NULL */
    const char *row;
    uint64_t rows;
    uint64_t findings;
    int is_sensitive;
};
typedef sieve_status (*on_repair_group)(const struct repair_group *group, void *context);
sieve_status ledger_repairs_groups(struct ledger *ledger, enum repair_state state,
                                   on_repair_group tell, void *context) SIEVE_MUST_CHECK;

/* Tells the rows and findings by table and column, the sensitive first; of rows that are
 * not `updated`. */
typedef sieve_status (*on_repair_column)(int64_t table, size_t column, uint64_t findings,
                                         uint64_t sensitive, void *context);
sieve_status ledger_repairs_columns(struct ledger *ledger, on_repair_column tell,
                                    void *context) SIEVE_MUST_CHECK;

#endif /* SIEVE_JOB_LEDGER_REPAIRS_H */
