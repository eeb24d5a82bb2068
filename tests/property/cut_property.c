/* However a stream is cut, its findings and bytes are those of the whole. */
#include <criterion/criterion.h>

#include "property/property.h"
#include "support/engine.h"
#include "support/texts.h"

static const struct cut cuts[] = {
    {1, 0, 0}, {2, 0, 0}, {7, 0, 0},  {64, 0, 0}, {4096, 0, 0}, {0, 0, 0},
    {1, 0, 1}, {7, 0, 1}, {64, 0, 1}, {0, 0, 1},  {9, 1, 0},    {40, 1, 1},
};

static int cut_holds(const struct engine *engine, struct property *property,
                     struct text *text, struct cut cut)
{
    struct findings whole = {0};
    struct findings pieces = {0};
    struct text masked = {0};
    struct text handed = {0};
    struct text what = {0};
    if (cut.seed)
        cut.seed = property->seed;
    text_add(&masked, text->bytes, text->length);
    sieve_status status = engine_mask(engine, masked.bytes, masked.length, &whole);
    if (status == SIEVE_OK)
        status = engine_stream(engine, text->bytes, text->length, cut, &pieces, &handed);
    int bytes_same = handed.length == masked.length &&
                     memcmp(handed.bytes, masked.bytes, masked.length) == 0;
    int holds = status == SIEVE_OK && bytes_same && findings_same(&whole, &pieces, 1);
    if (!holds) {
        text_add_format(&what, "chunk %zu%s%s, %s, bytes %s\nwhole:\n", cut.chunk,
                        cut.seed ? " by dice" : "", cut.room ? " in room" : "",
                        sieve_status_name(status), bytes_same ? "same" : "differ");
        findings_show(&what, &whole);
        text_add_string(&what, "in pieces:\n");
        findings_show(&what, &pieces);
        property_fail(property, text->bytes, text->length, text_string(&what));
    }
    findings_done(&whole);
    findings_done(&pieces);
    text_done(&masked);
    text_done(&handed);
    text_done(&what);
    return holds;
}

Test(cut, short_texts_any_cut)
{
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    options.min_confidence = SIEVE_LOW;
    options.ebcdic = 1;
    struct engine engine = engine_open(&options);
    struct text text = {0};
    struct property property = property_begin("cut of short texts", 200000);
    while (property_next(&property)) {
        texts_make(&text, property.seed, TEXTS_ALL | TEXTS_EBCDIC,
                   20 + property.seed % 300);
        struct cut cut = cuts[property.seed % (sizeof cuts / sizeof cuts[0])];
        cr_assert(cut_holds(&engine, &property, &text, cut));
    }
    text_done(&text);
    engine_close(&engine);
}

Test(cut, long_texts_every_cut)
{
    struct engine engine = engine_open(NULL);
    struct text text = {0};
    struct property property = property_begin("cut of long texts", 2000);
    while (property_next(&property)) {
        texts_log(&text, property.seed, 3000 + property.seed % 20000);
        for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++)
            cr_assert(cut_holds(&engine, &property, &text, cuts[i]));
    }
    text_done(&text);
    engine_close(&engine);
}

/* What a stream holds back is bounded, and after a flush it holds nothing. */
Test(cut, holds_no_more_than_it_says)
{
    struct engine engine = engine_open(NULL);
    struct text text = {0};
    struct property property = property_begin("held bytes", 3000);
    while (property_next(&property)) {
        sieve_stream_sink sink = {NULL, NULL, NULL};
        sieve_stream *stream = NULL;
        texts_make(&text, property.seed, TEXTS_ALL, 4000);
        cr_assert_eq(sieve_stream_new(engine.scanner, &sink, &stream), SIEVE_OK);
        for (size_t at = 0; at < text.length; at += 97) {
            size_t some = text.length - at < 97 ? text.length - at : 97;
            cr_assert_eq(sieve_stream_write(stream, text.bytes + at, some), SIEVE_OK);
            cr_assert_leq(sieve_stream_held(stream),
                          sieve_ruleset_lookahead(engine.ruleset), "seed %llu",
                          (unsigned long long)property.seed);
        }
        cr_assert_eq(sieve_stream_flush(stream), SIEVE_OK);
        cr_assert_eq(sieve_stream_held(stream), 0);
        cr_assert_eq(sieve_stream_finish(stream), SIEVE_OK);
        sieve_stream_free(stream);
    }
    text_done(&text);
    engine_close(&engine);
}
