/* Masking: twice is once, nothing is left to find, and nothing changes without need.
 *
 * Asked of the default confidence.  Tokens put letters where digits were, so what touched
 * the digits of another form may be a number then: they are asked of texts in which
 * numbers do not touch. */
#include <criterion/criterion.h>

#include "property/property.h"
#include "support/engine.h"
#include "support/texts.h"

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

static const char key[] = "0123456789abcdef0123456789abcdef";

static struct engine open_style(size_t index)
{
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    options.ebcdic = 1;
    options.style = styles[index].style;
    options.mask = styles[index].mask;
    if (options.style == SIEVE_STYLE_TOKEN) {
        options.key = key;
        options.key_length = sizeof key - 1;
    }
    return engine_open(&options);
}

static int same_bytes(const struct text *one, const struct text *other)
{
    return one->length == other->length &&
           (one->length == 0 || memcmp(one->bytes, other->bytes, one->length) == 0);
}

static void copy(struct text *to, const struct text *from)
{
    text_clear(to);
    text_add(to, from->bytes, from->length);
}

/* What does not hold, or NULL. */
static const char *broken_claim(const struct engine *engine, const struct text *text,
                                struct text *masked, struct findings *again)
{
    struct findings scanned = {0};
    struct findings found = {0};
    struct text twice = {0};
    const char *broken = NULL;
    copy(masked, text);
    sieve_status status = engine_scan(engine, text->bytes, text->length, &scanned);
    if (status == SIEVE_OK)
        status = engine_mask(engine, masked->bytes, masked->length, &found);
    if (status == SIEVE_OK)
        status = engine_scan(engine, masked->bytes, masked->length, again);
    copy(&twice, masked);
    if (status == SIEVE_OK && again->count == 0)
        status = engine_mask(engine, twice.bytes, twice.length, again);
    if (status != SIEVE_OK)
        broken = sieve_status_name(status);
    else if (!findings_same(&scanned, &found, 1))
        broken = "masking finds what scanning finds";
    else if (again->count != 0)
        broken = "masked text is clean";
    else if (!same_bytes(&twice, masked))
        broken = "masking twice is masking once";
    else if (found.count == 0 && !same_bytes(text, masked))
        broken = "no finding, no change";
    findings_done(&scanned);
    findings_done(&found);
    text_done(&twice);
    return broken;
}

static int masking_holds(const struct text *text, uint64_t seed, void *engines,
                         struct text *why)
{
    size_t style = seed % STYLE_COUNT;
    struct text masked = {0};
    struct findings again = {0};
    const char *broken =
        broken_claim((const struct engine *)engines + style, text, &masked, &again);
    if (broken && why) {
        text_add_format(why, "%s; style %d, mask %c\nmasked: ", broken,
                        (int)styles[style].style, styles[style].mask);
        text_add_shown(why, masked.bytes, masked.length);
        text_add_string(why, "\nfound then:\n");
        findings_show(why, &again);
    }
    findings_done(&again);
    text_done(&masked);
    return broken == NULL;
}

/* The first `count` styles. */
static void every_style(const char *name, unsigned sorts, size_t about, size_t count)
{
    struct engine engines[STYLE_COUNT];
    struct text text = {0};
    struct property property = property_begin(name, 12000);
    for (size_t i = 0; i < STYLE_COUNT; i++)
        engines[i] = open_style(i < count ? i : 0);
    while (property_next(&property)) {
        texts_make(&text, property.seed, sorts, 10 + property.seed % about);
        property_check(&property, &text, masking_holds, engines);
    }
    for (size_t i = 0; i < STYLE_COUNT; i++)
        engine_close(&engines[i]);
    text_done(&text);
    property_end(&property);
}

Test(mask, raw_text_stays_clean)
{
    every_style("mask of raw text", TEXTS_RAW, 200, STYLE_COUNT - 1);
}

Test(mask, recoded_percent_signs_stay_clean)
{
    every_style("mask of recoded percent signs", TEXTS_RECODED | TEXTS_APART, 200,
                STYLE_COUNT - 1);
}

Test(mask, all_text_stays_clean)
{
    every_style("mask of all text",
                (TEXTS_ALL & ~(unsigned)TEXTS_SERIES) | TEXTS_EBCDIC | TEXTS_APART, 300,
                STYLE_COUNT - 1);
}

Test(mask, nothing_but_numbers_stays_clean)
{
    every_style("mask of numbers",
                TEXTS_ESCAPES | TEXTS_FOREIGN | TEXTS_FRAMES | TEXTS_CODES | TEXTS_APART,
                200, STYLE_COUNT - 1);
}

Test(mask, logs_stay_clean_with_tokens)
{
    struct engine engines[STYLE_COUNT];
    struct text text = {0};
    struct property property = property_begin("mask of logs by tokens", 3000);
    for (size_t i = 0; i < STYLE_COUNT; i++)
        engines[i] = open_style(STYLE_COUNT - 1);
    while (property_next(&property)) {
        texts_log(&text, property.seed, 500 + property.seed % 3000);
        property_check(&property, &text, masking_holds, engines);
    }
    for (size_t i = 0; i < STYLE_COUNT; i++)
        engine_close(&engines[i]);
    text_done(&text);
    property_end(&property);
}
