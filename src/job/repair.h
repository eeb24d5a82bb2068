/* repair.h - what was found in a database is taken out of it.
 *
 *   repair.c         one run: what there is to do, the plan, the changes
 *   repair_judge.c   a row as it is now: what is found in it, what it should become
 *   repair_settle.c  what a cell becomes; repair_json.c: numbers in JSON
 *   repair_rows.c    the rows that the ledger names, fetched
 *   repair_plan.c    the plan as a file; repair_header.c: what it begins with
 *   repair_all.c     all changes, batch by batch
 *   repair_apply.c   those of one batch made, and looked at again
 *   repair_report.c  what came of it, in words
 */
#ifndef SIEVE_JOB_REPAIR_H
#define SIEVE_JOB_REPAIR_H

#include "job/sweep_inside.h"

/* Repairs what the sweep's ledger names, as sweep->plan->repair orders.  The sweep has
 * ended: no reader of the database is left. */
sieve_status repair_run(struct sweep *sweep, struct safe_text *thing,
                        struct database_error *error) SIEVE_MUST_CHECK;

#endif /* SIEVE_JOB_REPAIR_H */
