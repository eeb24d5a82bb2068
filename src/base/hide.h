/* hide.h - hiding digits without asking what they mean.
 *
 * The net under the engine for texts that people see: file names, excerpts,
 * messages.  It may hide an order number; it may not show a number of a card's
 * length.  Lengths never change.
 */
#ifndef SIEVE_BASE_HIDE_H
#define SIEVE_BASE_HIDE_H

#include <stddef.h>

/* Hides every digit (ASCII, or full-width in UTF-8) of every sequence of 11 or more
 * that only separators or escapes part; letters, commas, colons, quotes and tabs
 * end a sequence. */
void hide_long_numbers(unsigned char *text, size_t length);

/* Hides the middle of every unbroken run of 13 to 19 ASCII digits whose check digit
 * is right, and leaves all else, so that file names stay what they are. */
void hide_checked_runs(unsigned char *text, size_t length);

#endif /* SIEVE_BASE_HIDE_H */
