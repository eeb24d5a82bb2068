/* fuzz_json.c - the step that keeps JSON valid behind the mask: the same bytes however it
 * is cut; in place of a number it writes a 0 and blanks, and changes nothing else; what
 * it has done once it need not do again.
 *
 * The first byte chooses the pieces, the second the plan. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/codings.h"
#include "fuzz/fuzz.h"
#include "service/content.h"

static void run(struct bytes bytes, const struct json_plan *plan, size_t step,
                struct keeper *keeper, struct content_notes *notes)
{
    struct stage *stage = NULL;
    keeper_init(keeper);
    *notes = (struct content_notes){0, 0};
    claim(json_stage_new(plan, notes, &keeper->base, &stage) == SIEVE_OK, "a step");
    claim(pour(stage, bytes, step) == SIEVE_OK, "all bytes are taken");
    claim(keeper->finished == 1, "the end is told once");
    stage_free(stage);
}

static int is_same(struct bytes left, struct bytes right)
{
    return left.length == right.length &&
           (left.length == 0 || memcmp(left.at, right.at, left.length) == 0);
}

/* Only what a mask may have written becomes a 0 or a blank. */
static void compare_zeroed(struct bytes before, struct bytes after)
{
    claim(before.length == after.length, "the length stays");
    for (size_t index = 0; index < before.length; index++) {
        const unsigned char byte = before.at[index];
        const int is_masked =
            (byte >= '0' && byte <= '9') || byte == '*' || (byte >= 'A' && byte <= 'Z') ||
            (byte >= 'a' && byte <= 'z') || byte == '.' || byte == '-' || byte == '+';
        claim(byte == after.at[index] ||
                  (is_masked && (after.at[index] == '0' || after.at[index] == ' ')),
              "nothing else changes");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct keeper whole;
    struct keeper pieces;
    struct keeper again;
    struct content_notes notes;
    struct content_notes others;
    if (size < 2)
        return 0;
    const struct json_plan plan = {data[1] & 1, data[1] >> 1 & 1};
    const struct bytes bytes = bytes_of(data + 2, size - 2);
    run(bytes, &plan, 0, &whole, &notes);
    run(bytes, &plan, 1 + data[0] % 40, &pieces, &others);
    const struct bytes out = buffer_bytes(&whole.bytes);
    claim(is_same(out, buffer_bytes(&pieces.bytes)), "any cut gives the same");
    claim(notes.zeroed == others.zeroed && notes.quoted == others.quoted, "and counts");
    if (json_is_untouched(&plan, bytes))
        claim(is_same(out, bytes), "untouched is untouched");
    if (plan.as_strings)
        claim(out.length == bytes.length + 2 * notes.quoted ||
                  out.length == bytes.length + 4 * notes.quoted,
              "two quotes for each, of one byte or of two");
    else
        compare_zeroed(bytes, out);
    run(out, &plan, 0, &again, &others);
    claim(is_same(out, buffer_bytes(&again.bytes)), "twice is once");
    keeper_done(&whole);
    keeper_done(&pieces);
    keeper_done(&again);
    return 0;
}
