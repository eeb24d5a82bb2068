#include <criterion/criterion.h>

#include "unit/report/report_fixture.h"

static const struct sighting sighting = {
    .finding = &fixture_finding,
    .line = 12,
    .column = 7,
    .excerpt = {(const unsigned char *)"card=411111******1111 x", 23},
    .shown_at = 5,
    .shown_length = 16,
};

static const char *told(struct fixture *fixture)
{
    cr_assert_eq(
        fixture->report->ops->finding(fixture->report, &fixture->place, &sighting),
        SIEVE_OK);
    return fixture_read(fixture);
}

Test(text, one_line_for_each_finding)
{
    struct fixture fixture;
    fixture_open(&fixture, text_report_new, 0, 0);
    fixture.place.coding_count = 1;
    fixture.place.codings[0] = "gzip";
    cr_assert_str_eq(told(&fixture),
                     "app.log|gzip:12:7: Visa 411111******1111 high (range) test number"
                     "  | card=411111******1111 x\n");
    fixture_close(&fixture);
}

Test(text, colours_the_number)
{
    struct fixture fixture;
    fixture_open(&fixture, text_report_new, 1, 0);
    const char *line = told(&fixture);
    cr_assert_not_null(strstr(line, "\x1b[1;31m411111******1111\x1b[0m high"));
    cr_assert_not_null(strstr(line, "card=\x1b[1;31m411111******1111\x1b[0m x\n"));
    fixture_close(&fixture);
}

Test(text, names_cannot_move_the_cursor)
{
    struct fixture fixture;
    fixture_open(&fixture, text_report_new, 0, 0);
    fixture_name(&fixture, "evil\x1b[2J\nname");
    cr_assert_eq(strncmp(told(&fixture), "evil\\x1b[2J\\x0aname:12:7: ", 25), 0);
    fixture_close(&fixture);
}

Test(text, lists_what_was_not_examined_within_bounds)
{
    struct fixture fixture;
    static struct tally tally;
    tally_init(&tally);
    fixture_open(&fixture, text_report_new, 0, 0);
    const struct report_ops *ops = fixture.report->ops;
    for (int index = 0; index < 10000; index++) {
        cr_assert_eq(ops->unexamined(fixture.report, &fixture.place, "permission denied"),
                     SIEVE_OK);
        tally_unexamined(&tally, "permission denied");
    }
    /* The list itself does not fit into the pipe of the fixture: a null device. */
    struct writer null = fixture.writer;
    fixture.writer.descriptor = -1;
    (void)ops->summary(fixture.report, &tally);
    cr_assert_eq(tally.reason_count, 1);
    cr_assert_eq(tally.reasons[0].times, 10000);
    fixture.writer = null;
    fixture_close(&fixture);
}

Test(text, tables)
{
    struct fixture fixture;
    static struct tally tally;
    static struct count count;
    tally_init(&tally);
    count_finding(&count, &fixture_finding);
    count_finding(&count, &fixture_finding);
    cr_assert_eq(tally_add(&tally, &count, bytes_of_text("app.log")), SIEVE_OK);
    tally.items = 1;
    tally.cards = 1;
    fixture_open(&fixture, text_report_new, 0, 1);
    cr_assert_eq(fixture.report->ops->summary(fixture.report, &tally), SIEVE_OK);
    const char *text = fixture_read(&fixture);
    cr_assert_not_null(strstr(text, "By brand"));
    cr_assert_not_null(strstr(text, "\n  Visa "));
    cr_assert_not_null(strstr(text, "2  app.log\n"));
    cr_assert_not_null(strstr(text, "1 file, 0 B, 0.00 s: 2 findings of 1 card number"));
    tally_done(&tally);
    fixture_close(&fixture);
}

Test(text, keys_of_rows_cannot_turn_the_line)
{
    struct fixture fixture;
    struct sighting cell = sighting;
    cell.excerpt = bytes_of(NULL, 0);
    cell.field = bytes_of_text("memo");
    cell.row = bytes_of_text("{\"id\":\"\xe2\x80\xae"
                             "evil\",\"say \\\"x\\\"\":\"{,}:\"}");
    fixture_open(&fixture, text_report_new, 0, 0);
    fixture.place.table = bytes_of_text("orders");
    cr_assert_eq(fixture.report->ops->finding(fixture.report, &fixture.place, &cell),
                 SIEVE_OK);
    cr_expect_str_eq(fixture_read(&fixture),
                     "app.log: orders.memo [id=\\xe2\\x80\\xaeevil, say \\\"x\\\"={,}:]: "
                     "Visa 411111******1111 high (range) test number\n");
    fixture_close(&fixture);
}
