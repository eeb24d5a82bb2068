#include "service/coding.h"

#include <strings.h>

struct reading {
    const struct codec **codings;
    size_t count;
    int is_bad;
};

static int add_word(struct bytes word, const struct codec **codings, size_t *count)
{
    if (word.length == 8 && strncasecmp((const char *)word.at, "identity", 8) == 0)
        return 0;
    const struct codec *codec = codec_of_name(word);
    if (!codec || *count == CODINGS_MAX)
        return -1;
    codings[(*count)++] = codec;
    return 0;
}

/* "gzip, br"; empty elements mean nothing. */
int coding_add(const char *value, const struct codec *codings[CODINGS_MAX], size_t *count)
{
    while (*value) {
        value += strspn(value, " \t,");
        const size_t length = strcspn(value, " \t,");
        if (length > 0 && add_word(bytes_of(value, length), codings, count) < 0)
            return -1;
        value += length;
    }
    return 0;
}

/* In one header or in several. */
static int read_header(void *context, const char *name, const char *value)
{
    struct reading *reading = context;
    if (strcasecmp(name, "Content-Encoding") == 0 &&
        coding_add(value, reading->codings, &reading->count) < 0)
        reading->is_bad = 1;
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
