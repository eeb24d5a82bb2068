#include "base/visible.h"

#include "base/number.h"
#include "base/utf8.h"

/* C0, DEL, C1, and what reorders or hides text: marks and overrides of direction,
 * zero-width and line separators. */
static int is_harmful(unsigned long code_point)
{
    return code_point < 0x20 || (code_point >= 0x7F && code_point <= 0x9F) ||
           (code_point >= 0x200B && code_point <= 0x200F) ||
           (code_point >= 0x2028 && code_point <= 0x202E) ||
           (code_point >= 0x2060 && code_point <= 0x206F) || code_point == 0xFEFF;
}

static sieve_status append_escape(struct buffer *out, const unsigned char *at,
                                  size_t length)
{
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < length && status == SIEVE_OK; index++) {
        char escape[5] = "\\x";
        number_hex(at + index, 1, escape + 2);
        status = buffer_append(out, bytes_of(escape, 4));
    }
    return status;
}

/* Bytes at the start that need no change. */
static size_t plain_length(struct bytes bytes)
{
    size_t length = 0;
    while (length < bytes.length && bytes.at[length] >= 0x20 && bytes.at[length] < 0x7F)
        length++;
    return length;
}

sieve_status visible_append(struct buffer *out, struct bytes bytes)
{
    sieve_status status = SIEVE_OK;
    while (bytes.length > 0 && status == SIEVE_OK) {
        size_t length = plain_length(bytes);
        if (length > 0) {
            status = buffer_append(out, bytes_of(bytes.at, length));
        } else {
            length = utf8_character(bytes);
            if (length > 0 && !is_harmful(utf8_code_point(bytes.at, length)))
                status = buffer_append(out, bytes_of(bytes.at, length));
            else
                status = append_escape(out, bytes.at, length > 0 ? length : 1);
            length = length > 0 ? length : 1;
        }
        bytes = bytes_from(bytes, length);
    }
    return status;
}

static size_t json_plain_length(struct bytes bytes)
{
    size_t length = 0;
    while (length < bytes.length && bytes.at[length] >= 0x20 && bytes.at[length] < 0x7F &&
           bytes.at[length] != '"' && bytes.at[length] != '\\')
        length++;
    return length;
}

static sieve_status json_append_ascii(struct buffer *out, unsigned char byte)
{
    static const char named[] = "b\bf\fn\nr\rt\t\"\"\\\\";
    for (size_t index = 0; named[index]; index += 2) {
        if (named[index + 1] == (char)byte) {
            char escape[2] = {'\\', named[index]};
            return buffer_append(out, bytes_of(escape, 2));
        }
    }
    char escape[7] = "\\u00";
    number_hex(&byte, 1, escape + 4);
    return buffer_append(out, bytes_of(escape, 6));
}

/* The character at the start, which is not plain; its length goes to *length_out. */
static sieve_status json_append_character(struct buffer *out, struct bytes bytes,
                                          size_t *length_out)
{
    *length_out = 1;
    if (bytes.at[0] < 0x80)
        return json_append_ascii(out, bytes.at[0]);
    size_t length = utf8_character(bytes);
    if (length == 0)
        return buffer_append(out, bytes_of("\xEF\xBF\xBD", 3));
    *length_out = length;
    return buffer_append(out, bytes_of(bytes.at, length));
}

sieve_status json_append_string(struct buffer *out, struct bytes bytes)
{
    sieve_status status = buffer_append(out, bytes_of("\"", 1));
    while (bytes.length > 0 && status == SIEVE_OK) {
        size_t length = json_plain_length(bytes);
        if (length > 0)
            status = buffer_append(out, bytes_of(bytes.at, length));
        else
            status = json_append_character(out, bytes, &length);
        bytes = bytes_from(bytes, length);
    }
    return status == SIEVE_OK ? buffer_append(out, bytes_of("\"", 1)) : status;
}
