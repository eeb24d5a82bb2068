/* The rest of the public face: names, NULL, explain, statistics. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/engine.h"

Test(api, status_names)
{
    static const struct {
        sieve_status status;
        const char *name;
    } names[] = {
        {SIEVE_OK, "SIEVE_OK"},
        {SIEVE_STOPPED, "SIEVE_STOPPED"},
        {SIEVE_E_INVALID, "SIEVE_E_INVALID"},
        {SIEVE_E_MEMORY, "SIEVE_E_MEMORY"},
        {SIEVE_E_PATTERN, "SIEVE_E_PATTERN"},
        {SIEVE_E_STATE, "SIEVE_E_STATE"},
        {SIEVE_E_LIMIT, "SIEVE_E_LIMIT"},
        {SIEVE_E_CORRUPT, "SIEVE_E_CORRUPT"},
        {SIEVE_E_IO, "SIEVE_E_IO"},
        {SIEVE_E_INTERNAL, "SIEVE_E_INTERNAL"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        cr_assert_str_eq(sieve_status_name(names[i].status), names[i].name);
    cr_assert_not_null(sieve_status_name((sieve_status)99));
}

Test(api, words_of_reports)
{
    static const char *const kinds[SIEVE_KIND_COUNT] = {
        "pan", "track1", "track2", "emv", "security_code", "pin_block", "rule"};
    static const char *const forms[SIEVE_FORM_COUNT] = {
        "ascii",       "fullwidth-utf8",   "cp932",
        "euc-jp",      "utf-16le",         "utf-16be",
        "iso-2022-jp", "percent",          "json-escape",
        "html-entity", "quoted-printable", "hex",
        "ebcdic"};
    for (int i = 0; i < SIEVE_KIND_COUNT; i++) {
        cr_assert_str_eq(sieve_kind_name((sieve_kind)i), kinds[i]);
        cr_assert_eq(sieve_kind_is_sensitive((sieve_kind)i) != 0,
                     i >= SIEVE_KIND_TRACK1 && i <= SIEVE_KIND_PIN_BLOCK);
    }
    for (int i = 0; i < SIEVE_FORM_COUNT; i++)
        cr_assert_str_eq(sieve_form_name((sieve_form)i), forms[i]);
    cr_assert_str_eq(sieve_confidence_name(SIEVE_LOW), "low");
    cr_assert_str_eq(sieve_confidence_name(SIEVE_MEDIUM), "medium");
    cr_assert_str_eq(sieve_confidence_name(SIEVE_HIGH), "high");
    cr_assert_str_eq(sieve_style_name(SIEVE_STYLE_FIRST6_LAST4), "first6last4");
    cr_assert_str_eq(sieve_style_name(SIEVE_STYLE_LAST4), "last4");
    cr_assert_str_eq(sieve_style_name(SIEVE_STYLE_FULL), "full");
    cr_assert_str_eq(sieve_style_name(SIEVE_STYLE_TOKEN), "token");
    cr_assert_not_null(sieve_style_name((sieve_style)99));
    cr_assert_not_null(sieve_kind_name((sieve_kind)99));
    cr_assert_not_null(sieve_form_name((sieve_form)99));
    cr_assert_not_null(sieve_confidence_name((sieve_confidence)99));
    cr_assert(sieve_version() && sieve_version()[0]);
}

Test(api, null_and_nothing)
{
    struct engine engine = engine_open(NULL);
    sieve_ruleset_free(NULL);
    sieve_scanner_free(NULL);
    cr_assert_eq(sieve_scan(engine.scanner, NULL, 0, NULL, NULL), SIEVE_OK);
    cr_assert_eq(sieve_mask(engine.scanner, NULL, 0, NULL, NULL), SIEVE_OK);
    cr_assert_eq(sieve_scan(engine.scanner, "4111111111111111", 16, NULL, NULL),
                 SIEVE_OK);
    cr_assert_eq(sieve_scan(engine.scanner, NULL, 1, NULL, NULL), SIEVE_E_INVALID);
    cr_assert_eq(sieve_mask(engine.scanner, NULL, 1, NULL, NULL), SIEVE_E_INVALID);
    engine_close(&engine);
}

/* What is beyond the count is NULL, whatever an earlier finding left in that memory. */
static sieve_next look_beyond_reasons(const sieve_finding *finding, void *context)
{
    cr_assert(finding->reason_count > 0 && finding->reason_count < SIEVE_REASONS_MAX);
    for (size_t i = 0; i < SIEVE_REASONS_MAX; i++)
        cr_assert_eq(finding->reasons[i] != NULL, i < finding->reason_count);
    ++*(size_t *)context;
    return SIEVE_CONTINUE;
}

Test(api, reasons_end_with_their_count)
{
    static const char *const texts[] = {"card number: 4111 1111 1111 1111",
                                        "4539148803436467"};
    struct engine engine = engine_open(NULL);
    size_t found = 0;
    for (size_t i = 0; i < 2; i++)
        cr_assert_eq(sieve_scan(engine.scanner, texts[i], strlen(texts[i]),
                                look_beyond_reasons, &found),
                     SIEVE_OK);
    cr_assert_eq(found, 2);
    engine_close(&engine);
}

