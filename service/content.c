#include "service/content.h"

#include <stddef.h>
#include <strings.h>

#include "service/multipart.h"

static int is_token(char byte)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z') || (byte != '\0' && strchr(others, byte));
}

static size_t token_length(const char *text)
{
    size_t length = 0;
    while (is_token(text[length]))
        length++;
    return length;
}

static int is_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && strncasecmp(text, word, length) == 0;
}

/* A name by itself, or behind a plus sign as the syntax of what stands before it
 * (RFC 6838, 4.2.8): Elasticsearch says "vnd.elasticsearch+x-ndjson". */
static int is_json(const char *type, size_t type_length, const char *subtype,
                   size_t subtype_length)
{
    static const char *const names[] = {
        "json",       "x-ndjson",      "ndjson",         "jsonl",          "x-jsonlines",
        "json-lines", "x-json-stream", "json-seq",       "jsonlines",      "x-jsonl",
        "x-json",     "json5",         "x-amz-json-1.0", "x-amz-json-1.1", "csp-report",
    };
    size_t suffix = subtype_length;
    while (suffix > 0 && subtype[suffix - 1] != '+')
        suffix--;
    if (suffix == 0 && !is_word(type, type_length, "application") &&
        !is_word(type, type_length, "text"))
        return 0;
    subtype += suffix;
    subtype_length -= suffix;
    for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
        if (is_word(subtype, subtype_length, names[index]))
            return 1;
    }
    return 0;
}

int content_of_type(const char *type, enum content *out)
{
    *out = CONTENT_BYTES;
    if (!type)
        return 0;
    type += strspn(type, " \t");
    const size_t type_length = token_length(type);
    if (type_length == 0 || type[type_length] != '/')
        return -1;
    const char *subtype = type + type_length + 1;
    const size_t subtype_length = token_length(subtype);
    const char behind = subtype[subtype_length];
    if (subtype_length == 0 || (behind != '\0' && !strchr("; \t", behind)))
        return -1;
    if (is_json(type, type_length, subtype, subtype_length))
        *out = CONTENT_JSON;
    if (!is_word(type, type_length, "multipart"))
        return 0;
    char boundary[BOUNDARY_LENGTH_MAX + 1];
    *out = CONTENT_MULTIPART;
    return multipart_boundary(type, boundary);
}
