#include <criterion/criterion.h>
#include <stdlib.h>

#include "codec/unwrap.h"
#include "unit/codec/collector.h"

/* The leaf of these tests hands its bytes on as they are, to the sink or nowhere. */
struct pass {
    struct stage base;
};

static struct collector leaf_saw;

static sieve_status pass_write(struct stage *self, struct bytes chunk)
{
    cr_assert_eq(buffer_append(&leaf_saw.bytes, chunk), SIEVE_OK);
    return self->next ? stage_write(self->next, chunk) : SIEVE_OK;
}

static sieve_status pass_finish(struct stage *self)
{
    leaf_saw.finished++;
    return self->next ? stage_finish(self->next) : SIEVE_OK;
}

static void pass_free(struct stage *self)
{
    stage_free(self->next);
    free(self);
}

static const struct stage_ops pass_ops = {
    .name = "pass", .write = pass_write, .finish = pass_finish, .free = pass_free};

static sieve_status make_pass(void *context, struct stage *sink, struct stage **out)
{
    struct pass *pass = calloc(1, sizeof *pass);
    (void)context;
    pass->base = (struct stage){&pass_ops, sink};
    *out = &pass->base;
    return SIEVE_OK;
}

static uint64_t taken;

/* Through unwrap in chunks; sink may be NULL. */
static sieve_status run(struct bytes bytes, size_t chunk, struct collector *sink,
                        int refuses, struct unwrap_notes *notes)
{
    const struct gate gate = {10u << 20, NULL, NULL, NULL, NULL};
    const struct unwrap_plan plan = {
        .leaf = make_pass,
        .encode = sink != NULL,
        .refuses_opaque = refuses,
        .total = 1u << 30,
        .gate = &gate,
        .taken = &taken,
        .notes = notes,
    };
    struct stage *stage = NULL;
    memset(notes, 0, sizeof *notes);
    collector_init(&leaf_saw);
    cr_assert_eq(unwrap_stage_new(&plan, sink ? &sink->base : NULL, &stage), SIEVE_OK);
    sieve_status status = SIEVE_OK;
    for (size_t at = 0; at < bytes.length && status == SIEVE_OK; at += chunk) {
        size_t left = bytes.length - at;
        status = stage_write(stage, bytes_of(bytes.at + at, left < chunk ? left : chunk));
    }
    if (status == SIEVE_OK)
        status = stage_finish(stage);
    stage_free(stage);
    return status;
}

static void wrap(struct buffer *bytes, const char *name)
{
    struct buffer coded;
    buffer_init(&coded, 1u << 20);
    encode(codec_named(name), buffer_bytes(bytes), 1000, &coded);
    buffer_done(bytes);
    *bytes = coded;
}

static void expect_leaf(const char *text)
{
    cr_assert_eq(leaf_saw.bytes.length, strlen(text));
    if (*text)
        cr_assert_arr_eq(leaf_saw.bytes.at, text, strlen(text));
    collector_done(&leaf_saw);
}

Test(unwrap, plain_bytes_go_to_the_leaf)
{
    static const size_t chunks[] = {1, 2, 3, 100};
    struct unwrap_notes notes;
    for (size_t index = 0; index < 4; index++) {
        cr_assert_eq(
            run(bytes_of_text("BZh is no coding"), chunks[index], NULL, 0, &notes),
            SIEVE_OK);
        expect_leaf("BZh is no coding");
        cr_assert_eq(notes.coding_count, 0);
    }
    cr_assert_eq(run(bytes_of(NULL, 0), 1, NULL, 0, &notes), SIEVE_OK);
    cr_assert_eq(leaf_saw.finished, 1);
    expect_leaf("");
    cr_assert_eq(run(bytes_of_text("BZh"), 1, NULL, 0, &notes), SIEVE_OK);
    expect_leaf("BZh");
}

Test(unwrap, takes_codings_off_and_puts_them_on)
{
    static const size_t chunks[] = {1, 7, 100000};
    struct buffer bytes;
    buffer_init(&bytes, 100);
    cr_assert_eq(buffer_append(&bytes, bytes_of_text("inside")), SIEVE_OK);
    for (const char *const *name = codec_names; *name; name++)
        wrap(&bytes, *name);
    for (size_t index = 0; index < 3; index++) {
        struct unwrap_notes notes;
        struct collector sink;
        collector_init(&sink);
        cr_assert_eq(run(buffer_bytes(&bytes), chunks[index], &sink, 1, &notes),
                     SIEVE_OK);
        expect_leaf("inside");
        cr_assert_eq(notes.coding_count, 5);
        cr_assert_str_eq(notes.codings[0], "lz4");
        cr_assert_str_eq(notes.codings[4], "gzip");
        cr_assert_eq(sink.finished, 1);
        cr_assert_eq(sink.freed, 1);
        /* What came out is wrapped the same way. */
        struct unwrap_notes again;
        cr_assert_eq(run(buffer_bytes(&sink.bytes), 50, NULL, 0, &again), SIEVE_OK);
        expect_leaf("inside");
        cr_assert_eq(again.coding_count, 5);
        collector_done(&sink);
    }
    buffer_done(&bytes);
}

Test(unwrap, not_deeper_than_it_may)
{
    struct buffer bytes;
    struct unwrap_notes notes;
    buffer_init(&bytes, 100);
    cr_assert_eq(buffer_append(&bytes, bytes_of_text("inside")), SIEVE_OK);
    for (int depth = 0; depth <= CODEC_DEPTH_MAX; depth++)
        wrap(&bytes, "gzip");
    cr_assert_eq(run(buffer_bytes(&bytes), 100, NULL, 0, &notes), SIEVE_E_LIMIT);
    cr_assert_str_eq(notes.error.what, "too many codings on top of each other");
    expect_leaf("");
    buffer_done(&bytes);
}

Test(unwrap, opaque_content_is_noted_or_refused)
{
    struct unwrap_notes notes;
    struct collector sink;
    cr_assert_eq(run(bytes_of_text("PK\3\4 and so on"), 1, NULL, 0, &notes), SIEVE_OK);
    cr_assert_not_null(notes.opaque);
    expect_leaf("PK\3\4 and so on");
    collector_init(&sink);
    cr_assert_eq(run(bytes_of_text("PK\3\4 and so on"), 1, &sink, 1, &notes),
                 SIEVE_E_LIMIT);
    cr_assert_eq(sink.bytes.length, 0);
    cr_assert_eq(sink.freed, 1);
    expect_leaf("");
    collector_done(&sink);
}

Test(unwrap, damage_is_noted)
{
    struct buffer bytes;
    struct unwrap_notes notes;
    buffer_init(&bytes, 100);
    cr_assert_eq(buffer_append(&bytes, bytes_of_text("inside")), SIEVE_OK);
    wrap(&bytes, "gzip");
    wrap(&bytes, "zstd");
    cr_assert_eq(run(bytes_of(bytes.at, bytes.length - 3), 100, NULL, 0, &notes),
                 SIEVE_E_CORRUPT);
    cr_assert_not_null(notes.error.what);
    collector_done(&leaf_saw);
    buffer_done(&bytes);
}
