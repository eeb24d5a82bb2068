/* lookalike.h - numbers of other kinds that pass for a card's. */
#ifndef SIEVE_DETECT_LOOKALIKE_H
#define SIEVE_DETECT_LOOKALIKE_H

#include "detect/unit.h"

/* The first row that this number is, or NULL.  `before` is the character in front of it,
 * or NOT_ASCII. */
const struct lookalike_row *lookalike_find(const struct pattern_set *patterns,
                                           const uint8_t *digits, size_t count,
                                           int before);

#endif /* SIEVE_DETECT_LOOKALIKE_H */
