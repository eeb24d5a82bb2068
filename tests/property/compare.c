/* compare.c - what the engine and the slow reading of docs/detection.md say of a text.
 *
 *     compare 'card \x30...'       a text with escapes, \n \r \t \e \\ \xHH
 *
 * For looking into a failed property by hand; no test. */
#include <stdio.h>
#include <string.h>

#include "support/engine.h"
#include "support/oracle.h"

static void show_verdict(const sieve_verdict *verdict, void *context)
{
    struct text *out = context;
    text_add_format(out, "  %s: ", verdict->accepted ? "yes" : verdict->refusal);
    finding_show(out, &verdict->finding);
}

static void show_oracle(struct text *out, const struct text *text)
{
    struct oracle_options options = {.min_confidence = SIEVE_LOW, .ebcdic = 1};
    struct oracle_result result;
    oracle_scan(text->bytes, text->length, &options, &result);
    for (size_t i = 0; i < result.count; i++) {
        const struct oracle_finding *finding = &result.findings[i];
        text_add_format(out, "  %zu+%zu %s %s %s %s %u\n", finding->offset,
                        finding->length, sieve_kind_name(finding->kind),
                        sieve_confidence_name(finding->confidence),
                        sieve_form_name(finding->form),
                        finding->brand ? finding->brand : "-", finding->digit_count);
    }
    oracle_result_done(&result);
}

int main(int argc, char **argv)
{
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    options.min_confidence = SIEVE_LOW;
    options.ebcdic = 1;
    struct engine engine = engine_open(&options);
    options.sieve_off = 1;
    struct engine whole = engine_open(&options);
    for (int i = 1; i < argc; i++) {
        struct text text = {0};
        struct text out = {0};
        struct findings findings = {0};
        text_add_escaped(&text, argv[i], strlen(argv[i]));
        text_add_string(&out, "engine\n");
        engine_scan(&engine, text.bytes, text.length, &findings);
        findings_show(&out, &findings);
        text_add_string(&out, "engine without its sieve\n");
        engine_scan(&whole, text.bytes, text.length, &findings);
        findings_show(&out, &findings);
        text_add_string(&out, "page\n");
        show_oracle(&out, &text);
        text_add_string(&out, "candidates\n");
        if (sieve_explain(engine.scanner, text.bytes, text.length, show_verdict, &out) !=
            SIEVE_OK)
            text_add_string(&out, "explain fails\n");
        printf("%s", text_string(&out));
        findings_done(&findings);
        text_done(&text);
        text_done(&out);
    }
    engine_close(&engine);
    engine_close(&whole);
    return 0;
}
