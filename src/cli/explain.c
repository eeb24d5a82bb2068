/* explain.c - why a string is, or is not, a card number, in a person's words. */
#include "cli/explain.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "patterns/patterns.h"

/* A phrase in both languages. */
struct phrase {
    const char *en;
    const char *ja;
};

static const struct phrase kinds[SIEVE_KIND_COUNT] = {
    [SIEVE_KIND_PAN] = {"a card number", "カード番号"},
    [SIEVE_KIND_TRACK1] = {"magnetic stripe data, track 1",
                           "磁気ストライプのデータ（トラック1）"},
    [SIEVE_KIND_TRACK2] = {"magnetic stripe data, track 2",
                           "磁気ストライプのデータ（トラック2）"},
    [SIEVE_KIND_EMV] = {"chip data", "ICチップのデータ"},
    [SIEVE_KIND_SECURITY_CODE] = {"a security code", "セキュリティコード"},
    [SIEVE_KIND_PIN_BLOCK] = {"a PIN or PIN block", "暗証番号またはPINブロック"},
    [SIEVE_KIND_RULE] = {"what a rule of your own looks for", "独自ルールの対象"},
};

static const struct phrase confidences[] = {
    [SIEVE_LOW] = {"low", "低"},
    [SIEVE_MEDIUM] = {"medium", "中"},
    [SIEVE_HIGH] = {"high", "高"},
};

static const struct phrase nothing = {
    "Nothing here has the digits of a card number (11 to 19 of them).\n",
    "カード番号になりうる数字（11～19桁）はありません。\n"};
static const struct phrase is_taken = {"This is %s", "判定: %s"};
static const struct phrase is_refused = {"This is no card number: %s.\n",
                                         "判定: カード番号ではない（%s）\n"};
static const struct phrase brand_is = {", %s", "、%s"};
static const struct phrase confidence_is = {"; confidence %s.\n", "、確度 %s\n"};
static const struct phrase is_test = {
    "    Published as a test number: no harm in a test, a finding in production.\n",
    "    "
    "公開テスト番号です。テスト環境では問題ありませんが、本番環境では検出対象です。\n"};
static const struct phrase is_low = {
    "    Reported only with --min-confidence low.\n",
    "    --min-confidence low を指定した場合にのみ報告されます。\n"};
static const struct phrase is_sensitive = {
    "    May never be kept after authorisation, not even encrypted.\n",
    "    オーソリ後は暗号化していても保存できない機密認証データです。\n"};

static const char *say(const struct explanation *explanation, struct phrase phrase)
{
    return strcmp(explanation->language, "ja") == 0 ? phrase.ja : phrase.en;
}

static void put_phrase(const struct explanation *explanation, struct phrase phrase)
{
    writer_text(explanation->writer, say(explanation, phrase));
}

/* A phrase with one %s. */
static void put_filled(const struct explanation *explanation, struct phrase phrase,
                       const char *word)
{
    const char *text = say(explanation, phrase);
    const char *gap = strstr(text, "%s");
    writer_put(explanation->writer, bytes_of(text, (size_t)(gap - text)));
    writer_text(explanation->writer, word);
    writer_text(explanation->writer, gap + 2);
}

static void put_reason(const struct explanation *explanation, const char *reason)
{
    writer_text(explanation->writer, "    - ");
    writer_text(explanation->writer, sieve_reason_sentence(explanation->ruleset, reason,
                                                           explanation->language));
    writer_text(explanation->writer, "\n");
}

/* "luhn" and "range" say one thing of a number taken and another of one refused. */
static void put_refusal(const struct explanation *explanation, const char *refusal)
{
    char word[64];
    (void)snprintf(word, sizeof word, "refused:%s", refusal);
    const char *sentence =
        sieve_reason_sentence(explanation->ruleset, word, explanation->language);
    if (strcmp(sentence, word) == 0)
        sentence =
            sieve_reason_sentence(explanation->ruleset, refusal, explanation->language);
    put_filled(explanation, is_refused, sentence);
}

/* "411111******1111 (byte 5, 16 digits, plain digits)" */
static void put_place(const struct explanation *explanation, const sieve_finding *finding)
{
    static const struct phrase byte_at = {" (byte %s", "（%s バイト目"};
    static const struct phrase digits = {", %s digits", "、%s 桁"};
    static const struct phrase form_is = {", %s)\n", "、%s）\n"};
    char text[NUMBER_TEXT_MAX];
    struct phrase title = {"?", "?"};
    if ((size_t)finding->form < explanation->patterns->form_count) {
        const struct form_row *form = &explanation->patterns->forms[finding->form];
        title = (struct phrase){form->title_en, form->title_ja};
    }
    writer_text(explanation->writer, finding->shown);
    number_text(finding->offset + 1, text);
    put_filled(explanation, byte_at, text);
    number_text(finding->digit_count, text);
    if (finding->digit_count > 0)
        put_filled(explanation, digits, text);
    put_filled(explanation, form_is, say(explanation, title));
}

static void put_acceptance(const struct explanation *explanation,
                           const sieve_finding *finding)
{
    put_filled(explanation, is_taken, say(explanation, kinds[finding->kind]));
    if (finding->brand)
        put_filled(explanation, brand_is, finding->brand->title);
    if (finding->rule)
        put_filled(explanation, brand_is, finding->rule);
    put_filled(explanation, confidence_is,
               say(explanation, confidences[finding->confidence]));
    for (size_t i = 0; i < finding->reason_count; i++)
        put_reason(explanation, finding->reasons[i]);
    if (finding->test_number)
        put_phrase(explanation, is_test);
    if (sieve_kind_is_sensitive(finding->kind))
        put_phrase(explanation, is_sensitive);
    if (finding->confidence == SIEVE_LOW)
        put_phrase(explanation, is_low);
}

static void on_verdict(const sieve_verdict *verdict, void *context)
{
    struct explanation *explanation = context;
    if (explanation->count > 0)
        writer_text(explanation->writer, "\n");
    explanation->count++;
    put_place(explanation, &verdict->finding);
    writer_text(explanation->writer, "  ");
    if (verdict->accepted) {
        explanation->accepted++;
        put_acceptance(explanation, &verdict->finding);
        return;
    }
    put_refusal(explanation, verdict->refusal ? verdict->refusal : "refused");
}

sieve_status explain_bytes(struct explanation *explanation, struct bytes bytes)
{
    sieve_scanner *scanner = NULL;
    sieve_status status = sieve_scanner_new(explanation->ruleset, &scanner);
    if (status == SIEVE_OK)
        status = sieve_explain(scanner, bytes.at, bytes.length, on_verdict, explanation);
    sieve_scanner_free(scanner);
    if (status == SIEVE_OK && explanation->count == 0)
        put_phrase(explanation, nothing);
    return status;
}
