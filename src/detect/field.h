/* field.h - security codes and PIN blocks, known only by the name beside them. */
#ifndef SIEVE_DETECT_FIELD_H
#define SIEVE_DETECT_FIELD_H

#include <stdbool.h>

#include "detect/candidate.h"
#include "detect/header.h"
#include "detect/words.h"

#define FIELD_BEFORE 128u /* a name and the gap behind it are shorter */
#define FIELD_BEHIND 256u

/* Names of codes that have a value behind them, by where they end in the view. */
struct name_list {
    struct field_name {
        size_t end;
        const struct word_row *word;
        bool alone; /* what is around does not matter */
    } * items;
    size_t count;
    size_t capacity;
    bool out_of_memory;
};

/* Adds a name that ends at `end`, if something like a value stands behind it. */
void field_note_name(struct name_list *names, const struct view *view,
                     const struct word_row *word, size_t end);

/* Sorts by end. */
void field_sort_names(struct name_list *names);

/* Adds the codes whose value begins in [from, to) of the item. */
sieve_status field_find(const struct view *view, const struct name_list *names,
                        const struct word_hits *hits, uint64_t from, uint64_t to,
                        struct candidate_list *out);

/* Adds the codes that stand in a column of codes. */
sieve_status field_find_columns(const struct view *view, const struct header *header,
                                uint64_t from, uint64_t to, struct candidate_list *out);

#endif /* SIEVE_DETECT_FIELD_H */
