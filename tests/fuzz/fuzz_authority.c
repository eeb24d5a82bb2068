/* fuzz_authority.c - a Host that is let in has no byte that two servers read in two ways.
 *
 * Several of them, each up to a NUL. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "service/authority.h"

static void try_one(const char *text)
{
    enum authority authority = AUTHORITY_START;
    for (const char *at = text; *at; at++)
        authority = authority_follow(authority, (unsigned char)*at);
    if (!authority_is_whole(authority))
        return;
    if (strpbrk(text, ",/\\@?#<>\"'|^`{}\r\n") || strspn(text, " \t") > 0)
        abort();
    /* Behind the first blank there are only blanks. */
    const size_t length = strcspn(text, " \t");
    if (strspn(text + length, " \t") != strlen(text + length))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = calloc(1, size + 1);
    if (!text)
        abort();
    if (size > 0)
        memcpy(text, data, size);
    for (size_t at = 0; at < size; at += strlen(text + at) + 1)
        try_one(text + at);
    free(text);
    return 0;
}
