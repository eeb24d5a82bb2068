/* What a coding carries beside its content is told, however it is cut. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "codec/beside.h"
#include "unit/codec/collector.h"

#define CARD "4111111111111111"
#define BODY "\x4b\x04\x00\x43\xbe\xb7\xe8\x01\x00\x00\x00" /* "a", deflated */

static sieve_ruleset *ruleset;
static sieve_scanner *scanner;

static void set_up(void)
{
    cr_assert_eq(sieve_ruleset_new(NULL, &ruleset, NULL), SIEVE_OK);
    cr_assert_eq(sieve_scanner_new(ruleset, &scanner), SIEVE_OK);
}

static void tear_down(void)
{
    sieve_scanner_free(scanner);
    sieve_ruleset_free(ruleset);
}

TestSuite(beside, .init = set_up, .fini = tear_down);

/* ---- what is heard ----------------------------------------------------------------- */

struct heard {
    size_t length;
    int is_open;
    char words[1000]; /* "2 gzip head: 15; " for each finding */
    struct beside_place place;
};

static void begin(const struct beside_place *place, void *context)
{
    struct heard *heard = context;
    cr_assert_eq(heard->is_open, 0, "one ends before the next begins");
    heard->is_open = 1;
    heard->place = *place;
}

static void end(void *context)
{
    struct heard *heard = context;
    cr_assert_eq(heard->is_open, 1);
    heard->is_open = 0;
}

static sieve_next hear(const sieve_finding *finding, void *context)
{
    struct heard *heard = context;
    heard->length += (size_t)snprintf(
        heard->words + heard->length, sizeof heard->words - heard->length, "%d %s: %d; ",
        (int)heard->place.member, heard->place.what, (int)finding->offset);
    cr_assert_lt(heard->length, sizeof heard->words);
    return SIEVE_CONTINUE;
}

static int enter(void *context)
{
    (void)context;
    return 1;
}

static void leave(void *context)
{
    (void)context;
}

static void decode_in(struct stage *stage, struct bytes coded, size_t chunk)
{
    sieve_status status = SIEVE_OK;
    while (coded.length > 0 && status == SIEVE_OK) {
        const size_t count = coded.length < chunk ? coded.length : chunk;
        status = stage_write(stage, bytes_of(coded.at, count));
        coded = bytes_from(coded, count);
    }
    if (status == SIEVE_OK)
        status = stage_finish(stage);
    cr_assert(status == SIEVE_OK || status == SIEVE_E_CORRUPT);
}

/* The words are the same, whatever the cut; the content too. */
static void claim(const char *name, struct bytes coded, const char *content,
                  const char *words)
{
    static const size_t chunks[] = {1, 2, 7, 64, 4096, 1u << 20};
    const struct gate gate = {UINT64_C(64) << 20, enter, leave, NULL, NULL};
    for (size_t index = 0; index < sizeof chunks / sizeof chunks[0]; index++) {
        struct heard heard = {.length = 0};
        struct beside beside = {.scanner = scanner,
                                .on_begin = begin,
                                .on_end = end,
                                .sink = {NULL, hear, NULL, &heard},
                                .context = &heard};
        struct collector collector;
        struct stage *stage = NULL;
        sieve_error error = {.status = SIEVE_OK};
        collector_init(&collector);
        cr_assert_eq(decode_stage_new(codec_named(name), &gate, &beside, &error,
                                      &collector.base, &stage),
                     SIEVE_OK);
        decode_in(stage, coded, chunks[index]);
        stage_free(stage);
        beside_done(&beside);
        cr_assert_str_eq(heard.words, words, "%s: '%s' at %zu", name, heard.words,
                         chunks[index]);
        cr_assert_eq(heard.is_open, 0);
        cr_assert_eq(collector.bytes.length, strlen(content));
        if (content[0]) /* else there may be no bytes at all */
            cr_assert(memcmp(collector.bytes.at, content, strlen(content)) == 0);
        collector_done(&collector);
    }
}

