#include "service/wishes.h"

#include <string.h>
#include <strings.h>

#include "base/number.h"
#include "report/named.h"

struct option_row {
    const char *name; /* in the query, and as a key of the configuration */
    const char *header;
    int (*set)(struct request_options *options, const char *value);
};

static int set_style(struct request_options *options, const char *value)
{
    return named_style(bytes_of_text(value), &options->wishes.style) ? 0 : -1;
}

static int set_confidence(struct request_options *options, const char *value)
{
    return named_confidence(bytes_of_text(value), &options->wishes.min_confidence) ? 0
                                                                                   : -1;
}

/* The engine knows which brands there are. */
static int set_brands(struct request_options *options, const char *value)
{
    const size_t length = strlen(value);
    if (length == 0 || length >= sizeof options->wishes.brands ||
        strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789_-,") != length ||
        value[0] == ',' || value[length - 1] == ',' || strstr(value, ",,"))
        return -1;
    memset(options->wishes.brands, 0, sizeof options->wishes.brands);
    memcpy(options->wishes.brands, value, length);
    return 0;
}

static int set_kinds(struct request_options *options, const char *value)
{
    uint32_t kinds = 0;
    for (const char *at = value;; at++) {
        const size_t length = strcspn(at, ",");
        sieve_kind kind;
        if (!named_kind(bytes_of(at, length), &kind))
            return -1;
        kinds |= UINT32_C(1) << kind;
        at += length;
        if (*at == '\0')
            break;
    }
    options->wishes.kinds = kinds;
    return 0;
}

static int set_numbers(struct request_options *options, const char *value)
{
    options->numbers_as_strings = strcmp(value, "string") == 0;
    return options->numbers_as_strings || strcmp(value, "zero") == 0 ? 0 : -1;
}

static const struct option_row rows[] = {
    {"style", "Cardsieve-Style", set_style},
    {"min_confidence", "Cardsieve-Min-Confidence", set_confidence},
    {"brands", "Cardsieve-Brands", set_brands},
    {"kinds", "Cardsieve-Kinds", set_kinds},
    {"numbers", "Cardsieve-Numbers", set_numbers},
};

#define ROW_COUNT (sizeof rows / sizeof rows[0])

const char *request_option_name(size_t index)
{
    return index < ROW_COUNT ? rows[index].name : NULL;
}

const char *request_option_header(size_t index)
{
    return index < ROW_COUNT ? rows[index].header : NULL;
}

static size_t row_of(const char *name)
{
    size_t index = 0;
    while (index < ROW_COUNT && strcmp(rows[index].name, name) != 0)
        index++;
    return index;
}

int request_option_set(struct request_options *options, const char *name,
                       const char *value)
{
    const size_t index = row_of(name);
    return index < ROW_COUNT ? rows[index].set(options, value) : -1;
}

struct header_reading {
    struct request_options *options;
    unsigned seen; /* bit of each row: a header that comes twice is refused */
    int is_bad;
};

static int read_header(void *context, const char *name, const char *value)
{
    struct header_reading *reading = context;
    if (strncasecmp(name, "Cardsieve-", 10) != 0)
        return 1;
    for (size_t index = 0; index < ROW_COUNT; index++) {
        const unsigned bit = 1u << index;
        if (strcasecmp(name, rows[index].header) != 0)
            continue;
        reading->is_bad |=
            (reading->seen & bit) != 0 || rows[index].set(reading->options, value) < 0;
        reading->seen |= bit;
        return 1;
    }
    reading->is_bad = 1;
    return 1;
}

/* Percent forms are undone; a NUL is none of the values there are. */
static int unescape(const char *from, size_t length, char *to, size_t capacity)
{
    size_t used = 0;
    for (size_t at = 0; at < length; at++) {
        int byte = (unsigned char)from[at];
        if (byte == '%') {
            const int high =
                length - at > 2 ? number_hex_digit((unsigned char)from[at + 1]) : -1;
            const int low =
                high >= 0 ? number_hex_digit((unsigned char)from[at + 2]) : -1;
            if (low < 0)
                return -1;
            byte = high * 16 + low;
            at += 2;
        }
        if (byte == 0 || used + 1 >= capacity)
            return -1;
        to[used++] = (char)byte;
    }
    to[used] = '\0';
    return 0;
}

/* What comes twice is refused: which was meant? */
static int read_pair(struct request_options *options, const char *pair, size_t length,
                     unsigned *seen)
{
    char name[OPTION_LENGTH_MAX];
    char value[OPTION_LENGTH_MAX];
    const char *equals = memchr(pair, '=', length);
    if (!equals)
        return -1;
    const size_t name_length = (size_t)(equals - pair);
    if (unescape(pair, name_length, name, sizeof name) < 0 ||
        unescape(equals + 1, length - name_length - 1, value, sizeof value) < 0)
        return -1;
    const size_t index = row_of(name);
    if (index == ROW_COUNT || (*seen >> index & 1u))
        return -1;
    *seen |= 1u << index;
    return rows[index].set(options, value);
}

static int read_query(struct request_options *options, const char *query)
{
    unsigned seen = 0; /* bit of each row */
    while (*query) {
        const size_t length = strcspn(query, "&");
        if (read_pair(options, query, length, &seen) < 0)
            return -1;
        query += length;
        query += *query == '&';
    }
    return 0;
}

int request_options_read(const struct exchange *exchange,
                         const struct request_options *defaults,
                         struct request_options *out)
{
    const char *query = strchr(exchange_target(exchange), '?');
    struct header_reading reading = {out, 0, 0};
    memcpy(out, defaults, sizeof *out); /* with its padding: wishes are compared */
    exchange_headers(exchange, read_header, &reading);
    if (reading.is_bad)
        return -1;
    return query ? read_query(out, query + 1) : 0;
}
