#include <criterion/criterion.h>
#include <string.h>

#include "job/spot.h"

struct heard {
    size_t count;
    uint64_t lines[2000];
    uint64_t columns[2000];
    uint64_t offsets[2000];
    size_t stop_at;
};

static sieve_status hear(const struct sighting *sighting, void *context)
{
    struct heard *heard = context;
    heard->lines[heard->count] = sighting->line;
    heard->columns[heard->count] = sighting->column;
    heard->offsets[heard->count] = sighting->finding->offset;
    return ++heard->count == heard->stop_at ? SIEVE_E_LIMIT : SIEVE_OK;
}

static struct spotter spotter;
static struct heard heard;

/* Tells the spotter of a text in pieces of `length`, a finding at every '#'. */
static sieve_status tell(const char *text, uint64_t from, size_t length)
{
    sieve_status status = SIEVE_OK;
    for (uint64_t at = from; at < strlen(text) && status == SIEVE_OK; at += length) {
        uint64_t to = at + length < strlen(text) ? at + length : strlen(text);
        const struct piece piece = {(const unsigned char *)text, 0, strlen(text), at, to};
        spotter_on_begin(&piece, &spotter);
        for (uint64_t offset = at; offset < to; offset++) {
            const sieve_finding finding = {.offset = offset, .length = 1, .shown = "*"};
            if (text[offset] == '#' &&
                spotter_on_finding(&finding, &spotter) == SIEVE_STOP)
                return spotter.status;
        }
        status = spotter_on_end(&piece, &spotter);
    }
    return status;
}

static void start(uint64_t from)
{
    const struct spot_options options = {.lines = 1, .excerpts = 1};
    memset(&heard, 0, sizeof heard);
    spotter_init(&spotter, &options, hear, &heard);
    spotter_start(&spotter, from);
}

Test(spot, lines_and_columns_count_from_one)
{
    static const char text[] = "#\nab#cd\n\n\n  #  #";
    static const size_t lengths[] = {1, 2, 3, 5, 100};
    for (size_t index = 0; index < 5; index++) {
        start(0);
        cr_assert_eq(tell(text, 0, lengths[index]), SIEVE_OK);
        cr_assert_eq(heard.count, 4);
        static const uint64_t lines[] = {1, 2, 5, 5};
        static const uint64_t columns[] = {1, 3, 3, 6};
        cr_assert_arr_eq(heard.lines, lines, sizeof lines);
        cr_assert_arr_eq(heard.columns, columns, sizeof columns);
        spotter_done(&spotter);
    }
}

/* In a part the lines count from its start; a column needs a line that began in it. */
Test(spot, in_a_part_of_an_item)
{
    static const char text[] = "one\ntwo # x\n # y";
    start(6);
    cr_assert_eq(tell(text, 6, 100), SIEVE_OK);
    cr_assert_eq(heard.count, 2);
    cr_assert_eq(heard.lines[0], 1);
    cr_assert_eq(heard.columns[0], 0);
    cr_assert_eq(heard.lines[1], 2);
    cr_assert_eq(heard.columns[1], 2);
    cr_assert_eq(spotter.lines, 1);
    cr_assert(spotter.has_line_start);
    cr_assert_eq(spotter.line_start, 12);
    spotter_done(&spotter);
}

Test(spot, more_findings_than_wait)
{
    static char text[4 * SPOT_PENDING_MAX];
    memset(text, '#', sizeof text - 1);
    for (size_t index = 7; index < sizeof text - 1; index += 50)
        text[index] = '\n';
    start(0);
    cr_assert_eq(tell(text, 0, 400), SIEVE_OK);
    for (size_t index = 1; index < heard.count; index++)
        cr_assert_gt(heard.offsets[index], heard.offsets[index - 1]);
    cr_assert_eq(heard.count, sizeof text - 1 - spotter.lines);
    spotter_done(&spotter);
}

Test(spot, failures_are_heard)
{
    static char text[4 * SPOT_PENDING_MAX];
    memset(text, '#', sizeof text - 1);
    start(0);
    heard.stop_at = 10;
    cr_assert_eq(tell(text, 0, sizeof text), SIEVE_E_LIMIT);
    cr_assert_eq(heard.count, 10);
    spotter_done(&spotter);
}
