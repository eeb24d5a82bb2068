/* field.h - security codes and PIN blocks, known only by the name beside them. */
#ifndef SIEVE_DETECT_FIELD_H
#define SIEVE_DETECT_FIELD_H

#include "detect/candidate.h"
#include "detect/header.h"
#include "detect/words.h"

#define FIELD_BEFORE 128u /* a name and the gap behind it are shorter */
#define FIELD_BEHIND 256u

/* Adds the codes whose value begins in [from, to) of the item and whose name is among the
 * hits. */
sieve_status field_find(const struct view *view, const struct word_hits *hits,
                        uint64_t from, uint64_t to, struct candidate_list *out);

/* Adds the codes that stand in a column of codes. */
sieve_status field_find_columns(const struct view *view, const struct header *header,
                                uint64_t from, uint64_t to, struct candidate_list *out);

#endif /* SIEVE_DETECT_FIELD_H */
