/* settle.h - how much of a body that arrives in pieces can be judged when a line ends. */
#ifndef SIEVE_DETECT_SETTLE_H
#define SIEVE_DETECT_SETTLE_H

#include "detect/scanner.h"

/* How much a settlement may take for granted of what comes next. */
enum settlement {
    SETTLE_SURE,  /* anything may come */
    SETTLE_PAUSE, /* nothing for a while: a line that ended is the end of its number too
                   */
    SETTLE_END    /* nothing */
};

/* Everything before the last line's end is settled, but for a number that may wrap: where
 * in the view that ends, `floor` at least.  The scanner's words are used. */
size_t settle_line(sieve_scanner *scanner, const struct header *header,
                   const struct view *view, size_t floor, enum settlement settlement);

#endif /* SIEVE_DETECT_SETTLE_H */
