/* table.h - the closing tables of a text report. */
#ifndef SIEVE_REPORT_TABLE_H
#define SIEVE_REPORT_TABLE_H

#include "base/writer.h"
#include "report/report.h"
#include "report/tally.h"

/* Nothing at all if there were no findings. */
void table_by_brand(struct writer *writer, const struct tally *tally);

/* The files with most findings first.  `scratch` is overwritten. */
sieve_status table_by_file(struct writer *writer, const struct tally *tally,
                           struct buffer *scratch) SIEVE_MUST_CHECK;

/* Appends the lines of one column to the inventory; `name` is fit to be shown. */
sieve_status table_column(struct buffer *out, const struct table_entry *table,
                          const struct column_entry *column,
                          struct bytes name) SIEVE_MUST_CHECK;

/* One line of what a sweep would read. */
void table_plan(struct writer *writer, struct bytes name,
                const struct table_entry *table);

/* One or two lines: how much was examined, what was found, whether it is all. */
void table_closing(struct writer *writer, const struct tally *tally);

#endif /* SIEVE_REPORT_TABLE_H */
