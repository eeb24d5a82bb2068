/* Options: what is right, what is wrong, and that errors say so. */
#include <criterion/criterion.h>
#include <string.h>

#include "unit/detect/cases.h"

static void refused(sieve_options options, const char *why)
{
    sieve_ruleset *ruleset = NULL;
    sieve_error error;
    memset(&error, 0x5A, sizeof error);
    sieve_status status = sieve_ruleset_new(&options, &ruleset, &error);
    cr_expect_eq(status, SIEVE_E_INVALID, "%s: %s", why, sieve_status_name(status));
    cr_expect_null(ruleset, "%s", why);
    if (status != SIEVE_OK) {
        cr_expect_eq(error.status, status, "%s", why);
        cr_expect(error.what && error.what[0], "%s", why);
    }
    sieve_ruleset_free(ruleset);
    cr_expect_eq(sieve_ruleset_new(&options, &ruleset, NULL), SIEVE_E_INVALID, "%s", why);
}

Test(options, wrong_ones_are_refused)
{
    static const char *const unknown[] = {"visa", "visaa", NULL};
    static const char *const none[] = {NULL};
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    const sieve_options defaults = SIEVE_OPTIONS_DEFAULT;
    options.size = 3;
    refused(options, "size");
    options = defaults;
    options.brands = unknown;
    refused(options, "unknown brand");
    (void)none;
    options = defaults;
    options.kinds = 1u << SIEVE_KIND_COUNT;
    refused(options, "unknown kind");
    options = defaults;
    options.min_confidence = (sieve_confidence)0;
    refused(options, "confidence 0");
    options.min_confidence = (sieve_confidence)4;
    refused(options, "confidence 4");
    options = defaults;
    options.style = (sieve_style)9;
    refused(options, "unknown style");
    options = defaults;
    options.mask = '1';
    refused(options, "a digit as mask");
    options.mask = 0;
    refused(options, "no mask");
    options = defaults;
    options.style = SIEVE_STYLE_TOKEN;
    refused(options, "token without a key");
    options.key = "0123456789abcde";
    options.key_length = 15;
    refused(options, "a short key");
    options = defaults;
    options.simd_level = 9;
    refused(options, "unknown level");
    options = defaults;
    options.table_count = 1;
    refused(options, "no tables");
}

Test(options, null_is_the_default)
{
    struct engine engine = engine_open(NULL);
    struct findings findings = {0};
    cr_assert_eq(engine_scan(&engine, "4111111111111111", 16, &findings), SIEVE_OK);
    cr_assert_eq(findings.count, 1);
    findings_done(&findings);
    engine_close(&engine);
}

Test(options, only_the_brands_asked_for)
{
    static const char *const names[] = {"jcb", "amex", NULL};
    static const struct found_case cases[] = {
        {"4111111111111111 3530111333300000 378282246310005 5555555555554444",
         "17+16 pan high ascii jcb; 34+15 pan high ascii amex"},
    };
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    options.brands = names;
    CHECK_FOUND(cases, &options);
}

Test(options, the_key_is_copied)
{
    char key[] = "0123456789abcdef";
    char first[] = "4111111111111111";
    char second[] = "4111111111111111";
    struct findings findings = {0};
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    options.style = SIEVE_STYLE_TOKEN;
    options.key = key;
    options.key_length = 16;
    struct engine engine = engine_open(&options);
    cr_assert_eq(engine_mask(&engine, first, 16, &findings), SIEVE_OK);
    memset(key, 'x', 16);
    cr_assert_eq(engine_mask(&engine, second, 16, &findings), SIEVE_OK);
    cr_assert_eq(memcmp(first, second, 16), 0);
    findings_done(&findings);
    engine_close(&engine);
}

Test(options, brands_can_be_listed)
{
    struct engine engine = engine_open(NULL);
    size_t count = 0;
    while (sieve_ruleset_brand(engine.ruleset, count)) {
        const sieve_brand *brand = sieve_ruleset_brand(engine.ruleset, count++);
        cr_assert(brand->name && brand->name[0] && brand->title && brand->title[0]);
    }
    cr_assert_geq(count, 40);
    cr_assert_null(sieve_ruleset_brand(engine.ruleset, count + 1000));
    engine_close(&engine);
}
