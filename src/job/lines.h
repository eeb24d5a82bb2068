/* lines.h - counting line ends, at the speed of memory. */
#ifndef SIEVE_JOB_LINES_H
#define SIEVE_JOB_LINES_H

#include "base/bytes.h"

/* Line feeds in `bytes`. */
size_t lines_count(struct bytes bytes);

/* Index of the last line feed, or `bytes.length` if there is none. */
size_t lines_last(struct bytes bytes);

#endif /* SIEVE_JOB_LINES_H */
