/* myborder.h - where a range of a key begins, as a text that can be kept.
 *
 *   i-17        a whole number              d738000   a day, counted as TO_DAYS() does
 *   t6F72      a text, its UTF-8 in hex     b00FF     bytes in hex
 *
 * One value for each of the key's first columns, parted by commas; what follows in the
 * key is as low as can be.  A border is chosen to be as short and as round as can be, so
 * that it says nothing of a single row, and none is made that could hold a card number.
 */
#ifndef SIEVE_SOURCE_MYBORDER_H
#define SIEVE_SOURCE_MYBORDER_H

#include "source/mytable.h"

/* A value of the key of a row, as myborder_put_value() asks for it. */
struct myvalue {
    uint64_t number; /* in an order without signs */
    unsigned char text[64];
    size_t length;
    uint8_t is_null; /* ... or of no order: it cannot be parted here */
};

/* Puts what to select so that myvalue_read() understands it. */
void myvalue_put(const struct mytable *table, size_t key_column,
                 struct statement *statement);
void myvalue_read(const struct mytable *table, size_t key_column, struct bytes field,
                  struct myvalue *out);

/* Room for a border. */
#define MYBORDER_LENGTH_MAX 512u

/* A border that lies behind `first` and not behind `last`, which are values of rows in
 * the order of the key.  `attempt` 0 is about in the middle, 1 the last that is sure to
 * part them.  0 if there is none, or none that may be kept. */
int myborder_between(const struct mytable *table, const struct myvalue *first,
                     const struct myvalue *last, int attempt,
                     char out[MYBORDER_LENGTH_MAX]);

/* Puts a condition: the key is (or is not: `is_before`) at or behind the border. */
void myborder_put(const struct mytable *table, const char *border, int is_before,
                  struct statement *statement);

/* 1 if the text is a border of this table's key. */
int myborder_fits(const struct mytable *table, const char *border, size_t length);

#endif /* SIEVE_SOURCE_MYBORDER_H */
