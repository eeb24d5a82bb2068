/* engine.c - the library as the tests call it. */
#include "support/engine.h"

#include <stdlib.h>
#include <string.h>

#include "support/dice.h"

struct engine engine_open(const sieve_options *options)
{
    struct engine engine = {NULL, NULL};
    if (sieve_ruleset_new(options, &engine.ruleset, NULL) != SIEVE_OK ||
        sieve_scanner_new(engine.ruleset, &engine.scanner) != SIEVE_OK)
        abort();
    return engine;
}

void engine_close(struct engine *engine)
{
    sieve_scanner_free(engine->scanner);
    sieve_ruleset_free(engine->ruleset);
    *engine = (struct engine){NULL, NULL};
}

/* ---- findings ------------------------------------------------------------------- */

sieve_next findings_add(const sieve_finding *finding, void *findings)
{
    struct findings *out = findings;
    if ((out->count & (out->count - 1)) == 0) {
        size_t capacity = out->count ? 2 * out->count : 1;
        out->at = realloc(out->at, capacity * sizeof *out->at);
        if (!out->at)
            abort();
    }
    out->at[out->count++] = *finding;
    return SIEVE_CONTINUE;
}

void findings_clear(struct findings *findings)
{
    findings_done(findings);
}

void findings_done(struct findings *findings)
{
    free(findings->at);
    *findings = (struct findings){NULL, 0};
}

static int same_string(const char *one, const char *other)
{
    return one && other ? strcmp(one, other) == 0 : one == other;
}

int finding_same(const sieve_finding *one, const sieve_finding *other, int same_ruleset)
{
    if (one->offset != other->offset || one->length != other->length ||
        one->digit_count != other->digit_count || one->kind != other->kind ||
        one->confidence != other->confidence || one->form != other->form ||
        one->test_number != other->test_number ||
        one->reason_count != other->reason_count ||
        !same_string(one->rule, other->rule) || strcmp(one->shown, other->shown) != 0)
        return 0;
    if (!same_string(one->brand ? one->brand->name : NULL,
                     other->brand ? other->brand->name : NULL))
        return 0;
    for (size_t i = 0; i < one->reason_count; i++)
        if (!same_string(one->reasons[i], other->reasons[i]))
            return 0;
    return !same_ruleset ||
           (one->card[0] == other->card[0] && one->card[1] == other->card[1]);
}

int findings_same(const struct findings *one, const struct findings *other,
                  int same_ruleset)
{
    if (one->count != other->count)
        return 0;
    for (size_t i = 0; i < one->count; i++)
        if (!finding_same(&one->at[i], &other->at[i], same_ruleset))
            return 0;
    return 1;
}

void finding_show(struct text *text, const sieve_finding *finding)
{
    text_add_format(
        text, "%llu+%u %s %s %s %s %u %s%s", (unsigned long long)finding->offset,
        finding->length, sieve_kind_name(finding->kind),
        sieve_confidence_name(finding->confidence), sieve_form_name(finding->form),
        finding->brand ? finding->brand->name : "-", finding->digit_count, finding->shown,
        finding->test_number ? " test" : "");
    for (size_t i = 0; i < finding->reason_count; i++)
        text_add_format(text, " %s", finding->reasons[i]);
    text_add_string(text, "\n");
}

void findings_show(struct text *text, const struct findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        text_add_string(text, "  ");
        finding_show(text, &findings->at[i]);
    }
}

/* ---- calls ---------------------------------------------------------------------- */

static void *exact_copy(const void *bytes, size_t length)
{
    void *copy = malloc(length ? length : 1);
    if (!copy)
        abort();
    if (length > 0)
        memcpy(copy, bytes, length);
    return copy;
}

sieve_status engine_scan(const struct engine *engine, const void *bytes, size_t length,
                         struct findings *out)
{
    void *copy = exact_copy(bytes, length);
    findings_clear(out);
    sieve_status status = sieve_scan(engine->scanner, copy, length, findings_add, out);
    free(copy);
    return status;
}

sieve_status engine_mask(const struct engine *engine, void *bytes, size_t length,
                         struct findings *out)
{
    void *copy = exact_copy(bytes, length);
    findings_clear(out);
    sieve_status status = sieve_mask(engine->scanner, copy, length, findings_add, out);
    if (length > 0)
        memcpy(bytes, copy, length);
    free(copy);
    return status;
}

struct sink {
    struct findings *findings;
    struct text *masked;
};

static sieve_next sink_finding(const sieve_finding *finding, void *context)
{
    return findings_add(finding, ((struct sink *)context)->findings);
}

static sieve_status sink_bytes(const void *bytes, size_t length, void *context)
{
    text_add(((struct sink *)context)->masked, bytes, length);
    return SIEVE_OK;
}

static sieve_status write_some(sieve_stream *stream, const uint8_t *bytes, size_t length,
                               int room)
{
    if (!room) {
        void *copy = exact_copy(bytes, length);
        sieve_status status = sieve_stream_write(stream, copy, length);
        free(copy);
        return status;
    }
    while (length > 0) {
        void *lent;
        size_t capacity;
        sieve_status status = sieve_stream_room(stream, &lent, &capacity);
        if (status != SIEVE_OK)
            return status;
        size_t some = length < capacity ? length : capacity;
        memcpy(lent, bytes, some);
        status = sieve_stream_commit(stream, some);
        if (status != SIEVE_OK)
            return status;
        bytes += some;
        length -= some;
    }
    return SIEVE_OK;
}

/* A line that ends is let go of by a pause; anywhere else it must change nothing. */
static int ends_line(const uint8_t *at, size_t length)
{
    return at[length - 1] == '\n' ||
           (at[length - 1] == 0 && (length == 1 || at[length - 2] == '\n'));
}

sieve_status engine_stream(const struct engine *engine, const void *bytes, size_t length,
                           struct cut cut, struct findings *out, struct text *masked)
{
    struct sink sink = {out, masked};
    sieve_stream_sink interface = {sink_finding, sink_bytes, &sink};
    sieve_stream *stream = NULL;
    struct dice dice = {cut.seed};
    const uint8_t *at = bytes;
    findings_clear(out);
    text_clear(masked);
    sieve_status status = sieve_stream_new(engine->scanner, &interface, &stream);
    while (status == SIEVE_OK && length > 0) {
        size_t some = cut.chunk ? cut.chunk : length;
        if (cut.seed)
            some = dice_between(&dice, 1, 2 * some);
        if (some > length)
            some = length;
        status = write_some(stream, at, some, cut.room);
        if (status == SIEVE_OK && cut.pauses && !ends_line(at, some))
            status = sieve_stream_pause(stream);
        at += some;
        length -= some;
    }
    if (status == SIEVE_OK)
        status = sieve_stream_finish(stream);
    sieve_stream_free(stream);
    return status;
}
