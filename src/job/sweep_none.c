/* sweep_none.c - stands for the sweep where there is no SQLite to keep a ledger. */
#include "job/ledger_explain.h"
#include "job/sweep.h"

sieve_status sweep_run(const struct run *run, const char *target, struct outcome *outcome)
{
    (void)run;
    (void)target;
    outcome->reason = "this program was built without SQLite, and knows no databases";
    return SIEVE_E_STATE;
}

sieve_status ledger_explain(const char *path, const char *name, on_account tell,
                            void *context, const char **reason_out)
{
    (void)path;
    (void)name;
    (void)tell;
    (void)context;
    *reason_out = "this program was built without SQLite, and knows no ledgers";
    return SIEVE_E_STATE;
}
