/* engine.h - many literals and expressions looked for in one pass.
 *
 * Behind it stands Hyperscan (or Vectorscan); engine.c is the only file that knows.  The
 * engine proposes and never judges: a callback only collects, and may not call back into
 * the engine.
 *
 * Threads: an engine is read-only and shared; a scratch belongs to one thread at a time.
 */
#ifndef SIEVE_DETECT_ENGINE_H
#define SIEVE_DETECT_ENGINE_H

#include <stddef.h>
#include <stdint.h>

#include "cardsieve.h"
#include "patterns/patterns.h"

/* A match of a user's rule may be at most so many bytes wide. */
#define ENGINE_RULE_WIDTH_MAX 512

struct engine;
struct engine_scratch;

/* Takes the words' database that came with the set, or compiles the words if there is
 * none or it does not fit this machine; compiles the rules.  A rule that does not
 * compile, may be empty or is not bounded is SIEVE_E_PATTERN with the table and line of
 * its row. `patterns` must outlive the engine. */
sieve_status engine_new(const struct pattern_set *patterns, struct engine **out,
                        sieve_error *error) SIEVE_MUST_CHECK;
void engine_free(struct engine *engine); /* NULL is legal */

sieve_status engine_scratch_new(const struct engine *engine,
                                struct engine_scratch **out) SIEVE_MUST_CHECK;
void engine_scratch_free(struct engine_scratch *scratch); /* NULL is legal */

/* `literal` is an index into pattern_set.literals, `end` the offset past its last byte.
 */
typedef void (*engine_on_word)(size_t literal, uint64_t end, void *context);

/* `rule` is an index into pattern_set.rules; [from, to) is a match. */
typedef void (*engine_on_rule)(size_t rule, uint64_t from, uint64_t to, void *context);

/* Every literal in bytes[0..length), in order of their ends.  No bytes: no matches. */
sieve_status engine_words(const struct engine *engine, struct engine_scratch *scratch,
                          const void *bytes, size_t length, engine_on_word on_word,
                          void *context) SIEVE_MUST_CHECK;

/* Every match of every rule, in order of their ends; of the matches that end at one place
 * the one that starts first.  A rule may so match several times over the same bytes. */
sieve_status engine_rules(const struct engine *engine, struct engine_scratch *scratch,
                          const void *bytes, size_t length, engine_on_rule on_rule,
                          void *context) SIEVE_MUST_CHECK;

/* The widest match any rule may have, in bytes; 0 without rules. */
size_t engine_rule_width(const struct engine *engine);

/* The words compiled for any machine of this kind, for the generator.  The caller frees
 * *bytes_out with free(). */
sieve_status engine_serialize_words(const struct pattern_set *patterns, char **bytes_out,
                                    size_t *length_out) SIEVE_MUST_CHECK;

#endif /* SIEVE_DETECT_ENGINE_H */
