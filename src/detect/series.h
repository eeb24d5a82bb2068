/* series.h - numbers whose writing or whose like beside them says that they are none. */
#ifndef SIEVE_DETECT_SERIES_H
#define SIEVE_DETECT_SERIES_H

#include "detect/unit.h"

/* True if all that parts the digits of [start, end) is one full stop: 44767115.96450998.
 */
bool series_is_fraction(const struct view *view, enum mode mode, size_t start,
                        size_t end);

/* False for most numbers, of which the next two are false then: nothing of the sort is
 * beside it. */
bool series_may_be(const struct view *view, enum mode mode, size_t start, size_t end);

/* True if it is one of several numbers that rise or fall: 4584 4615 4646 4677 4708. */
bool series_is_ordered(const struct view *view, enum mode mode, size_t start, size_t end);

/* True if it stands among hex words: 541E 543E <5446 5443 5433 5448> 5442 541B. */
bool series_is_hex(const struct view *view, enum mode mode, size_t start, size_t end);

/* True if it is written as a program's integer: 4694047833775013803L. */
bool series_is_integer(const struct view *view, enum mode mode, size_t start, size_t end);

#endif /* SIEVE_DETECT_SERIES_H */
