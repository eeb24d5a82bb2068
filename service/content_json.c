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
#include "service/json_word.h"

/* Characters of a word that waits to be seen whole.  No number that is found is longer.
 */
#define TOKEN_LENGTH_MAX 128u

/* What stands in for a character that is not ASCII. */
#define OTHER 0x01u

/* The bytes of the longest mark of an encoding; two tell UTF-16 without one. */
#define MARK_LENGTH 3u

enum place {
    PLACE_START, /* the encoding is not known so far */
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
    size_t width; /* bytes of a character: 2 in UTF-16 */
    size_t low;   /* which of them is the ASCII one */
    unsigned char
        before; /* the last byte outside that was no blank; 0 at a line's start */
    unsigned char token_before; /* the same, of the token that waits */
    size_t length;              /* of the token that waits */
    unsigned char token[TOKEN_LENGTH_MAX];
    size_t held_length; /* of the mark, or the first half of a character */
    unsigned char held[MARK_LENGTH];
};

static unsigned char character(const struct json_stage *json, const unsigned char *at)
{
    if (json->width == 1)
        return at[0];
    return at[1 - json->low] == 0 ? at[json->low] : OTHER;
}

static int was_masked(const struct json_stage *json, struct bytes token)
{
    const unsigned char before = json->token_before;
    const int is_value = before == ':' || before == ',' || before == '[' ||
                         before == '\0' || before == 0x1E;
    return is_value && json_word_is_masked(token, json->plan.with_letters);
}

/* ---- what is put in its place --------------------------------------------------------
 */

/* ASCII, in the encoding at hand. */
static sieve_status put_text(const struct json_stage *json, struct bytes text)
{
    unsigned char wide[2 * (TOKEN_LENGTH_MAX + 2)] = {0};
    if (json->width == 1)
        return stage_write(json->base.next, text);
    for (size_t index = 0; index < text.length; index++)
        wide[2 * index + json->low] = text.at[index];
    return stage_write(json->base.next, bytes_of(wide, 2 * text.length));
}

static sieve_status put_blank(struct json_stage *json, struct bytes token)
{
    unsigned char text[TOKEN_LENGTH_MAX];
    const size_t sign = token.at[0] == '-' && token.length > 1;
    memset(text, ' ', token.length);
    if (sign)
        text[0] = '-';
    text[sign] = '0';
    json->notes->zeroed++;
    return put_text(json, bytes_of(text, token.length));
}

static sieve_status put_string(struct json_stage *json, struct bytes token)
{
    unsigned char text[TOKEN_LENGTH_MAX + 2];
    text[0] = '"';
    memcpy(text + 1, token.at, token.length);
    text[token.length + 1] = '"';
    json->notes->quoted++;
    return put_text(json, bytes_of(text, token.length + 2));
}

static sieve_status end_token(struct json_stage *json)
{
    const struct bytes token = bytes_of(json->token, json->length);
    json->length = 0;
    if (token.length == 0)
        return SIEVE_OK;
    json->before = token.at[token.length - 1];
    if (!was_masked(json, token))
        return put_text(json, token);
    return json->plan.as_strings ? put_string(json, token) : put_blank(json, token);
}

/* ---- runs of characters of one kind --------------------------------------------------
 */

/* Bytes of a string up to its end, a backslash, or all. */
static size_t string_run(const struct json_stage *json, struct bytes bytes)
{
    size_t length = 0;
    for (; length < bytes.length; length += json->width) {
        const unsigned char byte = character(json, bytes.at + length);
        if (byte == '"' || byte == '\\')
            break;
    }
    return length;
}

