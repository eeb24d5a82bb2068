/* context.h - the words around a number raise or lower what is believed of it. */
#ifndef SIEVE_DETECT_CONTEXT_H
#define SIEVE_DETECT_CONTEXT_H

#include "detect/candidate.h"
#include "detect/header.h"
#include "detect/words.h"

#define CONTEXT_BEFORE 96u /* bytes */
#define CONTEXT_BEHIND 48u
#define CONTEXT_WEAK   200u /* a weak code name wants a card word so near */

/* Sets confidence, reasons and accepted, or refusal. */
void context_decide(struct candidate *candidate, const struct view *view,
                    const struct word_hits *hits, const struct header *header);

/* True if bytes [from, to) of the view may stand between a key and its value; *tied_out:
 * one of them is an equals sign, colon or closing bracket of a tag. */
bool context_is_key_gap(const struct view *view, size_t from, size_t to, bool *tied_out);

/* True if one of the hits could raise a number. */
bool context_any_raise(const struct word_hits *hits);

/* A raising word within `reach` bytes of [begin, end), on the right not beyond the line.
 */
bool context_card_word_near(const struct view *view, const struct word_hits *hits,
                            uint64_t begin, uint64_t end, uint64_t before,
                            uint64_t reach);

#endif /* SIEVE_DETECT_CONTEXT_H */
