/* header.h - the column names of a table whose first line has them. */
#ifndef SIEVE_DETECT_HEADER_H
#define SIEVE_DETECT_HEADER_H

#include "detect/words.h"

#define HEADER_COLUMNS_MAX 256u

struct header {
    uint8_t delimiter; /* 0: there is no header */
    bool has_codes;    /* some column holds security codes or PIN blocks */
    /* Only if there is one; NULL: nothing known. */
    const struct word_row *columns[HEADER_COLUMNS_MAX];
};

/* Reads the item's first bytes. */
sieve_status header_read(struct header *header, struct word_hits *hits,
                         const struct lexicon *lexicon, const void *head, size_t length);

/* The word of the column that `at` in the view stands in, or NULL. */
const struct word_row *header_column(const struct header *header, const struct view *view,
                                     size_t at);

#endif /* SIEVE_DETECT_HEADER_H */
