/* engine.c - the only file that knows Hyperscan (Vectorscan has the same face). */
#include "detect/engine.h"

#include <stdlib.h>
#include <string.h>

#include <hs.h>

/* One call takes an unsigned length.  Longer input goes in pieces that overlap, so that
 * no match and no byte that an assertion looks at is cut. */
#define PIECE_LENGTH  (1u << 30)
#define PIECE_OVERLAP 4096u

struct engine {
    hs_database_t *words; /* NULL: there are none */
    hs_database_t *rules; /* NULL: there are none */
    size_t rule_width;
};

struct engine_scratch {
    hs_scratch_t *scratch; /* NULL: there is nothing to look for */
};

static void fill_error(sieve_error *error, sieve_status status, const char *what)
{
    if (error)
        *error = (sieve_error){status, what, NULL, 0, 0};
}

static sieve_status status_of(hs_error_t code)
{
    switch (code) {
    case HS_SUCCESS:
        return SIEVE_OK;
    case HS_NOMEM:
        return SIEVE_E_MEMORY;
    case HS_SCRATCH_IN_USE:
        return SIEVE_E_STATE;
    default:
        return SIEVE_E_INTERNAL;
    }
}

/* ---- words: literals to expressions ---------------------------------------------- */

/* The expressions of all literals, ready for hs_compile_multi(). */
struct expressions {
    char *text; /* all of them, each NUL-ended */
    const char **list;
    unsigned *flags;
    unsigned *ids;
};

static void expressions_done(struct expressions *expressions)
{
    free(expressions->text);
    free(expressions->list);
    free(expressions->flags);
    free(expressions->ids);
}

static char *write_byte(char *to, unsigned byte)
{
    static const char hex[] = "0123456789abcdef";
    *to++ = '\\';
    *to++ = 'x';
    *to++ = hex[byte >> 4 & 15];
    *to++ = hex[byte & 15];
    return to;
}

/* Every byte as \xHH; a letter in either case as [\xHH\xHH], unless the whole literal may
 * fold, for which there is a flag. */
static char *write_expression(char *to, const uint8_t *bytes, const uint8_t *folds,
                              size_t length, int all_fold)
{
    for (size_t i = 0; i < length; i++) {
        int either = folds[i] && !all_fold;
        if (either)
            *to++ = '[';
        to = write_byte(to, bytes[i]);
        if (either) {
            to = write_byte(to, bytes[i] & ~0x20u);
            *to++ = ']';
        }
    }
    *to = '\0';
    return to + 1;
}

static int is_letter(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* One if no letter stands in this case only. */
static int folds_all(const uint8_t *bytes, const uint8_t *folds, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (is_letter(bytes[i]) && !folds[i])
            return 0;
    }
    return 1;
}

static sieve_status expressions_init(struct expressions *expressions,
                                     const struct pattern_set *patterns)
{
    size_t count = patterns->literal_count;
    size_t room = 0;
    for (size_t i = 0; i < count; i++)
        room += (size_t)patterns->literals[i].length * 10 + 1;
    expressions->text = malloc(room);
    expressions->list = malloc(count * sizeof *expressions->list);
    expressions->flags = malloc(count * sizeof *expressions->flags);
    expressions->ids = malloc(count * sizeof *expressions->ids);
    if (!expressions->text || !expressions->list || !expressions->flags ||
        !expressions->ids) {
        expressions_done(expressions);
        return SIEVE_E_MEMORY;
    }
    char *to = expressions->text;
    for (size_t i = 0; i < count; i++) {
        const struct word_literal *literal = &patterns->literals[i];
        const uint8_t *bytes = patterns->literal_bytes + literal->offset;
        const uint8_t *folds = patterns->literal_folds + literal->offset;
        int all_fold = folds_all(bytes, folds, literal->length);
        expressions->list[i] = to;
        expressions->flags[i] = all_fold ? HS_FLAG_CASELESS : 0;
        expressions->ids[i] = (unsigned)i;
        to = write_expression(to, bytes, folds, literal->length, all_fold);
    }
    return SIEVE_OK;
}

static sieve_status compile_words(const struct pattern_set *patterns,
                                  const hs_platform_info_t *platform, hs_database_t **out)
{
    struct expressions expressions;
    hs_compile_error_t *compile_error = NULL;
    sieve_status status = expressions_init(&expressions, patterns);
    if (status != SIEVE_OK)
        return status;
    hs_error_t code = hs_compile_multi(expressions.list, expressions.flags,
                                       expressions.ids, (unsigned)patterns->literal_count,
                                       HS_MODE_BLOCK, platform, out, &compile_error);
    hs_free_compile_error(compile_error);
    expressions_done(&expressions);
    if (code == HS_COMPILER_ERROR)
        return SIEVE_E_MEMORY; /* literals always compile; only room can be short */
    return status_of(code);
}

