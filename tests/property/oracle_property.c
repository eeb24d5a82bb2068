/* The engine finds and hides what the slow second reading of docs/detection.md does. */
#include <criterion/criterion.h>

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

static int agrees(const struct engine *engine, const struct oracle_options *options,
                  const struct property *property, const struct text *text)
{
    struct findings found = {0};
    struct oracle_result wanted;
    struct text masked = {0};
    struct text what = {0};
    text_add(&masked, text->bytes, text->length);
    oracle_scan(text->bytes, text->length, options, &wanted);
    cr_assert_eq(engine_mask(engine, masked.bytes, masked.length, &found), SIEVE_OK);
    size_t wrong =
        oracle_check_masked(text->bytes, masked.bytes, text->length, &wanted, '*');
    int holds = all_same(&found, &wanted) && wrong == 0;
    if (!holds) {
        text_add_string(&what, "by the page:\n");
        show_wanted(&what, &wanted);
        text_add_string(&what, "by the engine:\n");
        findings_show(&what, &found);
        if (wrong) {
            text_add_format(&what, "masking is wrong at byte %zu: ", wrong - 1);
            text_add_shown(&what, masked.bytes, masked.length);
        }
        property_fail(property, text->bytes, text->length, text_string(&what));
    }
    findings_done(&found);
    oracle_result_done(&wanted);
    text_done(&masked);
    text_done(&what);
    return holds;
}

static void compare(const char *name, unsigned sorts)
{
    struct oracle_options wanted = {.min_confidence = SIEVE_LOW,
                                    .ebcdic = (sorts & TEXTS_EBCDIC) != 0};
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    options.min_confidence = SIEVE_LOW;
    options.ebcdic = (uint8_t)wanted.ebcdic;
    struct engine engine = engine_open(&options);
    struct text text = {0};
    struct property property = property_begin(name, 200000);
    while (property_next(&property)) {
        texts_make(&text, property.seed, sorts, 10 + property.seed % 120);
        cr_assert(agrees(&engine, &wanted, &property, &text));
    }
    text_done(&text);
    engine_close(&engine);
}

Test(oracle, raw_text)
{
    compare("oracle on raw text", TEXTS_RAW);
}

Test(oracle, escapes)
{
    compare("oracle on escapes", TEXTS_RAW | TEXTS_ESCAPES);
}

Test(oracle, foreign)
{
    compare("oracle on two-byte text", TEXTS_RAW | TEXTS_FOREIGN);
}

Test(oracle, frames)
{
    compare("oracle on frames", TEXTS_RAW | TEXTS_FRAMES);
}

Test(oracle, codes)
{
    compare("oracle on codes", TEXTS_RAW | TEXTS_CODES);
}

Test(oracle, everything)
{
    compare("oracle on everything", TEXTS_ALL | TEXTS_EBCDIC);
}
