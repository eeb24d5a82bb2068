/* fuzz_multipart.c - a multipart body: its parts are the same however it is cut, nothing
 * of it is lost, and the words of a head come from that head.
 *
 * The first byte chooses the pieces, the second the boundary. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "service/multipart.h"
#include "service/part_head.h"

/* What was told: H head, C content (joined), E end, each with its bytes. */
struct story {
    struct buffer bytes; /* all that was handed on */
    struct buffer marks; /* H, C or E, and the length of `bytes` before it */
    int is_open;
};

static void add(struct buffer *buffer, const void *bytes, size_t length)
{
    if (buffer_append(buffer, bytes_of(bytes, length)) != SIEVE_OK)
        abort();
}

static void mark(struct story *story, char kind)
{
    add(&story->marks, &kind, 1);
    add(&story->marks, &story->bytes.length, sizeof story->bytes.length);
}

static sieve_status take_head(void *context, void *bytes, size_t length)
{
    struct story *story = context;
    struct part_head head;
    if (story->is_open || length < 3)
        abort();
    part_head_read(bytes_of(bytes, length), &head);
    if (strlen(head.name) > length || strlen(head.filename) > length ||
        strlen(head.type) > length)
        abort();
    mark(story, 'H');
    add(&story->bytes, bytes, length);
    story->is_open = 1;
    return SIEVE_OK;
}

static sieve_status take_content(void *context, struct bytes bytes)
{
    struct story *story = context;
    const size_t last = story->marks.length - sizeof(size_t) - 1;
    if (bytes.length == 0)
        abort();
    if (story->marks.length == 0 || story->marks.at[last] != 'C')
        mark(story, 'C');
    add(&story->bytes, bytes.at, bytes.length);
    story->is_open = 1;
    return SIEVE_OK;
}

static sieve_status end_part(void *context)
{
    struct story *story = context;
    if (!story->is_open)
        abort();
    mark(story, 'E');
    story->is_open = 0;
    return SIEVE_OK;
}

static sieve_status run(struct bytes bytes, const char *boundary, size_t step,
                        struct story *story)
{
    const struct multipart_events events = {take_head, take_content, end_part, story, 0};
    struct multipart multipart;
    sieve_status status = SIEVE_OK;
    buffer_init(&story->bytes, 1u << 24);
    buffer_init(&story->marks, 1u << 24);
    story->is_open = 0;
    multipart_init(&multipart, boundary, &events);
    for (size_t at = 0; at < bytes.length && status == SIEVE_OK; at += step) {
        const size_t left = bytes.length - at;
        status = multipart_write(&multipart,
                                 bytes_of(bytes.at + at, left < step ? left : step));
    }
    if (status == SIEVE_OK)
        status = multipart_finish(&multipart);
    multipart_done(&multipart);
    return status;
}

static int is_same(const struct buffer *left, const struct buffer *right)
{
    return left->length == right->length &&
           (left->length == 0 || memcmp(left->at, right->at, left->length) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const boundaries[] = {"b", "--", "a b", "\r", "----x-y"};
    struct story whole;
    struct story pieces;
    if (size < 2)
        return 0;
    const struct bytes bytes = bytes_of(data + 2, size - 2);
    const char *boundary = boundaries[data[1] % 5];
    sieve_status status = run(bytes, boundary, size, &whole);
    if (run(bytes, boundary, 1 + data[0] % 50, &pieces) != status)
        abort();
    if (status == SIEVE_OK &&
        (whole.is_open || pieces.is_open || !is_same(&whole.bytes, &pieces.bytes) ||
         !is_same(&whole.marks, &pieces.marks) || whole.bytes.length != bytes.length ||
         (bytes.length > 0 && memcmp(whole.bytes.at, bytes.at, bytes.length) != 0)))
        abort();
    if (status != SIEVE_OK && (status != SIEVE_E_CORRUPT || size < PART_HEAD_LENGTH_MAX))
        abort();
    buffer_done(&whole.bytes);
    buffer_done(&whole.marks);
    buffer_done(&pieces.bytes);
    buffer_done(&pieces.marks);
    return 0;
}
