/* desk.h - the one desk where all workers hand in what they found.
 *
 * It holds the report, the sums and the distinct numbers, and one lock.  What is
 * handed in together is written together.  The first failure to write stays and is
 * returned to everyone: then there is no use in going on.
 */
#ifndef SIEVE_JOB_DESK_H
#define SIEVE_JOB_DESK_H

#include "base/writer.h"
#include "job/headway.h"
#include "job/spool.h"
#include "report/report.h"
#include "source/source.h"

struct desk;

/* A report and the writer it writes to; both may be NULL together. */
struct outlet {
    struct report *report;
    struct writer *writer;
};

/* `output` is the report proper; without it things are only counted.  `errors` is told
 * of what was named and could not be examined, or, without output, of all that could
 * not.  Borrows them until free. */
sieve_status desk_new(const struct outlet *output, const struct outlet *errors,
                      struct desk **out) SIEVE_MUST_CHECK;
void desk_free(struct desk *desk); /* NULL is legal */

struct headway *desk_headway(struct desk *desk);

/* Called under the lock before anything is written: to clear a line of progress. */
void desk_before_write(struct desk *desk, void (*call)(void *context), void *context);

/* Writes the findings of one place, gives them their ordinals, empties the spool.
 * `line_base` is added to every line; a column of 0 is offset - line_start + 1. */
sieve_status desk_findings(struct desk *desk, const struct place *place,
                           struct spool *spool, uint64_t line_base,
                           uint64_t line_start) SIEVE_MUST_CHECK;

/* Only counts numbers: for a run that shows no single findings. */
sieve_status desk_cards(struct desk *desk, const uint64_t (*cards)[2],
                        size_t count) SIEVE_MUST_CHECK;

/* The ordinal of the number of a finding; 0 if it has none. */
sieve_status desk_ordinal(struct desk *desk, const sieve_finding *finding,
                          uint64_t *out) SIEVE_MUST_CHECK;

/* A sweep begins: what is found from here on counts among the distinct numbers when it
 * is told.  So many were counted in an earlier run; they cannot be told from those of
 * this one. */
void desk_sweep_begins(struct desk *desk, uint64_t cards_before);

/* A finding of a sweep is told, or counted, whose number has this ordinal. */
sieve_status desk_card_told(struct desk *desk, uint64_t ordinal) SIEVE_MUST_CHECK;

/* Writes one finding that has its ordinal, and does not flush. */
sieve_status desk_sighting(struct desk *desk, const struct place *place,
                           const struct sighting *sighting) SIEVE_MUST_CHECK;

/* A table of a database was read; the findings in it are `count`. */
sieve_status desk_table(struct desk *desk, const struct place *place,
                        const struct table_entry *entry,
                        const struct count *count) SIEVE_MUST_CHECK;

/* A sweep would read about so many bytes a second. */
void desk_plan(struct desk *desk, uint64_t rate);

/* A sweep of so many databases ran, in the last of so many snapshots. */
void desk_sweep(struct desk *desk, uint64_t databases, uint64_t snapshots, int is_plan);

/* Something was not examined to its end; the user has named it, or it was found. */
sieve_status desk_unexamined(struct desk *desk, const struct place *place,
                             const char *reason, int is_named) SIEVE_MUST_CHECK;

/* An item was read.  `name` may be empty if nothing was found in it. */
sieve_status desk_item(struct desk *desk, struct bytes name, const struct count *count,
                       uint64_t bytes) SIEVE_MUST_CHECK;

void desk_skipped(struct desk *desk, enum skip why);

/* Writes the summary and flushes.  Once, when all workers are done; what the sums do
 * not know yet is taken from the arguments. */
sieve_status desk_close(struct desk *desk, uint64_t targets, uint64_t nanoseconds,
                        int interrupted) SIEVE_MUST_CHECK;

/* When all workers are done. */
const struct tally *desk_tally(const struct desk *desk);

#endif /* SIEVE_JOB_DESK_H */
