/* sweep.h - one run over a database: every row of every table, in ranges.
 *
 *   sweep.c         which databases, one after the other, in which snapshots
 *   sweep_choice.c  what was asked for, also when the sweep goes on
 *   sweep_crew.c    the readers, who reads what
 *   sweep_missed.c  rows and values that could not be read
 *   sweep_anew.c    tables that are read again
 *   sweep_ledger.c  which ledger
 *   sweep_tables.c  what is to be read of each table
 *   sweep_range.c   one range: rows into cells, findings into the ledger
 *   sweep_report.c  what came of it: verdicts, findings, the inventory
 */
#ifndef SIEVE_JOB_SWEEP_H
#define SIEVE_JOB_SWEEP_H

#include "job/job.h"
#include "job/worker.h"

/* Sweeps the database that `target` names (NULL: the one of the ledger to be resumed).
 * Fails with outcome->reason set, and the thing it is about in outcome->thing, if the run
 * could not be; if it went well outcome->note is what it had to do without, or NULL.
 * outcome->ledger gets the ledger that a sweep left unfinished. */
sieve_status sweep_run(const struct run *run, const char *target,
                       struct outcome *outcome) SIEVE_MUST_CHECK;

#endif /* SIEVE_JOB_SWEEP_H */