#define CLAIM(name, coded, content, words)                                               \
    claim(name, bytes_of(coded, sizeof(coded) - 1), content, words)

#define GZIP(flags) "\x1f\x8b\x08" flags "\0\0\0\0\0\xff"

/* ---- the claims -------------------------------------------------------------------- */

Test(beside, tells_of_each_field_of_a_gzip_header)
{
    CLAIM("gzip", GZIP("\0") BODY, "a", "");
    CLAIM("gzip", GZIP("\x08") "card " CARD "\0" BODY, "a", "1 gzip head: 15; ");
    CLAIM("gzip", GZIP("\x10") "card " CARD "\0" BODY, "a", "1 gzip head: 15; ");
    CLAIM("gzip", GZIP("\x04") "\x15\0card " CARD BODY, "a", "1 gzip head: 17; ");
    CLAIM("gzip", GZIP("\x1c") "\0\0n\0card " CARD "\0" BODY, "a", "1 gzip head: 19; ");
    CLAIM("gzip", GZIP("\x18") "card " CARD "\0pan " CARD "\0" BODY, "a",
          "1 gzip head: 15; 1 gzip head: 36; ");
}

Test(beside, tells_which_member_and_takes_no_content_for_it)
{
    CLAIM("gzip",
          GZIP("\0") BODY GZIP("\x08") "card " CARD "\0" BODY GZIP("\x10") "pan " CARD
                                                                           "\0" BODY,
          "aaa", "2 gzip head: 15; 3 gzip head: 14; ");
}

Test(beside, tells_of_what_is_there_of_a_broken_header)
{
    CLAIM("gzip", GZIP("\x08") "card " CARD, "", "1 gzip head: 15; ");
    CLAIM("gzip", GZIP("\x04") "\xff\xff card " CARD, "", "1 gzip head: 18; ");
    CLAIM("gzip", GZIP("\xe8") "card " CARD "\0" BODY, "", ""); /* no gzip at all */
    CLAIM("gzip", GZIP("\x08") "card " CARD "\0\xff\xff" GZIP("\0") BODY, "a",
          "1 gzip head: 15; ");
}

Test(beside, tells_of_frames_to_be_skipped)
{
#define FRAME "\x53\x2a\x4d\x18\x15\0\0\0card " CARD
#define EMPTY "\x50\x2a\x4d\x18\0\0\0\0"
    CLAIM("zstd", FRAME, "", "1 zstd skippable frame: 13; ");
    CLAIM("zstd", EMPTY EMPTY FRAME EMPTY, "", "3 zstd skippable frame: 13; ");
    CLAIM("zstd", "\x28\xb5\x2f\xfd\x20\x05\x29\0\0hello" FRAME, "hello",
          "2 zstd skippable frame: 13; ");
    CLAIM("lz4", "\x04\x22\x4d\x18\x60\x40\x82\0\0\0\0" FRAME, "",
          "2 lz4 skippable frame: 13; ");
    CLAIM("zstd", "\x53\x2a\x4d\x18\xff\0\0\0card " CARD, "",
          "1 zstd skippable frame: 13; ");
}

Test(beside, goes_on_where_a_comment_is_longer_than_a_window)
{
    struct buffer coded;
    char words[40];
    const size_t long_length = 900000;
    buffer_init(&coded, 1u << 20);
    cr_assert_eq(buffer_append(&coded, bytes_of(GZIP("\x10"), 10)), SIEVE_OK);
    for (size_t at = 0; at < long_length; at += 10)
        cr_assert_eq(buffer_append(&coded, bytes_of("some words", 10)), SIEVE_OK);
    cr_assert_eq(buffer_append(&coded, bytes_of(" card " CARD "\0" BODY, 23 + 11)),
                 SIEVE_OK);
    snprintf(words, sizeof words, "1 gzip head: %zu; ", 10 + long_length + 6);
    claim("gzip", buffer_bytes(&coded), "a", words);
    buffer_done(&coded);
}
