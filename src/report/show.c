#include "report/show.h"

#include "base/utf8.h"
#include "base/visible.h"

/* ---- rows -------------------------------------------------------------------------- */

/* Where the string that begins at the quote ends, behind its closing quote; 0 if it is
 * none.  Bytes below 0x20 must be escaped in one. */
static size_t string_end(struct bytes text, size_t at)
{
    if (at >= text.length || text.at[at] != '"')
        return 0;
    for (size_t index = at + 1; index < text.length; index++) {
        if (text.at[index] == '"')
            return index + 1;
        if (text.at[index] < 0x20)
            return 0;
        if (text.at[index] != '\\')
            continue;
        index++;
        if (index >= text.length || !strchr("\"\\/bfnrtu", text.at[index]) ||
            text.at[index] == '\0')
            return 0;
        if (text.at[index] != 'u')
            continue;
        for (size_t digit = 1; digit <= 4; digit++)
            if (index + digit >= text.length || text.at[index + digit] == '\0' ||
                !strchr("0123456789abcdefABCDEF", text.at[index + digit]))
                return 0;
        index += 4;
    }
    return 0;
}

int show_is_object(struct bytes row)
{
    size_t at = 1;
    if (row.length < 2 || row.at[0] != '{' || !utf8_valid(row))
        return 0;
    if (row.length == 2)
        return row.at[1] == '}';
    for (;;) {
        at = string_end(row, at);
        if (at == 0 || at >= row.length || row.at[at] != ':')
            return 0;
        at = string_end(row, at + 1);
        if (at == 0 || at >= row.length)
            return 0;
        if (row.at[at] == '}')
            return at + 1 == row.length;
        if (row.at[at++] != ',')
            return 0;
    }
}

/* Strings without their quotes; escapes stay. */
sieve_status show_row(struct buffer *out, struct bytes row)
{
    size_t at = 1;
    sieve_status status = SIEVE_OK;
    if (!show_is_object(row))
        return visible_append(out, row);
    while (status == SIEVE_OK && at < row.length) {
        const size_t end = string_end(row, at);
        if (end > 0) {
            status = visible_append(out, bytes_of(row.at + at + 1, end - at - 2));
            at = end;
            continue;
        }
        if (row.at[at] != '}')
            status = buffer_append(out, bytes_of_text(row.at[at] == ':' ? "=" : ", "));
        at++;
    }
    return status;
}

/* ---- HTML -------------------------------------------------------------------------- */

static const char *entity_of(unsigned char byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

sieve_status show_html(struct buffer *out, struct bytes text)
{
    sieve_status status = SIEVE_OK;
    size_t from = 0;
    for (size_t index = 0; index < text.length && status == SIEVE_OK; index++) {
        const char *entity = entity_of(text.at[index]);
        if (!entity)
            continue;
        if (index > from)
            status = buffer_append(out, bytes_of(text.at + from, index - from));
        if (status == SIEVE_OK)
            status = buffer_append(out, bytes_of_text(entity));
        from = index + 1;
    }
    if (status == SIEVE_OK && text.length > from)
        status = buffer_append(out, bytes_of(text.at + from, text.length - from));
    return status;
}

/* ---- CSV --------------------------------------------------------------------------- */

/* Also the full-width forms, which some spreadsheets take for the plain ones. */
static int is_formula(struct bytes text)
{
    static const char *const wide[] = {"＝", "＋", "－", "＠"};
    if (text.length == 0)
        return 0;
    if (text.at[0] != '\0' && strchr("=+-@\t\r\n", text.at[0]))
        return 1;
    for (size_t index = 0; index < sizeof wide / sizeof wide[0]; index++) {
        const struct bytes sign = bytes_of_text(wide[index]);
        if (text.length >= sign.length && memcmp(text.at, sign.at, sign.length) == 0)
            return 1;
    }
    return 0;
}

sieve_status show_csv(struct buffer *out, struct bytes text)
{
    sieve_status status =
        buffer_append(out, bytes_of_text(is_formula(text) ? "\"'" : "\""));
    if (status == SIEVE_OK)
        status = buffer_append_doubled(out, text, '"');
    return status == SIEVE_OK ? buffer_append(out, bytes_of("\"", 1)) : status;
}
