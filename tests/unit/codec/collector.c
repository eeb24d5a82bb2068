#include "unit/codec/collector.h"

#include <criterion/criterion.h>

const char *const codec_names[] = {"gzip", "zstd", "bzip2", "xz", "lz4", NULL};

static sieve_status collect(struct stage *self, struct bytes chunk)
{
    return buffer_append(&((struct collector *)self)->bytes, chunk);
}

static sieve_status finish(struct stage *self)
{
    ((struct collector *)self)->finished++;
    return SIEVE_OK;
}

static void note_free(struct stage *self)
{
    ((struct collector *)self)->freed++;
}

static const struct stage_ops collector_ops = {
    .name = "collector", .write = collect, .finish = finish, .free = note_free};

void collector_init(struct collector *collector)
{
    memset(collector, 0, sizeof *collector);
    collector->base.ops = &collector_ops;
    buffer_init(&collector->bytes, 64u << 20);
}

void collector_done(struct collector *collector)
{
    buffer_done(&collector->bytes);
}

const struct codec *codec_named(const char *name)
{
    static const struct {
        const char *name;
        const char *first;
        size_t length;
    } begins[] = {
        {"gzip", "\x1f\x8b\x08", 3},
        {"zstd", "\x28\xb5\x2f\xfd", 4},
        {"bzip2", "BZh91A", 6},
        {"xz",
         "\xfd"
         "7zXZ\0",
         6},
        {"lz4", "\x04\x22\x4d\x18", 4},
    };
    for (size_t index = 0; index < sizeof begins / sizeof begins[0]; index++) {
        int wants_more = 0;
        if (strcmp(begins[index].name, name) == 0)
            return codec_sniff(bytes_of(begins[index].first, begins[index].length),
                               &wants_more);
    }
    cr_assert_fail("no codec %s", name);
    return NULL;
}

static sieve_status pour(struct stage *stage, struct bytes bytes, size_t chunk)
{
    sieve_status status = SIEVE_OK;
    for (size_t at = 0; at < bytes.length && status == SIEVE_OK; at += chunk) {
        size_t left = bytes.length - at;
        status = stage_write(stage, bytes_of(bytes.at + at, left < chunk ? left : chunk));
    }
    return status;
}

void encode(const struct codec *codec, struct bytes plain, size_t chunk,
            struct buffer *out)
{
    struct collector collector;
    struct stage *stage = NULL;
    collector_init(&collector);
    cr_assert_eq(encode_stage_new(codec, &collector.base, &stage), SIEVE_OK);
    cr_assert_eq(pour(stage, plain, chunk), SIEVE_OK);
    cr_assert_eq(stage_finish(stage), SIEVE_OK);
    stage_free(stage);
    cr_assert_eq(collector.finished, 1);
    cr_assert_eq(collector.freed, 1);
    cr_assert_eq(buffer_append(out, buffer_bytes(&collector.bytes)), SIEVE_OK);
    collector_done(&collector);
}

static int gate_entered;

static int enter_gate(void *context)
{
    (void)context;
    gate_entered++;
    return 1;
}

static void leave_gate(void *context)
{
    (void)context;
    gate_entered--;
}

sieve_status decode(const struct codec *codec, struct bytes coded, size_t chunk,
                    uint64_t memory, sieve_error *error, struct collector *collector)
{
    struct stage *stage = NULL;
    memset(error, 0, sizeof *error);
    const struct gate gate = {memory, enter_gate, leave_gate, NULL, NULL};
    cr_assert_eq(decode_stage_new(codec, &gate, NULL, error, &collector->base, &stage),
                 SIEVE_OK);
    sieve_status status = pour(stage, coded, chunk);
    if (status == SIEVE_OK)
        status = stage_finish(stage);
    stage_free(stage);
    cr_assert_eq(gate_entered, 0);
    return status;
}

void make_plain(struct buffer *out, size_t length)
{
    uint64_t state = 88172645463325252u;
    buffer_init(out, length + 128);
    while (out->length < length) {
        char line[64];
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        memcpy(line, "somebody bought a thing ", 24);
        memcpy(line + 24, &state, 8);
        line[32] = '\n';
        cr_assert_eq(buffer_append(out, bytes_of(line, 33)), SIEVE_OK);
    }
    out->length = length;
}
