/* wire_head.c - the head of a request, byte by byte and row by row. */
#include "service/wire_inside.h"

#include <string.h>
#include <strings.h>

#include "service/authority.h"
#include "service/fields.h"
#include "service/limits.h"

#define METHOD_MAX     32u
#define LENGTH_DIGITS  18u
#define HEADERS_MAX    128u
#define VERSION_LENGTH 8u

/* ---- words ---------------------------------------------------------------------------
 */

static void add(struct wire_word *word, unsigned char byte)
{
    if (word->length < sizeof word->text)
        word->text[word->length] = (char)byte;
    word->length++;
}

static void add_all(struct wire_word *word, const unsigned char *bytes, size_t count)
{
    if (word->length < sizeof word->text) {
        const size_t room = sizeof word->text - word->length;
        memcpy(word->text + word->length, bytes, count < room ? count : room);
    }
    word->length += count;
}

static int is_word(const struct wire_word *word, const char *text)
{
    return word->length == strlen(text) && word->length <= sizeof word->text &&
           strncasecmp(word->text, text, word->length) == 0;
}

/* "Content_Length": to a gateway the same field, to others another one. */
static int is_alike(const struct wire_word *word, const char *text)
{
    return word->length == strlen(text) && word->length <= sizeof word->text &&
           field_is_alike(word->text, text, word->length);
}

static int is_target_byte(unsigned char byte)
{
    return byte > ' ' && byte < 0x7F && byte != '#';
}

/* ---- fields --------------------------------------------------------------------------
 */

static enum problem take_length(struct wire *wire)
{
    uint64_t length = 0;
    if (wire->lengths++ > 0 || wire->value.length == 0 ||
        wire->value.length > LENGTH_DIGITS)
        return PROBLEM_FRAMING;
    for (size_t index = 0; index < wire->value.length; index++) {
        const char digit = wire->value.text[index];
        if (digit < '0' || digit > '9')
            return PROBLEM_FRAMING;
        length = length * 10 + (uint64_t)(digit - '0');
    }
    wire->left = length;
    return PROBLEM_NONE;
}

static enum problem take_transfer(struct wire *wire)
{
    if (wire->transfers++ > 0)
        return PROBLEM_FRAMING;
    return is_word(&wire->value, "chunked") ? PROBLEM_NONE : PROBLEM_TRANSFER;
}

/* A field has ended.  Blanks at the end of a framing are part of it, and refused: not
 * every server takes them off. */
static enum problem take_field(struct wire *wire)
{
    const int is_length = is_word(&wire->name, "Content-Length");
    const int is_transfer = is_word(&wire->name, "Transfer-Encoding");
    const int is_host = wire->is_host;
    const int is_framing = is_length || is_transfer;
    if (!is_framing && (is_alike(&wire->name, "Content-Length") ||
                        is_alike(&wire->name, "Transfer-Encoding")))
        return PROBLEM_FRAMING;
    if (is_host && !authority_is_whole((enum authority)wire->authority))
        return PROBLEM_MALFORMED;
    if (wire->in_trailer)
        return is_framing || is_host ? PROBLEM_FRAMING : PROBLEM_NONE;
    if (is_length)
        return take_length(wire);
    if (is_transfer)
        return take_transfer(wire);
    if (is_host && wire->hosts++ > 0)
        return PROBLEM_FRAMING;
    return PROBLEM_NONE;
}

/* The head is over: how is the body framed? */
static enum problem end_head(struct wire *wire)
{
    if (wire->in_trailer) {
        wire->in_trailer = 0;
        wire->state = WIRE_IDLE;
        return PROBLEM_NONE;
    }
    wire->is_head_over = 1;
    if (wire->transfers > 0 && (wire->lengths > 0 || wire->is_old))
        return PROBLEM_FRAMING;
    if (!wire->is_old && wire->hosts == 0)
        return PROBLEM_MALFORMED;
    if (wire->transfers > 0) {
        wire->left = 0;
        wire->value.length = 0;
        wire->state = WIRE_SIZE;
    } else {
        wire->state = wire->left > 0 ? WIRE_BODY : WIRE_IDLE;
    }
    return PROBLEM_NONE;
}

/* ---- bytes of a head -----------------------------------------------------------------
 */

static void begin_request(struct wire *wire)
{
    const unsigned requests = wire->requests;
    wire_start(wire, wire->head_max);
    wire->requests = requests + 1;
    wire->state = WIRE_METHOD;
}

