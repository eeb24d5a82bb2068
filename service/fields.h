/* fields.h - the header fields that a proxy knows by name: one table. */
#ifndef SIEVE_SERVICE_FIELDS_H
#define SIEVE_SERVICE_FIELDS_H

#include <stddef.h>

enum field {
    FIELD_OTHER,
    FIELD_HOP, /* between two neighbours only */
    FIELD_CONNECTION,
    FIELD_UPGRADE,
    FIELD_LENGTH,
    FIELD_TRANSFER,
    FIELD_EXPECT,
    FIELD_HOST,
    FIELD_VIA,
    FIELD_FORWARDED,
    FIELD_X_FOR,
    FIELD_X_PROTO,
    FIELD_X_HOST,
    FIELD_TYPE,
    FIELD_CODING,
    FIELD_ACCEPT_CODING,
    FIELD_RANGE, /* and If-Range */
    FIELD_ACCEPT_RANGES,
    FIELD_DIGEST, /* of the bytes: all kinds of them */
    FIELD_ETAG,
    FIELD_EXAMINED, /* Referer, Cookie */
    FIELD_AUTHORIZATION
};

/* By its name, in any case. */
enum field field_of(const char *name);

/* The same of a name in which a - may be a _ : gateways (CGI, WSGI) make one of both. */
enum field field_alike(const char *name);

/* 1 if the first `length` bytes of both are one name to such a gateway. */
int field_is_alike(const char *one, const char *other, size_t length);

/* Why nothing can be examined in this field of a request; NULL: it can. */
const char *field_unexaminable(const char *name);

/* 1 if the list "close, X-Note" has this name. */
int field_list_has(const char *list, const char *name);

/* 1 for a byte that names and methods are made of (RFC 9110, 5.6.2). */
static inline int field_is_token(unsigned char byte)
{
    static const unsigned char others[128] = {
        ['!'] = 1,  ['#'] = 1, ['$'] = 1, ['%'] = 1, ['&'] = 1,
        ['\''] = 1, ['*'] = 1, ['+'] = 1, ['-'] = 1, ['.'] = 1,
        ['^'] = 1,  ['_'] = 1, ['`'] = 1, ['|'] = 1, ['~'] = 1,
    };
    return (unsigned char)((byte | 0x20) - 'a') < 26 || (byte >= '0' && byte <= '9') ||
           (byte < 128 && others[byte]);
}

#endif /* SIEVE_SERVICE_FIELDS_H */
