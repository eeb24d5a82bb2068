#include "unit/report/report_fixture.h"

#include <criterion/criterion.h>
#include <unistd.h>

const sieve_brand fixture_visa = {"visa", "Visa"};

const sieve_finding fixture_finding = {
    .offset = 1234,
    .length = 19,
    .digit_count = 16,
    .test_number = 1,
    .kind = SIEVE_KIND_PAN,
    .confidence = SIEVE_HIGH,
    .form = SIEVE_FORM_ASCII,
    .brand = &fixture_visa,
    .shown = "411111******1111",
    .reason_count = 2,
    .reasons = {"range", "luhn"},
};

void fixture_open(struct fixture *fixture, report_maker make, int colour,
                  int summary_only)
{
    const struct report_style style = {colour, summary_only};
    memset(fixture, 0, sizeof *fixture);
    cr_assert_eq(pipe(fixture->ends), 0);
    cr_assert_eq(writer_init(&fixture->writer, fixture->ends[1]), SIEVE_OK);
    cr_assert_eq(make(&fixture->writer, &style, &fixture->report), SIEVE_OK);
    safe_text_init(&fixture->place.target);
    fixture_name(fixture, "app.log");
}

void fixture_close(struct fixture *fixture)
{
    report_free(fixture->report);
    safe_text_done(&fixture->place.target);
    writer_done(&fixture->writer);
    close(fixture->ends[0]);
    close(fixture->ends[1]);
}

void fixture_name(struct fixture *fixture, const char *name)
{
    cr_assert_eq(safe_text_set(&fixture->place.target, bytes_of_text(name), NULL),
                 SIEVE_OK);
}

const char *fixture_read(struct fixture *fixture)
{
    writer_text(&fixture->writer, "\1"); /* so that there is something to read */
    cr_assert_eq(writer_flush(&fixture->writer), SIEVE_OK);
    ssize_t count = read(fixture->ends[0], fixture->text, sizeof fixture->text - 1);
    cr_assert_gt(count, 0);
    fixture->text[count - 1] = '\0';
    return fixture->text;
}