static enum problem in_method(struct wire *wire, unsigned char byte)
{
    if (byte == ' ' && wire->name.length > 0) {
        wire->state = WIRE_TARGET;
        wire->is_head_method =
            wire->name.length == 4 && memcmp(wire->name.text, "HEAD", 4) == 0;
        return PROBLEM_NONE;
    }
    add(&wire->name, byte);
    return field_is_token(byte) && wire->name.length <= METHOD_MAX ? PROBLEM_NONE
                                                                   : PROBLEM_MALFORMED;
}

static enum problem in_target(struct wire *wire, unsigned char byte)
{
    if (byte == ' ' && wire->target_length > 0) {
        wire->value.length = 0;
        wire->state = WIRE_VERSION;
        return PROBLEM_NONE;
    }
    if (wire->target_length == 0 && is_word(&wire->name, "CONNECT"))
        return PROBLEM_CONNECT;
    /* A path, or the asterisk of OPTIONS: no other form is for a server like this. */
    if (wire->target_length == 0 && byte != '/' &&
        !(byte == '*' && is_word(&wire->name, "OPTIONS")))
        return PROBLEM_MALFORMED;
    if (!is_target_byte(byte) || wire->is_star)
        return PROBLEM_MALFORMED;
    wire->is_star = byte == '*' && wire->target_length == 0;
    return ++wire->target_length > TARGET_LENGTH_MAX ? PROBLEM_URI_TOO_LONG
                                                     : PROBLEM_NONE;
}

static enum problem in_version(struct wire *wire, unsigned char byte)
{
    if (byte != '\r') {
        add(&wire->value, byte);
        return wire->value.length <= VERSION_LENGTH ? PROBLEM_NONE : PROBLEM_MALFORMED;
    }
    wire->state = WIRE_LINE_END;
    wire->is_old = wire->value.length == VERSION_LENGTH &&
                   memcmp(wire->value.text, "HTTP/1.0", 8) == 0;
    if (wire->value.length != VERSION_LENGTH || memcmp(wire->value.text, "HTTP/", 5) != 0)
        return PROBLEM_MALFORMED;
    return wire->is_old || memcmp(wire->value.text, "HTTP/1.1", 8) == 0 ? PROBLEM_NONE
                                                                        : PROBLEM_VERSION;
}

static enum problem in_field(struct wire *wire, unsigned char byte)
{
    if (byte == '\r') {
        wire->state = WIRE_HEAD_END;
        return PROBLEM_NONE;
    }
    if (!field_is_token(byte)) /* a fold, among others */
        return PROBLEM_MALFORMED;
    if (++wire->headers > HEADERS_MAX)
        return PROBLEM_HEAD_TOO_LARGE;
    wire->name.length = 0;
    add(&wire->name, byte);
    wire->state = WIRE_NAME;
    return PROBLEM_NONE;
}

static enum problem in_name(struct wire *wire, unsigned char byte)
{
    if (byte == ':') {
        wire->value.length = 0;
        wire->state = WIRE_VALUE;
        wire->is_host = (unsigned char)is_word(&wire->name, "Host");
        wire->is_cookie = (unsigned char)is_word(&wire->name, "Cookie");
        wire->pairs += wire->is_cookie;
        wire->authority = AUTHORITY_START;
        return PROBLEM_NONE;
    }
    add(&wire->name, byte);
    return field_is_token(byte) ? PROBLEM_NONE : PROBLEM_MALFORMED;
}

static enum problem in_value(struct wire *wire, unsigned char byte)
{
    if (byte == '\r') {
        wire->state = WIRE_LINE_END;
        return take_field(wire);
    }
    return PROBLEM_MALFORMED; /* no other ends a row */
}

static enum problem in_head(struct wire *wire, unsigned char byte)
{
    if (++wire->head_length > wire->head_max)
        return PROBLEM_HEAD_TOO_LARGE;
    switch (wire->state) {
    case WIRE_METHOD:
        return in_method(wire, byte);
    case WIRE_TARGET:
        return in_target(wire, byte);
    case WIRE_VERSION:
        return in_version(wire, byte);
    case WIRE_FIELD:
        return in_field(wire, byte);
    case WIRE_NAME:
        return in_name(wire, byte);
    case WIRE_VALUE:
        return in_value(wire, byte);
    case WIRE_LINE_END:
        wire->state = WIRE_FIELD;
        return byte == '\n' ? PROBLEM_NONE : PROBLEM_MALFORMED;
    default: /* HEAD_END */
        return byte == '\n' ? end_head(wire) : PROBLEM_MALFORMED;
    }
}

