#include "service/exposition.h"

#include <string.h>

#include "base/number.h"
#include "base/visible.h"

#define EXPOSITION_LENGTH_MAX (4u << 20)

void exposition_init(struct exposition *exposition, int is_open, sieve_scanner *veil)
{
    *exposition =
        (struct exposition){.veil = veil, .is_open = is_open, .status = SIEVE_OK};
    buffer_init(&exposition->text, EXPOSITION_LENGTH_MAX);
    safe_text_init(&exposition->safe);
}

void exposition_done(struct exposition *exposition)
{
    buffer_done(&exposition->text);
    safe_text_done(&exposition->safe);
}

static void put(struct exposition *exposition, const char *text)
{
    if (exposition->status == SIEVE_OK)
        exposition->status = buffer_append(&exposition->text, bytes_of_text(text));
}

void exposition_family(struct exposition *exposition, const char *family,
                       enum exposition_type type, const char *help)
{
    static const char *const types[] = {" counter\n", " gauge\n", " histogram\n"};
    /* OpenMetrics names a counter's family without what its samples end in. */
    const char *end = type == EXPOSITION_COUNTER && !exposition->is_open ? "_total" : "";
    exposition->family = family;
    exposition->type = type;
    put(exposition, "# HELP ");
    put(exposition, family);
    put(exposition, end);
    put(exposition, " ");
    put(exposition, help);
    put(exposition, "\n# TYPE ");
    put(exposition, family);
    put(exposition, end);
    put(exposition, types[type]);
}

/* A label's value: no number of a card, no control character, and its own quotes. */
static void put_value(struct exposition *exposition, const char *value)
{
    struct bytes left = bytes_of_text(value);
    if (exposition->status == SIEVE_OK)
        exposition->status = safe_text_set(&exposition->safe, left, exposition->veil);
    left = safe_text_bytes(&exposition->safe);
    while (exposition->status == SIEVE_OK && left.length > 0) {
        size_t length = 0;
        while (length < left.length && left.at[length] != '"' && left.at[length] != '\\')
            length++;
        exposition->status = visible_append(&exposition->text, bytes_of(left.at, length));
        left = bytes_from(left, length);
        if (left.length > 0) {
            put(exposition, left.at[0] == '"' ? "\\\"" : "\\\\");
            left = bytes_from(left, 1);
        }
    }
}

static void put_label(struct exposition *exposition, int is_first, struct label label)
{
    put(exposition, is_first ? "{" : ",");
    put(exposition, label.name);
    put(exposition, "=\"");
    put_value(exposition, label.value);
    put(exposition, "\"");
}

static void put_sample(struct exposition *exposition, const char *end,
                       const struct label *labels, size_t count, const char *value)
{
    put(exposition, exposition->family);
    put(exposition, end);
    for (size_t index = 0; index < count; index++)
        put_label(exposition, index == 0, labels[index]);
    put(exposition, count > 0 ? "} " : " ");
    put(exposition, value);
    put(exposition, "\n");
}

static const char *end_of(const struct exposition *exposition)
{
    return exposition->type == EXPOSITION_COUNTER ? "_total" : "";
}

void exposition_sample(struct exposition *exposition, const struct label *labels,
                       size_t count, uint64_t value)
{
    char text[NUMBER_TEXT_MAX];
    (void)number_text(value, text);
    put_sample(exposition, end_of(exposition), labels, count, text);
}

void exposition_seconds(struct exposition *exposition, const struct label *labels,
                        size_t count, uint64_t nanoseconds)
{
    char text[NUMBER_TEXT_MAX];
    (void)number_seconds(nanoseconds, 6, text);
    put_sample(exposition, end_of(exposition), labels, count, text);
}

/* "0.00025", "30.0": the shortest with one decimal place at least. */
static void bucket_name(uint32_t microseconds, char out[NUMBER_TEXT_MAX])
{
    size_t length = number_seconds((uint64_t)microseconds * UINT64_C(1000), 6, out);
    while (length > 2 && out[length - 1] == '0' && out[length - 2] != '.')
        out[--length] = '\0';
}

void exposition_histogram(struct exposition *exposition, struct label label,
                          const struct exposition_times *times)
{
    char name[NUMBER_TEXT_MAX];
    char text[NUMBER_TEXT_MAX];
    uint64_t count = 0;
    for (size_t bucket = 0; bucket < times->bucket_count; bucket++) {
        const int is_last = bucket + 1 == times->bucket_count;
        count += times->counts[bucket];
        if (!is_last)
            bucket_name(times->ends[bucket], name);
        const struct label labels[] = {label, {"le", is_last ? "+Inf" : name}};
        (void)number_text(count, text);
        put_sample(exposition, "_bucket", labels, 2, text);
    }
    put_sample(exposition, "_count", &label, 1, text);
    (void)number_seconds(times->nanoseconds, 6, text);
    put_sample(exposition, "_sum", &label, 1, text);
}

void exposition_end(struct exposition *exposition)
{
    if (exposition->is_open)
        put(exposition, "# EOF\n");
}
