/* media_type.h - a Content-Type, read so that no receiver reads anything else in it.
 *
 * What a type and its parameters say decides how a body is taken apart.  Receivers differ
 * in what they make of a value that is not well-formed, or that names two boundaries:
 * such a value is not read at all.  What means nothing for the body is read generously.
 */
#ifndef SIEVE_SERVICE_MEDIA_TYPE_H
#define SIEVE_SERVICE_MEDIA_TYPE_H

#include "base/bytes.h"

#define BOUNDARY_LENGTH_MAX 70u

struct media_type {
    struct bytes type;    /* "text"; borrowed from the text that was read */
    struct bytes subtype; /* "plain" */
    int is_multipart;
    char boundary[BOUNDARY_LENGTH_MAX + 1]; /* of multipart; else "" */
};

enum media_reading {
    MEDIA_READ,
    MEDIA_UNREADABLE,
    MEDIA_CHARSET /* its charset is not one that is examined */
};

/* `out` is filled only by MEDIA_READ. */
enum media_reading media_type_read(const char *text, struct media_type *out);

/* 1 if these bytes are the word, in any case. */
int media_is_word(struct bytes bytes, const char *word);

#endif /* SIEVE_SERVICE_MEDIA_TYPE_H */
