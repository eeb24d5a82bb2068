/* scanner.h - the working memory of one thread, and what is kept of one body. */
#ifndef SIEVE_DETECT_SCANNER_H
#define SIEVE_DETECT_SCANNER_H

#include "detect/header.h"
#include "detect/places.h"
#include "detect/words.h"

/* So many bytes are looked at in one go: they stay in the second-level cache. */
#define RANGE_LENGTH (64u << 10)

struct sieve_scanner {
    const sieve_ruleset *rules;
    struct candidate_list found;
    struct place_list places;
    struct name_list names;
    struct word_hits words;
    struct engine_scratch *scratch;
    sieve_stats stats;
    bool measuring;
    bool busy; /* a callback may not call back */
};

/* One body of bytes, from its begin to its end. */
struct body {
    struct header header;
    bool header_known;
    bool masking;
    struct hide_list hides; /* to be written when the bytes are no longer looked at */
    /* The last finding, while a better may overlap it, or NULL; `kept` from one range to
     * the next. */
    const struct candidate *current;
    bool has_kept;
    struct candidate kept;
    sieve_on_finding on_finding;
    sieve_on_verdict on_verdict;
    void *context;
};

/* Begins a body; the large members are only set where they are used. */
void body_begin(struct body *body, sieve_on_finding on_finding, void *context);

/* Reads the item's first bytes for column names; once, before the first range. */
sieve_status body_read_head(struct body *body, sieve_scanner *scanner, const void *head,
                            size_t length);

/* Judges all starts of [from, to) of the item and reports what is settled.  The view
 * holds SIEVE_BEFORE bytes before and SIEVE_AFTER behind, or all there are. */
sieve_status body_scan(struct body *body, sieve_scanner *scanner, const struct view *view,
                       uint64_t from, uint64_t to);

/* Tells what was found in a range and is wanted, but for the last, which a better may
 * overlap; masks are noted.  The view is that of the range. */
sieve_status body_settle(struct body *body, sieve_scanner *scanner,
                         const struct view *view);

/* Reports the last finding. */
sieve_status body_finish(struct body *body, sieve_scanner *scanner);

/* Forgets and wipes. */
void body_done(struct body *body);

#endif /* SIEVE_DETECT_SCANNER_H */
