/* text.c - a growing run of bytes for tests. */
#include "support/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void reserve(struct text *text, size_t more)
{
    if (text->length + more <= text->capacity)
        return;
    text->capacity = 2 * text->capacity + more + 64;
    text->bytes = realloc(text->bytes, text->capacity);
    if (!text->bytes)
        abort();
}

void text_add(struct text *text, const void *bytes, size_t length)
{
    reserve(text, length);
    if (length > 0)
        memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
}

void text_add_byte(struct text *text, unsigned byte)
{
    uint8_t value = (uint8_t)byte;
    text_add(text, &value, 1);
}

void text_add_string(struct text *text, const char *string)
{
    text_add(text, string, strlen(string));
}

void text_add_format(struct text *text, const char *format, ...)
{
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof line)
        abort();
    text_add(text, line, (size_t)length);
}

static int hex_value(char digit)
{
    const char *digits = "0123456789abcdef0123456789ABCDEF";
    const char *at = digit ? strchr(digits, digit) : NULL;
    return at ? (int)(at - digits) % 16 : -1;
}

void text_add_escaped(struct text *text, const char *string, size_t length)
{
    static const char names[] = "nrte0\\\"";
    static const char values[] = "\n\r\t\x1B\0\\\"";
    for (size_t i = 0; i < length; i++) {
        const char *name = string[i] == '\\' && i + 1 < length
                               ? memchr(names, string[i + 1], sizeof names - 1)
                               : NULL;
        if (name) {
            text_add(text, values + (name - names), 1);
            i++;
        } else if (string[i] == '\\' && i + 3 < length && string[i + 1] == 'x' &&
                   hex_value(string[i + 2]) >= 0 && hex_value(string[i + 3]) >= 0) {
            text_add_byte(text, (unsigned)(hex_value(string[i + 2]) * 16 +
                                           hex_value(string[i + 3])));
            i += 3;
        } else {
            text_add(text, string + i, 1);
        }
    }
}

void text_add_shown(struct text *text, const void *bytes, size_t length)
{
    const uint8_t *at = bytes;
    for (size_t i = 0; i < length; i++) {
        if (at[i] == '\n')
            text_add_string(text, "\\n");
        else if (at[i] == '\\')
            text_add_string(text, "\\\\");
        else if (at[i] >= ' ' && at[i] < 0x7F)
            text_add_byte(text, at[i]);
        else
            text_add_format(text, "\\x%02X", at[i]);
    }
}

const char *text_string(struct text *text)
{
    reserve(text, 1);
    text->bytes[text->length] = 0;
    return (const char *)text->bytes;
}

void text_clear(struct text *text)
{
    text->length = 0;
}

void text_done(struct text *text)
{
    free(text->bytes);
    *text = (struct text){0};
}
