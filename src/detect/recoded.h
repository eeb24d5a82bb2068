/* recoded.h - percent forms whose percent sign was encoded once more, one to three times:
 * %2520, %25252D.
 *
 * A query string inside a query string has them.  What their two last digits of hex stand
 * for may part the digits of a number or stand before it; these digits are none of it.
 */
#ifndef SIEVE_DETECT_RECODED_H
#define SIEVE_DETECT_RECODED_H

#include "detect/unit.h"

#define RECODED_LENGTH_MAX 9u /* bytes: %252525HH */

/* The byte of ASCII at `at` that may stand between digits and is written so: its length
 * in bytes, 0 if there is none, and in *byte_out what it is. */
size_t recoded_joint(const struct view *view, size_t at, uint8_t *byte_out);

/* True if the byte at `at` is the inside of such a joint, behind its first three. */
bool recoded_inside(const struct view *view, size_t at);

/* True if a byte that is written so, whatever it is, ends at `at`. */
bool recoded_ends(const struct view *view, size_t at);

/* The same if its last digit of hex reads as a digit of the number behind it: %2522.  A
 * digit that is written so, %2534, is left as it is. */
bool recoded_touches(const struct view *view, size_t at);

/* Where the run of digits that comes to `at` begins, if that is as near as such a form is
 * long. */
size_t near_run_begin(const struct view *view, size_t at);

/* Where a number may begin at the earliest that goes on at `at`: %25 may as well be a
 * percent sign, and what follows it digits.  `at` if none touches. */
size_t recoded_run_begin(const struct view *view, enum mode mode, size_t at);

#endif /* SIEVE_DETECT_RECODED_H */
