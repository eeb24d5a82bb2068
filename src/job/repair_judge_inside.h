/* repair_judge_inside.h - what the files of the judge share.
 *
 *   repair_judge.c   what is found in a cell
 *   repair_settle.c  what the cell becomes
 */
#ifndef SIEVE_JOB_REPAIR_JUDGE_INSIDE_H
#define SIEVE_JOB_REPAIR_JUDGE_INSIDE_H

#include "job/repair_judge.h"

/* A finding that chance explains. */
struct spared {
    size_t column;
    char masked[SIEVE_SHOWN_MAX];
};

struct judge {
    const struct sweep *sweep;
    sieve_scanner *scanner;
    struct judged_cell *cells; /* as many as the widest table has columns */
    struct change *changes;
    size_t *lengths;
    size_t capacity;
    unsigned char *chances; /* of each column: 1 if its numbers are what chance gives */
    const struct sweep_table *chances_of;
    struct spared *spared; /* of the row */
    size_t spared_count;
    size_t spared_capacity;
    struct judged judged;
    /* The cell at hand. */
    struct judged_cell *cell;
    size_t column;
    int has_spared;       /* something in it is let be */
    size_t length;        /* of the value */
    int is_chance;        /* its card numbers are what chance gives */
    int is_all_sensitive; /* one finding that is never kept covers it */
    sieve_status status;
};

/* Room for so many edits of the cell. */
sieve_status judge_reserve_edits(struct judged_cell *cell, size_t count) SIEVE_MUST_CHECK;

/* Notes why a column stays; the first reason is kept, but for one that passes by itself.
 */
void judge_note_obstacle(struct judge *judge, size_t column, const char *obstacle,
                         const char *about, int follows);

/* Enters what the cell at hand becomes, or why it stays. */
sieve_status judge_settle(struct judge *judge, const struct repair_column *allowed,
                          const struct repair_row *row, size_t column) SIEVE_MUST_CHECK;

#endif /* SIEVE_JOB_REPAIR_JUDGE_INSIDE_H */
