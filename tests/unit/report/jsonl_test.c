#include <criterion/criterion.h>

#include "unit/report/report_fixture.h"

static const char *told(struct fixture *fixture, const struct sighting *sighting)
{
    cr_assert_eq(
        fixture->report->ops->finding(fixture->report, &fixture->place, sighting),
        SIEVE_OK);
    return fixture_read(fixture);
}

Test(jsonl, a_finding_as_promised)
{
    struct fixture fixture;
    const struct sighting sighting = {
        .finding = &fixture_finding, .line = 12, .column = 7, .card = 1};
    fixture_open(&fixture, jsonl_report_new, 0, 0);
    cr_assert_str_eq(
        told(&fixture, &sighting),
        "{\"event\":\"finding\",\"target\":\"app.log\",\"path\":[],\"offset\":1234,"
        "\"length\":19,\"line\":12,\"column\":7,\"kind\":\"pan\",\"brand\":\"visa\","
        "\"digits\":16,\"masked\":\"411111******1111\",\"form\":\"ascii\","
        "\"confidence\":\"high\",\"reasons\":[\"range\",\"luhn\"],\"test_number\":true,"
        "\"card\":1}\n");
    fixture_close(&fixture);
}

Test(jsonl, what_is_not_known_is_null_or_left_out)
{
    struct fixture fixture;
    sieve_finding finding = fixture_finding;
    finding.brand = NULL;
    finding.reason_count = 0;
    finding.test_number = 0;
    const struct sighting sighting = {.finding = &finding};
    fixture_open(&fixture, jsonl_report_new, 0, 0);
    const char *line = told(&fixture, &sighting);
    cr_assert_not_null(strstr(line, "\"brand\":null,"));
    cr_assert_not_null(
        strstr(line, "\"reasons\":[],\"test_number\":false,\"card\":null}"));
    cr_assert_null(strstr(line, "\"line\""));
    cr_assert_null(strstr(line, "\"column\""));
    fixture_close(&fixture);
}

Test(jsonl, names_and_codings)
{
    struct fixture fixture;
    fixture_open(&fixture, jsonl_report_new, 0, 0);
    fixture_name(&fixture, "caf\xE9\n");
    fixture.place.coding_count = 2;
    fixture.place.codings[0] = "gzip";
    fixture.place.codings[1] = "xz";
    cr_assert_eq(fixture.report->ops->unexamined(fixture.report, &fixture.place,
                                                 "damaged xz data"),
                 SIEVE_OK);
    cr_assert_str_eq(fixture_read(&fixture),
                     "{\"event\":\"unexamined\",\"target\":\"caf\xEF\xBF\xBD\\n\","
                     "\"target_bytes\":\"636166e90a\",\"path\":[],"
                     "\"codings\":[\"gzip\",\"xz\"],\"reason\":\"damaged xz data\"}\n");
    fixture_close(&fixture);
}

Test(jsonl, the_summary)
{
    struct fixture fixture;
    static struct tally tally;
    tally_init(&tally);
    tally.targets = 1;
    tally.items = 3;
    tally.bytes = 52428800;
    tally.found.findings = 1;
    tally.cards = 1;
    tally.nanoseconds = 21500000;
    fixture_open(&fixture, jsonl_report_new, 0, 1);
    cr_assert_eq(fixture.report->ops->summary(fixture.report, &tally), SIEVE_OK);
    cr_assert_str_eq(
        fixture_read(&fixture),
        "{\"event\":\"summary\",\"targets\":1,\"items\":3,\"bytes\":52428800,"
        "\"findings\":1,\"cards\":1,\"unexamined\":0,\"complete\":true,"
        "\"seconds\":0.021}\n");
    tally_unexamined(&tally, "permission denied");
    tally.cards_estimated = 1;
    tally.interrupted = 1;
    tally.skipped_links = 2;
    cr_assert_eq(fixture.report->ops->summary(fixture.report, &tally), SIEVE_OK);
    cr_assert_not_null(
        strstr(fixture_read(&fixture),
               "\"unexamined\":1,\"complete\":false,\"cards_estimated\":true,"
               "\"interrupted\":true,\"skipped\":{\"links\":2,\"special\":0,"
               "\"other_systems\":0,\"names\":0},\"seconds\":"));
    fixture_close(&fixture);
}

Test(jsonl, only_the_summary)
{
    struct fixture fixture;
    const struct sighting sighting = {.finding = &fixture_finding};
    fixture_open(&fixture, jsonl_report_new, 0, 1);
    cr_assert_str_eq(told(&fixture, &sighting), "");
    fixture_close(&fixture);
}
