/* ledger_open.h - the inside of the ledger: what its files share. */
#ifndef SIEVE_JOB_LEDGER_OPEN_H
#define SIEVE_JOB_LEDGER_OPEN_H

#include <pthread.h>

#include "job/ledger.h"

struct sql;
struct sql_query;

/* Kinds of findings that may never be kept, for a statement. */
#define LEDGER_SENSITIVE "('track1','track2','emv','security_code','pin_block')"

/* "cards" in ASCII: tells a ledger from any other database.  The layout of its tables is
 * counted. */
#define LEDGER_APPLICATION "1667330660"
#define LEDGER_LAYOUT      "2"

/* Statements that are made once. */
enum ledger_query {
    LEDGER_SNAPSHOT,
    LEDGER_PUT_CHOICE,
    LEDGER_PUT_DATABASE,
    LEDGER_FIND_TABLE,
    LEDGER_PUT_TABLE,
    LEDGER_PUT_COLUMN,
    LEDGER_DONE,
    LEDGER_SUMS,
    LEDGER_END_TABLE,
    LEDGER_ADD,
    LEDGER_PUT_RANGE,
    LEDGER_PUT_COUNTS,
    LEDGER_PUT_KEY_COUNTS,
    LEDGER_DROP,
    LEDGER_DROP_MISSED,
    LEDGER_MISS,
    LEDGER_MISSED,
    LEDGER_MISSED_SUM,
    LEDGER_COLUMN_SUMS,
    LEDGER_KEY_SUMS,
    LEDGER_BRANDS,
    LEDGER_FIRST,
    LEDGER_KEYS,
    LEDGER_FOUND_KEYS,
    LEDGER_HAS_KEYS,
    LEDGER_SILENT_KEYS,
    LEDGER_ENTER_KEY,
    LEDGER_VERDICT,
    LEDGER_KEY_VERDICT,
    LEDGER_CONFIDENCE,
    LEDGER_FINDINGS,
    LEDGER_REPAIRS_NEXT,
    LEDGER_REPAIR_STATE,
    LEDGER_REPAIRS_LEFT,
    LEDGER_REPAIR_LOW,
    LEDGER_QUERY_COUNT
};

struct ledger {
    pthread_mutex_t lock;
    struct sql *sql;
    char *path;
    int64_t snapshot; /* number of this one */
    int64_t last_table;
    int is_open; /* a transaction is */
    uint64_t committed;
    struct sql_query *queries[LEDGER_QUERY_COUNT];
};

/* One that is there, to be read. */
sieve_status ledger_look(const char *path, struct ledger **out,
                         const char **reason_out) SIEVE_MUST_CHECK;

void ledger_lock(struct ledger *ledger);
sieve_status ledger_unlock(struct ledger *ledger, sieve_status status);

/* Under the lock: what was entered so far is on the disk. */
sieve_status ledger_commit(struct ledger *ledger) SIEVE_MUST_CHECK;

/* *out is the ledger's; it is made when it is used first. */
sieve_status ledger_prepare(struct ledger *ledger, enum ledger_query which,
                            const char *text, struct sql_query **out) SIEVE_MUST_CHECK;

/* Runs one that gives no rows, inside of the open transaction. */
sieve_status ledger_finish(struct ledger *ledger,
                           struct sql_query *query) SIEVE_MUST_CHECK;

#endif /* SIEVE_JOB_LEDGER_OPEN_H */
