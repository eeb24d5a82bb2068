/* The self-test finds all there is to find, and notices what is not found. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "job/dress.h"
#include "job/selftest.h"
#include "patterns/patterns.h"

static void on_miss(const struct selftest_miss *miss, void *context)
{
    unsigned *told = context;
    if (++*told <= 30)
        fprintf(stderr, "%s %s... %u digits as %s, separator %s: %s\n", miss->brand,
                miss->prefix, miss->digits, miss->dressing, miss->separator, miss->what);
}

static void run(const sieve_options *options, struct selftest *test)
{
    sieve_ruleset *ruleset = NULL;
    cr_assert_eq(sieve_ruleset_new(options, &ruleset, NULL), SIEVE_OK);
    cr_assert_eq(sieve_scanner_new(ruleset, &test->scanner), SIEVE_OK);
    cr_assert_eq(selftest_run(test), SIEVE_OK);
    sieve_scanner_free(test->scanner);
    sieve_ruleset_free(ruleset);
}

Test(selftest, finds_every_brand_in_every_form)
{
    unsigned told = 0;
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    struct selftest test = {
        .patterns = &builtin_patterns, .seed = 1, .on_miss = on_miss, .context = &told};
    options.ebcdic = 1;
    run(&options, &test);
    for (int form = 0; form < SIEVE_FORM_COUNT; form++) {
        const struct selftest_count *count = &test.forms[form];
        cr_expect_gt(count->expected, 0, "%s", sieve_form_name((sieve_form)form));
        cr_expect_eq(count->found, count->expected, "%s: %llu of %llu",
                     sieve_form_name((sieve_form)form), (unsigned long long)count->found,
                     (unsigned long long)count->expected);
    }
}

Test(selftest, notices_what_is_not_looked_for)
{
    static const char *const brands[] = {"jcb", NULL};
    unsigned told = 100;
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    struct selftest test = {
        .patterns = &builtin_patterns, .seed = 2, .on_miss = on_miss, .context = &told};
    options.brands = brands;
    run(&options, &test);
    cr_expect_lt(test.forms[SIEVE_FORM_ASCII].found,
                 test.forms[SIEVE_FORM_ASCII].expected);
    cr_expect_gt(test.forms[SIEVE_FORM_ASCII].found, 0);
    cr_expect_eq(test.forms[SIEVE_FORM_EBCDIC].found, 0);
    cr_expect_gt(told, 100);
}

Test(dress, writes_every_form_of_the_header)
{
    static const uint8_t grouping[] = {4, 4, 4, 4, 0};
    unsigned seen = 0;
    const struct dressing *dressing = NULL;
    for (size_t i = 0; (dressing = dressing_at(i)) != NULL; i++) {
        static struct dressed dressed;
        dressed_init(&dressed, dressing);
        cr_assert(dressed_text(&dressed, "x "), "%s", dressing->name);
        cr_assert(dressed_number(&dressed, "4111111111111111", NULL, 0), "%s",
                  dressing->name);
        cr_expect_gt(dressed.number_length, 15);
        cr_expect_leq(dressed.number_offset + dressed.number_length, dressed.length);
        dressed_init(&dressed, dressing);
        int is_jis = dressing->form == SIEVE_FORM_ISO_2022_JP;
        cr_expect(
            dressed_number(&dressed, "4111111111111111", grouping, is_jis ? 0x3000 : ' '),
            "%s", dressing->name);
        seen |= 1u << dressing->form;
    }
    cr_expect_eq(seen, (1u << SIEVE_FORM_COUNT) - 1);
}
