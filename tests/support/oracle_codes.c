/* oracle_codes.c - section 8 of docs/detection.md. */
#include <string.h>

#include "patterns/patterns.h"
#include "support/oracle_frames.h"

#define CARD_WORD_MAX    200
#define PIN_BLOCK_DIGITS 16

struct value {
    size_t from;
    size_t to;
    unsigned digits;
    sieve_form form;
    int hex;
};

static int is_letter(int byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static int is_hex_digit(int byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') ||
           (byte >= 'A' && byte <= 'F');
}

/* Nothing but other characters beside it; an escape before it is one. */
static int stands_alone(const struct oracle_text *text, size_t from, size_t to)
{
    struct unit unit;
    uint32_t code;
    if (unit_at(text, MODE_RAW, to).kind == UNIT_DIGIT ||
        unit_at(text, MODE_RAW, to).kind == UNIT_MASK ||
        (to < text->length && is_letter(text->bytes[to])))
        return 0;
    if (escape_ending(text, MODE_PERCENT, from, &code))
        return 1;
    return !unit_ending(text, MODE_RAW, from, UNIT_DIGIT, &unit) &&
           !unit_ending(text, MODE_RAW, from, UNIT_MASK, &unit) &&
           (from == 0 || !is_letter(text->bytes[from - 1]));
}

/* A run of digits of any width that begins here, all of it. */
static int digits_at(const struct oracle_text *text, size_t at, struct value *out)
{
    *out = (struct value){.from = at, .to = at, .form = SIEVE_FORM_ASCII};
    for (;;) {
        struct unit unit = unit_at(text, MODE_RAW, out->to);
        if (out->to >= text->length || unit.kind != UNIT_DIGIT)
            break;
        if (out->form == SIEVE_FORM_ASCII)
            out->form = unit.form;
        out->to += unit.length;
        out->digits++;
    }
    return out->digits > 0 && stands_alone(text, out->from, out->to);
}

static int pin_block_at(const struct oracle_text *text, size_t at, struct value *out)
{
    size_t to = at;
    while (to < text->length && is_hex_digit(text->bytes[to]))
        to++;
    *out = (struct value){at, to, PIN_BLOCK_DIGITS, SIEVE_FORM_ASCII, 1};
    return to - at == PIN_BLOCK_DIGITS && stands_alone(text, at, to);
}

static int value_at(const struct oracle_text *text, int effect, size_t at,
                    struct value *out)
{
    if (effect == WORD_PIN && pin_block_at(text, at, out))
        return 1;
    if (!digits_at(text, at, out))
        return 0;
    return effect == WORD_PIN ? out->digits >= 4 && out->digits <= 6
                              : out->digits == 3 || out->digits == 4;
}

/* Wholly within 200 bytes before, or behind on the same line. */
static int raising_word_within(const struct oracle_text *text,
                               const struct word_hits *hits, const struct value *value)
{
    for (size_t i = 0; i < hits->count; i++) {
        const struct word_hit *hit = &hits->at[i];
        if (hit->row->effect != WORD_RAISE || hit->row->key_only ||
            word_is_inner(hits, hit))
            continue;
        if (hit->end <= value->from && value->from - hit->begin <= CARD_WORD_MAX)
            return 1;
        if (hit->begin >= value->to && hit->end - value->to <= CARD_WORD_MAX &&
            !memchr(text->bytes + value->to, '\n', hit->end - value->to))
            return 1;
    }
    return 0;
}

static void give(const struct value *value, int effect, int confidence,
                 on_sensitive found, void *context)
{
    struct oracle_finding finding = {
        .offset = value->from,
        .length = value->to - value->from,
        .kind = effect == WORD_PIN ? SIEVE_KIND_PIN_BLOCK : SIEVE_KIND_SECURITY_CODE,
        .confidence = (sieve_confidence)confidence,
        .form = value->form,
        .digit_count = value->digits,
    };
    found(&finding, value->hex, context);
}

/* s:3:"123" of PHP: the length is no value. */
static int is_php_length(const struct oracle_text *text, size_t name_end, size_t at)
{
    return at >= name_end + 2 && text->bytes[at - 1] == ':' &&
           (text->bytes[at - 2] | 0x20) == 's';
}

static int may_name(const struct word_hit *hit)
{
    return (hit->row->effect == WORD_CODE || hit->row->effect == WORD_PIN) &&
           (hit->encoding == WORD_BYTES || hit->encoding == WORD_CP932 ||
            hit->encoding == WORD_EUC_JP || hit->encoding == WORD_JSON ||
            hit->encoding == WORD_PERCENT_UTF8);
}

static int begins_value(const struct oracle_text *text, int effect, size_t at)
{
    struct value block;
    return unit_at(text, MODE_RAW, at).kind == UNIT_DIGIT ||
           (effect == WORD_PIN && pin_block_at(text, at, &block));
}

/* What begins with the first digit behind a name, with nothing but key characters
 * between, is the value. */
static void code_behind(const struct oracle_text *text, const struct word_hits *hits,
                        const struct word_hit *name, on_sensitive found, void *context)
{
    int effect = name->row->effect;
    size_t at = name->end;
    struct value value;
    int delimited;
    int spaces;
    /* One digit of the name's own: cvv2. */
    if (at < text->length && unit_at(text, MODE_RAW, at).kind == UNIT_DIGIT) {
        at += unit_at(text, MODE_RAW, at).length;
        if (at < text->length && unit_at(text, MODE_RAW, at).kind == UNIT_DIGIT)
            return;
    }
    while (at < text->length && at - name->end <= UINT8_MAX) {
        uint32_t code;
        size_t escape = escape_at(text, MODE_PERCENT, at, &code);
        if (escape == 0 && begins_value(text, effect, at) &&
            !is_php_length(text, name->end, at))
            break;
        at += escape ? escape : 1;
    }
    if (at >= text->length || at == name->end ||
        !key_gap(text, name->end, at, &delimited, &spaces) ||
        !value_at(text, effect, at, &value))
        return;
    struct context words = context_of(text, hits, value.from, value.to);
    if (name->row->weak) {
        if (delimited && raising_word_within(text, hits, &value))
            give(&value, effect, SIEVE_MEDIUM, found, context);
    } else if (delimited) {
        give(&value, effect, SIEVE_HIGH, found, context);
    } else if (spaces && words.effect_near) {
        give(&value, effect, SIEVE_MEDIUM, found, context);
    }
}

/* A cell that is the value and nothing else but quotes and spaces. */
static int is_whole_cell(const struct oracle_text *text, const struct value *value)
{
    size_t from = value->from;
    size_t to = value->to;
    while (from > 0 && (text->bytes[from - 1] == ' ' || text->bytes[from - 1] == '"'))
        from--;
    while (to < text->length &&
           (text->bytes[to] == ' ' || text->bytes[to] == '"' || text->bytes[to] == '\r'))
        to++;
    int parting = table_parting(text);
    int before = from > 0 ? text->bytes[from - 1] : '\n';
    int behind = to < text->length ? text->bytes[to] : '\n';
    return (before == parting || before == '\n') && (behind == parting || behind == '\n');
}

static void code_in_column(const struct oracle_text *text, const struct word_hits *hits,
                           size_t at, on_sensitive found, void *context)
{
    struct value value;
    const struct word_row *column = column_word(text, hits, at);
    if (!column || (column->effect != WORD_CODE && column->effect != WORD_PIN))
        return;
    if (value_at(text, column->effect, at, &value) && is_whole_cell(text, &value))
        give(&value, column->effect, column->weak ? SIEVE_MEDIUM : SIEVE_HIGH, found,
             context);
}

void codes_each(const struct oracle_text *text, const struct word_hits *hits,
                on_sensitive found, void *context)
{
    for (size_t i = 0; i < hits->count; i++)
        if (may_name(&hits->at[i]) && !word_is_inner(hits, &hits->at[i]))
            code_behind(text, hits, &hits->at[i], found, context);
    for (size_t at = 0; at < text->length; at++)
        code_in_column(text, hits, at, found, context);
}
