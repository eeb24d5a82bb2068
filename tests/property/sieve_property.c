/* The sieve changes no verdict: with it, without it, and at every SIMD level. */
#include <criterion/criterion.h>

#include "property/property.h"
#include "support/engine.h"
#include "support/texts.h"

#define LEVEL_COUNT 5

/* All must say the same: the sieve off, then each level there is. */
struct engines {
    struct engine at[LEVEL_COUNT + 1];
    size_t count;
};

static struct engines open_all(void)
{
    struct engines engines = {.count = 0};
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    options.min_confidence = SIEVE_LOW;
    options.ebcdic = 1;
    options.sieve_off = 1;
    engines.at[engines.count++] = engine_open(&options);
    options.sieve_off = 0;
    for (uint8_t level = 0; level < LEVEL_COUNT; level++) {
        sieve_ruleset *ruleset = NULL;
        options.simd_level = level;
        /* A level this machine does not have may be refused: nothing to compare. */
        if (sieve_ruleset_new(&options, &ruleset, NULL) != SIEVE_OK)
            continue;
        sieve_ruleset_free(ruleset);
        engines.at[engines.count++] = engine_open(&options);
    }
    return engines;
}

static int all_say_the_same(const struct text *text, uint64_t seed, void *context,
                            struct text *why)
{
    const struct engines *engines = context;
    struct findings whole = {0};
    struct findings sieved = {0};
    int holds = 1;
    (void)seed;
    engine_scan(&engines->at[0], text->bytes, text->length, &whole);
    for (size_t i = 1; holds && i < engines->count; i++) {
        holds = engine_scan(&engines->at[i], text->bytes, text->length, &sieved) ==
                    SIEVE_OK &&
                findings_same(&whole, &sieved, 0);
        if (holds || !why)
            continue;
        text_add_format(why, "engine %zu\nwithout the sieve:\n", i);
        findings_show(why, &whole);
        text_add_string(why, "with it:\n");
        findings_show(why, &sieved);
    }
    findings_done(&whole);
    findings_done(&sieved);
    return holds;
}

/* Without sorts: logs. */
static void compare_all(const char *name, uint64_t runs, unsigned sorts)
{
    struct engines engines = open_all();
    struct text text = {0};
    struct property property = property_begin(name, runs);
    cr_assert_geq(engines.count, 3, "off, best and scalar are everywhere");
    while (property_next(&property)) {
        if (!sorts)
            texts_log(&text, property.seed, 2000 + property.seed % 9000);
        else
            texts_make(&text, property.seed, sorts, 20 + property.seed % 400);
        property_check(&property, &text, all_say_the_same, &engines);
    }
    text_done(&text);
    for (size_t i = 0; i < engines.count; i++)
        engine_close(&engines.at[i]);
    property_end(&property);
}

Test(sieve, changes_no_verdict_on_short_texts)
{
    compare_all("sieve on short texts", 200000, TEXTS_ALL | TEXTS_EBCDIC);
}

Test(sieve, changes_no_verdict_on_logs)
{
    compare_all("sieve on logs", 5000, 0);
}

Test(sieve, changes_no_verdict_on_recoded_percent_signs)
{
    compare_all("sieve on recoded percent signs", 20000, TEXTS_RECODED);
}
