/* texts.h - random texts in which nearly everything is nearly a card number.
 *
 * The same seed gives the same text.  A failing property prints the seed. */
#ifndef TESTS_SUPPORT_TEXTS_H
#define TESTS_SUPPORT_TEXTS_H

#include "support/dice.h"
#include "support/text.h"

/* Sorts of text: a property can run over all or stay with what its engine slice knows. */
enum texts_sort {
    TEXTS_RAW = 1 << 0,     /* digits of every width, separators, neighbours, words */
    TEXTS_ESCAPES = 1 << 1, /* percent, JSON, HTML, quoted-printable */
    TEXTS_FOREIGN = 1 << 2, /* hex, UTF-16, ISO-2022-JP */
    TEXTS_FRAMES = 1 << 3,  /* stripes, chip tags */
    TEXTS_CODES = 1 << 4,   /* security codes, tables with a header */
    TEXTS_SERIES = 1 << 5,  /* lists in order, hex words, fractions, integers */
    TEXTS_COVER = 1 << 6,   /* long runs of one character around and inside numbers */
    TEXTS_EBCDIC = 1 << 7,
    TEXTS_APART = 1 << 8,    /* not of a sort: pieces do not touch */
    TEXTS_DIGESTS = 1 << 9,  /* hex digits as long as MD5 or SHA sums, tags among them */
    TEXTS_RECODED = 1 << 10, /* alone: percent forms that were encoded once more */
    TEXTS_ALL = (1 << 7) - 1 /* not EBCDIC */
};

/* Replaces what is in `text` by some `about` bytes. */
void texts_make(struct text *text, uint64_t seed, unsigned sorts, size_t about);

/* Long calm text with a number here and there: `length` bytes. */
void texts_log(struct text *text, uint64_t seed, size_t length);

#endif
