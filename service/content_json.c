/* content_json.c - JSON stays JSON when a bare number in it was masked.
 *
 * The mask has written `4111110000` as `411111****`, or as letters, which is no JSON.
 * Where a value stands JSON has no other words than numbers, true, false and null, so
 * such a word was written by the mask.  (The stream tells of a finding sometimes later
 * than it hands its bytes on, so findings cannot be asked.)  What claims to be JSON and
 * is none passes as it is, as far as it does not look like that.
 */
#include "service/content.h"

#include <stdlib.h>

#include "base/wipe.h"

/* Bytes of a word that waits to be seen whole.  No number that is found is longer. */
#define TOKEN_LENGTH_MAX 128u

/* Letters in place of a number are as many as its digits. */
#define LETTERS_MIN 12u

enum place {
    PLACE_OUTSIDE,
    PLACE_STRING,
    PLACE_ESCAPE, /* behind a backslash in a string */
    PLACE_TOKEN,
    PLACE_LONG_TOKEN
};

struct json_stage {
    struct stage base;
    struct json_plan plan;
    struct content_notes *notes;
    enum place place;
    unsigned char
        before; /* the last byte outside that was no blank; 0 at a line's start */
    unsigned char token_before; /* the same, of the token that waits */
    size_t length;              /* of the token that waits */
    unsigned char token[TOKEN_LENGTH_MAX];
};

static int is_token_byte(unsigned char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z') || byte == '*' || byte == '-' || byte == '+' ||
           byte == '.' || byte == '#';
}

