/* cases.c - tables of texts and what is found in them. */
#include "unit/detect/cases.h"

#include <criterion/criterion.h>
#include <string.h>

static void describe(struct text *out, const struct findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        const sieve_finding *finding = &findings->at[i];
        text_add_format(
            out, "%s%llu+%u %s %s %s %s", i > 0 ? "; " : "",
            (unsigned long long)finding->offset, finding->length,
            sieve_kind_name(finding->kind), sieve_confidence_name(finding->confidence),
            sieve_form_name(finding->form), finding->brand ? finding->brand->name : "-");
    }
}

static int one_found(const struct engine *engine, const struct found_case *one)
{
    struct text text = {0};
    struct text found = {0};
    struct findings findings = {0};
    text_add_escaped(&text, one->text, strlen(one->text));
    sieve_status status = engine_scan(engine, text.bytes, text.length, &findings);
    describe(&found, &findings);
    int good = status == SIEVE_OK && strcmp(text_string(&found), one->found) == 0;
    if (!good)
        cr_log_error("%s\n  expected: %s\n  found:    %s", one->text, one->found,
                     text_string(&found));
    findings_done(&findings);
    text_done(&text);
    text_done(&found);
    return good;
}

void check_found(const struct found_case *cases, size_t count,
                 const sieve_options *options)
{
    struct engine engine = engine_open(options);
    size_t failed = 0;
    for (size_t i = 0; i < count; i++)
        failed += !one_found(&engine, &cases[i]);
    engine_close(&engine);
    cr_assert_eq(failed, 0, "%zu of %zu cases", failed, count);
}

void check_found_low(const struct found_case *cases, size_t count)
{
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    options.min_confidence = SIEVE_LOW;
    check_found(cases, count, &options);
}

static int one_masked(const struct engine *engine, const struct masked_case *one)
{
    struct text text = {0};
    struct text wanted = {0};
    struct text shown = {0};
    struct findings findings = {0};
    text_add_escaped(&text, one->text, strlen(one->text));
    text_add_escaped(&wanted, one->masked, strlen(one->masked));
    sieve_status status = engine_mask(engine, text.bytes, text.length, &findings);
    int good = status == SIEVE_OK && text.length == wanted.length &&
               memcmp(text.bytes, wanted.bytes, text.length) == 0;
    text_add_shown(&shown, text.bytes, text.length);
    if (!good)
        cr_log_error("%s\n  expected: %s\n  masked:   %s", one->text, one->masked,
                     text_string(&shown));
    findings_done(&findings);
    text_done(&text);
    text_done(&wanted);
    text_done(&shown);
    return good;
}

void check_masked(const struct masked_case *cases, size_t count,
                  const sieve_options *options)
{
    struct engine engine = engine_open(options);
    size_t failed = 0;
    for (size_t i = 0; i < count; i++)
        failed += !one_masked(&engine, &cases[i]);
    engine_close(&engine);
    cr_assert_eq(failed, 0, "%zu of %zu cases", failed, count);
}

void reasons_of(const struct engine *engine, const char *text, struct text *out)
{
    struct findings findings = {0};
    text_clear(out);
    cr_assert_eq(engine_scan(engine, text, strlen(text), &findings), SIEVE_OK);
    cr_assert_geq(findings.count, 1, "%s", text);
    for (size_t i = 0; i < findings.at[0].reason_count; i++) {
        text_add_string(out, i > 0 ? " " : "");
        text_add_string(out, findings.at[0].reasons[i]);
    }
    findings_done(&findings);
}
