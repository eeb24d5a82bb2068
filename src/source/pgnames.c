#include "source/pgnames.h"

#include <string.h>

#include "base/number.h"

sieve_status pgtext_append(struct buffer *sql, const char *text)
{
    return buffer_append(sql, bytes_of_text(text));
}

sieve_status pgnumber_append(struct buffer *sql, uint64_t number)
{
    char text[NUMBER_TEXT_MAX];
    size_t length = number_text(number, text);
    return buffer_append(sql, bytes_of(text, length));
}

/* Appends `text`, each `special` twice. */
static sieve_status doubled_append(struct buffer *sql, const char *text, char special)
{
    sieve_status status = SIEVE_OK;
    while (*text && status == SIEVE_OK) {
        const char *found = strchr(text, special);
        size_t length = found ? (size_t)(found - text) + 1 : strlen(text);
        status = buffer_append(sql, bytes_of(text, length));
        if (found && status == SIEVE_OK)
            status = buffer_append(sql, bytes_of(&special, 1));
        text += length;
    }
    return status;
}

sieve_status pgname_append(struct buffer *sql, const char *name)
{
    sieve_status status = pgtext_append(sql, "\"");
    if (status == SIEVE_OK)
        status = doubled_append(sql, name, '"');
    return status == SIEVE_OK ? pgtext_append(sql, "\"") : status;
}

/* A backslash means itself only while standard_conforming_strings is on, which every
 * connection of ours sees to. */
sieve_status pgliteral_append(struct buffer *sql, const char *text)
{
    sieve_status status = pgtext_append(sql, "'");
    if (status == SIEVE_OK)
        status = doubled_append(sql, text, '\'');
    return status == SIEVE_OK ? pgtext_append(sql, "'") : status;
}
