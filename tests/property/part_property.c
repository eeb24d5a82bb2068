/* Parts that begin at borders give together what the whole gives. */
#include <criterion/criterion.h>

#include "property/property.h"
#include "support/dice.h"
#include "support/engine.h"
#include "support/texts.h"

/* Copies no byte more than the contract asks for, so that a sanitizer sees a step out. */
static sieve_status scan_part(const struct engine *engine, const struct text *text,
                              size_t from, size_t to, struct findings *out)
{
    size_t begin = from > SIEVE_BEFORE ? from - SIEVE_BEFORE : 0;
    size_t end = text->length - to > SIEVE_AFTER ? to + SIEVE_AFTER : text->length;
    size_t head = text->length < SIEVE_HEAD ? text->length : SIEVE_HEAD;
    void *bytes = malloc(end - begin + 1);
    void *first = malloc(head + 1);
    cr_assert(bytes && first);
    memcpy(bytes, text->bytes + begin, end - begin);
    memcpy(first, text->bytes, head);
    sieve_part part = {
        .bytes = bytes,
        .begin = begin,
        .end = end,
        .from = from,
        .to = to,
        .head = first,
        .head_length = head,
        .at_end = end == text->length,
    };
    sieve_status status = sieve_scan_part(engine->scanner, &part, findings_add, out);
    free(bytes);
    free(first);
    return status;
}

static int parts_are_the_whole(const struct text *text, uint64_t seed, void *context,
                               struct text *why)
{
    const struct engine *engine = context;
    struct findings whole = {0};
    struct findings parts = {0};
    struct dice dice = {seed};
    size_t usual = dice_between(&dice, 1, 5000);
    sieve_status status = engine_scan(engine, text->bytes, text->length, &whole);
    for (size_t from = 0; status == SIEVE_OK && from < text->length;) {
        size_t to = from + dice_between(&dice, 1, 2 * usual);
        to = to < text->length ? to + sieve_border(text->bytes + to, text->length - to)
                               : text->length;
        status = scan_part(engine, text, from, to, &parts);
        if (why)
            text_add_format(why, "part %zu to %zu\n", from, to);
        from = to;
    }
    int holds = status == SIEVE_OK && findings_same(&whole, &parts, 1);
    if (!holds && why) {
        text_add_format(why, "%s\nwhole:\n", sieve_status_name(status));
        findings_show(why, &whole);
        text_add_string(why, "parts:\n");
        findings_show(why, &parts);
    }
    findings_done(&whole);
    findings_done(&parts);
    return holds;
}

static void compare(const char *name, uint64_t runs, int is_log)
{
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    options.min_confidence = SIEVE_LOW;
    struct engine engine = engine_open(&options);
    struct text text = {0};
    struct property property = property_begin(name, runs);
    while (property_next(&property)) {
        if (is_log)
            texts_log(&text, property.seed, 9000 + property.seed % 20000);
        else
            texts_make(&text, property.seed, TEXTS_ALL, 500 + property.seed % 12000);
        property_check(&property, &text, parts_are_the_whole, &engine);
    }
    text_done(&text);
    engine_close(&engine);
    property_end(&property);
}

Test(part, parts_of_dense_texts_are_the_whole)
{
    compare("parts of dense texts", 4000, 0);
}

Test(part, parts_of_logs_are_the_whole)
{
    compare("parts of logs", 2000, 1);
}

/* Ordinary text can be parted every few kilobytes. */
Test(part, a_log_has_borders)
{
    struct text text = {0};
    for (int i = 0; i < 300; i++)
        text_add_format(&text, "2026-01-%02d host app[12]: item %d of 300 is done\n",
                        i % 28 + 1, i);
    size_t border = sieve_border(text.bytes + 1000, text.length - 1000);
    cr_assert_lt(border, 1000, "%zu", border);
    cr_assert_eq(sieve_border("", 0), 0);
    text_done(&text);
}
