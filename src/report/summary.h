/* summary.h - what an inventory says of itself, in words: text and HTML say the same. */
#ifndef SIEVE_REPORT_SUMMARY_H
#define SIEVE_REPORT_SUMMARY_H

#include "report/inventory.h"
#include "report/pen.h"

enum summary_value {
    SUMMARY_NUMBER,
    SUMMARY_AT_LEAST,
    SUMMARY_ROWS, /* `number` of `whole` */
    SUMMARY_SIZE
};

struct summary_line {
    enum word label;
    enum summary_value value;
    uint64_t number;
    uint64_t whole;
    int is_alarm; /* to be seen at once */
};

#define SUMMARY_LINES_MAX 20
#define SUMMARY_NEXT_MAX  12

/* COMPLETE, INCOMPLETE, SAMPLE. */
enum word summary_state(const struct inventory_run *run);

/* Whether something was found, and what that is worth. */
enum word summary_found(const struct inventory_run *run);

/* The sums, sensitive authentication data first.  Returns their count. */
size_t summary_lines(const struct inventory_run *run,
                     struct summary_line out[SUMMARY_LINES_MAX]);

/* What to do next, in order.  Returns the count. */
size_t summary_next(const struct inventory_run *run, enum word out[SUMMARY_NEXT_MAX]);

/* The value of a line. */
void summary_put(struct pen *pen, const struct summary_line *line);

/* The sentence behind the state. */
void summary_put_state(struct pen *pen, const struct inventory_run *run);

/* Why a column has its verdict: what the ledger says, in Japanese its arithmetic. */
void summary_put_why(struct pen *pen, const struct inventory_row *row);

#endif /* SIEVE_REPORT_SUMMARY_H */
