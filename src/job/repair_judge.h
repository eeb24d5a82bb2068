/* repair_judge.h - what is found in a row as it is now, and what it should become. */
#ifndef SIEVE_JOB_REPAIR_JUDGE_H
#define SIEVE_JOB_REPAIR_JUDGE_H

#include "job/sweep_inside.h"
#include "source/repair.h"

/* One cell with findings; all of it lives until the next row is judged. */
struct judged_cell {
    struct buffer text; /* the column's name as a key, then the cell, masked */
    size_t before;      /* bytes of the name */
    struct edit *edits;
    size_t edit_count;
    size_t edit_capacity;
    struct region *regions;
    size_t region_count;
    size_t region_capacity;
};

/* A row. */
struct judged {
    struct change *changes; /* what can be done */
    size_t change_count;
    uint64_t findings; /* in the row as it is */
    uint64_t repaired; /* of these, gone after the changes */
    /* Why not all: the first reason, its column, and what it is about (not safe, or
     * NULL). */
    const char *obstacle;
    const char *about;
    size_t column;
    int follows;     /* nothing is in the way but what changes along with other rows */
    size_t *lengths; /* of masked cells as they will be, one for each change; 0: other */
};

struct judge;

sieve_status judge_new(const struct sweep *sweep, struct judge **out) SIEVE_MUST_CHECK;
void judge_free(struct judge *judge); /* NULL is legal */

/* The rows that are judged from here on have this id in the ledger: what is low there is
 * let be. */
sieve_status judge_begin(struct judge *judge, int64_t repair) SIEVE_MUST_CHECK;

/* Judges the row exactly as the sweep does.  *out is the judge's. */
sieve_status judge_row(struct judge *judge, const struct sweep_table *table,
                       const struct repair_table *allowed, const struct repair_row *row,
                       const struct judged **out) SIEVE_MUST_CHECK;

/* Adds quotes around each number of well-formed JSON that an edit touches.  `edits` holds
 * `count` in order of offset and has room for `capacity`.  SIEVE_E_CORRUPT if it is no
 * JSON, SIEVE_E_LIMIT if there is no room. */
sieve_status json_quote_numbers(struct bytes json, struct edit *edits, size_t *count,
                                size_t capacity) SIEVE_MUST_CHECK;

#endif /* SIEVE_JOB_REPAIR_JUDGE_H */
