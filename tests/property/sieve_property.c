/* The sieve changes no verdict: with it, without it, and at every SIMD level. */
#include <criterion/criterion.h>

#include "property/property.h"
#include "support/engine.h"
#include "support/texts.h"

#define LEVEL_COUNT 5

/* Engines that must all say the same: the sieve off, then each level there is. */
static size_t open_all(struct engine *engines, sieve_confidence confidence)
{
    size_t count = 0;
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    options.min_confidence = confidence;
    options.ebcdic = 1;
    options.sieve_off = 1;
    engines[count++] = engine_open(&options);
    options.sieve_off = 0;
    for (uint8_t level = 0; level < LEVEL_COUNT; level++) {
        sieve_ruleset *ruleset = NULL;
        sieve_error error;
        options.simd_level = level;
        /* A level this machine does not have is refused: nothing to compare then. */
        if (sieve_ruleset_new(&options, &ruleset, &error) != SIEVE_OK)
            continue;
        sieve_ruleset_free(ruleset);
        engines[count++] = engine_open(&options);
    }
    return count;
}

static void compare_all(const char *name, uint64_t runs, int is_log)
{
    struct engine engines[LEVEL_COUNT + 1];
    size_t count = open_all(engines, SIEVE_LOW);
    struct findings whole = {0};
    struct findings sieved = {0};
    struct text text = {0};
    struct text what = {0};
    struct property property = property_begin(name, runs);
    cr_assert_geq(count, 3, "off, best and scalar are everywhere");
    while (property_next(&property)) {
        if (is_log)
            texts_log(&text, property.seed, 2000 + property.seed % 9000);
        else
            texts_make(&text, property.seed, TEXTS_ALL | TEXTS_EBCDIC,
                       20 + property.seed % 400);
        cr_assert_eq(engine_scan(&engines[0], text.bytes, text.length, &whole), SIEVE_OK);
        for (size_t i = 1; i < count; i++) {
            cr_assert_eq(engine_scan(&engines[i], text.bytes, text.length, &sieved),
                         SIEVE_OK);
            if (findings_same(&whole, &sieved, 0))
                continue;
            text_add_format(&what, "engine %zu\nwithout the sieve:\n", i);
            findings_show(&what, &whole);
            text_add_string(&what, "with it:\n");
            findings_show(&what, &sieved);
            property_fail(&property, text.bytes, text.length, text_string(&what));
            cr_assert(0);
        }
    }
    findings_done(&whole);
    findings_done(&sieved);
    text_done(&text);
    text_done(&what);
    for (size_t i = 0; i < count; i++)
        engine_close(&engines[i]);
}

Test(sieve, changes_no_verdict_on_short_texts)
{
    compare_all("sieve on short texts", 200000, 0);
}

Test(sieve, changes_no_verdict_on_logs)
{
    compare_all("sieve on logs", 5000, 1);
}
