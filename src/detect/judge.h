/* judge.h - from a start to candidates: number, frame, neighbours, shape, look-alikes. */
#ifndef SIEVE_DETECT_JUDGE_H
#define SIEVE_DETECT_JUDGE_H

#include "detect/candidate.h"
#include "detect/ruleset.h"

struct judge {
    const struct sieve_ruleset *rules;
    const struct view *view;
    struct candidate_list *found;
    sieve_stats *stats;
    /* No escape character stands in [plain_from, plain_to) of the view. */
    size_t plain_from;
    size_t plain_to;
    bool tracing; /* keep refused candidates too */
    bool out_of_memory;
};

/* Room for one more candidate; NULL on no memory, which is noted. */
struct candidate *judge_add(struct judge *judge);

/* Judges every window of digits that begins at `start`, where sequence_may_start(). */
void judge_start(struct judge *judge, enum mode mode, size_t start);

/* The same for digits that have been read. */
void judge_sequence(struct judge *judge, enum mode mode, const struct sequence *sequence);

/* Judges the chip data whose number stands in the long run of digits [start, end). */
void judge_chip(struct judge *judge, size_t start, size_t end);

/* Judges the tag of discretionary data that may begin at `at`: see
 * judge_may_be_discretionary(). */
void judge_discretionary(struct judge *judge, size_t at);
bool judge_may_be_discretionary(const struct view *view, size_t at);

/* True if an escape of the mode ends at `at`. */
bool judge_escape_ends(const struct view *view, enum mode mode, size_t at);

#endif /* SIEVE_DETECT_JUDGE_H */
