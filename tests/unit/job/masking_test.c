#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "job/masking.h"

static sieve_ruleset *ruleset;
static struct mask_plan plan;
static struct masking masking;
static char in_name[] = "/tmp/masking_test.XXXXXX";
static char out_name[] = "/tmp/masking_test.XXXXXX";
static int in;
static int out;

static void enter(void)
{
    const struct mask_plan defaults = {.options = SIEVE_OPTIONS_DEFAULT,
                                       .expansion = EXPANSION_DEFAULT,
                                       .flush_after = 50};
    plan = defaults;
    cr_assert_eq(sieve_ruleset_new(NULL, &ruleset, NULL), SIEVE_OK);
    cr_assert_eq(masking_init(&masking, &plan, ruleset, NULL), SIEVE_OK);
    in = mkstemp(in_name);
    out = mkstemp(out_name);
}

static void leave(void)
{
    masking_done(&masking);
    sieve_ruleset_free(ruleset);
    unlink(in_name);
    unlink(out_name);
}

TestSuite(masking, .init = enter, .fini = leave);

static sieve_status run(const char *text, size_t length)
{
    const struct find find = {NULL, in_name};
    const char *reason = NULL;
    struct writer writer;
    struct file file;
    cr_assert_eq(write(in, text, length), (ssize_t)length);
    cr_assert_eq(file_open(&find, 0, NULL, &file, &reason), SIEVE_OK);
    cr_assert_eq(writer_init(&writer, out), SIEVE_OK);
    sieve_status status = masking_run(&masking, &file, &writer);
    file_close(&file);
    writer_done(&writer);
    return status;
}

Test(masking, a_file_and_a_look_at_the_result)
{
    static const char text[] = "card 4111 1111 1111 1111 end\n";
    char masked[64] = {0};
    int is_clean = 0;
    cr_assert_eq(run(text, sizeof text - 1), SIEVE_OK);
    cr_assert_eq(masking.findings, 1);
    cr_assert_eq(pread(out, masked, sizeof masked, 0), (ssize_t)sizeof text - 1);
    cr_assert_str_eq(masked, "card 4111 11** **** 1111 end\n");
    cr_assert_eq(masking_verify(&masking, out, &is_clean), SIEVE_OK);
    cr_assert_eq(is_clean, 1);
    cr_assert_eq(masking.findings, 1);
}

Test(masking, what_is_not_clean_is_seen)
{
    int is_clean = 1;
    cr_assert_eq(write(out, "card 4111111111111111", 21), 21);
    cr_assert_eq(masking_verify(&masking, out, &is_clean), SIEVE_OK);
    cr_assert_eq(is_clean, 0);
    cr_assert_eq(ftruncate(out, 0), 0);
    cr_assert_eq(lseek(out, 0, SEEK_SET), 0);
    cr_assert_eq(write(out, "\x1f\x8b\x08 and no gzip data", 20), 20);
    (void)!masking_verify(&masking, out, &is_clean);
    cr_assert_eq(is_clean, 0);
}

Test(masking, refuses_what_it_cannot_open)
{
    cr_assert_eq(run("PK\3\4 and so on", 14), SIEVE_E_LIMIT);
    cr_assert_not_null(masking.notes.opaque);
    cr_assert_eq(lseek(out, 0, SEEK_END), 0);
}
