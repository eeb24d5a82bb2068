#include "service/multipart.h"

#include <string.h>
#include <strings.h>

enum state {
    STATE_CONTENT,
    STATE_MATCH, /* at a line end, and in what may be a boundary behind it */
    STATE_LINE,  /* behind the boundary, up to the end of its line */
    STATE_HEAD
};

static int is_blank(unsigned char byte)
{
    return byte == ' ' || byte == '\t';
}

/* ---- headers -------------------------------------------------------------------------
 */

/* Copies a parameter's value, which stands at the start of `text`: a quoted string, of
 * which a backslash quotes the next byte, or all up to a blank or a semicolon. */
static void copy_value(struct bytes text, char *out, size_t capacity)
{
    const int is_quoted = text.length > 0 && text.at[0] == '"';
    size_t length = 0;
    for (size_t at = (size_t)is_quoted; at < text.length; at++) {
        unsigned char byte = text.at[at];
        if (is_quoted ? byte == '"' : byte == ';' || byte <= ' ')
            break;
        if (is_quoted && byte == '\\' && at + 1 < text.length)
            byte = text.at[++at];
        if (length + 1 < capacity)
            out[length++] = (char)byte;
    }
    out[length] = '\0';
}

/* Moves behind a quoted string that begins at `at`. */
static size_t skip_quoted(struct bytes value, size_t at)
{
    for (at++; at < value.length && value.at[at] != '"'; at++)
        at += value.at[at] == '\\';
    return at < value.length ? at + 1 : value.length;
}

/* The parameter `name` of a header's value; 0 if it is not there. */
static int read_parameter(struct bytes value, const char *name, char *out,
                          size_t capacity)
{
    const size_t length = strlen(name);
    size_t at = 0;
    while (at < value.length) {
        if (value.at[at] == '"') {
            at = skip_quoted(value, at);
            continue;
        }
        if (value.at[at++] != ';')
            continue;
        while (at < value.length && value.at[at] <= ' ')
            at++;
        if (value.length - at > length && value.at[at + length] == '=' &&
            strncasecmp((const char *)value.at + at, name, length) == 0) {
            copy_value(bytes_from(value, at + length + 1), out, capacity);
            return 1;
        }
    }
    return 0;
}

static int is_header(struct bytes line, const char *name)
{
    const size_t length = strlen(name);
    return line.length > length && line.at[length] == ':' &&
           strncasecmp((const char *)line.at, name, length) == 0;
}

static void read_header(struct bytes line, struct part_head *out)
{
    char coding[sizeof "identity"];
    const unsigned char *colon = memchr(line.at, ':', line.length);
    if (!colon)
        return;
    struct bytes value = bytes_from(line, (size_t)(colon - line.at) + 1);
    while (value.length > 0 && is_blank(value.at[0]))
        value = bytes_from(value, 1);
    if (is_header(line, "Content-Disposition")) {
        (void)read_parameter(value, "name", out->name, sizeof out->name);
        (void)read_parameter(value, "filename", out->filename, sizeof out->filename);
    } else if (is_header(line, "Content-Type")) {
        copy_value(value, out->type, sizeof out->type);
    } else if (is_header(line, "Content-Encoding")) {
        copy_value(value, coding, sizeof coding);
        out->is_coded = strcasecmp(coding, "identity") != 0;
    }
}

/* A header with the lines that go on with it, without its line end. */
static size_t header_length(struct bytes bytes)
{
    size_t length = 0;
    for (;;) {
        const unsigned char *end = memchr(bytes.at + length, '\n', bytes.length - length);
        if (!end)
            return bytes.length;
        length = (size_t)(end - bytes.at) + 1;
        if (length == bytes.length || !is_blank(bytes.at[length]))
            return length;
    }
}

void part_head_read(struct bytes bytes, struct part_head *out)
{
    memset(out, 0, sizeof *out);
    while (bytes.length > 0) {
        const size_t length = header_length(bytes);
        read_header(bytes_of(bytes.at, length), out);
        bytes = bytes_from(bytes, length);
    }
}

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
    /* The body's start is that of a line. */
    multipart->state = STATE_MATCH;
    multipart->has_line_end = 1;
}

void multipart_done(struct multipart *multipart)
{
    buffer_done(&multipart->held);
}

static sieve_status give(struct multipart *multipart, struct bytes bytes)
{
    if (bytes.length == 0)
        return SIEVE_OK;
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
    sieve_status status = buffer_append(&multipart->held, bytes_of(bytes->at, length));
    *bytes = bytes_from(*bytes, length);
    return status == SIEVE_E_LIMIT ? SIEVE_E_CORRUPT : status;
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
        status = end_part(multipart);
        return status == SIEVE_OK ? give_held(multipart) : status;
    }
    if (hyphens == 1 || (!is_blank(byte) && byte != '\r' && byte != '\n'))
        return give_held(multipart);
    multipart->matched = 2; /* no hyphen any more */
    if (byte != '\n')
        return hold(multipart, bytes, 1);
    sieve_status status = end_part(multipart);
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
    return status == SIEVE_OK ? end_part(multipart) : status;
}
