#include <criterion/criterion.h>

#include "unit/codec/collector.h"

static const char *sniffed(const char *bytes, size_t length, int *wants_more)
{
    const struct codec *codec = codec_sniff(bytes_of(bytes, length), wants_more);
    return codec ? codec->name : "none";
}

Test(sniff, tells_by_the_first_bytes)
{
    static const struct {
        const char *bytes;
        size_t length;
        const char *name;
        int wants_more;
    } cases[] = {
        {"\x1f\x8b\x08", 3, "gzip", 0},
        {"\x1f\x8b", 2, "none", 1},
        {"\x1f", 1, "none", 1},
        {"\x1f\x8b\x07", 3, "none", 0},
        {"\x28\xb5\x2f\xfd", 4, "zstd", 0},
        {"\x51\x2a\x4d\x18", 4, "zstd", 0},
        {"BZh91AY", 7, "bzip2", 0},
        {"BZh9\x17r", 6, "bzip2", 0},
        {"BZhello", 7, "none", 0},
        {"BZh9", 4, "none", 1},
        {"\xfd"
         "7zXZ\0",
         6, "xz", 0},
        {"\x04\x22\x4d\x18", 4, "lz4", 0},
        {"plain text", 10, "none", 0},
        {"", 0, "none", 1},
    };
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        int wants_more = -1;
        cr_assert_str_eq(sniffed(cases[index].bytes, cases[index].length, &wants_more),
                         cases[index].name, "case %zu", index);
        if (strcmp(cases[index].name, "none") == 0)
            cr_assert_eq(wants_more, cases[index].wants_more, "case %zu", index);
    }
}

Test(sniff, what_hides_its_content)
{
    cr_assert_not_null(codec_opaque(bytes_of("PK\3\4rest", 8)));
    cr_assert_not_null(codec_opaque(bytes_of("PGDMP", 5)));
    cr_assert_not_null(codec_opaque(bytes_of("\xFF\xFE\0\0"
                                             "4",
                                             5)));
    cr_assert_null(codec_opaque(bytes_of("\xFF\xFE"
                                         "4\0",
                                         4)));
    cr_assert_not_null(codec_opaque(bytes_of("\0\0\0{\0\0\0\"", 8)));
    cr_assert_null(codec_opaque(bytes_of("{\0\"\0"
                                         "a\0\"\0",
                                         8))); /* UTF-16 */
    cr_assert_null(codec_opaque(bytes_of("PK", 2)));
    cr_assert_null(codec_opaque(bytes_of("plain", 5)));
    cr_assert_null(codec_opaque(bytes_of("", 0)));
    cr_assert(codec_opaque_may_begin(bytes_of("PK", 2)));
    cr_assert(codec_opaque_may_begin(bytes_of("", 0)));
    cr_assert_not(codec_opaque_may_begin(bytes_of("PKx", 3)));
}

Test(sniff, what_carries_checksums)
{
    cr_assert_not_null(codec_sealed(bytes_of("\x89PNG\r\n\x1A\nrest", 12)));
    cr_assert_not_null(codec_sealed(bytes_of("\xFE"
                                             "bin",
                                             4)));
    cr_assert_not_null(codec_sealed(bytes_of("REDIS0011", 9)));
    cr_assert_null(codec_sealed(bytes_of_text("REDIS restarted")));
    cr_assert_null(codec_sealed(bytes_of_text("%PDF-1.7")));
    cr_assert_null(codec_sealed(bytes_of("SQLite format 3", 16)));
    cr_assert_null(codec_sealed(bytes_of("", 0)));
    cr_assert(codec_sealed_may_begin(bytes_of("REDIS", 5)));
    cr_assert_not(codec_sealed_may_begin(bytes_of_text("REDIS ")));
}
