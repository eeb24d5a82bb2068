#include "service/content.h"

#include <stddef.h>

/* A name by itself, or behind a plus sign as the syntax of what stands before it
 * (RFC 6838, 4.2.8): Elasticsearch says "vnd.elasticsearch+x-ndjson". */
static int is_json(struct bytes type, struct bytes subtype)
{
    static const char *const names[] = {
        "json",       "x-ndjson",      "ndjson",         "jsonl",          "x-jsonlines",
        "json-lines", "x-json-stream", "json-seq",       "jsonlines",      "x-jsonl",
        "x-json",     "json5",         "x-amz-json-1.0", "x-amz-json-1.1", "csp-report",
    };
    size_t suffix = subtype.length;
    while (suffix > 0 && subtype.at[suffix - 1] != '+')
        suffix--;
    if (suffix == 0 && !media_is_word(type, "application") &&
        !media_is_word(type, "text"))
        return 0;
    subtype = bytes_from(subtype, suffix);
    for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
        if (media_is_word(subtype, names[index]))
            return 1;
    }
    return 0;
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
