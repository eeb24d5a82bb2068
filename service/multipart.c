#include "service/multipart.h"

#include <string.h>

enum state {
    STATE_CONTENT,
    STATE_MATCH, /* at a line end, and in what may be a boundary behind it */
    STATE_LINE,  /* behind the boundary, up to the end of its line */
    STATE_HEAD
};

/* ---- the parts -----------------------------------------------------------------------
 */

void multipart_init(struct multipart *multipart, const char *boundary,
                    const struct multipart_events *events)
{
    const size_t length = strlen(boundary);
    memset(multipart, 0, sizeof *multipart);
    multipart->events = *events;
    memcpy(multipart->pattern, "--", 2);
    memcpy(multipart->pattern + 2, boundary, length);
    multipart->pattern_length = length + 2;
    buffer_init(&multipart->held, PART_HEAD_LENGTH_MAX);
    buffer_init(&multipart->preamble, PART_HEAD_LENGTH_MAX);
    /* The body's start is that of a line. */
    multipart->state = STATE_MATCH;
    multipart->has_line_end = 1;
}

void multipart_done(struct multipart *multipart)
{
    buffer_done(&multipart->held);
    buffer_done(&multipart->preamble);
}

static sieve_status append(struct buffer *buffer, struct bytes bytes)
{
    const sieve_status status = buffer_append(buffer, bytes);
    return status == SIEVE_E_LIMIT ? SIEVE_E_CORRUPT : status;
}

static sieve_status give(struct multipart *multipart, struct bytes bytes)
{
    if (bytes.length == 0)
        return SIEVE_OK;
    if (multipart->events.holds_back && !multipart->has_begun)
        return append(&multipart->preamble, bytes);
    multipart->is_open = 1;
    return multipart->events.content(multipart->events.context, bytes);
}

static sieve_status end_part(struct multipart *multipart)
{
    if (!multipart->is_open)
        return SIEVE_OK;
    multipart->is_open = 0;
    return multipart->events.end(multipart->events.context);
}

/* A boundary is here: it ends the part before it, or what was before all parts. */
static sieve_status meet_boundary(struct multipart *multipart)
{
    sieve_status status = SIEVE_OK;
    if (!multipart->has_begun) {
        multipart->has_begun = 1;
        status = give(multipart, buffer_bytes(&multipart->preamble));
        buffer_done(&multipart->preamble);
    }
    return status == SIEVE_OK ? end_part(multipart) : status;
}

/* What was held is content. */
static sieve_status give_held(struct multipart *multipart)
{
    sieve_status status = give(multipart, buffer_bytes(&multipart->held));
    buffer_clear(&multipart->held);
    multipart->state = STATE_CONTENT;
    return status;
}

static sieve_status hold(struct multipart *multipart, struct bytes *bytes, size_t length)
{
    sieve_status status = append(&multipart->held, bytes_of(bytes->at, length));
    *bytes = bytes_from(*bytes, length);
    return status;
}

static void start_match(struct multipart *multipart, int has_line_end)
{
    multipart->state = STATE_MATCH;
    multipart->has_line_end = has_line_end;
    multipart->matched = 0;
}

/* 1 if it can be seen already that no boundary begins here, behind a line end. */
static int is_no_boundary(const struct multipart *multipart, struct bytes bytes)
{
    return bytes.length >= multipart->pattern_length &&
           memcmp(bytes.at, multipart->pattern, multipart->pattern_length) != 0;
}

/* Bytes up to a line end behind which a boundary may stand, or all. */
static size_t content_length(const struct multipart *multipart, struct bytes bytes)
{
    size_t from = 0;
    for (;;) {
        const unsigned char *feed = memchr(bytes.at + from, '\n', bytes.length - from);
        if (!feed)
            return bytes.length - (bytes.at[bytes.length - 1] == '\r');
        const size_t at = (size_t)(feed - bytes.at);
        if (!is_no_boundary(multipart, bytes_from(bytes, at + 1)))
            return at > 0 && feed[-1] == '\r' ? at - 1 : at;
        from = at + 1;
        if (from == bytes.length)
            return from;
    }
}

