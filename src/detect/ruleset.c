#include "detect/ruleset.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "patterns/rows.h"

#define TOKEN_KEY_MIN 16u /* bytes: PCI DSS 3.5.1.1 wants 128 bits and more */
#define TOKEN_KEY_MAX 4096u

static sieve_status invalid(sieve_error *error, const char *what)
{
    if (error)
        *error = (sieve_error){.status = SIEVE_E_INVALID, .what = what};
    return SIEVE_E_INVALID;
}

static sieve_status check_options(const sieve_options *options, sieve_error *error)
{
    if (options->size != sizeof *options)
        return invalid(error, "the options are of another version of the library");
    if (options->min_confidence < SIEVE_LOW || options->min_confidence > SIEVE_HIGH)
        return invalid(error, "the confidence is none of low, medium and high");
    if (options->mask == 0 || !strchr("*#Xx", options->mask))
        return invalid(error, "the mask character is none of * # X x");
    if (options->style > SIEVE_STYLE_TOKEN)
        return invalid(error, "the style of masking is not known");
    if (options->kinds >> SIEVE_KIND_COUNT)
        return invalid(error, "a kind is not known");
    if (options->simd_level > SIEVE_SIMD_AVX512)
        return invalid(error, "the SIMD level is not known");
    bool token = options->style == SIEVE_STYLE_TOKEN;
    if (token && (!options->key || options->key_length < TOKEN_KEY_MIN))
        return invalid(error, "tokens need a key of at least 16 bytes");
    if (token && options->key_length > TOKEN_KEY_MAX)
        return invalid(error, "the key of tokens is longer than 4096 bytes");
    if (options->table_count > 0 && !options->tables)
        return invalid(error, "there are no tables where some are counted");
    return SIEVE_OK;
}

/* One byte per brand: 1 if it is looked for; NULL in *out if all are. */
static sieve_status wanted_brands(const struct pattern_set *patterns,
                                  const char *const *names, uint8_t **out,
                                  sieve_error *error)
{
    *out = NULL;
    if (!names)
        return SIEVE_OK;
    uint8_t *wanted = calloc(patterns->brand_count + 1, 1);
    if (!wanted)
        return SIEVE_E_MEMORY;
    for (; *names; names++) {
        size_t i = 0;
        while (i < patterns->brand_count &&
               strcmp(patterns->brands[i].id.name, *names) != 0)
            i++;
        if (i == patterns->brand_count) {
            free(wanted);
            return invalid(error, "a brand is not known");
        }
        wanted[i] = 1;
    }
    *out = wanted;
    return SIEVE_OK;
}

static sieve_status take_patterns(sieve_ruleset *ruleset, const sieve_options *options,
                                  sieve_error *error)
{
    ruleset->patterns = &builtin_patterns;
    if (options->table_count == 0)
        return SIEVE_OK;
    sieve_status status =
        patterns_merge(&builtin_patterns, options->tables, options->table_count,
                       &ruleset->own_patterns, error);
    if (status == SIEVE_OK)
        ruleset->patterns = ruleset->own_patterns;
    return status;
}

static sieve_status take_mask(sieve_ruleset *ruleset, const sieve_options *options)
{
    ruleset->mask = (struct mask_rules){.style = options->style, .mask = options->mask};
    if (options->style != SIEVE_STYLE_TOKEN)
        return SIEVE_OK;
    ruleset->key = malloc(options->key_length);
    if (!ruleset->key)
        return SIEVE_E_MEMORY;
    memcpy(ruleset->key, options->key, options->key_length);
    ruleset->mask.key = ruleset->key;
    ruleset->mask.key_length = options->key_length;
    return SIEVE_OK;
}

