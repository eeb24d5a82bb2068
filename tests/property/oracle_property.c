/* The engine finds and hides what the slow second reading of docs/detection.md does. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "property/property.h"
#include "support/engine.h"
#include "support/oracle.h"
#include "support/texts.h"

static int same(const sieve_finding *finding, const struct oracle_finding *wanted)
{
    const char *brand = finding->brand ? finding->brand->name : "-";
    return finding->offset == wanted->offset && finding->length == wanted->length &&
           finding->kind == wanted->kind && finding->confidence == wanted->confidence &&
           finding->form == wanted->form && finding->digit_count == wanted->digit_count &&
           strcmp(brand, wanted->brand ? wanted->brand : "-") == 0;
}

static int all_same(const struct findings *found, const struct oracle_result *wanted)
{
    if (found->count != wanted->count)
        return 0;
    for (size_t i = 0; i < found->count; i++)
        if (!same(&found->at[i], &wanted->findings[i]))
            return 0;
    return 1;
}

static void show_wanted(struct text *text, const struct oracle_result *wanted)
{
    for (size_t i = 0; i < wanted->count; i++) {
        const struct oracle_finding *finding = &wanted->findings[i];
        text_add_format(text, "  %zu+%zu %s %s %s %s %u\n", finding->offset,
                        finding->length, sieve_kind_name(finding->kind),
                        sieve_confidence_name(finding->confidence),
                        sieve_form_name(finding->form),
                        finding->brand ? finding->brand : "-", finding->digit_count);
    }
}

struct both {
    struct engine engine;
    struct oracle_options oracle;
};

static int both_agree(const struct text *text, uint64_t seed, void *context,
                      struct text *why)
{
    const struct both *both = context;
    struct findings found = {0};
    struct oracle_result wanted;
    struct text masked = {0};
    (void)seed;
    text_add(&masked, text->bytes, text->length);
    oracle_scan(text->bytes, text->length, &both->oracle, &wanted);
    sieve_status status = engine_mask(&both->engine, masked.bytes, masked.length, &found);
    size_t wrong =
        oracle_check_masked(text->bytes, masked.bytes, text->length, &wanted, '*');
    int holds = status == SIEVE_OK && all_same(&found, &wanted) && wrong == 0;
    if (!holds && why) {
        text_add_string(why, "by the page:\n");
        show_wanted(why, &wanted);
        text_add_string(why, "by the engine:\n");
        findings_show(why, &found);
        text_add_format(why, "masking %s %zu: ", wrong ? "is wrong at" : "is right",
                        wrong ? wrong - 1 : 0);
        text_add_shown(why, masked.bytes, masked.length);
        text_add_string(why, "\n");
    }
    findings_done(&found);
    oracle_result_done(&wanted);
    text_done(&masked);
    return holds;
}

static void compare(const char *name, unsigned sorts)
{
    struct both both = {
        .oracle = {.min_confidence = SIEVE_LOW, .ebcdic = (sorts & TEXTS_EBCDIC) != 0}};
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    options.min_confidence = SIEVE_LOW;
    options.ebcdic = (uint8_t)both.oracle.ebcdic;
    options.sieve_off = getenv("SIEVE_OFF") != NULL; /* to look at the judge alone */
    both.engine = engine_open(&options);
    struct text text = {0};
    struct property property = property_begin(name, 8000);
    while (property_next(&property)) {
        texts_make(&text, property.seed, sorts, 10 + property.seed % 120);
        property_check(&property, &text, both_agree, &both);
    }
    text_done(&text);
    engine_close(&both.engine);
    property_end(&property);
}

Test(oracle, raw_text)
{
    compare("oracle on raw text", TEXTS_RAW);
}

Test(oracle, escapes)
{
    compare("oracle on escapes", TEXTS_RAW | TEXTS_ESCAPES);
}

Test(oracle, recoded)
{
    compare("oracle on recoded percent signs", TEXTS_RECODED);
}

Test(oracle, foreign)
{
    compare("oracle on two-byte text", TEXTS_RAW | TEXTS_FOREIGN);
}

Test(oracle, frames)
{
    compare("oracle on frames", TEXTS_RAW | TEXTS_FRAMES);
}

Test(oracle, digests)
{
    compare("oracle on digests", TEXTS_RAW | TEXTS_FRAMES | TEXTS_DIGESTS);
}

Test(oracle, codes)
{
    compare("oracle on codes", TEXTS_RAW | TEXTS_CODES);
}

Test(oracle, series)
{
    compare("oracle on lists of numbers", TEXTS_RAW | TEXTS_SERIES);
}

Test(oracle, cover)
{
    compare("oracle on long runs", TEXTS_RAW | TEXTS_COVER);
}

Test(oracle, everything)
{
    compare("oracle on everything", TEXTS_ALL | TEXTS_EBCDIC);
}
