#include "service/part_head.h"

#include <string.h>
#include <strings.h>

#include "base/number.h"
#include "service/media_type.h"

/* Bytes of a Content-Type, with its end; a longer one is not read. */
#define PART_TYPE_MAX 512u

static int is_blank(unsigned char byte)
{
    return byte == ' ' || byte == '\t';
}

/* ---- values --------------------------------------------------------------------------
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

/* 1 if the value is this word and nothing else. */
static int is_value(struct bytes value, const char *word)
{
    while (value.length > 0 && value.at[value.length - 1] <= ' ')
        value.length--;
    return media_is_word(value, word);
}

/* ---- fields --------------------------------------------------------------------------
 */

static void hide(struct part_head *head, const char *reason)
{
    if (!head->hidden)
        head->hidden = reason;
}

/* A word that is no type at all says nothing; all else is to be understood. */
static void read_type(struct bytes value, struct part_head *out)
{
    char text[PART_TYPE_MAX];
    struct media_type type;
    size_t length = 0;
    for (; length < value.length && length + 1 < sizeof text; length++)
        text[length] = (char)(value.at[length] < ' ' ? ' ' : value.at[length]);
    text[length] = '\0';
    copy_value(value, out->type, sizeof out->type);
    const enum media_reading reading = media_type_read(text, &type);
    if (length < value.length ||
        (reading == MEDIA_UNREADABLE && strcspn(text, "/;,=") < length))
        hide(out, "a part whose Content-Type cannot be read");
    else if (reading == MEDIA_CHARSET)
        hide(out, "a part in a charset that is not examined");
    else if (reading == MEDIA_READ && type.is_multipart)
        hide(out, "a multipart body inside a multipart body");
}

/* The name of a field, with blanks before its colon too: some take it so. */
static int is_name(struct bytes name, const char *word)
{
    while (name.length > 0 && is_blank(name.at[0]))
        name = bytes_from(name, 1);
    return is_value(name, word);
}

static void read_field(struct bytes line, struct part_head *out)
{
    const unsigned char *colon = memchr(line.at, ':', line.length);
    if (!colon)
        return;
    const struct bytes name = bytes_of(line.at, (size_t)(colon - line.at));
    struct bytes value = bytes_from(line, name.length + 1);
    while (value.length > 0 && value.at[0] <= ' ')
        value = bytes_from(value, 1);
    if (is_name(name, "Content-Disposition")) {
        (void)read_parameter(value, "name", out->name, sizeof out->name);
        (void)read_parameter(value, "filename", out->filename, sizeof out->filename);
    } else if (is_name(name, "Content-Type")) {
        read_type(value, out);
    } else if (is_name(name, "Content-Encoding")) {
        if (!is_value(value, "identity"))
            hide(out, "a part with a Content-Encoding");
    } else if (is_name(name, "Content-Transfer-Encoding")) {
        if (is_value(value, "quoted-printable"))
            out->is_quoted = 1;
        else if (!is_value(value, "7bit") && !is_value(value, "8bit") &&
                 !is_value(value, "binary"))
            hide(out, "a part with a Content-Transfer-Encoding");
    }
}

/* A field with the lines that go on with it. */
static size_t field_length(struct bytes bytes)
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

/* Behind the line of the boundary and the line end before it: what begins with a blank
 * there goes on with nothing. */
static struct bytes behind_boundary(struct bytes bytes)
{
    while (bytes.length > 0 && (bytes.at[0] == '\r' || bytes.at[0] == '\n'))
        bytes = bytes_from(bytes, 1);
    const unsigned char *end =
        bytes.length > 0 ? memchr(bytes.at, '\n', bytes.length) : NULL;
    return bytes_from(bytes, end ? (size_t)(end - bytes.at) + 1 : bytes.length);
}

void part_head_read(struct bytes bytes, struct part_head *out)
{
    memset(out, 0, sizeof *out);
    bytes = behind_boundary(bytes);
    while (bytes.length > 0) {
        const size_t length = field_length(bytes);
        read_field(bytes_of(bytes.at, length), out);
        bytes = bytes_from(bytes, length);
    }
}

/* ---- quoted-printable ----------------------------------------------------------------
 */

static int is_text(int byte)
{
    return byte >= ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

int quoted_is_text(struct quoted *quoted, struct bytes bytes)
{
    for (size_t at = 0; at < bytes.length; at++) {
        const unsigned char byte = bytes.at[at];
        const int digit = number_hex_digit(byte);
        if (!is_text(byte))
            return 0;
        if (quoted->length == 2 && digit >= 0 && !is_text(quoted->high * 16 + digit))
            return 0;
        if (quoted->length == 1 && digit >= 0) {
            quoted->high = digit;
            quoted->length = 2;
        } else {
            quoted->length = byte == '=';
        }
    }
    return 1;
}
