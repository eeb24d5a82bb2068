/* content_json.c - JSON stays JSON when a bare number in it was masked.
 *
 * The mask has written `4111110000` as `411111****`, which is no JSON.  A word outside of
 * strings that a finding touches is such a number.  What claims to be JSON and is none
 * passes as it is.
 */
#include "service/content.h"

#include <stdlib.h>

#include "base/wipe.h"

/* Bytes of a word that waits to be seen whole.  No number that is found is longer. */
#define TOKEN_LENGTH_MAX 128u

/* Bytes of the ranges of findings that wait: those of one piece of a stream. */
#define RANGES_LENGTH_MAX (4u << 20)

struct range {
    uint64_t from;
    uint64_t to;
};

enum place {
    PLACE_OUTSIDE,
    PLACE_STRING,
    PLACE_ESCAPE, /* behind a backslash in a string */
    PLACE_TOKEN,
    PLACE_LONG_TOKEN
};

struct json_stage {
    struct stage base;
    int as_strings;
    struct content_notes *notes;
    enum place place;
    uint64_t offset; /* of the next byte that comes */
    size_t length;   /* of the token that waits */
    unsigned char token[TOKEN_LENGTH_MAX];
};

static int is_token_byte(unsigned char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z') || byte == '*' || byte == '-' || byte == '+' ||
           byte == '.' || byte == '#';
}

/* ---- where the mask has been ---------------------------------------------------------
 */

void content_notes_init(struct content_notes *notes)
{
    *notes = (struct content_notes){.status = SIEVE_OK};
    buffer_init(&notes->ranges, RANGES_LENGTH_MAX);
}

void content_notes_done(struct content_notes *notes)
{
    buffer_done(&notes->ranges);
}

void content_notes_finding(struct content_notes *notes, const sieve_finding *finding)
{
    const struct range range = {finding->offset, finding->offset + finding->length};
    if (notes->passed == notes->ranges.length) {
        notes->ranges.length = 0;
        notes->passed = 0;
    }
    if (notes->status == SIEVE_OK)
        notes->status = buffer_append(&notes->ranges, bytes_of(&range, sizeof range));
}

/* 1 if a finding touches [from, to); ranges before that are done with. */
static int touches(struct content_notes *notes, uint64_t from, uint64_t to)
{
    while (notes->passed < notes->ranges.length) {
        struct range range;
        memcpy(&range, notes->ranges.at + notes->passed, sizeof range);
        if (range.to > from)
            return range.from < to;
        notes->passed += sizeof range;
    }
    return 0;
}

static int is_number_byte(unsigned char byte)
{
    return (byte >= '0' && byte <= '9') || byte == '-' || byte == '+' || byte == '.' ||
           byte == 'e' || byte == 'E';
}

/* A number's place that a finding touches holds what no number has. */
static int was_masked(const struct json_stage *json, struct bytes token)
{
    const uint64_t from = json->offset - token.length;
    if (!touches(json->notes, from, json->offset))
        return 0;
    for (size_t index = 0; index < token.length; index++) {
        if (!is_number_byte(token.at[index]))
            return 1;
    }
    return 0;
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
    if (!was_masked(json, token))
        return stage_write(json->base.next, token);
    return json->as_strings ? put_string(json, token) : put_blank(json, token);
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

static struct bytes take(struct json_stage *json, struct bytes *bytes, size_t length)
{
    const struct bytes run = bytes_of(bytes->at, length);
    *bytes = bytes_from(*bytes, length);
    json->offset += length;
    return run;
}

/* Hands on the string's bytes that are here; moves `bytes` behind them. */
static sieve_status in_string(struct json_stage *json, struct bytes *bytes)
{
    size_t length = string_run(*bytes);
    if (length < bytes->length) {
        json->place = bytes->at[length] == '"' ? PLACE_OUTSIDE : PLACE_ESCAPE;
        length++;
    }
    const struct bytes run = take(json, bytes, length);
    return stage_write(json->base.next, run);
}

static sieve_status outside(struct json_stage *json, struct bytes *bytes)
{
    size_t length = outside_run(*bytes);
    if (length < bytes->length && bytes->at[length] == '"') {
        json->place = PLACE_STRING;
        length++;
    } else if (length < bytes->length) {
        json->place = PLACE_TOKEN;
    }
    if (length == 0)
        return SIEVE_OK;
    const struct bytes run = take(json, bytes, length);
    return stage_write(json->base.next, run);
}

static sieve_status in_token(struct json_stage *json, struct bytes *bytes)
{
    while (bytes->length > 0 && is_token_byte(bytes->at[0])) {
        if (json->length == sizeof json->token) {
            json->place = PLACE_LONG_TOKEN;
            return end_token(json);
        }
        json->token[json->length++] = bytes->at[0];
        json->offset++;
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
    const struct bytes run = take(json, bytes, length);
    return length > 0 ? stage_write(json->base.next, run) : SIEVE_OK;
}

static sieve_status step(struct json_stage *json, struct bytes *bytes)
{
    switch (json->place) {
    case PLACE_STRING:
        return in_string(json, bytes);
    case PLACE_ESCAPE: {
        const struct bytes one = take(json, bytes, 1);
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
    sieve_status status = ((struct json_stage *)self)->notes->status;
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

sieve_status json_stage_new(int as_strings, struct content_notes *notes,
                            struct stage *next, struct stage **out)
{
    struct json_stage *json = calloc(1, sizeof *json);
    if (!json)
        return SIEVE_E_MEMORY;
    json->base = (struct stage){&json_stage_ops, next};
    json->as_strings = as_strings;
    json->notes = notes;
    *out = &json->base;
    return SIEVE_OK;
}
