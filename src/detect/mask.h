/* mask.h - which digits are hidden, and how, in the encoding they were written in. */
#ifndef SIEVE_DETECT_MASK_H
#define SIEVE_DETECT_MASK_H

#include "detect/candidate.h"

/* One digit to be hidden, or, in sensitive data, one byte. */
struct hide {
    uint64_t at; /* in the item */
    uint8_t length;
    uint8_t mode;   /* enum mode */
    uint8_t coding; /* enum coding */
    char put;       /* what it becomes */
};

/* What is still to be written into the bytes, in no order. */
struct hide_list {
    struct hide *items;
    size_t count;
    size_t capacity;
};

struct mask_rules {
    sieve_style style;
    char mask;
    const void *key; /* SIEVE_STYLE_TOKEN */
    size_t key_length;
};

/* Notes what masking this candidate hides.  The view holds its bytes. */
sieve_status mask_note(struct hide_list *list, const struct mask_rules *rules,
                       const struct candidate *candidate, const struct view *view);

/* Writes and forgets all that ends at or before `until` of the item; bytes[0] is at
 * `base`.  Returns how many bytes it changed. */
size_t mask_apply(struct hide_list *list, uint8_t *bytes, uint64_t base, uint64_t until);

/* True if something before `until` is still to be written. */
bool mask_is_due(const struct hide_list *list, uint64_t until);

/* The number as it may be shown: first 6 and last 4, under 14 digits the last 4. */
void mask_shown(const struct candidate *candidate, char shown[SIEVE_SHOWN_MAX]);

void hide_list_free(struct hide_list *list);

#endif /* SIEVE_DETECT_MASK_H */
