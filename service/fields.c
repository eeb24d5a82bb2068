#include "service/fields.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

struct row {
    size_t length;
    const char *name;
    enum field field;
};

#define ROW(name, field)                                                                 \
    {                                                                                    \
        sizeof(name) - 1, name, field                                                    \
    }

/* By length, so that most names meet none or one of them. */
static const struct row rows[] = {
    ROW("TE", FIELD_HOP),
    ROW("Via", FIELD_VIA),
    ROW("Host", FIELD_HOST),
    ROW("ETag", FIELD_ETAG),
    ROW("Range", FIELD_RANGE),
    ROW("Cookie", FIELD_EXAMINED),
    ROW("Expect", FIELD_EXPECT),
    ROW("Digest", FIELD_DIGEST),
    ROW("Upgrade", FIELD_UPGRADE),
    ROW("Trailer", FIELD_HOP),
    ROW("Referer", FIELD_EXAMINED),
    ROW("If-Range", FIELD_RANGE),
    ROW("Forwarded", FIELD_FORWARDED),
    ROW("Connection", FIELD_CONNECTION),
    ROW("Keep-Alive", FIELD_HOP),
    ROW("Content-MD5", FIELD_DIGEST),
    ROW("Repr-Digest", FIELD_DIGEST),
    ROW("Content-Type", FIELD_TYPE),
    ROW("Accept-Ranges", FIELD_ACCEPT_RANGES),
    ROW("Authorization", FIELD_AUTHORIZATION),
    ROW("Content-Length", FIELD_LENGTH),
    ROW("Content-Digest", FIELD_DIGEST),
    ROW("HTTP2-Settings", FIELD_HOP),
    ROW("Accept-Encoding", FIELD_ACCEPT_CODING),
    ROW("X-Forwarded-For", FIELD_X_FOR),
    ROW("X-Forwarded-Host", FIELD_X_HOST),
    ROW("Content-Encoding", FIELD_CODING),
    ROW("Proxy-Connection", FIELD_HOP),
    ROW("X-Forwarded-Proto", FIELD_X_PROTO),
    ROW("Transfer-Encoding", FIELD_TRANSFER),
    ROW("Proxy-Authenticate", FIELD_HOP),
    ROW("Proxy-Authorization", FIELD_HOP),
    ROW("Proxy-Authentication-Info", FIELD_HOP),
};

enum field field_of(const char *name)
{
    const size_t length = strlen(name);
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        if (rows[index].length == length && strcasecmp(rows[index].name, name) == 0)
            return rows[index].field;
    }
    return FIELD_OTHER;
}

static int folded(char byte)
{
    return byte == '_' ? '-' : tolower((unsigned char)byte);
}

int field_is_alike(const char *one, const char *other, size_t length)
{
    size_t at = 0;
    while (at < length && one[at] && folded(one[at]) == folded(other[at]))
        at++;
    return at == length;
}

enum field field_alike(const char *name)
{
    const size_t length = strlen(name);
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        if (rows[index].length == length &&
            field_is_alike(rows[index].name, name, length))
            return rows[index].field;
    }
    return FIELD_OTHER;
}

const char *field_unexaminable(const char *name)
{
    switch ((int)field_of(name)) {
    case FIELD_HOST:
        return "Host is never examined: name the hosts that are served";
    case FIELD_LENGTH:
    case FIELD_TRANSFER:
        return "this header is made anew, there is nothing to examine";
    case FIELD_HOP:
    case FIELD_CONNECTION:
    case FIELD_UPGRADE:
    case FIELD_EXPECT:
        return "this header is not forwarded, there is nothing to examine";
    default:
        return NULL;
    }
}

int field_list_has(const char *list, const char *name)
{
    const size_t length = strlen(name);
    while (*list) {
        list += strspn(list, " \t,");
        const size_t word = strcspn(list, " \t,");
        if (word == length && word > 0 && strncasecmp(list, name, length) == 0)
            return 1;
        list += word;
    }
    return 0;
}
