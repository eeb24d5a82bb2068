#include "service/media_type.h"

#include <string.h>
#include <strings.h>

#include "service/charset.h"
#include "service/fields.h"

#define BLANKS " \t"

/* One parameter; its value is without its quotes. */
struct parameter {
    struct bytes name;
    struct bytes value;
    int is_loose; /* readers differ in what it is: a word alone, no semicolon before it */
};

/* ---- words ---------------------------------------------------------------------------
 */

static struct bytes token_of(const char *text)
{
    size_t length = 0;
    while (field_is_token((unsigned char)text[length]))
        length++;
    return bytes_of(text, length);
}

int media_is_word(struct bytes bytes, const char *word)
{
    /* Of many words one is meant: the first letter tells of most. */
    return bytes.length > 0 && (bytes.at[0] | 0x20) == (word[0] | 0x20) &&
           strlen(word) == bytes.length &&
           strncasecmp((const char *)bytes.at, word, bytes.length) == 0;
}

/* How often something in the text may be taken for a boundary, also by one who only looks
 * for the word. */
static size_t count_boundaries(const char *text)
{
    static const char word[] = "boundary";
    size_t count = 0;
    for (; *text; text++) {
        if ((*text | 0x20) != word[0] || strncasecmp(text, word, sizeof word - 1) != 0)
            continue;
        const char *behind = text + sizeof word - 1;
        behind += strspn(behind, BLANKS);
        count += *behind == '=' || *behind == '*';
    }
    return count;
}

/* ---- parameters ----------------------------------------------------------------------
 */

/* Moves behind a value; -1 if it has no end, or none that all see. */
static int read_value(const char **text, struct bytes *value)
{
    const char *at = *text;
    const int is_quoted = *at == '"';
    at += is_quoted;
    const char *begin = at;
    if (is_quoted) {
        for (; *at != '"'; at++) {
            at += *at == '\\';
            if (*at == '\0')
                return -1;
        }
    } else {
        while ((unsigned char)*at > ' ' && !strchr("\",;\\\x7F", *at))
            at++;
    }
    *value = bytes_of(begin, (size_t)(at - begin));
    *text = at + is_quoted;
    return 0;
}

/* 1: there is one, and *text is behind it; 0: there is no more; -1: it is none. */
static int next_parameter(const char **text, struct parameter *out)
{
    const size_t gap = strspn(*text, BLANKS ";");
    const char *at = *text + gap;
    if (*at == '\0')
        return 0;
    out->name = token_of(at);
    out->value = bytes_of(at, 0);
    if (gap == 0 || out->name.length == 0)
        return -1;
    at += out->name.length;
    out->is_loose = !memchr(*text, ';', gap) || *at != '=';
    if (*at == '=') {
        at++;
        if (read_value(&at, &out->value) < 0)
            return -1;
    }
    *text = at;
    return 1;
}

/* 'utf-8' is a token, and meant as if quoted. */
static int is_hidden_by_charset(const struct parameter *parameter)
{
    static const char word[] = "charset";
    struct bytes value = parameter->value;
    if (parameter->name.length > sizeof word - 1 &&
        strncasecmp((const char *)parameter->name.at, "charset*", sizeof word) == 0)
        return 1;
    if (!media_is_word(parameter->name, word) || value.length == 0)
        return 0;
    if (value.length > 2 && value.at[0] == '\'' && value.at[value.length - 1] == '\'')
        value = bytes_of(value.at + 1, value.length - 2);
    return !charset_is_examined(value);
}

/* -1 if it has a byte that some do not take for a part of it. */
static int copy_boundary(struct bytes value, char boundary[BOUNDARY_LENGTH_MAX + 1])
{
    if (value.length == 0 || value.length > BOUNDARY_LENGTH_MAX || value.at[0] == '\'' ||
        value.at[value.length - 1] == ' ')
        return -1;
    for (size_t index = 0; index < value.length; index++) {
        const unsigned char byte = value.at[index];
        if (byte < ' ' || byte > '~' || strchr("\\<>,;", byte))
            return -1;
        boundary[index] = (char)byte;
    }
    boundary[value.length] = '\0';
    return 0;
}

/* ---- the whole -----------------------------------------------------------------------
 */

static enum media_reading read_parameters(const char *text, struct media_type *out)
{
    struct parameter parameter;
    enum media_reading reading = MEDIA_READ;
    int is_loose = 0;
    int is_one = 0;
    while ((is_one = next_parameter(&text, &parameter)) > 0) {
        is_loose |= parameter.is_loose;
        if (is_hidden_by_charset(&parameter))
            reading = MEDIA_CHARSET;
        if (media_is_word(parameter.name, "boundary") && out->is_multipart &&
            copy_boundary(parameter.value, out->boundary) < 0)
            return MEDIA_UNREADABLE;
    }
    if (is_one < 0 || (out->is_multipart && (is_loose || !out->boundary[0])))
        return MEDIA_UNREADABLE;
    return reading;
}

enum media_reading media_type_read(const char *text, struct media_type *out)
{
    text += strspn(text, BLANKS);
    out->type = token_of(text);
    const char *slash = text + out->type.length;
    if (out->type.length == 0 || *slash != '/')
        return MEDIA_UNREADABLE;
    out->subtype = token_of(slash + 1);
    out->is_multipart = media_is_word(out->type, "multipart");
    out->boundary[0] = '\0';
    if (out->subtype.length == 0 ||
        count_boundaries(text) != (out->is_multipart ? 1u : 0u))
        return MEDIA_UNREADABLE;
    return read_parameters(slash + 1 + out->subtype.length, out);
}