static sieve_status in_content(struct multipart *multipart, struct bytes *bytes)
{
    const size_t length = content_length(multipart, *bytes);
    sieve_status status = give(multipart, bytes_of(bytes->at, length));
    *bytes = bytes_from(*bytes, length);
    if (bytes->length > 0)
        start_match(multipart, 0);
    return status;
}

static sieve_status in_match(struct multipart *multipart, struct bytes *bytes)
{
    const unsigned char byte = bytes->at[0];
    if (!multipart->has_line_end) {
        if (byte != '\n' && (byte != '\r' || multipart->held.length > 0))
            return give_held(multipart);
        multipart->has_line_end = byte == '\n';
        return hold(multipart, bytes, 1);
    }
    if (byte != (unsigned char)multipart->pattern[multipart->matched])
        return give_held(multipart);
    if (++multipart->matched == multipart->pattern_length) {
        multipart->state = STATE_LINE;
        multipart->matched = 0;
    }
    return hold(multipart, bytes, 1);
}

/* Behind the boundary: blanks and the line's end, or two hyphens after the last part. */
static sieve_status in_line(struct multipart *multipart, struct bytes *bytes)
{
    const unsigned char byte = bytes->at[0];
    const size_t hyphens = multipart->matched;
    if (byte == '-' && hyphens < 2) {
        sieve_status status = hold(multipart, bytes, 1);
        multipart->matched++;
        if (status != SIEVE_OK || hyphens == 0)
            return status;
        status = meet_boundary(multipart);
        return status == SIEVE_OK ? give_held(multipart) : status;
    }
    if (hyphens == 1 || (byte != ' ' && byte != '\t' && byte != '\r' && byte != '\n'))
        return give_held(multipart);
    multipart->matched = 2; /* no hyphen any more */
    if (byte != '\n')
        return hold(multipart, bytes, 1);
    sieve_status status = meet_boundary(multipart);
    multipart->state = STATE_HEAD;
    return status == SIEVE_OK ? hold(multipart, bytes, 1) : status;
}

/* 1 if the last line of the head is empty. */
static int head_has_ended(const struct buffer *head)
{
    const unsigned char *end = head->at + head->length;
    if (head->length < 2 || end[-1] != '\n')
        return 0;
    return end[-2] == '\n' || (head->length > 2 && end[-2] == '\r' && end[-3] == '\n');
}

static sieve_status in_head(struct multipart *multipart, struct bytes *bytes)
{
    const unsigned char *feed = memchr(bytes->at, '\n', bytes->length);
    const size_t length = feed ? (size_t)(feed - bytes->at) + 1 : bytes->length;
    sieve_status status = hold(multipart, bytes, length);
    if (status != SIEVE_OK || !head_has_ended(&multipart->held))
        return status;
    multipart->is_open = 1;
    status = multipart->events.head(multipart->events.context, multipart->held.at,
                                    multipart->held.length);
    buffer_clear(&multipart->held);
    start_match(multipart, 1);
    return status;
}

sieve_status multipart_write(struct multipart *multipart, struct bytes bytes)
{
    static sieve_status (*const steps[])(struct multipart *, struct bytes *) = {
        [STATE_CONTENT] = in_content,
        [STATE_MATCH] = in_match,
        [STATE_LINE] = in_line,
        [STATE_HEAD] = in_head,
    };
    sieve_status status = SIEVE_OK;
    while (bytes.length > 0 && status == SIEVE_OK)
        status = steps[multipart->state](multipart, &bytes);
    return status;
}

sieve_status multipart_finish(struct multipart *multipart)
{
    sieve_status status = give_held(multipart);
    if (status == SIEVE_OK && multipart->preamble.length > 0)
        return SIEVE_E_CORRUPT;
    return status == SIEVE_OK ? end_part(multipart) : status;
}
