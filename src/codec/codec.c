#include "codec/codec.h"

#include <string.h>
#include <strings.h>

#define ALL 0xFF

#define WORDS(name)                                                                      \
    .damaged = "damaged " name " data", .cut = name " data that ends too early",         \
    .foreign = "something else behind " name " data"

static const struct codec codecs[] = {
    {
        .name = "gzip",
        .magics = {{3, {0x1F, 0x8B, 0x08}, {ALL, ALL, ALL}}},
        .has_padding = 1,
        .margin = MARGIN_GZIP,
        .margin_name = "gzip head",
        .decoder = &gzip_decoder,
        .encoder = &gzip_encoder,
        WORDS("gzip"),
    },
    {
        .name = "zstd",
        .magics = {{4, {0x28, 0xB5, 0x2F, 0xFD}, {ALL, ALL, ALL, ALL}},
                   {4, {0x50, 0x2A, 0x4D, 0x18}, {0xF0, ALL, ALL, ALL}}}, /* skippable */
        .margin = MARGIN_SKIPPABLE,
        .margin_name = "zstd skippable frame",
        .decoder = &zstd_decoder,
        .encoder = &zstd_encoder,
        WORDS("zstd"),
    },
    {
        .name = "bzip2",
        .magics = {{6, {'B', 'Z', 'h', '0', '1', 'A'}, {ALL, ALL, ALL, 0xF0, ALL, ALL}},
                   {6, {'B', 'Z', 'h', '0', 0x17, 'r'}, {ALL, ALL, ALL, 0xF0, ALL, ALL}}},
        .decoder = &bzip2_decoder,
        .encoder = &bzip2_encoder,
        WORDS("bzip2"),
    },
    {
        .name = "xz",
        .magics = {{6, {0xFD, '7', 'z', 'X', 'Z', 0}, {ALL, ALL, ALL, ALL, ALL, ALL}}},
        .has_padding = 1,
        .decoder = &xz_decoder,
        .encoder = &xz_encoder,
        WORDS("xz"),
    },
    {
        .name = "lz4",
        .magics = {{4, {0x04, 0x22, 0x4D, 0x18}, {ALL, ALL, ALL, ALL}},
                   {4, {0x50, 0x2A, 0x4D, 0x18}, {0xF0, ALL, ALL, ALL}}}, /* skippable */
        .margin = MARGIN_SKIPPABLE,
        .margin_name = "lz4 skippable frame",
        .decoder = &lz4_decoder,
        .encoder = &lz4_encoder,
        WORDS("lz4"),
    },
};

/* Nothing in them tells what they are: only a name does.  Any first byte will do. */
static const struct codec named_codecs[] = {
    {
        .name = "deflate",
        .magics = {{1, {0}, {0}}},
        .decoder = &deflate_decoder,
        .encoder = &deflate_encoder,
        WORDS("deflate"),
    },
    {
        .name = "br",
        .magics = {{1, {0}, {0}}},
        .decoder = &brotli_decoder,
        .encoder = &brotli_encoder,
        WORDS("brotli"),
    },
};

/* As many bytes of the magic as there are. */
static int agrees(const struct magic *magic, const unsigned char *at, size_t length)
{
    for (size_t index = 0; index < magic->length && index < length; index++) {
        if ((at[index] ^ magic->bytes[index]) & magic->mask[index])
            return 0;
    }
    return 1;
}

int codec_begins(const struct codec *codec, const unsigned char *at, size_t length)
{
    for (const struct magic *magic = codec->magics; magic->length > 0; magic++) {
        if (length >= magic->length && agrees(magic, at, length))
            return 1;
    }
    return 0;
}

static int may_begin(const struct codec *codec, struct bytes first)
{
    for (const struct magic *magic = codec->magics; magic->length > 0; magic++) {
        if (agrees(magic, first.at, first.length))
            return 1;
    }
    return 0;
}

const struct codec *codec_sniff(struct bytes first, int *wants_more)
{
    *wants_more = 0;
    for (size_t index = 0; index < sizeof codecs / sizeof codecs[0]; index++) {
        if (codec_begins(&codecs[index], first.at, first.length))
            return &codecs[index];
        *wants_more |= may_begin(&codecs[index], first);
    }
    return NULL;
}

/* What a name in a header may ask for; the other codings are for files. */
static int is_content_coding(const struct codec *codec)
{
    return strcmp(codec->name, "gzip") == 0 || strcmp(codec->name, "zstd") == 0;
}

static int is_called(const struct codec *codec, struct bytes name)
{
    return strlen(codec->name) == name.length &&
           strncasecmp(codec->name, (const char *)name.at, name.length) == 0;
}

const struct codec *codec_of_name(struct bytes name)
{
    if (name.length > 2 && strncasecmp((const char *)name.at, "x-", 2) == 0)
        name = bytes_from(name, 2); /* x-gzip is gzip (RFC 9110, 8.4.1.3) */
    for (size_t index = 0; index < sizeof codecs / sizeof codecs[0]; index++) {
        if (is_content_coding(&codecs[index]) && is_called(&codecs[index], name))
            return &codecs[index];
    }
    for (size_t index = 0; index < sizeof named_codecs / sizeof named_codecs[0];
         index++) {
        if (is_called(&named_codecs[index], name))
            return &named_codecs[index];
    }
    return NULL;
}
