#include "source/pgnames.h"

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

sieve_status pgname_append(struct buffer *sql, const char *name)
{
    return buffer_append_quoted(sql, bytes_of_text(name), '"');
}

/* A backslash means itself only while standard_conforming_strings is on, which every
 * connection of ours sees to. */
sieve_status pgliteral_append(struct buffer *sql, const char *text)
{
    return buffer_append_quoted(sql, bytes_of_text(text), '\'');
}
