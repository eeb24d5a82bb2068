#include <criterion/criterion.h>
#include <fcntl.h>
#include <unistd.h>

#include "pipeline/mask.h"
#include "pipeline/output.h"

static sieve_next count(const sieve_finding *finding, void *context)
{
    (void)finding;
    ++*(int *)context;
    return SIEVE_CONTINUE;
}

/* Through mask and output into a pipe, in chunks; what came out is in `out`. */
static size_t run(const char *text, size_t chunk, int *findings, char *out,
                  size_t capacity)
{
    sieve_ruleset *ruleset = NULL;
    sieve_scanner *scanner = NULL;
    struct writer writer;
    struct stage *output = NULL;
    struct stage *mask = NULL;
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(sieve_ruleset_new(NULL, &ruleset, NULL), SIEVE_OK);
    cr_assert_eq(sieve_scanner_new(ruleset, &scanner), SIEVE_OK);
    cr_assert_eq(writer_init(&writer, ends[1]), SIEVE_OK);
    cr_assert_eq(output_stage_new(&writer, &output), SIEVE_OK);
    cr_assert_eq(mask_stage_new(scanner, count, findings, output, &mask), SIEVE_OK);
    for (size_t at = 0; at < strlen(text); at += chunk) {
        size_t left = strlen(text) - at;
        cr_assert_eq(stage_write(mask, bytes_of(text + at, left < chunk ? left : chunk)),
                     SIEVE_OK);
    }
    cr_assert_eq(stage_finish(mask), SIEVE_OK);
    stage_free(mask);
    writer_done(&writer);
    close(ends[1]);
    ssize_t length = read(ends[0], out, capacity);
    close(ends[0]);
    sieve_scanner_free(scanner);
    sieve_ruleset_free(ruleset);
    return (size_t)length;
}

Test(mask_stage, masks_whatever_the_chunks)
{
    static const char text[] = "a card 4111 1111 1111 1111, another 3530111333300000\n";
    static const char masked[] = "a card 4111 11** **** 1111, another 353011******0000\n";
    static const size_t chunks[] = {1, 2, 7, 64, 4096};
    for (size_t index = 0; index < sizeof chunks / sizeof chunks[0]; index++) {
        int findings = 0;
        char out[256];
        cr_assert_eq(run(text, chunks[index], &findings, out, sizeof out),
                     sizeof masked - 1);
        cr_assert_arr_eq(out, masked, sizeof masked - 1);
        cr_assert_eq(findings, 2);
    }
}

Test(mask_stage, a_writer_that_fails_is_heard)
{
    sieve_ruleset *ruleset = NULL;
    sieve_scanner *scanner = NULL;
    struct writer writer;
    struct stage *output = NULL;
    struct stage *mask = NULL;
    cr_assert_eq(sieve_ruleset_new(NULL, &ruleset, NULL), SIEVE_OK);
    cr_assert_eq(sieve_scanner_new(ruleset, &scanner), SIEVE_OK);
    cr_assert_eq(writer_init(&writer, open("/dev/full", O_WRONLY)), SIEVE_OK);
    cr_assert_eq(output_stage_new(&writer, &output), SIEVE_OK);
    cr_assert_eq(mask_stage_new(scanner, NULL, NULL, output, &mask), SIEVE_OK);
    cr_assert_eq(stage_write(mask, bytes_of_text("some words\n")), SIEVE_OK);
    cr_assert_eq(stage_finish(mask), SIEVE_E_IO);
    stage_free(mask);
    writer_done(&writer);
    sieve_scanner_free(scanner);
    sieve_ruleset_free(ruleset);
}
