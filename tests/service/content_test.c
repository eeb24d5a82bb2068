#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "service/content.h"

struct sink {
    struct stage base;
    struct buffer text;
};

static sieve_status sink_write(struct stage *self, struct bytes chunk)
{
    return buffer_append(&((struct sink *)self)->text, chunk);
}

static sieve_status sink_finish(struct stage *self)
{
    (void)self;
    return SIEVE_OK;
}

static void sink_free(struct stage *self)
{
    (void)self;
}

static const struct stage_ops sink_ops = {
    .name = "sink", .write = sink_write, .finish = sink_finish, .free = sink_free};

/* Which bytes a text of ASCII comes in: itself, or UTF-16 with a mark or without. */
enum encoding {
    UTF_8,
    UTF_8_MARKED,
    UTF_16_LITTLE,
    UTF_16_LITTLE_MARKED,
    UTF_16_BIG,
    UTF_16_BIG_MARKED,
    ENCODING_COUNT
};

static size_t encode(const char *text, enum encoding encoding, unsigned char *out)
{
    static const char *const marks[] = {"", "\xEF\xBB\xBF", "", "\xFF\xFE",
                                        "", "\xFE\xFF"};
    size_t length = strlen(marks[encoding]);
    memcpy(out, marks[encoding], length);
    for (; *text; text++) {
        if (encoding >= UTF_16_BIG)
            out[length++] = 0;
        out[length++] = (unsigned char)*text;
        if (encoding == UTF_16_LITTLE || encoding == UTF_16_LITTLE_MARKED)
            out[length++] = 0;
    }
    return length;
}

/* What the step makes of masked bytes that come in pieces of `step`. */
static void expect_bytes(struct bytes masked, struct bytes wanted, struct json_plan plan,
                         size_t step)
{
    struct sink sink = {.base = {&sink_ops, NULL}};
    struct content_notes notes = {0, 0};
    struct stage *stage = NULL;
    buffer_init(&sink.text, 65536);
    cr_assert_eq(json_stage_new(&plan, &notes, &sink.base, &stage), SIEVE_OK);
    while (masked.length > 0) {
        const size_t count = masked.length < step ? masked.length : step;
        cr_assert_eq(stage_write(stage, bytes_of(masked.at, count)), SIEVE_OK);
        masked = bytes_from(masked, count);
    }
    cr_assert_eq(stage_finish(stage), SIEVE_OK);
    stage_free(stage);
    cr_assert(
        sink.text.length == wanted.length &&
            (wanted.length == 0 || memcmp(sink.text.at, wanted.at, wanted.length) == 0),
        "wanted '%.*s', became '%.*s'", (int)wanted.length, wanted.at,
        (int)sink.text.length, sink.text.at);
    buffer_done(&sink.text);
}

/* The same of a text in every encoding. */
static void expect(const char *masked, const char *wanted, struct json_plan plan,
                   size_t step)
{
    static unsigned char before[4096];
    static unsigned char after[4096];
    for (enum encoding encoding = UTF_8; encoding < ENCODING_COUNT; encoding++) {
        const size_t length = encode(masked, encoding, before);
        const size_t wanted_length = encode(wanted, encoding, after);
        expect_bytes(bytes_of(before, length), bytes_of(after, wanted_length), plan,
                     step);
    }
}

static const struct {
    const char *masked;
    const char *zeroed;
    const char *quoted;
} rows[] = {
    {"{\"a\":411111******1111}", "{\"a\":0               }",
     "{\"a\":\"411111******1111\"}"},
    {"[411111******1111, 1,\n 2]", "[0               , 1,\n 2]",
     "[\"411111******1111\", 1,\n 2]"},
    {"{\"a\" :\n***}", "{\"a\" :\n0  }", "{\"a\" :\n\"***\"}"},
    {"-411111******1111", "-0               ", "\"-411111******1111\""},
    {"411111******1111\n411111******1111\n", "0               \n0               \n",
     "\"411111******1111\"\n\"411111******1111\"\n"},
    {"{\"a\":\"411111******1111\"}", "{\"a\":\"411111******1111\"}",
     "{\"a\":\"411111******1111\"}"},
    {"[\"\\\"***\\\\\",***]", "[\"\\\"***\\\\\",0  ]", "[\"\\\"***\\\\\",\"***\"]"},
    {"[true,false,null,1e5,-2.5E-300,123456789012e3]",
     "[true,false,null,1e5,-2.5E-300,123456789012e3]",
     "[true,false,null,1e5,-2.5E-300,123456789012e3]"},
    /* with a fraction or an exponent */
    {"{\"a\":411111******1111.0}", "{\"a\":0                 }",
     "{\"a\":\"411111******1111.0\"}"},
    {"[4.11111******1111e15,-*.***************E+15]",
     "[0                   ,-0                    ]",
     "[\"4.11111******1111e15\",\"-*.***************E+15\"]"},
    /* no JSON */
    {"a *** b 4111 11** **** 1111 hello", "a *** b 4111 11** **** 1111 hello",
     "a *** b 4111 11** **** 1111 hello"},
    {"/***/ {}", "/***/ {}", "/***/ {}"},
    {"", "", ""},
};

