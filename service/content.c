#include "service/content.h"

#include <stddef.h>

static int is_one_of(struct bytes word, const char *const *names, size_t count)
{
    for (size_t index = 0; index < count; index++) {
        if (media_is_word(word, names[index]))
            return 1;
    }
    return 0;
}

/* Where the syntax begins that stands behind the last plus sign; 0: there is none. */
static size_t suffix_of(struct bytes subtype)
{
    size_t suffix = subtype.length;
    while (suffix > 0 && subtype.at[suffix - 1] != '+')
        suffix--;
    return suffix;
}

/* A name by itself, or behind a plus sign as the syntax of what stands before it
 * (RFC 6838, 4.2.8): Elasticsearch says "vnd.elasticsearch+x-ndjson". */
static int is_json(struct bytes type, struct bytes subtype)
{
    static const char *const names[] = {
        "json",       "x-ndjson",      "ndjson",         "jsonl",          "x-jsonlines",
        "json-lines", "x-json-stream", "json-seq",       "jsonlines",      "x-jsonl",
        "x-json",     "json5",         "x-amz-json-1.0", "x-amz-json-1.1", "csp-report",
    };
    const size_t suffix = suffix_of(subtype);
    if (suffix == 0 && !media_is_word(type, "application") &&
        !media_is_word(type, "text"))
        return 0;
    return is_one_of(bytes_from(subtype, suffix), names, sizeof names / sizeof names[0]);
}

int content_may_be_packed(const char *text)
{
    static const char *const names[] = {
        "octet-stream",
        "gzip",
        "x-gzip",
        "x-gzip-compressed",
        "gzip-compressed",
        "zip",
        "x-zip",
        "zstd",
        "x-zip-compressed",
        "zip-compressed",
        "x-zstd",
        "x-bzip",
        "x-bz2",
        "x-bzip2",
        "bzip2",
        "x-xz",
        "xz",
        "x-lzma",
        "x-lz4",
        "lz4",
        "x-lzip",
        "brotli",
        "x-br",
        "x-compress",
        "x-compressed",
        "x-tgz",
        "x-gtar",
        "gtar",
        "java-archive",
        "x-compressed-tar",
        "zlib",
        "deflate",
        "x-snappy-framed",
    };
    struct media_type type;
    if (!text || media_type_read(text, &type) != MEDIA_READ)
        return 0;
    return is_one_of(bytes_from(type.subtype, suffix_of(type.subtype)), names,
                     sizeof names / sizeof names[0]);
}

enum media_reading content_of_type(const char *text, enum content *out)
{
    struct media_type type;
    *out = CONTENT_BYTES;
    if (!text)
        return MEDIA_READ;
    const enum media_reading reading = media_type_read(text, &type);
    if (reading != MEDIA_READ)
        return reading;
    if (type.is_multipart)
        *out = CONTENT_MULTIPART;
    else if (is_json(type.type, type.subtype))
        *out = CONTENT_JSON;
    return MEDIA_READ;
}
