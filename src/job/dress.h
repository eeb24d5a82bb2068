/* dress.h - a number in every dress it may wear in the bytes.
 *
 * For the self-test and for tests: digits and grouping go in, bytes come out, written
 * without any of the tables by which they are found again.
 */
#ifndef SIEVE_JOB_DRESS_H
#define SIEVE_JOB_DRESS_H

#include <stddef.h>
#include <stdint.h>

#include "cardsieve.h"

/* One way to write; several have the same form. */
struct dressing {
    const char *name; /* "percent-cp932" */
    sieve_form form;  /* what a finding says */
    uint8_t digits;   /* the rest is dress.c's own */
    uint8_t escape;
};

/* NULL past the last one. */
const struct dressing *dressing_at(size_t index);

#define DRESSED_CAPACITY 4096

/* Text in one dress, with the place of the number that was added last. */
struct dressed {
    const struct dressing *dressing;
    size_t length;
    size_t number_offset; /* of the first digit's first byte */
    size_t number_length; /* to the last digit's last byte */
    unsigned char bytes[DRESSED_CAPACITY];
};

void dressed_init(struct dressed *dressed, const struct dressing *dressing);

/* Adds ASCII text as it stands around numbers of this dress: nothing is escaped.  0 if
 * there is no room. */
int dressed_text(struct dressed *dressed, const char *text);

/* Adds a number.  `grouping` is a 0-ended list of group sizes that sum to its digits, or
 * NULL for none; between groups stands the character `separator` (a code point).  0 if
 * the dress cannot write that separator, or there is no room. */
int dressed_number(struct dressed *dressed, const char *digits, const uint8_t *grouping,
                   uint32_t separator);

#endif /* SIEVE_JOB_DRESS_H */
