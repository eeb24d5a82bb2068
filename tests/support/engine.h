/* engine.h - the library as the tests call it: one call each, findings as an array. */
#ifndef TESTS_SUPPORT_ENGINE_H
#define TESTS_SUPPORT_ENGINE_H

#include "cardsieve.h"
#include "support/text.h"

struct engine {
    sieve_ruleset *ruleset;
    sieve_scanner *scanner;
};

/* Findings in the order they came.  Starts as {0}. */
struct findings {
    sieve_finding *at;
    size_t count;
};

/* Aborts on failure: only for options that are right. */
struct engine engine_open(const sieve_options *options);
void engine_close(struct engine *engine);

/* The sieve_on_finding that adds to a struct findings. */
sieve_next findings_add(const sieve_finding *finding, void *findings);
void findings_clear(struct findings *findings);
void findings_done(struct findings *findings);

/* Whether all fields are the same; of the card's hash only if `same_ruleset`. */
int finding_same(const sieve_finding *one, const sieve_finding *other, int same_ruleset);
int findings_same(const struct findings *one, const struct findings *other,
                  int same_ruleset);

/* One line for people; masked, as findings are. */
void finding_show(struct text *text, const sieve_finding *finding);
void findings_show(struct text *text, const struct findings *findings);

/* Scan, mask in place, and stream in chunks: each replaces what is in `out`.  The bytes
 * are handed over in a block of exactly their length, so that a sanitizer sees every
 * step outside.  `chunk` 0: all at once; `room`: through sieve_stream_room(). */
sieve_status engine_scan(const struct engine *engine, const void *bytes, size_t length,
                         struct findings *out);
sieve_status engine_mask(const struct engine *engine, void *bytes, size_t length,
                         struct findings *out);

struct cut {
    size_t chunk;  /* bytes in a write; 0: all */
    uint64_t seed; /* not 0: chunks of 1 to 2 * chunk bytes, by dice */
    int room;
    int pauses; /* behind each piece that does not end a line */
};
sieve_status engine_stream(const struct engine *engine, const void *bytes, size_t length,
                           struct cut cut, struct findings *out, struct text *masked);

#endif
