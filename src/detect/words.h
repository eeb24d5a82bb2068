/* words.h - the known words in a stretch of bytes, and where they end. */
#ifndef SIEVE_DETECT_WORDS_H
#define SIEVE_DETECT_WORDS_H

#include "detect/engine.h"
#include "detect/unit.h"

struct word_hit {
    uint64_t begin; /* in the item */
    uint64_t end;
    const struct word_row *word;
    bool probed; /* a code's name, in an encoding that codes are looked for in */
};

/* The hits of the regions looked at so far, in order of their ends. */
struct word_hits {
    const struct pattern_set *patterns;
    const struct engine *engine;
    struct engine_scratch *scratch;
    struct word_hit *items;
    size_t count;
    size_t capacity;
    uint64_t looked_until; /* regions must come in order */
    bool out_of_memory;
};

void words_forget(struct word_hits *hits);

/* Looks through [from, to) of the item, less what was looked at before. */
sieve_status words_look(struct word_hits *hits, const struct view *view, uint64_t from,
                        uint64_t to);

/* True if bytes [begin, end) of the view, spelt as `literal`, are whole tokens. */
bool word_is_token(const struct view *view, size_t begin, size_t end,
                   const struct word_literal *literal);

/* The index of the first hit that ends behind `offset`. */
size_t words_first(const struct word_hits *hits, uint64_t offset);

/* True if a longer hit of those wholly in [from, to) holds the one at `index`: it says
 * nothing, as "card" in "gift card". */
bool words_is_inner(const struct word_hits *hits, size_t index, uint64_t from,
                    uint64_t to);

#endif /* SIEVE_DETECT_WORDS_H */
