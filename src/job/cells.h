/* cells.h - a block of rows, judged column by column: one scan a column, not one a cell.
 *
 * The cells of a column are laid one behind the other, so far apart that nothing reaches
 * from one into the next.  What is found in a block is exactly what scanning each cell
 * alone would find.  A column whose name says something ("card_no", "order_id") has it
 * written before each cell, as in "card_no:", so that the engine's own rules of keys
 * hold.
 */
#ifndef SIEVE_JOB_CELLS_H
#define SIEVE_JOB_CELLS_H

#include "base/bytes.h"
#include "cardsieve.h"
#include "job/cell_watch.h"

/* Bytes and rows after which a block should be judged: while it is, a server can send no
 * more than a socket holds, some 200 KiB. */
#define CELLS_BYTES_FULL (1u << 17)
#define CELLS_ROWS_FULL  8192u

/* Longer cells are judged alone, where they lie. */
#define CELL_LENGTH_BATCHED (64u << 10)

/* `finding` has its offset in the cell, whose bytes are `value`; both are borrowed for
 * the call.  A failure ends the judging with that status. */
typedef sieve_status (*on_cell)(size_t column, uint64_t row, struct bytes value,
                                const sieve_finding *finding, void *context);

struct cells;

/* How a column is to be judged. */
struct cell_column {
    const char *prefix; /* "card_no:", or NULL; borrowed until free */
    uint8_t for_codes;  /* 1: the prefix belongs to short cells too */
    uint8_t is_weak;    /* 1: the prefix may name a code if a card word is near */
    uint8_t is_alone;   /* 1: each cell is judged alone: expressions know no borders */
};

/* What is told to whom. */
struct cell_taker {
    on_cell tell;
    void *context;
};

/* `tiers` may be NULL; it is borrowed until free, as the scanner is. */
sieve_status cells_new(sieve_scanner *scanner, const struct tier_table *tiers,
                       const struct cell_column *columns, size_t count,
                       const struct cell_taker *taker,
                       struct cells **out) SIEVE_MUST_CHECK;
void cells_free(struct cells *cells); /* NULL is legal */

/* Adds a cell of a row; rows are given in order.  A long one is judged at once. */
sieve_status cells_add(struct cells *cells, size_t column, uint64_t row,
                       struct bytes value) SIEVE_MUST_CHECK;

/* The same of a whole number. */
sieve_status cells_add_number(struct cells *cells, size_t column, uint64_t row,
                              int64_t number) SIEVE_MUST_CHECK;

int cells_are_full(const struct cells *cells, uint64_t rows);

/* Judges all that was added and forgets it. */
sieve_status cells_judge(struct cells *cells) SIEVE_MUST_CHECK;

/* What was seen of a column since it was taken last. */
struct cell_watch *cells_watch(struct cells *cells, size_t column);

#endif /* SIEVE_JOB_CELLS_H */
