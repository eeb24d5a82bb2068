#include "service/bare.h"

#include <string.h>

static const char field[] = "\r\nContent-Length: 0\r\n\r\n"; /* and ends of two lines */
static const char end[] = "\r\n";

#define FIELD_LENGTH (sizeof field - 1)
#define END_LENGTH   (sizeof end - 1)
#define LAST_MAX     4096u
#define LEFT_OUT     (FIELD_LENGTH - END_LENGTH) /* for which `end` is sent */

/* 1 if they end with the field, or with what is left of it. */
static int has_field(const char *bytes, size_t length)
{
    const size_t count = length < FIELD_LENGTH ? length : FIELD_LENGTH;
    return count >= LEFT_OUT &&
           memcmp(bytes + length - count, field + FIELD_LENGTH - count, count) == 0;
}

ssize_t bare_send(enum bare *bare, const void *bytes, size_t length,
                  ssize_t (*send_bytes)(void *link, const void *bytes, size_t length),
                  void *link)
{
    char last[LAST_MAX + END_LENGTH];
    if (!has_field(bytes, length))
        return send_bytes(link, bytes, length);
    const size_t kept = length - LEFT_OUT;
    const size_t first = kept > LAST_MAX ? kept - LAST_MAX : 0;
    ssize_t sent = first > 0 ? send_bytes(link, bytes, first) : 0;
    if (sent < (ssize_t)first)
        return sent;
    const size_t count = kept - first;
    memcpy(last, (const char *)bytes + first, count);
    memcpy(last + count, end, END_LENGTH);
    sent = send_bytes(link, last, count + END_LENGTH);
    if (sent <= (ssize_t)count)
        return first > 0 ? (ssize_t)first + (sent > 0 ? sent : 0) : sent;
    *bare = BARE_NOT;
    /* Of `end`, the half that is not sent is the last of these bytes as well. */
    return (ssize_t)(length - (count + END_LENGTH - (size_t)sent));
}
