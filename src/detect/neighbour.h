/* neighbour.h - what stands beside a number and says that it is none. */
#ifndef SIEVE_DETECT_NEIGHBOUR_H
#define SIEVE_DETECT_NEIGHBOUR_H

#include "detect/unit.h"

/* True if hidden digits touch the number. */
bool neighbour_masked(const struct view *view, enum mode mode, size_t start, size_t end);

/* The refusal of what stands before [start, end) and behind it, a stable word, or NULL
 * (docs/detection.md, section 3).  *excusable_out: a card word near excuses it. */
const char *neighbour_refusal(const struct view *view, enum mode mode, size_t start,
                              size_t end, bool *excusable_out);

#endif /* SIEVE_DETECT_NEIGHBOUR_H */