static size_t outside_run(const struct json_stage *json, struct bytes bytes)
{
    size_t length = 0;
    for (; length < bytes.length; length += json->width) {
        const unsigned char byte = character(json, bytes.at + length);
        if (byte == '"' || json_is_word_byte(byte))
            break;
    }
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
    for (size_t index = 0; index < run.length; index += json->width) {
        const unsigned char byte = character(json, run.at + index);
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
    size_t length = string_run(json, *bytes);
    if (length < bytes->length) {
        const int is_end = character(json, bytes->at + length) == '"';
        json->place = is_end ? PLACE_OUTSIDE : PLACE_ESCAPE;
        length += json->width;
    }
    const struct bytes run = take(bytes, length);
    return stage_write(json->base.next, run);
}

static sieve_status outside(struct json_stage *json, struct bytes *bytes)
{
    size_t length = outside_run(json, *bytes);
    note_before(json, bytes_of(bytes->at, length));
    if (length < bytes->length && character(json, bytes->at + length) == '"') {
        json->place = PLACE_STRING;
        json->before = '"';
        length += json->width;
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
    while (bytes->length > 0 && json_is_word_byte(character(json, bytes->at))) {
        if (json->length == sizeof json->token) {
            json->place = PLACE_LONG_TOKEN;
            return end_token(json);
        }
        json->token[json->length++] = character(json, bytes->at);
        *bytes = bytes_from(*bytes, json->width);
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
    while (length < bytes->length &&
           json_is_word_byte(character(json, bytes->at + length)))
        length += json->width;
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
        const struct bytes one = take(bytes, json->width);
        json->place = PLACE_STRING;
        return stage_write(json->base.next, one);
    }
    case PLACE_TOKEN:
        return in_token(json, bytes);
    case PLACE_LONG_TOKEN:
        return in_long_token(json, bytes);
    case PLACE_START:
    case PLACE_OUTSIDE:
        break;
    }
    return outside(json, bytes);
}

/* ---- the encoding --------------------------------------------------------------------
 */

/* A text of JSON begins with ASCII, perhaps behind a mark (RFC 8259, 8.1: it should be
 * UTF-8; RFC 4627, 3: what a zero byte says).  Returns the mark's length. */
static size_t read_encoding(struct json_stage *json, struct bytes head)
{
    static const unsigned char utf8[] = {0xEF, 0xBB, 0xBF};
    const unsigned first = head.length > 1 ? head.at[0] : 1;
    const unsigned second = head.length > 1 ? head.at[1] : 1;
    const int is_marked =
        (first == 0xFF && second == 0xFE) || (first == 0xFE && second == 0xFF);
    json->place = PLACE_OUTSIDE;
    json->width = is_marked || (first == 0) != (second == 0) ? 2 : 1;
    json->low = first == 0 || first == 0xFE ? 1 : 0;
    if (is_marked)
        return 2;
    return head.length == 3 && memcmp(head.at, utf8, 3) == 0 ? 3 : 0;
}

static sieve_status walk(struct json_stage *json, struct bytes bytes)
{
    sieve_status status = SIEVE_OK;
    while (bytes.length > 0 && status == SIEVE_OK)
        status = step(json, &bytes);
    return status;
}

/* Whole characters are walked; what is left of one waits for its rest. */
static sieve_status walk_whole(struct json_stage *json, struct bytes bytes)
{
    sieve_status status = SIEVE_OK;
    if (json->held_length > 0 && bytes.length > 0) {
        const unsigned char pair[2] = {json->held[0], bytes.at[0]};
        json->held_length = 0;
        bytes = bytes_from(bytes, 1);
        status = walk(json, bytes_of(pair, 2));
    }
    const size_t rest = bytes.length % json->width;
    if (status == SIEVE_OK)
        status = walk(json, bytes_of(bytes.at, bytes.length - rest));
    if (rest > 0)
        json->held[json->held_length++] = bytes.at[bytes.length - 1];
    return status;
}

/* As much as tells the encoding is here. */
static sieve_status begin(struct json_stage *json)
{
    unsigned char head[MARK_LENGTH];
    const size_t length = json->held_length;
    memcpy(head, json->held, length);
    json->held_length = 0;
    const size_t mark = read_encoding(json, bytes_of(head, length));
    const sieve_status status =
        mark > 0 ? stage_write(json->base.next, bytes_of(head, mark)) : SIEVE_OK;
    return status == SIEVE_OK ? walk_whole(json, bytes_of(head + mark, length - mark))
                              : status;
}

/* ---- the step ------------------------------------------------------------------------
 */

static sieve_status json_write(struct stage *self, struct bytes chunk)
{
    struct json_stage *json = (struct json_stage *)self;
    sieve_status status = SIEVE_OK;
    while (json->place == PLACE_START && chunk.length > 0) {
        json->held[json->held_length++] = chunk.at[0];
        chunk = bytes_from(chunk, 1);
        if (json->held_length == MARK_LENGTH)
            status = begin(json);
    }
    return status == SIEVE_OK && chunk.length > 0 ? walk_whole(json, chunk) : status;
}

static sieve_status json_finish(struct stage *self)
{
    struct json_stage *json = (struct json_stage *)self;
    sieve_status status = json->place == PLACE_START ? begin(json) : SIEVE_OK;
    if (status == SIEVE_OK)
        status = end_token(json);
    if (status == SIEVE_OK && json->held_length > 0)
        status = stage_write(json->base.next, bytes_of(json->held, json->held_length));
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
