/* fuzz_scan.c - whatever the bytes: a stream finds what a block finds, with the sieve and
 * without it, and what is found and masked is what docs/detection.md says.  (That masked
 * text is clean is asked where numbers do not touch: see mask_property.c.)
 *
 * The first byte chooses the chunk size and the options. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "support/engine.h"
#include "support/oracle.h"

#define ORACLE_LENGTH_MAX 160 /* it is slow */

/* Four rulesets, made once: default and all, each with and without the sieve. */
static struct engine engines[4];

static const struct engine *engine_of(unsigned all, unsigned off)
{
    struct engine *engine = &engines[2 * all + off];
    if (!engine->ruleset) {
        sieve_options options = SIEVE_OPTIONS_DEFAULT;
        options.min_confidence = all ? SIEVE_LOW : SIEVE_MEDIUM;
        options.ebcdic = (uint8_t)all;
        options.mask = all ? 'X' : '*';
        options.sieve_off = (uint8_t)off;
        *engine = engine_open(&options);
    }
    return engine;
}

static void check(int holds, const char *claim)
{
    if (holds)
        return;
    fprintf(stderr, "fuzz_scan: %s\n", claim);
    abort();
}

static int same_bytes(const struct text *one, const struct text *other)
{
    return one->length == other->length &&
           (one->length == 0 || memcmp(one->bytes, other->bytes, one->length) == 0);
}

static int oracle_agrees(const struct text *text, const struct text *masked,
                         const struct findings *findings, unsigned all)
{
    struct oracle_options options = {.min_confidence = all ? SIEVE_LOW : SIEVE_MEDIUM,
                                     .ebcdic = (int)all};
    struct oracle_result wanted;
    oracle_scan(text->bytes, text->length, &options, &wanted);
    int same = wanted.count == findings->count &&
               oracle_check_masked(text->bytes, masked->bytes, text->length, &wanted,
                                   all ? 'X' : '*') == 0;
    for (size_t i = 0; same && i < wanted.count; i++)
        same = wanted.findings[i].offset == findings->at[i].offset &&
               wanted.findings[i].length == findings->at[i].length &&
               wanted.findings[i].kind == findings->at[i].kind &&
               wanted.findings[i].confidence == findings->at[i].confidence;
    oracle_result_done(&wanted);
    return same;
}

static void try_text(const struct text *text, unsigned all, struct cut cut)
{
    const struct engine *engine = engine_of(all, 0);
    struct findings whole = {0};
    struct findings other = {0};
    struct text masked = {0};
    struct text handed = {0};
    text_add(&masked, text->bytes, text->length);
    check(engine_mask(engine, masked.bytes, masked.length, &whole) == SIEVE_OK, "mask");
    check(engine_stream(engine, text->bytes, text->length, cut, &other, &handed) ==
              SIEVE_OK,
          "stream");
    check(findings_same(&whole, &other, 1), "a stream finds what a block finds");
    check(same_bytes(&masked, &handed), "a stream hands on what a block masks");
    check(engine_scan(engine_of(all, 1), text->bytes, text->length, &other) == SIEVE_OK,
          "scan");
    check(findings_same(&whole, &other, 0), "the sieve changes no verdict");
    check(engine_scan(engine, masked.bytes, masked.length, &other) == SIEVE_OK, "rescan");
    check(masked.length == text->length, "the length stays");
    if (text->length <= ORACLE_LENGTH_MAX)
        check(oracle_agrees(text, &masked, &whole, all),
              "the engine says what the page says");
    findings_done(&whole);
    findings_done(&other);
    text_done(&masked);
    text_done(&handed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const size_t chunks[] = {1, 2, 3, 7, 16, 64, 1000, 0};
    struct text text = {0};
    if (size == 0)
        return 0;
    text_add(&text, data + 1, size - 1);
    try_text(&text, data[0] >> 3 & 1,
             (struct cut){.chunk = chunks[data[0] & 7], .room = data[0] >> 4 & 1});
    text_done(&text);
    return 0;
}
