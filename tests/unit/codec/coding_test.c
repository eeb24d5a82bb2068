/* decode(encode(x)) = x, and what is no such x. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "unit/codec/collector.h"

#define MEMORY (UINT64_C(64) << 20)

Test(coding, comes_back_as_it_was)
{
    static const size_t lengths[] = {0, 1, 100, 65536, 300000};
    static const size_t chunks[] = {1, 7, 64, 4096, 1000000};
    for (const char *const *name = codec_names; *name; name++) {
        const struct codec *codec = codec_named(*name);
        for (size_t index = 0; index < sizeof lengths / sizeof lengths[0]; index++) {
            struct buffer plain;
            struct buffer coded;
            struct collector collector;
            sieve_error error;
            make_plain(&plain, lengths[index]);
            buffer_init(&coded, 1u << 20);
            encode(codec, buffer_bytes(&plain), chunks[index], &coded);
            collector_init(&collector);
            cr_assert_eq(decode(codec, buffer_bytes(&coded), chunks[4 - index], MEMORY,
                                &error, &collector),
                         SIEVE_OK, "%s %zu", *name, lengths[index]);
            cr_assert_eq(collector.bytes.length, plain.length);
            if (plain.length > 0)
                cr_assert_arr_eq(collector.bytes.at, plain.at, plain.length);
            cr_assert_eq(collector.finished, 1);
            cr_assert_eq(error.status, SIEVE_OK);
            collector_done(&collector);
            buffer_done(&coded);
            buffer_done(&plain);
        }
    }
}

Test(coding, members_on_end)
{
    for (const char *const *name = codec_names; *name; name++) {
        const struct codec *codec = codec_named(*name);
        struct buffer coded;
        struct collector collector;
        sieve_error error;
        buffer_init(&coded, 1u << 20);
        encode(codec, bytes_of_text("first, "), 100, &coded);
        encode(codec, bytes_of_text(""), 100, &coded);
        encode(codec, bytes_of_text("second"), 100, &coded);
        for (size_t chunk = 1; chunk < 70; chunk += 3) {
            collector_init(&collector);
            cr_assert_eq(
                decode(codec, buffer_bytes(&coded), chunk, MEMORY, &error, &collector),
                SIEVE_OK, "%s %zu: %s", *name, chunk, error.what);
            cr_assert_eq(collector.bytes.length, 13);
            cr_assert_arr_eq(collector.bytes.at, "first, second", 13);
            collector_done(&collector);
        }
        buffer_done(&coded);
    }
}

Test(coding, cut_anywhere_is_told)
{
    for (const char *const *name = codec_names; *name; name++) {
        const struct codec *codec = codec_named(*name);
        struct buffer coded;
        buffer_init(&coded, 1u << 20);
        encode(codec, bytes_of_text("a text that is long enough to be cut"), 100, &coded);
        for (size_t length = 1; length < coded.length; length++) {
            struct collector collector;
            sieve_error error;
            collector_init(&collector);
            cr_assert_eq(
                decode(codec, bytes_of(coded.at, length), 7, MEMORY, &error, &collector),
                SIEVE_E_CORRUPT, "%s cut at %zu", *name, length);
            cr_assert_eq(error.status, SIEVE_E_CORRUPT);
            cr_assert_not_null(strstr(error.what, *name));
            cr_assert_eq(collector.finished, 1);
            collector_done(&collector);
        }
        buffer_done(&coded);
    }
}

/* Every single wrong bit: no crash, no silence unless the bytes are right. */
Test(coding, any_wrong_bit_is_told_or_harmless)
{
    static const char text[] =
        "a text of a length that makes a small member, and again a text";
    for (const char *const *name = codec_names; *name; name++) {
        const struct codec *codec = codec_named(*name);
        struct buffer coded;
        buffer_init(&coded, 1u << 20);
        encode(codec, bytes_of_text(text), 100, &coded);
        for (size_t bit = 0; bit < coded.length * 8; bit++) {
            struct collector collector;
            sieve_error error;
            collector_init(&collector);
            coded.at[bit / 8] ^= (unsigned char)(1u << bit % 8);
            sieve_status status =
                decode(codec, buffer_bytes(&coded), 50, MEMORY, &error, &collector);
            coded.at[bit / 8] ^= (unsigned char)(1u << bit % 8);
            int is_right = collector.bytes.length == sizeof text - 1 &&
                           memcmp(collector.bytes.at, text, sizeof text - 1) == 0;
            cr_assert(status != SIEVE_OK || is_right, "%s bit %zu", *name, bit);
            collector_done(&collector);
        }
        buffer_done(&coded);
    }
}

