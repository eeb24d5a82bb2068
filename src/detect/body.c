/* body.c - what is found in one body: its overlaps are decided, and it is told in order.
 */
#include <string.h>

#include "detect/scanner.h"
#include "detect/token.h"

void body_begin(struct body *body, sieve_on_finding on_finding, void *context)
{
    body->header.delimiter = 0;
    body->header.has_codes = false;
    body->header_known = false;
    body->masking = false;
    body->hides = (struct hide_list){0};
    body->current = NULL;
    body->has_kept = false;
    body->on_finding = on_finding;
    body->on_verdict = NULL;
    body->context = context;
}

sieve_status body_read_head(struct body *body, sieve_scanner *scanner, const void *head,
                            size_t length)
{
    body->header_known = true;
    return header_read(&body->header, &scanner->words, scanner->rules->lexicon, head,
                       length < SIEVE_HEAD ? length : SIEVE_HEAD);
}

/* ---- telling --------------------------------------------------------------------- */

static sieve_form form_of(const struct candidate *candidate)
{
    static const sieve_form forms[MODE_COUNT] = {
        [MODE_RAW] = SIEVE_FORM_ASCII,           [MODE_PERCENT] = SIEVE_FORM_PERCENT,
        [MODE_JSON] = SIEVE_FORM_JSON_ESCAPE,    [MODE_HTML] = SIEVE_FORM_HTML_ENTITY,
        [MODE_QP] = SIEVE_FORM_QUOTED_PRINTABLE, [MODE_HEX] = SIEVE_FORM_HEX,
        [MODE_UTF16LE] = SIEVE_FORM_UTF16LE,     [MODE_UTF16BE] = SIEVE_FORM_UTF16BE,
        [MODE_JIS] = SIEVE_FORM_ISO_2022_JP,     [MODE_EBCDIC] = SIEVE_FORM_EBCDIC,
    };
    static const uint8_t plain[SEQUENCE_DIGITS_MAX] = {CODING_ASCII};
    bool wide = candidate->mode == MODE_RAW &&
                memcmp(candidate->coding, plain, candidate->count) != 0;
    for (size_t i = 0; wide && i < candidate->count; i++) {
        if (candidate->coding[i] == CODING_UTF8)
            return SIEVE_FORM_FULLWIDTH_UTF8;
        if (candidate->coding[i] == CODING_CP932)
            return SIEVE_FORM_CP932;
        if (candidate->coding[i] == CODING_EUC_JP)
            return SIEVE_FORM_EUC_JP;
    }
    return forms[candidate->mode];
}

static void fill_finding(const sieve_scanner *scanner, const struct candidate *candidate,
                         sieve_finding *out)
{
    const sieve_ruleset *rules = scanner->rules;
    memset(out, 0, sizeof *out);
    out->offset = candidate->begin;
    out->length = (uint32_t)(candidate->end - candidate->begin);
    out->digit_count = candidate->count;
    out->test_number = candidate->test;
    out->kind = candidate->kind;
    out->confidence = candidate->confidence;
    out->form = form_of(candidate);
    if (candidate->row)
        out->brand = &rules->patterns->brands[candidate->row->brand].id;
    out->rule = candidate->rule;
    mask_shown(candidate, out->shown);
    out->reason_count = candidate->reason_count;
    memcpy(out->reasons, candidate->reasons,
           candidate->reason_count * sizeof out->reasons[0]);
    token_card(rules->card_key, candidate->digits, candidate->count, out->card);
}

static sieve_status tell_current(struct body *body, sieve_scanner *scanner)
{
    const struct candidate *current = body->current;
    if (!current)
        return SIEVE_OK;
    body->current = NULL;
    scanner->stats.findings++;
    if (!body->on_finding)
        return SIEVE_OK;
    sieve_finding finding;
    fill_finding(scanner, current, &finding);
    scanner->busy = true;
    sieve_next next = body->on_finding(&finding, body->context);
    scanner->busy = false;
    return next == SIEVE_STOP ? SIEVE_STOPPED : SIEVE_OK;
}

/* Of two that overlap: sensitive data, then confidence, then at one start the shorter. */
static bool is_better(const struct candidate *left, const struct candidate *right)
{
    int left_sensitive = sieve_kind_is_sensitive(left->kind);
    int right_sensitive = sieve_kind_is_sensitive(right->kind);
    if (left_sensitive != right_sensitive)
        return left_sensitive > right_sensitive;
    if (left->confidence != right->confidence)
        return left->confidence > right->confidence;
    return left->begin == right->begin && left->end < right->end;
}

static sieve_status report(struct body *body, sieve_scanner *scanner,
                           const struct candidate *candidate)
{
    if (body->current && candidate->begin < body->current->end) {
        if (is_better(candidate, body->current))
            body->current = candidate;
        return SIEVE_OK;
    }
    sieve_status status = tell_current(body, scanner);
    if (status != SIEVE_OK)
        return status;
    body->current = candidate;
    return SIEVE_OK;
}

static void tell_verdict(struct body *body, sieve_scanner *scanner,
                         const struct candidate *candidate)
{
    sieve_verdict verdict = {.accepted = candidate->accepted,
                             .refusal = candidate->refusal};
    fill_finding(scanner, candidate, &verdict.finding);
    body->on_verdict(&verdict, body->context);
}

static bool is_wanted(const sieve_ruleset *rules, const struct candidate *candidate)
{
    return candidate->accepted && candidate->confidence >= rules->min_confidence &&
           (rules->kinds >> candidate->kind & 1u);
}

static bool is_repeat(const struct candidate *left, const struct candidate *right)
{
    return left->begin == right->begin && left->end == right->end &&
           left->kind == right->kind && left->confidence == right->confidence;
}

/* The range's candidates are forgotten with it. */
static void keep_current(struct body *body)
{
    if (!body->current || body->current == &body->kept)
        return;
    body->kept = *body->current;
    body->current = &body->kept;
    body->has_kept = true;
}

sieve_status body_settle(struct body *body, sieve_scanner *scanner,
                         const struct view *view)
{
    const struct candidate *last = NULL;
    for (size_t i = 0; i < scanner->found.count; i++) {
        struct candidate *candidate = &scanner->found.items[i];
        if (body->on_verdict)
            tell_verdict(body, scanner, candidate);
        if (!is_wanted(scanner->rules, candidate) || (last && is_repeat(last, candidate)))
            continue;
        last = candidate;
        if (body->masking) {
            sieve_status status =
                mask_note(&body->hides, &scanner->rules->mask, candidate, view);
            if (status != SIEVE_OK)
                return status;
        }
        sieve_status status = report(body, scanner, candidate);
        if (status != SIEVE_OK)
            return status;
    }
    keep_current(body);
    return SIEVE_OK;
}

sieve_status body_finish(struct body *body, sieve_scanner *scanner)
{
    return tell_current(body, scanner);
}

void body_done(struct body *body)
{
    hide_list_free(&body->hides);
    body->current = NULL;
    if (body->has_kept)
        explicit_bzero(&body->kept, sizeof body->kept);
    body->has_kept = false;
}