static sieve_status compile(sieve_ruleset *ruleset, const sieve_options *options,
                            sieve_error *error)
{
    uint8_t *wanted = NULL;
    sieve_status status = take_patterns(ruleset, options, error);
    if (status == SIEVE_OK)
        status = wanted_brands(ruleset->patterns, options->brands, &wanted, error);
    if (status != SIEVE_OK)
        return status;
    ruleset->lexicon = lexicon_new(ruleset->patterns);
    ruleset->numbers = number_tables_new(ruleset->patterns, wanted);
    free(wanted);
    ruleset->names = probe_index_new(ruleset->patterns);
    if (!ruleset->lexicon || !ruleset->numbers || !ruleset->names)
        return SIEVE_E_MEMORY;
    status = engine_new(ruleset->patterns, &ruleset->engine, error);
    if (status == SIEVE_OK)
        status = take_mask(ruleset, options);
    if (status != SIEVE_OK)
        return status;
    ruleset->kinds = options->kinds ? options->kinds : (1u << SIEVE_KIND_COUNT) - 1;
    ruleset->min_confidence = options->min_confidence;
    ruleset->sieve_off = options->sieve_off != 0;
    ruleset->ebcdic = options->ebcdic != 0;
    sieve_plan_init(&ruleset->sieve, probe_index_tables(ruleset->names), ruleset->lexicon,
                    ruleset->numbers, options->simd_level);
    bool random = getentropy(ruleset->card_key, sizeof ruleset->card_key) == 0;
    return random ? SIEVE_OK : SIEVE_E_IO;
}

sieve_status sieve_ruleset_new(const sieve_options *options, sieve_ruleset **out,
                               sieve_error *error)
{
    static const sieve_options defaults = SIEVE_OPTIONS_DEFAULT;
    if (!out)
        return invalid(error, "there is nowhere to put the ruleset");
    if (!options)
        options = &defaults;
    sieve_status status = check_options(options, error);
    if (status != SIEVE_OK)
        return status;
    sieve_ruleset *ruleset = calloc(1, sizeof *ruleset);
    if (ruleset)
        status = compile(ruleset, options, error);
    else
        status = SIEVE_E_MEMORY;
    if (status != SIEVE_OK) {
        sieve_ruleset_free(ruleset);
        if (error && status == SIEVE_E_MEMORY)
            *error =
                (sieve_error){.status = status, .what = "no memory for the patterns"};
        if (error && status == SIEVE_E_IO)
            *error =
                (sieve_error){.status = status, .what = "no random numbers to be had"};
        return status;
    }
    *out = ruleset;
    return SIEVE_OK;
}

void sieve_ruleset_free(sieve_ruleset *ruleset)
{
    if (!ruleset)
        return;
    engine_free(ruleset->engine);
    probe_index_free(ruleset->names);
    number_tables_free(ruleset->numbers);
    lexicon_free(ruleset->lexicon);
    patterns_free(ruleset->own_patterns);
    if (ruleset->key)
        explicit_bzero(ruleset->key, ruleset->mask.key_length);
    free(ruleset->key);
    explicit_bzero(ruleset, sizeof *ruleset);
    free(ruleset);
}

const sieve_brand *sieve_ruleset_brand(const sieve_ruleset *ruleset, size_t index)
{
    if (!ruleset || index >= ruleset->patterns->brand_count)
        return NULL;
    return &ruleset->patterns->brands[index].id;
}

size_t sieve_ruleset_lookahead(const sieve_ruleset *ruleset)
{
    (void)ruleset;
    return SIEVE_HEAD; /* the head is waited for; later SIEVE_AFTER are enough */
}

const char *sieve_reason_sentence(const sieve_ruleset *ruleset, const char *reason,
                                  const char *language)
{
    if (!reason)
        return "";
    const struct pattern_set *patterns = ruleset ? ruleset->patterns : &builtin_patterns;
    for (size_t i = 0; i < patterns->reason_count; i++) {
        const struct reason_row *row = &patterns->reasons[i];
        if (strcmp(row->word, reason) != 0)
            continue;
        bool japanese = language && strcmp(language, "ja") == 0;
        return japanese ? row->sentence_ja : row->sentence_en;
    }
    return reason;
}