/* Most of a head are bytes that change nothing: these are taken in a row, as many as may
 * come; what ends them, or is wrong, is left.
 */

/* Those in which a pair ends, or the first one begins. */
static size_t count_ends(const unsigned char *bytes, size_t count, unsigned char one,
                         unsigned char other)
{
    size_t ends = 0;
    for (size_t index = 0; index < count; index++)
        ends += bytes[index] == one || bytes[index] == other;
    return ends;
}

int wire_has_no_room(const struct wire *wire, size_t more)
{
    const size_t memory = connection_memory(wire->head_max);
    const size_t lists =
        wire->cookie_length + (wire->headers + wire->pairs) * PAIR_MEMORY;
    size_t read = wire->kept + wire->head_length + more;
    /* Of a body it reads as much at once as makes half of its memory full. */
    if ((wire->state == WIRE_BODY || wire->state == WIRE_SIZE) && read < memory / 2)
        read = memory / 2;
    return read + lists > memory - REPLY_RESERVE;
}

static size_t take_target(struct wire *wire, const unsigned char *bytes, size_t length)
{
    size_t count = 0;
    if (length > TARGET_LENGTH_MAX - wire->target_length)
        length = TARGET_LENGTH_MAX - wire->target_length;
    while (count < length && is_target_byte(bytes[count]))
        count++;
    wire->target_length += count;
    wire->pairs += count_ends(bytes, count, '?', '&');
    return count;
}

/* Of a method or a field's name. */
static size_t take_token(struct wire *wire, const unsigned char *bytes, size_t length)
{
    size_t count = 0;
    while (count < length && field_is_token(bytes[count]))
        count++;
    add_all(&wire->name, bytes, count);
    return count;
}

static size_t take_method(struct wire *wire, const unsigned char *bytes, size_t length)
{
    const size_t room = METHOD_MAX - wire->name.length;
    return take_token(wire, bytes, length < room ? length : room);
}

static size_t take_version(struct wire *wire, const unsigned char *bytes, size_t length)
{
    const size_t room = VERSION_LENGTH - wire->value.length;
    size_t count = 0;
    while (count < length && count < room && bytes[count] != '\r')
        count++;
    add_all(&wire->value, bytes, count);
    return count;
}

static size_t take_value(struct wire *wire, const unsigned char *bytes, size_t length)
{
    size_t begin = 0;
    while (wire->value.length == 0 && begin < length &&
           (bytes[begin] == ' ' || bytes[begin] == '\t'))
        begin++;
    size_t end = begin;
    while (end < length && wire_is_field_byte(bytes[end]))
        end++;
    add_all(&wire->value, bytes + begin, end - begin);
    if (wire->is_cookie) {
        wire->cookie_length += end;
        wire->pairs += count_ends(bytes, end, ';', ',');
    }
    for (; wire->is_host && begin < end; begin++)
        wire->authority = (unsigned char)authority_follow((enum authority)wire->authority,
                                                          bytes[begin]);
    return end;
}

static size_t take_row(struct wire *wire, const unsigned char *bytes, size_t length)
{
    switch (wire->state) {
    case WIRE_METHOD:
        return take_method(wire, bytes, length);
    case WIRE_TARGET:
        return wire->target_length > 0 && !wire->is_star
                   ? take_target(wire, bytes, length)
                   : 0;
    case WIRE_VERSION:
        return take_version(wire, bytes, length);
    case WIRE_NAME:
        return take_token(wire, bytes, length);
    case WIRE_VALUE:
        return take_value(wire, bytes, length);
    default:
        return 0;
    }
}

size_t wire_follow_head(struct wire *wire, const unsigned char *bytes, size_t length,
                        enum problem *problem_out)
{
    const size_t left =
        wire->head_length < wire->head_max ? wire->head_max - wire->head_length : 0;
    const size_t count = take_row(wire, bytes, length < left ? length : left);
    wire->head_length += count;
    if (wire_has_no_room(wire, 0))
        *problem_out = PROBLEM_HEAD_TOO_LARGE;
    if (count == length || *problem_out != PROBLEM_NONE)
        return count;
    if (wire->state == WIRE_IDLE)
        begin_request(wire);
    *problem_out = in_head(wire, bytes[count]);
    return count + 1;
}

uint64_t wire_body_left(const struct wire *wire)
{
    return wire->state == WIRE_BODY || wire->state == WIRE_CHUNK ? wire->left : 0;
}
