#include "job/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>

#include "base/utf8.h"

#define ROOM_LENGTH 512
#define CUT_MAX     3 /* bytes of a character that a cut may leave */

static const char *const names[CHARSET_COUNT] = {"UTF-8", "EUC-JP", "CP932", "UTF-16LE",
                                                 "UTF-16BE"};

void converter_init(struct converter *converter)
{
    *converter = (struct converter){.handles = {NULL}};
}

void converter_done(struct converter *converter)
{
    for (size_t index = 0; index < CHARSET_COUNT; index++) {
        if (converter->handles[index])
            (void)iconv_close(converter->handles[index]);
    }
    converter_init(converter);
}

/* NULL if the system does not know the encoding. */
static void *handle_of(struct converter *converter, enum charset from)
{
    if (!converter->handles[from] && !converter->has_failed[from]) {
        iconv_t handle = iconv_open("UTF-8", names[from]);
        converter->has_failed[from] = (intptr_t)handle == -1;
        converter->handles[from] = converter->has_failed[from] ? NULL : handle;
    }
    return converter->handles[from];
}

static int append_utf8(struct bytes bytes, struct buffer *out)
{
    for (size_t cut = 0; cut <= CUT_MAX && cut <= bytes.length; cut++) {
        const struct bytes rest = bytes_of(bytes.at, bytes.length - cut);
        if (utf8_valid(rest))
            return buffer_append(out, rest) == SIEVE_OK;
    }
    return 0;
}

static int append_converted(void *handle, struct bytes bytes, struct buffer *out)
{
    /* cast: iconv only reads, its type does not say so */
    char *from = (char *)(uintptr_t)bytes.at;
    size_t left = bytes.length;
    (void)iconv(handle, NULL, NULL, NULL, NULL);
    while (left > 0) {
        char room[ROOM_LENGTH];
        char *to = room;
        size_t capacity = sizeof room;
        errno = 0;
        size_t answer = iconv(handle, &from, &left, &to, &capacity);
        const int reason = errno;
        if (buffer_append(out, bytes_of(room, (size_t)(to - room))) != SIEVE_OK)
            return 0;
        if (answer != (size_t)-1 || reason == E2BIG)
            continue;
        return reason == EINVAL && left <= CUT_MAX;
    }
    return 1;
}

/* The C library takes bytes 80 to 9F of EUC-JP for control characters; no text has
 * them, but CP932 looks like that. */
static int has_controls(struct bytes bytes)
{
    for (size_t index = 0; index + 1 < bytes.length; index++) {
        if (bytes.at[index] == 0xC2 && bytes.at[index + 1] < 0xA0)
            return 1;
    }
    return 0;
}

int converter_append(struct converter *converter, enum charset from, struct bytes bytes,
                     struct buffer *out)
{
    const size_t before = out->length;
    int done = 0;
    if (from == CHARSET_UTF8) {
        done = append_utf8(bytes, out);
    } else {
        void *handle = handle_of(converter, from);
        done = handle && append_converted(handle, bytes, out) &&
               !has_controls(bytes_from(buffer_bytes(out), before));
    }
    if (!done)
        out->length = before;
    return done;
}

static size_t character_length(enum charset charset, unsigned char first)
{
    switch (charset) {
    case CHARSET_EUC_JP:
        if (first == 0x8F)
            return 3;
        return first >= 0xA1 || first == 0x8E ? 2 : 1;
    case CHARSET_CP932:
        return (first >= 0x81 && first <= 0x9F) || (first >= 0xE0 && first <= 0xFC) ? 2
                                                                                    : 1;
    case CHARSET_UTF16LE:
    case CHARSET_UTF16BE:
        return 2;
    case CHARSET_UTF8:
        break;
    }
    if (first < 0xC0)
        return 1;
    return first < 0xE0 ? 2 : (first < 0xF0 ? 3 : 4);
}

size_t charset_align(enum charset charset, struct bytes bytes, size_t from)
{
    size_t at = 0;
    while (at < from && at < bytes.length)
        at += character_length(charset, bytes.at[at]);
    return at < bytes.length ? at : bytes.length;
}
