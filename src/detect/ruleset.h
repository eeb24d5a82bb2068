/* ruleset.h - what is looked for, compiled: shared by all threads, never written again.
 */
#ifndef SIEVE_DETECT_RULESET_H
#define SIEVE_DETECT_RULESET_H

#include "detect/engine.h"
#include "detect/lexicon.h"
#include "detect/mask.h"
#include "detect/number.h"
#include "detect/sieve.h"

struct sieve_ruleset {
    const struct pattern_set *patterns;
    struct pattern_set *own_patterns; /* made of the user's tables, or NULL */
    struct lexicon *lexicon;
    struct number_tables *numbers;
    struct engine *engine;
    struct probe_index *names;
    struct sieve_plan sieve;
    struct mask_rules mask;
    uint8_t *key; /* of tokens */
    uint32_t kinds;
    sieve_confidence min_confidence;
    bool sieve_off;
    bool ebcdic;
    uint64_t card_key[2];
};

#endif /* SIEVE_DETECT_RULESET_H */
