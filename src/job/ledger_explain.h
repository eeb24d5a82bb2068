/* ledger_explain.h - what a ledger has of one column, or of a key inside of its values:
 * all that its verdict was made of.
 */
#ifndef SIEVE_JOB_LEDGER_EXPLAIN_H
#define SIEVE_JOB_LEDGER_EXPLAIN_H

#include "job/columns.h"
#include "job/ledger.h"

/* Borrowed for the call.  Texts are as the ledger has them: whoever shows them makes them
 * safe, for anybody may have written it. */
struct column_account {
    const char *name;       /* "public.orders.payload.card.number" */
    const char *type;       /* empty: not known */
    const char *left_out;   /* why it was not read, or empty */
    const char *verdict;    /* empty: none yet, the sweep did not come to its end */
    const char *effect;     /* of its name: "raises", "lowers" or empty */
    const char *neighbours; /* or empty */
    const char *incomplete; /* why the table was not read to its end, or empty */
    int is_inside;          /* a key */
    uint64_t rows;          /* of the table; UINT64_MAX: not known */
    uint64_t rows_read;
    uint64_t lowered; /* findings that became low */
    struct ledger_sums sums;
};

typedef sieve_status (*on_account)(const struct column_account *account, void *context);

/* Tells of all columns and keys that are called `name`: with or without what stands
 * before it, so "orders.memo" is public.orders.memo too.  On failure *reason_out is
 * constant. */
sieve_status ledger_explain(const char *path, const char *name, on_account tell,
                            void *context, const char **reason_out) SIEVE_MUST_CHECK;

#endif /* SIEVE_JOB_LEDGER_EXPLAIN_H */