Test(content, masked_numbers_become_zero_or_strings_however_they_are_cut)
{
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        for (size_t step = 1; step <= strlen(rows[row].masked) + 1; step++) {
            expect(rows[row].masked, rows[row].zeroed, (struct json_plan){0, 0}, step);
            expect(rows[row].masked, rows[row].quoted, (struct json_plan){1, 0}, step);
        }
    }
}

Test(content, a_word_of_any_length_passes)
{
    char text[1000];
    memset(text, '1', sizeof text);
    text[0] = '[';
    text[sizeof text - 1] = '\0';
    expect(text, text, (struct json_plan){0, 0}, 1);
    expect(text, text, (struct json_plan){1, 1}, 100);
}

Test(content, letters_are_a_number_only_where_the_mask_writes_them)
{
    static const char text[] = "{\"a\":ABCDEFGHIJKLMNOP,\"b\":[true,123456789012e3]}";
    static const char mixed[] = "[-YFYOLPYHOFAEQRNA,Y.FYOLPYHOFAEQRNAe15,***]";
    for (size_t step = 1; step < sizeof text; step++) {
        expect(text, text, (struct json_plan){0, 0}, step);
        expect(text, "{\"a\":0               ,\"b\":[true,123456789012e3]}",
               (struct json_plan){0, 1}, step);
        expect(text, "{\"a\":\"ABCDEFGHIJKLMNOP\",\"b\":[true,123456789012e3]}",
               (struct json_plan){1, 1}, step);
        expect(mixed, "[-0               ,0                   ,0  ]",
               (struct json_plan){0, 1}, step);
    }
}

Test(content, types)
{
    static const struct {
        const char *type;
        enum media_reading reading;
        enum content content;
    } types[] = {
        {NULL, MEDIA_READ, CONTENT_BYTES},
        {"text/plain", MEDIA_READ, CONTENT_BYTES},
        {"application/json", MEDIA_READ, CONTENT_JSON},
        {"Application/JSON; charset=utf-8", MEDIA_READ, CONTENT_JSON},
        {"application/problem+json", MEDIA_READ, CONTENT_JSON},
        {"application/x-ndjson", MEDIA_READ, CONTENT_JSON},
        {"application/vnd.elasticsearch+x-ndjson; compatible-with=8", MEDIA_READ,
         CONTENT_JSON},
        {"application/geo+json-seq", MEDIA_READ, CONTENT_JSON},
        {"model/gltf+json", MEDIA_READ, CONTENT_JSON},
        {"application/x-amz-json-1.1", MEDIA_READ, CONTENT_JSON},
        {"application/csp-report", MEDIA_READ, CONTENT_JSON},
        {"application/json+xml", MEDIA_READ, CONTENT_BYTES},
        {"image/json", MEDIA_READ, CONTENT_BYTES},
        {"json", MEDIA_UNREADABLE, CONTENT_BYTES},
        {"", MEDIA_UNREADABLE, CONTENT_BYTES},
        {"a/", MEDIA_UNREADABLE, CONTENT_BYTES},
        {"a/b c", MEDIA_READ, CONTENT_BYTES},
        {"a/b,c/d", MEDIA_UNREADABLE, CONTENT_BYTES},
        {"a/b; charset=utf-32", MEDIA_CHARSET, CONTENT_BYTES},
        {"multipart/form-data; boundary=b", MEDIA_READ, CONTENT_MULTIPART},
        {"multipart/form-data", MEDIA_UNREADABLE, CONTENT_BYTES},
    };
    for (size_t row = 0; row < sizeof types / sizeof types[0]; row++) {
        enum content content = CONTENT_COUNT;
        cr_assert_eq(content_of_type(types[row].type, &content), types[row].reading,
                     "row %zu", row);
        cr_assert_eq(content, types[row].content, "row %zu", row);
    }
}