static sieve_next stop_at_second(const sieve_finding *finding, void *context)
{
    (void)finding;
    return ++*(int *)context == 2 ? SIEVE_STOP : SIEVE_CONTINUE;
}

Test(api, a_callback_may_stop_the_scan)
{
    struct engine engine = engine_open(NULL);
    static const char text[] = "4111111111111111 5555555555554444 378282246310005";
    int calls = 0;
    cr_assert_eq(
        sieve_scan(engine.scanner, text, sizeof text - 1, stop_at_second, &calls),
        SIEVE_STOPPED);
    cr_assert_eq(calls, 2);
    /* The scanner can be used again. */
    calls = -10;
    cr_assert_eq(
        sieve_scan(engine.scanner, text, sizeof text - 1, stop_at_second, &calls),
        SIEVE_OK);
    cr_assert_eq(calls, -7);
    engine_close(&engine);
}

/* Stopped or not, every byte is judged: what is stopped is telling. */
Test(api, equal_numbers_have_equal_cards)
{
    struct engine engine = engine_open(NULL);
    struct engine other = engine_open(NULL);
    struct findings findings = {0};
    struct findings others = {0};
    static const char text[] = "4111111111111111 4111-1111-1111-1111 5555555555554444";
    cr_assert_eq(engine_scan(&engine, text, sizeof text - 1, &findings), SIEVE_OK);
    cr_assert_eq(engine_scan(&other, text, sizeof text - 1, &others), SIEVE_OK);
    cr_assert_eq(findings.count, 3);
    cr_assert(findings.at[0].card[0] == findings.at[1].card[0] &&
              findings.at[0].card[1] == findings.at[1].card[1]);
    cr_assert(findings.at[0].card[0] != findings.at[2].card[0]);
    cr_assert(findings.at[0].card[0] != others.at[0].card[0], "the key is thrown away");
    findings_done(&findings);
    findings_done(&others);
    engine_close(&engine);
    engine_close(&other);
}

struct verdicts {
    int accepted;
    int refused;
    char refusals[256];
};

static void count_verdict(const sieve_verdict *verdict, void *context)
{
    struct verdicts *verdicts = context;
    cr_assert_eq(verdict->accepted, verdict->refusal == NULL);
    cr_assert(verdict->finding.shown[0]);
    if (verdict->accepted) {
        verdicts->accepted++;
        return;
    }
    verdicts->refused++;
    strncat(verdicts->refusals, verdict->refusal,
            sizeof verdicts->refusals - strlen(verdicts->refusals) - 2);
    strcat(verdicts->refusals, " ");
}

Test(api, explain_tells_of_refused_candidates)
{
    struct engine engine = engine_open(NULL);
    struct verdicts verdicts = {0, 0, ""};
    static const char text[] = "4111111111111111, 4111111111111112, 1.4111111111111111, "
                               "4111111111111111****, a4111111111111111";
    cr_assert_eq(
        sieve_explain(engine.scanner, text, sizeof text - 1, count_verdict, &verdicts),
        SIEVE_OK);
    cr_assert_eq(verdicts.accepted, 1);
    cr_assert_str_eq(verdicts.refusals, "luhn range decimal masked hex ");
    engine_close(&engine);
}

Test(api, reasons_have_sentences_in_both_languages)
{
    struct engine engine = engine_open(NULL);
    static const char *const words[] = {
        "range",     "luhn",     "grouped",   "merged",   "wrapped",    "odd",
        "masked",    "uuid",     "hex",       "decimal",  "shape",      "jan",
        "timestamp", "repeated", "bare",      "mixed",    "sequential", "track",
        "emv",       "near",     "word:card", "key:card", "hyphenated", "tier-b",
        "tier-c",    "no-luhn"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const char *en = sieve_reason_sentence(engine.ruleset, words[i], "en");
        const char *ja = sieve_reason_sentence(engine.ruleset, words[i], "ja");
        cr_expect(en && strcmp(en, words[i]) != 0 && strchr(en, ' '), "%s: %s", words[i],
                  en);
        cr_expect(ja && strcmp(ja, words[i]) != 0 && strcmp(ja, en) != 0, "%s: %s",
                  words[i], ja);
    }
    cr_assert_str_eq(sieve_reason_sentence(engine.ruleset, "no such word", "en"),
                     "no such word");
    engine_close(&engine);
}

Test(api, statistics_count_what_was_done)
{
    struct engine engine = engine_open(NULL);
    struct findings findings = {0};
    sieve_stats stats;
    static const char text[] = "4111111111111111, 4111111111111112, 1.4111111111111111\n";
    cr_assert_eq(engine_scan(&engine, text, sizeof text - 1, &findings), SIEVE_OK);
    sieve_scanner_stats(engine.scanner, &stats);
    cr_assert_eq(stats.bytes, sizeof text - 1);
    cr_assert_geq(stats.region_bytes, 16);
    cr_assert_geq(stats.candidates, stats.in_range);
    cr_assert_geq(stats.in_range, stats.luhn);
    cr_assert_geq(stats.luhn, stats.survivors);
    cr_assert_geq(stats.survivors, stats.findings);
    cr_assert_eq(stats.findings, 1);
    findings_done(&findings);
    engine_close(&engine);
}
