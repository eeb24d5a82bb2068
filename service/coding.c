#include "service/coding.h"

#include <strings.h>

struct reading {
    const struct codec **codings;
    size_t count;
    int is_bad;
};

static void read_word(struct reading *reading, struct bytes word)
{
    if (word.length == 8 && strncasecmp((const char *)word.at, "identity", 8) == 0)
        return;
    const struct codec *codec = codec_of_name(word);
    if (!codec || reading->count == CODINGS_MAX)
        reading->is_bad = 1;
    else
        reading->codings[reading->count++] = codec;
}

/* "gzip, br", in one header or in several; empty elements mean nothing. */
static int read_header(void *context, const char *name, const char *value)
{
    struct reading *reading = context;
    if (strcasecmp(name, "Content-Encoding") != 0)
        return 1;
    while (*value && !reading->is_bad) {
        value += strspn(value, " \t,");
        const size_t length = strcspn(value, " \t,");
        if (length > 0)
            read_word(reading, bytes_of(value, length));
        value += length;
    }
    return !reading->is_bad;
}

enum problem coding_read(const struct exchange *exchange,
                         const struct codec *codings[CODINGS_MAX], size_t *count_out)
{
    struct reading reading = {codings, 0, 0};
    exchange_headers(exchange, read_header, &reading);
    *count_out = reading.count;
    return reading.is_bad ? PROBLEM_CODING : PROBLEM_NONE;
}
