/* However a stream is cut, its findings and bytes are those of the whole. */
#include <criterion/criterion.h>

#include "property/property.h"
#include "support/engine.h"
#include "support/texts.h"

static const struct cut cuts[] = {
    {1, 0, 0, 0}, {2, 0, 0, 0},  {7, 0, 0, 0}, {64, 0, 0, 0}, {4096, 0, 0, 0},
    {0, 0, 0, 0}, {1, 0, 1, 0},  {7, 0, 1, 0}, {64, 0, 1, 0}, {0, 0, 1, 0},
    {9, 1, 0, 0}, {40, 1, 1, 0}, {1, 0, 0, 1}, {9, 1, 0, 1},  {40, 1, 1, 1},
};
#define CUT_COUNT (sizeof cuts / sizeof cuts[0])

static int cut_holds(const struct engine *engine, const struct text *text, uint64_t seed,
                     struct cut cut, struct text *why)
{
    struct findings whole = {0};
    struct findings pieces = {0};
    struct text masked = {0};
    struct text handed = {0};
    if (cut.seed)
        cut.seed = seed;
    text_add(&masked, text->bytes, text->length);
    sieve_status status = engine_mask(engine, masked.bytes, masked.length, &whole);
    if (status == SIEVE_OK)
        status = engine_stream(engine, text->bytes, text->length, cut, &pieces, &handed);
    int bytes_same =
        handed.length == masked.length &&
        (masked.length == 0 || memcmp(handed.bytes, masked.bytes, masked.length) == 0);
    int holds = status == SIEVE_OK && bytes_same && findings_same(&whole, &pieces, 1);
    if (!holds && why) {
        text_add_format(why, "chunk %zu%s%s%s, %s, bytes %s\nwhole:\n", cut.chunk,
                        cut.seed ? " by dice" : "", cut.room ? " in room" : "",
                        cut.pauses ? " with pauses" : "", sieve_status_name(status),
                        bytes_same ? "same" : "differ");
        findings_show(why, &whole);
        text_add_string(why, "in pieces:\n");
        findings_show(why, &pieces);
    }
    findings_done(&whole);
    findings_done(&pieces);
    text_done(&masked);
    text_done(&handed);
    return holds;
}

static int one_cut_holds(const struct text *text, uint64_t seed, void *engine,
                         struct text *why)
{
    return cut_holds(engine, text, seed, cuts[seed % CUT_COUNT], why);
}

static int every_cut_holds(const struct text *text, uint64_t seed, void *engine,
                           struct text *why)
{
    for (size_t i = 0; i < CUT_COUNT; i++)
        if (!cut_holds(engine, text, seed, cuts[i], why))
            return 0;
    return 1;
}

Test(cut, short_texts_any_cut)
{
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    options.min_confidence = SIEVE_LOW;
    options.ebcdic = 1;
    struct engine engine = engine_open(&options);
    struct text text = {0};
    struct property property = property_begin("cut of short texts", 40000);
    while (property_next(&property)) {
        texts_make(&text, property.seed, TEXTS_ALL | TEXTS_EBCDIC,
                   20 + property.seed % 300);
        property_check(&property, &text, one_cut_holds, &engine);
    }
    text_done(&text);
    engine_close(&engine);
    property_end(&property);
}

Test(cut, recoded_percent_signs_every_cut)
{
    struct engine engine = engine_open(NULL);
    struct text text = {0};
    struct property property = property_begin("cut of recoded percent signs", 4000);
    while (property_next(&property)) {
        texts_make(&text, property.seed, TEXTS_RECODED, 20 + property.seed % 300);
        property_check(&property, &text, every_cut_holds, &engine);
    }
    text_done(&text);
    engine_close(&engine);
    property_end(&property);
}

Test(cut, long_texts_every_cut)
{
    struct engine engine = engine_open(NULL);
    struct text text = {0};
    struct property property = property_begin("cut of long texts", 2000);
    while (property_next(&property)) {
        texts_log(&text, property.seed, 3000 + property.seed % 20000);
        property_check(&property, &text, every_cut_holds, &engine);
    }
    text_done(&text);
    engine_close(&engine);
    property_end(&property);
}

#define STEP 97

/* What a stream holds back is bounded, and after a flush it holds nothing. */
static int held_is_bounded(const struct text *text, uint64_t seed, void *context,
                           struct text *why)
{
    const struct engine *engine = context;
    sieve_stream_sink sink = {NULL, NULL, NULL};
    sieve_stream *stream = NULL;
    size_t bound = sieve_ruleset_lookahead(engine->ruleset);
    size_t most = 0;
    (void)seed;
    sieve_status status = sieve_stream_new(engine->scanner, &sink, &stream);
    for (size_t at = 0; status == SIEVE_OK && at < text->length; at += STEP) {
        size_t some = text->length - at < STEP ? text->length - at : STEP;
        status = sieve_stream_write(stream, text->bytes + at, some);
        most = most > sieve_stream_held(stream) ? most : sieve_stream_held(stream);
    }
    if (status == SIEVE_OK)
        status = sieve_stream_flush(stream);
    size_t rest = status == SIEVE_OK ? sieve_stream_held(stream) : 0;
    if (status == SIEVE_OK)
        status = sieve_stream_finish(stream);
    sieve_stream_free(stream);
    if (why)
        text_add_format(why, "%s, held %zu of %zu, %zu after a flush\n",
                        sieve_status_name(status), most, bound, rest);
    return status == SIEVE_OK && most <= bound && rest == 0;
}

Test(cut, holds_no_more_than_it_says)
{
    struct engine engine = engine_open(NULL);
    struct text text = {0};
    struct property property = property_begin("held bytes", 3000);
    while (property_next(&property)) {
        texts_make(&text, property.seed, TEXTS_ALL, 4000);
        property_check(&property, &text, held_is_bounded, &engine);
    }
    text_done(&text);
    engine_close(&engine);
    property_end(&property);
}