Test(coding, goes_on_behind_a_damaged_member)
{
    for (const char *const *name = codec_names; *name; name++) {
        const struct codec *codec = codec_named(*name);
        struct buffer plain;
        struct buffer coded;
        struct collector collector;
        sieve_error error;
        make_plain(&plain, 20000);
        buffer_init(&coded, 1u << 20);
        encode(codec, buffer_bytes(&plain), 5000, &coded);
        memset(coded.at + coded.length / 2, 0xFF, 40);
        encode(codec, bytes_of_text("the second member"), 100, &coded);
        collector_init(&collector);
        cr_assert_eq(decode(codec, buffer_bytes(&coded), 333, MEMORY, &error, &collector),
                     SIEVE_E_CORRUPT);
        cr_assert_str_eq(error.what, codec->damaged);
        cr_assert_geq(collector.bytes.length, 17);
        cr_assert_arr_eq(collector.bytes.at + collector.bytes.length - 17,
                         "the second member", 17);
        collector_done(&collector);
        buffer_done(&coded);
        buffer_done(&plain);
    }
}

Test(coding, something_else_behind)
{
    for (const char *const *name = codec_names; *name; name++) {
        const struct codec *codec = codec_named(*name);
        struct buffer coded;
        struct collector collector;
        sieve_error error;
        buffer_init(&coded, 1u << 20);
        encode(codec, bytes_of_text("text"), 100, &coded);
        cr_assert_eq(buffer_append(&coded, bytes_of_text("x")), SIEVE_OK);
        collector_init(&collector);
        cr_assert_eq(decode(codec, buffer_bytes(&coded), 9, MEMORY, &error, &collector),
                     SIEVE_E_CORRUPT);
        cr_assert_str_eq(error.what, codec->foreign);
        cr_assert_eq(collector.bytes.length, 4);
        collector_done(&collector);
        buffer_done(&coded);
    }
}

Test(coding, padding_is_nothing)
{
    static const char zeros[512];
    const struct codec *codec = codec_named("gzip");
    struct buffer coded;
    struct collector collector;
    sieve_error error;
    buffer_init(&coded, 1u << 20);
    encode(codec, bytes_of_text("one"), 100, &coded);
    cr_assert_eq(buffer_append(&coded, bytes_of(zeros, sizeof zeros)), SIEVE_OK);
    encode(codec, bytes_of_text("two"), 100, &coded);
    cr_assert_eq(buffer_append(&coded, bytes_of(zeros, sizeof zeros)), SIEVE_OK);
    collector_init(&collector);
    cr_assert_eq(decode(codec, buffer_bytes(&coded), 100, MEMORY, &error, &collector),
                 SIEVE_OK);
    cr_assert_eq(collector.bytes.length, 6);
    collector_done(&collector);
    buffer_done(&coded);
}

Test(coding, asks_for_no_more_memory_than_it_may)
{
    const struct codec *codec = codec_named("xz");
    struct buffer coded;
    struct collector collector;
    sieve_error error;
    buffer_init(&coded, 1u << 20);
    encode(codec, bytes_of_text("text"), 100, &coded);
    collector_init(&collector);
    cr_assert_eq(decode(codec, buffer_bytes(&coded), 100, 1u << 20, &error, &collector),
                 SIEVE_E_LIMIT);
    cr_assert_not_null(strstr(error.what, "--max-memory"));
    collector_done(&collector);
    buffer_done(&coded);
}
