/* neighbour_hex.h - is a number part of a code in hex: rule 4 of docs/detection.md, 3. */
#ifndef SIEVE_DETECT_NEIGHBOUR_HEX_H
#define SIEVE_DETECT_NEIGHBOUR_HEX_H

#include "detect/unit.h"

/* "hex" or NULL.  *excusable_out is set to true where a card word near excuses it. */
const char *hex_refusal(const struct view *view, enum mode mode, size_t start, size_t end,
                        bool *excusable_out);

#endif /* SIEVE_DETECT_NEIGHBOUR_HEX_H */
