/* The codings that only a name tells: deflate and brotli. */
#include <criterion/criterion.h>

#include "unit/codec/collector.h"

#define MEMORY (UINT64_C(64) << 20)

static const char *const names[] = {"deflate", "br", "gzip", "zstd"};

#define NAME_COUNT (sizeof names / sizeof names[0])

static const struct codec *find(const char *name)
{
    const struct codec *codec = codec_of_name(bytes_of_text(name));
    cr_assert_not_null(codec, "%s", name);
    return codec;
}

Test(named, are_found_in_any_case_and_others_are_not)
{
    cr_assert_eq(find("GZip"), find("x-gzip"));
    cr_assert_eq(find("BR"), find("br"));
    static const char *const unknown[] = {"",    "x-",       "bzip2", "xz",   "lz4",
                                          "brr", "identity", "b",     "gzip "};
    for (size_t index = 0; index < sizeof unknown / sizeof unknown[0]; index++)
        cr_assert_null(codec_of_name(bytes_of_text(unknown[index])), "%s",
                       unknown[index]);
}

Test(named, no_bytes_are_taken_for_them)
{
    struct buffer coded;
    int wants_more = 0;
    for (size_t index = 0; index < 2; index++) {
        buffer_init(&coded, 1u << 20);
        encode(find(names[index]), bytes_of_text("some text, some text"), 100, &coded);
        cr_assert_null(codec_sniff(buffer_bytes(&coded), &wants_more));
        buffer_done(&coded);
    }
}

Test(named, come_back_as_they_were)
{
    static const size_t chunks[] = {1, 13, 4096, 1000000};
    struct buffer plain;
    make_plain(&plain, 200000);
    for (size_t index = 0; index < NAME_COUNT; index++) {
        const struct codec *codec = find(names[index]);
        for (size_t chunk = 0; chunk < sizeof chunks / sizeof chunks[0]; chunk++) {
            struct buffer coded;
            struct collector collector;
            sieve_error error;
            buffer_init(&coded, 1u << 20);
            encode(codec, buffer_bytes(&plain), chunks[chunk], &coded);
            cr_assert_lt(coded.length, plain.length);
            collector_init(&collector);
            cr_assert_eq(decode(codec, buffer_bytes(&coded), chunks[3 - chunk], MEMORY,
                                &error, &collector),
                         SIEVE_OK, "%s", names[index]);
            cr_assert_eq(collector.bytes.length, plain.length);
            cr_assert_arr_eq(collector.bytes.at, plain.at, plain.length);
            collector_done(&collector);
            buffer_done(&coded);
        }
    }
    buffer_done(&plain);
}

/* Every cut and every change of a byte: never an OK for other bytes. */
Test(named, damage_is_told)
{
    struct buffer plain;
    make_plain(&plain, 900);
    for (size_t index = 0; index < NAME_COUNT; index++) {
        struct buffer coded;
        buffer_init(&coded, 1u << 20);
        encode(find(names[index]), buffer_bytes(&plain), 1000, &coded);
        for (size_t length = 1; length < coded.length; length += 5) {
            struct collector collector;
            sieve_error error;
            collector_init(&collector);
            cr_assert_eq(decode(find(names[index]), bytes_of(coded.at, length), 100,
                                MEMORY, &error, &collector),
                         SIEVE_E_CORRUPT, "%s %zu", names[index], length);
            collector_done(&collector);
        }
        buffer_done(&coded);
    }
    buffer_done(&plain);
}

Test(named, what_follows_brotli_is_damage)
{
    struct buffer coded;
    struct collector collector;
    sieve_error error;
    for (size_t chunk = 1; chunk < 40; chunk++) {
        buffer_init(&coded, 1u << 20);
        encode(find("br"), bytes_of_text("card 1234"), 100, &coded);
        cr_assert_eq(buffer_append(&coded, bytes_of_text("x")), SIEVE_OK);
        collector_init(&collector);
        cr_assert_eq(
            decode(find("br"), buffer_bytes(&coded), chunk, MEMORY, &error, &collector),
            SIEVE_E_CORRUPT);
        collector_done(&collector);
        buffer_done(&coded);
    }
}
