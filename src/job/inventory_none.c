/* inventory_none.c - stands for reports where there is no SQLite to read a ledger. */
#include "job/inventory.h"

sieve_status job_inventory(const struct inventory_plan *plan, int descriptor,
                           struct inventory_outcome *outcome)
{
    (void)plan;
    (void)descriptor;
    outcome->reason = "this program was built without SQLite, and reads no ledgers";
    return SIEVE_E_STATE;
}
