/* fuzz_type.c - a Content-Type: what is read of it stands in it, and only once. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "service/charset.h"
#include "service/media_type.h"

static void check_boundary(const char *text, const struct media_type *type)
{
    const char *found = strstr(text, type->boundary);
    if (strlen(type->boundary) > BOUNDARY_LENGTH_MAX || !found)
        abort();
    for (const char *at = type->boundary; *at; at++) {
        if (*at < ' ' || *at > '~' || strchr("\"\\,;", *at))
            abort();
    }
}

static int is_inside(const char *text, struct bytes word)
{
    const char *begin = (const char *)word.at;
    return word.length > 0 && begin >= text && begin + word.length <= text + strlen(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct media_type type;
    char *text = malloc(size + 1);
    if (!text)
        abort();
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    (void)charset_is_examined(bytes_of(text, size));
    if (media_type_read(text, &type) == MEDIA_READ) {
        if (!is_inside(text, type.type) || !is_inside(text, type.subtype) ||
            type.is_multipart != (type.boundary[0] != '\0'))
            abort();
        check_boundary(text, &type);
    }
    free(text);
    return 0;
}
