/* Masking: twice is once, nothing is left to find, no length and no other byte changes.
 */
#include <criterion/criterion.h>

#include "property/property.h"
#include "support/engine.h"
#include "support/texts.h"

static const char key[] = "0123456789abcdef0123456789abcdef";

static const struct {
    sieve_style style;
    char mask;
} styles[] = {
    {SIEVE_STYLE_FIRST6_LAST4, '*'}, {SIEVE_STYLE_FIRST6_LAST4, 'X'},
    {SIEVE_STYLE_FIRST6_LAST4, '#'}, {SIEVE_STYLE_FIRST6_LAST4, 'x'},
    {SIEVE_STYLE_LAST4, '*'},        {SIEVE_STYLE_FULL, '*'},
    {SIEVE_STYLE_FULL, 'X'},         {SIEVE_STYLE_TOKEN, '*'},
};
#define STYLE_COUNT (sizeof styles / sizeof styles[0])

static void open_styles(struct engine *engines)
{
    for (size_t i = 0; i < STYLE_COUNT; i++) {
        sieve_options options = SIEVE_OPTIONS_DEFAULT;
        options.min_confidence = SIEVE_LOW;
        options.ebcdic = 1;
        options.style = styles[i].style;
        options.mask = styles[i].mask;
        options.key = styles[i].style == SIEVE_STYLE_TOKEN ? key : NULL;
        options.key_length = options.key ? sizeof key - 1 : 0;
        engines[i] = engine_open(&options);
    }
}

static void fail(const struct property *property, const struct text *text,
                 const struct text *masked, const char *claim,
                 const struct findings *findings)
{
    struct text what = {0};
    text_add_format(&what, "%s; style %d, mask %c\nmasked: ", claim,
                    (int)styles[property->seed % STYLE_COUNT].style,
                    styles[property->seed % STYLE_COUNT].mask);
    text_add_shown(&what, masked->bytes, masked->length);
    text_add_string(&what, "\n");
    findings_show(&what, findings);
    property_fail(property, text->bytes, text->length, text_string(&what));
    text_done(&what);
    cr_assert(0, "%s", claim);
}

static void mask_once_and_again(const struct engine *engine,
                                const struct property *property, struct text *text)
{
    struct findings scanned = {0};
    struct findings found = {0};
    struct findings again = {0};
    struct text masked = {0};
    struct text twice = {0};
    text_add(&masked, text->bytes, text->length);
    cr_assert_eq(engine_scan(engine, text->bytes, text->length, &scanned), SIEVE_OK);
    cr_assert_eq(engine_mask(engine, masked.bytes, masked.length, &found), SIEVE_OK);
    if (!findings_same(&scanned, &found, 1))
        fail(property, text, &masked, "masking finds what scanning finds", &found);
    cr_assert_eq(engine_scan(engine, masked.bytes, masked.length, &again), SIEVE_OK);
    if (again.count != 0)
        fail(property, text, &masked, "masked text is clean", &again);
    text_add(&twice, masked.bytes, masked.length);
    cr_assert_eq(engine_mask(engine, twice.bytes, twice.length, &again), SIEVE_OK);
    if (twice.length > 0 && memcmp(twice.bytes, masked.bytes, twice.length) != 0)
        fail(property, text, &masked, "masking twice is masking once", &again);
    if (found.count == 0 && text->length > 0 &&
        memcmp(text->bytes, masked.bytes, text->length) != 0)
        fail(property, text, &masked, "no finding, no change", &found);
    findings_done(&scanned);
    findings_done(&found);
    findings_done(&again);
    text_done(&masked);
    text_done(&twice);
}

static void every_style(const char *name, uint64_t runs, unsigned sorts, size_t about)
{
    struct engine engines[STYLE_COUNT];
    struct text text = {0};
    struct property property = property_begin(name, runs);
    open_styles(engines);
    while (property_next(&property)) {
        texts_make(&text, property.seed, sorts, 10 + property.seed % about);
        mask_once_and_again(&engines[property.seed % STYLE_COUNT], &property, &text);
    }
    for (size_t i = 0; i < STYLE_COUNT; i++)
        engine_close(&engines[i]);
    text_done(&text);
}

Test(mask, raw_text_stays_clean)
{
    every_style("mask of raw text", 200000, TEXTS_RAW, 200);
}

Test(mask, all_text_stays_clean)
{
    every_style("mask of all text", 200000, TEXTS_ALL | TEXTS_EBCDIC, 300);
}

Test(mask, nothing_but_numbers_stays_clean)
{
    every_style("mask of numbers", 200000,
                TEXTS_ESCAPES | TEXTS_FOREIGN | TEXTS_FRAMES | TEXTS_CODES, 200);
}