static sieve_status load_words(struct engine *engine, const struct pattern_set *patterns)
{
    if (patterns->literal_count == 0)
        return SIEVE_OK;
    /* Fails if the library at hand is not the one of the build. */
    if (patterns->words_database &&
        hs_deserialize_database(patterns->words_database, patterns->words_database_length,
                                &engine->words) == HS_SUCCESS)
        return SIEVE_OK;
    return compile_words(patterns, NULL, &engine->words);
}

sieve_status engine_serialize_words(const struct pattern_set *patterns, char **bytes_out,
                                    size_t *length_out)
{
    const hs_platform_info_t any_machine = {.tune = HS_TUNE_FAMILY_GENERIC};
    hs_database_t *database = NULL;
    sieve_status status = compile_words(patterns, &any_machine, &database);
    if (status != SIEVE_OK)
        return status;
    status = status_of(hs_serialize_database(database, bytes_out, length_out));
    hs_free_database(database);
    return status;
}

/* ---- rules ----------------------------------------------------------------------- */

static sieve_status refuse_rule(sieve_error *error, const struct rule_row *rule,
                                const char *what)
{
    if (error)
        *error = (sieve_error){SIEVE_E_PATTERN, what, rule->table, rule->line, 0};
    return SIEVE_E_PATTERN;
}

/* Each alone, because only then the error tells which one. */
static sieve_status check_rule(struct engine *engine, const struct rule_row *rule,
                               sieve_error *error)
{
    hs_expr_info_t *info = NULL;
    hs_compile_error_t *compile_error = NULL;
    hs_database_t *database = NULL;
    hs_error_t code =
        hs_expression_info(rule->expression, HS_FLAG_SOM_LEFTMOST, &info, &compile_error);
    hs_free_compile_error(compile_error);
    if (code != HS_SUCCESS)
        return refuse_rule(error, rule, "the expression is not understood");
    unsigned width = info->max_width;
    unsigned width_least = info->min_width;
    free(info);
    if (width_least == 0)
        return refuse_rule(error, rule, "the expression may match nothing at all");
    if (width > ENGINE_RULE_WIDTH_MAX)
        return refuse_rule(error, rule, "the expression may match more than 512 bytes");
    compile_error = NULL;
    code = hs_compile(rule->expression, HS_FLAG_SOM_LEFTMOST, HS_MODE_BLOCK, NULL,
                      &database, &compile_error);
    hs_free_compile_error(compile_error);
    hs_free_database(database);
    if (code != HS_SUCCESS)
        return refuse_rule(error, rule, "the expression is too large to compile");
    if (width > engine->rule_width)
        engine->rule_width = width;
    return SIEVE_OK;
}

static sieve_status compile_rules(struct engine *engine,
                                  const struct pattern_set *patterns)
{
    size_t count = patterns->rule_count;
    hs_compile_error_t *compile_error = NULL;
    hs_error_t code = HS_NOMEM;
    const char **list = malloc(count * sizeof *list);
    unsigned *flags = malloc(count * sizeof *flags);
    unsigned *ids = malloc(count * sizeof *ids);
    if (list && flags && ids) {
        for (size_t i = 0; i < count; i++) {
            list[i] = patterns->rules[i].expression;
            flags[i] = HS_FLAG_SOM_LEFTMOST;
            ids[i] = (unsigned)i;
        }
        code = hs_compile_multi(list, flags, ids, (unsigned)count, HS_MODE_BLOCK, NULL,
                                &engine->rules, &compile_error);
        hs_free_compile_error(compile_error);
    }
    free(list);
    free(flags);
    free(ids);
    return code == HS_COMPILER_ERROR ? SIEVE_E_PATTERN : status_of(code);
}

static sieve_status load_rules(struct engine *engine, const struct pattern_set *patterns,
                               sieve_error *error)
{
    if (patterns->rule_count == 0)
        return SIEVE_OK;
    for (size_t i = 0; i < patterns->rule_count; i++) {
        sieve_status status = check_rule(engine, &patterns->rules[i], error);
        if (status != SIEVE_OK)
            return status;
    }
    sieve_status status = compile_rules(engine, patterns);
    if (status == SIEVE_E_PATTERN)
        return refuse_rule(error, &patterns->rules[0],
                           "the expressions together are too large to compile");
    return status;
}