static int is_digit(unsigned char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Digits and at least one mask, behind a sign if there is one. */
static int is_starred(struct bytes token)
{
    size_t stars = 0;
    if (token.length > 0 && token.at[0] == '-')
        token = bytes_from(token, 1);
    for (size_t index = 0; index < token.length; index++) {
        if (token.at[index] == '*')
            stars++;
        else if (!is_digit(token.at[index]))
            return 0;
    }
    return stars > 0 && token.length > 2;
}

/* Too long for true, false or null; no number, not even with an exponent. */
static int is_lettered(struct bytes token)
{
    size_t letters = 0;
    for (size_t index = 0; index < token.length; index++) {
        const unsigned char byte = token.at[index];
        const int is_letter =
            (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
        if (!is_letter && !is_digit(byte))
            return 0;
        letters += is_letter && byte != 'e' && byte != 'E';
    }
    return letters > 0 && token.length >= LETTERS_MIN;
}

static int was_masked(const struct json_stage *json, struct bytes token)
{
    const unsigned char before = json->token_before;
    const int is_value = before == ':' || before == ',' || before == '[' ||
                         before == '\0' || before == 0x1E;
    return is_value && (json->plan.with_letters ? is_lettered(token) : is_starred(token));
}

/* ---- what is put in its place --------------------------------------------------------
 */

static sieve_status put_blank(struct json_stage *json, struct bytes token)
{
    unsigned char text[TOKEN_LENGTH_MAX];
    const size_t sign = token.at[0] == '-' && token.length > 1;
    memset(text, ' ', token.length);
    if (sign)
        text[0] = '-';
    text[sign] = '0';
    json->notes->zeroed++;
    return stage_write(json->base.next, bytes_of(text, token.length));
}

static sieve_status put_string(struct json_stage *json, struct bytes token)
{
    unsigned char text[TOKEN_LENGTH_MAX + 2];
    text[0] = '"';
    memcpy(text + 1, token.at, token.length);
    text[token.length + 1] = '"';
    json->notes->quoted++;
    return stage_write(json->base.next, bytes_of(text, token.length + 2));
}

static sieve_status end_token(struct json_stage *json)
{
    const struct bytes token = bytes_of(json->token, json->length);
    json->length = 0;
    if (token.length == 0)
        return SIEVE_OK;
    json->before = token.at[token.length - 1];
    if (!was_masked(json, token))
        return stage_write(json->base.next, token);
    return json->plan.as_strings ? put_string(json, token) : put_blank(json, token);
}

/* ---- runs of bytes of one kind -------------------------------------------------------
 */

/* Bytes of a string up to its end, a backslash, or all. */
static size_t string_run(struct bytes bytes)
{
    size_t length = 0;
    while (length < bytes.length && bytes.at[length] != '"' && bytes.at[length] != '\\')
        length++;
    return length;
}

static size_t outside_run(struct bytes bytes)
{
    size_t length = 0;
    while (length < bytes.length && bytes.at[length] != '"' &&
           !is_token_byte(bytes.at[length]))
        length++;
    return length;
}

static struct bytes take(struct bytes *bytes, size_t length)
{
    const struct bytes run = bytes_of(bytes->at, length);
    *bytes = bytes_from(*bytes, length);
    return run;
}

/* The last byte of a run outside of strings and words that says what may follow. */
static void note_before(struct json_stage *json, struct bytes run)
{
    for (size_t index = 0; index < run.length; index++) {
        const unsigned char byte = run.at[index];
        if (byte == '\n')
            json->before =
                json->before == ':' || json->before == ',' || json->before == '['
                    ? json->before
                    : 0;
        else if (byte != ' ' && byte != '\t' && byte != '\r')
            json->before = byte;
    }
}

/* Hands on the string's bytes that are here; moves `bytes` behind them. */
static sieve_status in_string(struct json_stage *json, struct bytes *bytes)
{
    size_t length = string_run(*bytes);
    if (length < bytes->length) {
        json->place = bytes->at[length] == '"' ? PLACE_OUTSIDE : PLACE_ESCAPE;
        length++;
    }
    const struct bytes run = take(bytes, length);
    return stage_write(json->base.next, run);
}

static sieve_status outside(struct json_stage *json, struct bytes *bytes)
{
    size_t length = outside_run(*bytes);
    note_before(json, bytes_of(bytes->at, length));
    if (length < bytes->length && bytes->at[length] == '"') {
        json->place = PLACE_STRING;
        json->before = '"';
        length++;
    } else if (length < bytes->length) {
        json->place = PLACE_TOKEN;
        json->token_before = json->before;
    }
    if (length == 0)
        return SIEVE_OK;
    return stage_write(json->base.next, take(bytes, length));
}

static sieve_status in_token(struct json_stage *json, struct bytes *bytes)
{
    while (bytes->length > 0 && is_token_byte(bytes->at[0])) {
        if (json->length == sizeof json->token) {
            json->place = PLACE_LONG_TOKEN;
            return end_token(json);
        }
        json->token[json->length++] = bytes->at[0];
        *bytes = bytes_from(*bytes, 1);
    }
    if (bytes->length == 0)
        return SIEVE_OK;
    json->place = PLACE_OUTSIDE;
    return end_token(json);
}

/* The rest of what is too long for a number. */
static sieve_status in_long_token(struct json_stage *json, struct bytes *bytes)
{
    size_t length = 0;
    while (length < bytes->length && is_token_byte(bytes->at[length]))
        length++;
    if (length < bytes->length)
        json->place = PLACE_OUTSIDE;
    const struct bytes run = take(bytes, length);
    return length > 0 ? stage_write(json->base.next, run) : SIEVE_OK;
}

static sieve_status step(struct json_stage *json, struct bytes *bytes)
{
    switch (json->place) {
    case PLACE_STRING:
        return in_string(json, bytes);
    case PLACE_ESCAPE: {
        const struct bytes one = take(bytes, 1);
        json->place = PLACE_STRING;
        return stage_write(json->base.next, one);
    }
    case PLACE_TOKEN:
        return in_token(json, bytes);
    case PLACE_LONG_TOKEN:
        return in_long_token(json, bytes);
    case PLACE_OUTSIDE:
        break;
    }
    return outside(json, bytes);
}

/* ---- the step ------------------------------------------------------------------------
 */

static sieve_status json_write(struct stage *self, struct bytes chunk)
{
    sieve_status status = SIEVE_OK;
    while (chunk.length > 0 && status == SIEVE_OK)
        status = step((struct json_stage *)self, &chunk);
    return status;
}

static sieve_status json_finish(struct stage *self)
{
    sieve_status status = end_token((struct json_stage *)self);
    return status == SIEVE_OK ? stage_finish(self->next) : status;
}

static void json_free(struct stage *self)
{
    stage_free(self->next);
    wipe_free(self, sizeof(struct json_stage));
}

static const struct stage_ops json_stage_ops = {
    .name = "json",
    .write = json_write,
    .finish = json_finish,
    .free = json_free,
};

int json_is_untouched(const struct json_plan *plan, struct bytes masked)
{
    return masked.length == 0 ||
           (!plan->with_letters && !memchr(masked.at, '*', masked.length));
}

sieve_status json_stage_new(const struct json_plan *plan, struct content_notes *notes,
                            struct stage *next, struct stage **out)
{
    struct json_stage *json = calloc(1, sizeof *json);
    if (!json)
        return SIEVE_E_MEMORY;
    json->base = (struct stage){&json_stage_ops, next};
    json->plan = *plan;
    json->notes = notes;
    *out = &json->base;
    return SIEVE_OK;
}
