/* view.h - a ledger as it is read for a report: nothing in it is believed.
 *
 * A ledger is a file that anybody may have edited.  Its texts are made safe again, its
 * numbers must be in range, its words must be known; what it calls complete must add up.
 * Findings count as they do in a sweep: those of ranges that were read to their end,
 * at the confidence their column leaves them.
 *
 * A view is one moment of the ledger, also while a sweep writes to it.  It belongs to one
 * thread.
 */
#ifndef SIEVE_JOB_VIEW_H
#define SIEVE_JOB_VIEW_H

#include "report/inventory.h"

struct view;

/* On failure *reason_out is constant. */
sieve_status view_open(const char *path, struct view **out,
                       const char **reason_out) SIEVE_MUST_CHECK;
void view_free(struct view *view); /* NULL is legal */

/* Why the last call failed; constant. */
const char *view_reason(const struct view *view);

/* The run and its sums; title, ledger and made stay empty.  Texts live as long as the
 * view. */
sieve_status view_run(struct view *view, struct inventory_run *out) SIEVE_MUST_CHECK;

/* The row and its texts are borrowed for the call, in which the view may be used.  A
 * failure ends the telling with that status; SIEVE_STOPPED too. */
typedef sieve_status (*on_view_row)(const struct inventory_row *row, void *context);

/* The columns with findings: all, those that may never be kept first; or of one table, in
 * the table's order.  Those that chance explains are among them. */
sieve_status view_columns(struct view *view, on_view_row tell,
                          void *context) SIEVE_MUST_CHECK;
sieve_status view_columns_of(struct view *view, int64_t table, on_view_row tell,
                             void *context) SIEVE_MUST_CHECK;

/* What was not examined. */
sieve_status view_missed(struct view *view, on_view_row tell,
                         void *context) SIEVE_MUST_CHECK;

/* What became of the rows that were to be repaired, if any were. */
sieve_status view_repairs(struct view *view, on_view_row tell,
                          void *context) SIEVE_MUST_CHECK;

/* The tables in their order. */
sieve_status view_tables(struct view *view, on_view_row tell,
                         void *context) SIEVE_MUST_CHECK;

/* At most so many findings, what may never be kept first. */
sieve_status view_findings(struct view *view, uint64_t most, on_view_row tell,
                           void *context) SIEVE_MUST_CHECK;

#endif /* SIEVE_JOB_VIEW_H */