/* ---- engine ---------------------------------------------------------------------- */

sieve_status engine_new(const struct pattern_set *patterns, struct engine **out,
                        sieve_error *error)
{
    sieve_status status = SIEVE_E_INTERNAL;
    struct engine *engine = calloc(1, sizeof *engine);
    if (!engine) {
        fill_error(error, SIEVE_E_MEMORY, "out of memory");
        return SIEVE_E_MEMORY;
    }
    if (hs_valid_platform() != HS_SUCCESS) {
        fill_error(error, status, "the processor lacks SSSE3");
        goto done;
    }
    status = load_words(engine, patterns);
    if (status == SIEVE_OK)
        status = load_rules(engine, patterns, error);
    if (status == SIEVE_OK) {
        *out = engine;
        return SIEVE_OK;
    }
    if (status != SIEVE_E_PATTERN)
        fill_error(error, status, "the patterns could not be compiled");
done:
    engine_free(engine);
    return status;
}

void engine_free(struct engine *engine)
{
    if (!engine)
        return;
    hs_free_database(engine->words);
    hs_free_database(engine->rules);
    free(engine);
}

size_t engine_rule_width(const struct engine *engine)
{
    return engine->rule_width;
}

sieve_status engine_scratch_new(const struct engine *engine, struct engine_scratch **out)
{
    hs_error_t code = HS_SUCCESS;
    struct engine_scratch *scratch = calloc(1, sizeof *scratch);
    if (!scratch)
        return SIEVE_E_MEMORY;
    if (engine->words)
        code = hs_alloc_scratch(engine->words, &scratch->scratch);
    if (code == HS_SUCCESS && engine->rules)
        code = hs_alloc_scratch(engine->rules, &scratch->scratch);
    if (code != HS_SUCCESS) {
        engine_scratch_free(scratch);
        return status_of(code);
    }
    *out = scratch;
    return SIEVE_OK;
}

void engine_scratch_free(struct engine_scratch *scratch)
{
    if (!scratch)
        return;
    hs_free_scratch(scratch->scratch);
    free(scratch);
}

/* ---- scan
 * ------------------------------------------------------------------------------ */

/* Matches of one piece; those that end outside (from, to] are another piece's. */
struct collector {
    engine_on_word on_word;
    engine_on_rule on_rule;
    void *context;
    uint64_t base; /* offset of the piece */
    uint64_t from;
    uint64_t to;
};

static int collect(unsigned id, unsigned long long from, unsigned long long to,
                   unsigned flags, void *context)
{
    const struct collector *collector = context;
    (void)flags;
    if (to <= collector->from || to > collector->to)
        return 0;
    if (collector->on_word)
        collector->on_word(id, collector->base + to, collector->context);
    else
        collector->on_rule(id, collector->base + from, collector->base + to,
                           collector->context);
    return 0;
}

static sieve_status scan(const hs_database_t *database, hs_scratch_t *scratch,
                         const char *bytes, size_t length, struct collector *collector)
{
    if (!database || length == 0) /* hs_scan() refuses an empty block */
        return SIEVE_OK;
    for (size_t offset = 0;;) {
        size_t left = length - offset;
        int is_last = left <= PIECE_LENGTH;
        unsigned piece = is_last ? (unsigned)left : PIECE_LENGTH;
        collector->base = offset;
        collector->from = offset == 0 ? 0 : PIECE_OVERLAP / 2;
        collector->to = is_last ? piece : piece - PIECE_OVERLAP / 2;
        hs_error_t code =
            hs_scan(database, bytes + offset, piece, 0, scratch, collect, collector);
        if (code != HS_SUCCESS || is_last)
            return status_of(code);
        offset += piece - PIECE_OVERLAP;
    }
}

sieve_status engine_words(const struct engine *engine, struct engine_scratch *scratch,
                          const void *bytes, size_t length, engine_on_word on_word,
                          void *context)
{
    struct collector collector = {.on_word = on_word, .context = context};
    return scan(engine->words, scratch->scratch, bytes, length, &collector);
}

sieve_status engine_rules(const struct engine *engine, struct engine_scratch *scratch,
                          const void *bytes, size_t length, engine_on_rule on_rule,
                          void *context)
{
    struct collector collector = {.on_rule = on_rule, .context = context};
    return scan(engine->rules, scratch->scratch, bytes, length, &collector);
}
