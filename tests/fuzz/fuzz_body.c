/* fuzz_body.c - a body through codings and the mask: the same answer however it is cut,
 * and a mask of the answer changes nothing.
 *
 * The first byte chooses the pieces, the second the coding and the content. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "service/body.h"

static sieve_ruleset *ruleset;
static sieve_scanner *scanner;
static atomic_uint decoders;

/* As one block, and in pieces from the first byte on. */
static const struct body_limits limits[2] = {
    {BLOCK_LENGTH_MAX, 1u << 20, 1u << 20, 100, 16u << 20, &decoders, 4, NULL},
    {0, 1u << 20, 1u << 20, 100, 16u << 20, &decoders, 4, NULL},
};

static sieve_next pass_over(const sieve_finding *finding, void *context)
{
    (void)finding;
    (void)context;
    return SIEVE_CONTINUE;
}

static struct http_body *make(uint8_t choice, int in_pieces)
{
    static const char *const names[] = {"gzip", "deflate", "br", "zstd"};
    struct http_body *body = NULL;
    struct body_plan plan = {
        .scanner = scanner, .masks = 1, .limits = &limits[in_pieces]};
    plan.listener.on_finding = pass_over;
    plan.content = choice & 32  ? CONTENT_MULTIPART
                   : choice & 1 ? CONTENT_JSON
                                : CONTENT_BYTES;
    plan.media_type = "multipart/form-data; boundary=b";
    plan.json.as_strings = choice & 2 ? 1 : 0;
    if (choice & 4)
        plan.codings[plan.coding_count++] =
            codec_of_name(bytes_of_text(names[choice >> 3 & 3]));
    if (http_body_new(&plan, &body) != SIEVE_OK)
        abort();
    return body;
}

static enum problem run(struct http_body *body, struct bytes bytes, size_t step)
{
    enum problem problem = PROBLEM_NONE;
    for (size_t at = 0; at < bytes.length && problem == PROBLEM_NONE; at += step) {
        const size_t left = bytes.length - at;
        problem =
            http_body_write(body, bytes_of(bytes.at + at, left < step ? left : step));
        if (problem == PROBLEM_NONE && step % 2 == 0)
            problem = http_body_flush(body); /* else they are gathered */
    }
    return problem == PROBLEM_NONE ? http_body_finish(body) : problem;
}

static struct bytes output(struct http_body *body)
{
    return buffer_bytes(&http_body_spool(body)->memory);
}

static void compare(struct bytes left, struct bytes right)
{
    if (left.length != right.length ||
        (left.length > 0 && memcmp(left.at, right.at, left.length) != 0))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!ruleset && (sieve_ruleset_new(NULL, &ruleset, NULL) != SIEVE_OK ||
                     sieve_scanner_new(ruleset, &scanner) != SIEVE_OK))
        abort();
    if (size < 2)
        return 0;
    const struct bytes bytes = bytes_of(data + 2, size - 2);
    struct http_body *whole = make(data[1], 0);
    struct http_body *pieces = make(data[1], 1);
    const enum problem problem = run(whole, bytes, size);
    if (run(pieces, bytes, 1 + data[0] % 100) != problem)
        abort();
    if (problem == PROBLEM_NONE) {
        struct http_body *again = make(data[1], 0);
        compare(output(whole), output(pieces));
        if (run(again, output(whole), size) != PROBLEM_NONE)
            abort();
        if (!(data[1] & 4))
            compare(output(whole), output(again));
        http_body_free(again);
    }
    http_body_free(whole);
    http_body_free(pieces);
    return 0;
}
