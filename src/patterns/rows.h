/* rows.h - from the text of a table to a pattern_set.
 *
 * One reader for the files of patterns/ (the generator, at build time) and for the tables
 * of a user's own directory (run time).  A table is UTF-8 text: "#" lines are comments,
 * the first other line names the columns, fields are parted by one tab.
 * patterns/README.md describes every table.  No file is opened here.
 *
 * Rows change what was there: a row with the key of an earlier one replaces it, a row
 * whose first field starts with "-" removes it, any other row is added.  Keys: a brand's
 * name; a range's brand, first, last and lengths; a word's text; the name of a look-alike
 * or a rule; the digits of a test number; the word of a reason.
 */
#ifndef SIEVE_PATTERNS_ROWS_H
#define SIEVE_PATTERNS_ROWS_H

#include "cardsieve.h"
#include "patterns/patterns.h"

/* `base` and a user's tables -> *out, which the caller frees with patterns_free(). `base`
 * may be NULL (nothing yet: the generator) and must outlive *out; so must the tables'
 * names, of which the rules keep a pointer.  The tables may stand in any order.  A bad
 * row is SIEVE_E_PATTERN with a constant `what`, the table's name and the line; `error`
 * may be NULL. */
sieve_status patterns_merge(const struct pattern_set *base, const sieve_table *tables,
                            size_t table_count, struct pattern_set **out,
                            sieve_error *error) SIEVE_MUST_CHECK;

/* Frees what patterns_merge() made; NULL is legal. */
void patterns_free(struct pattern_set *set);

#endif /* SIEVE_PATTERNS_ROWS_H */
