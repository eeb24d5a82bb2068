/* A window finds what the engine finds in the whole, however the bytes come. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "pipeline/scan.h"
#include "pipeline/window.h"

#define FOUND_MAX 20000

struct found {
    size_t count;
    uint64_t offsets[FOUND_MAX];
    uint64_t lengths[FOUND_MAX];
    uint64_t told_to; /* end of the last piece */
    int pieces_join;
};

static sieve_ruleset *ruleset;
static sieve_scanner *scanner;

static void open_engine(void)
{
    cr_assert_eq(sieve_ruleset_new(NULL, &ruleset, NULL), SIEVE_OK);
    cr_assert_eq(sieve_scanner_new(ruleset, &scanner), SIEVE_OK);
}

static void close_engine(void)
{
    sieve_scanner_free(scanner);
    sieve_ruleset_free(ruleset);
}

TestSuite(window, .init = open_engine, .fini = close_engine);

static sieve_next note(const sieve_finding *finding, void *context)
{
    struct found *found = context;
    if (found->count < FOUND_MAX) {
        found->offsets[found->count] = finding->offset;
        found->lengths[found->count] = finding->length;
    }
    found->count++;
    return SIEVE_CONTINUE;
}

static sieve_status end_piece(const struct piece *piece, void *context)
{
    struct found *found = context;
    found->pieces_join &= piece->from == found->told_to;
    found->told_to = piece->to;
    return SIEVE_OK;
}

/* Lines of words, dates and now and then a number; some begin with digits. */
static unsigned char *make_text(size_t length)
{
    unsigned char *text = malloc(length + 128);
    size_t at = 0;
    for (unsigned line = 0; at < length; line++) {
        const char *form = line % 41 == 0
                               ? "card number 4111 1111 1111 1111 of order %u\n"
                           : line % 53 == 0 ? "card=3530111333300000;%u\n"
                           : line % 2       ? "2026-01-31 12:00:00 item %u was sold\n"
                                            : "somebody bought %u things\n";
        at += (size_t)snprintf((char *)text + at, 127, form, line * 7919);
    }
    return text;
}

static void scan_in_pieces(const unsigned char *text, size_t length, size_t chunk,
                           struct found *found)
{
    const struct window_sink sink = {NULL, note, end_piece, found};
    struct window *window = NULL;
    *found = (struct found){.pieces_join = 1};
    cr_assert_eq(window_new(scanner, &window), SIEVE_OK);
    window_start(window, &sink, 0, 0, UINT64_MAX, bytes_of(NULL, 0));
    for (size_t at = 0; at < length; at += chunk) {
        size_t count = length - at < chunk ? length - at : chunk;
        cr_assert_eq(window_write(window, bytes_of(text + at, count)), SIEVE_OK);
    }
    cr_assert_eq(window_finish(window), SIEVE_OK);
    cr_assert_eq(window_end(window), length);
    window_free(window);
}

Test(window, chunks_of_any_size)
{
    static const size_t chunks[] = {1, 7, 64, 4096, 65536, 1000003, 10000000};
    const size_t length = 1500000;
    unsigned char *text = make_text(length);
    static struct found whole;
    static struct found pieces;
    cr_assert_eq(sieve_scan(scanner, text, length, note, &whole), SIEVE_OK);
    cr_assert_gt(whole.count, 1000);
    for (size_t index = 0; index < sizeof chunks / sizeof chunks[0]; index++) {
        scan_in_pieces(text, length, chunks[index], &pieces);
        cr_assert_eq(pieces.count, whole.count, "chunk %zu", chunks[index]);
        cr_assert_arr_eq(pieces.offsets, whole.offsets,
                         whole.count * sizeof whole.offsets[0]);
        cr_assert_arr_eq(pieces.lengths, whole.lengths,
                         whole.count * sizeof whole.lengths[0]);
        cr_assert(pieces.pieces_join);
        cr_assert_eq(pieces.told_to, length);
    }
    free(text);
}

Test(window, empty_and_tiny_items)
{
    static struct found found;
    scan_in_pieces((const unsigned char *)"", 0, 1, &found);
    cr_assert_eq(found.count, 0);
    scan_in_pieces((const unsigned char *)"4111111111111111", 16, 1, &found);
    cr_assert_eq(found.count, 1);
}

/* No line feed, no border: a piece may end anywhere. */
Test(window, one_endless_line)
{
    const size_t length = 2000000;
    unsigned char *text = malloc(length);
    static struct found found;
    memset(text, 'x', length);
    for (size_t at = 1000; at + 100 < length; at += 50000)
        memcpy(text + at, " card 4111111111111111 ", 23);
    scan_in_pieces(text, length, 65536, &found);
    cr_assert_eq(found.count, 40);
    memset(text, '1', length);
    scan_in_pieces(text, length, 65536, &found);
    cr_assert_eq(found.told_to, length);
    free(text);
}

/* Parts, as workers share them: together they have what the whole has. */
Test(window, parts_join)
{
    const size_t length = 1500000;
    const size_t part_length = 200000;
    unsigned char *text = make_text(length);
    static struct found whole;
    static struct found parts;
    struct window *window = NULL;
    const struct window_sink sink = {NULL, note, end_piece, &parts};
    cr_assert_eq(sieve_scan(scanner, text, length, note, &whole), SIEVE_OK);
    cr_assert_eq(window_new(scanner, &window), SIEVE_OK);
    parts.pieces_join = 1;
    uint64_t from = 0;
    while (from < length) {
        uint64_t until = UINT64_MAX;
        uint64_t begin = from > SIEVE_BEFORE ? from - SIEVE_BEFORE : 0;
        if (from + part_length < length)
            until = from + part_length +
                    sieve_border(text + from + part_length, length - from - part_length);
        window_start(window, &sink, begin, from, until, bytes_of(text, SIEVE_HEAD));
        for (uint64_t at = begin; at < length && !window_is_full(window); at += 1000) {
            size_t count = length - at < 1000 ? (size_t)(length - at) : 1000;
            cr_assert_eq(window_write(window, bytes_of(text + at, count)), SIEVE_OK);
        }
        cr_assert_eq(window_finish(window), SIEVE_OK);
        cr_assert(until == UINT64_MAX || parts.told_to == until);
        from = until == UINT64_MAX ? length : until;
    }
    cr_assert_eq(parts.count, whole.count);
    cr_assert_arr_eq(parts.offsets, whole.offsets, whole.count * sizeof whole.offsets[0]);
    cr_assert(parts.pieces_join);
    window_free(window);
    free(text);
}

Test(window, is_used_again)
{
    static struct found found;
    const struct window_sink sink = {NULL, note, NULL, &found};
    struct window *window = NULL;
    cr_assert_eq(window_new(scanner, &window), SIEVE_OK);
    for (int times = 0; times < 3; times++) {
        found.count = 0;
        window_start(window, &sink, 0, 0, UINT64_MAX, bytes_of(NULL, 0));
        struct stage *stage = NULL;
        cr_assert_eq(scan_stage_new(window, &stage), SIEVE_OK);
        cr_assert_eq(stage_write(stage, bytes_of_text("card 4111111111111111 x")),
                     SIEVE_OK);
        cr_assert_eq(stage_finish(stage), SIEVE_OK);
        stage_free(stage);
        cr_assert_eq(found.count, 1);
        cr_assert_eq(found.offsets[0], 5);
    }
    window_free(window);
}

static sieve_next stop(const sieve_finding *finding, void *context)
{
    (void)finding;
    ++*(int *)context;
    return SIEVE_STOP;
}

Test(window, stops_when_told)
{
    int count = 0;
    const struct window_sink sink = {NULL, stop, NULL, &count};
    struct window *window = NULL;
    cr_assert_eq(window_new(scanner, &window), SIEVE_OK);
    window_start(window, &sink, 0, 0, UINT64_MAX, bytes_of(NULL, 0));
    cr_assert_eq(
        window_write(window,
                     bytes_of_text("card 4111111111111111\ncard 4111111111111111\n")),
        SIEVE_OK);
    cr_assert_eq(window_finish(window), SIEVE_STOPPED);
    cr_assert_eq(count, 1);
    window_free(window);
}

/* Bytes read into the window's own memory: nothing is copied, nothing is missed. */
Test(window, lends_its_memory)
{
    static const size_t reads[] = {1000, 65536, 1000000};
    const size_t length = 1500000;
    unsigned char *text = make_text(length);
    static struct found whole;
    static struct found lent;
    const struct window_sink sink = {NULL, note, end_piece, &lent};
    struct window *window = NULL;
    cr_assert_eq(sieve_scan(scanner, text, length, note, &whole), SIEVE_OK);
    cr_assert_eq(window_new(scanner, &window), SIEVE_OK);
    for (size_t index = 0; index < sizeof reads / sizeof reads[0]; index++) {
        struct stage *stage = NULL;
        lent = (struct found){.pieces_join = 1};
        window_start(window, &sink, 0, 0, UINT64_MAX, bytes_of(NULL, 0));
        cr_assert_eq(scan_stage_new(window, &stage), SIEVE_OK);
        for (size_t at = 0; at < length;) {
            void *room = NULL;
            size_t count = 0;
            cr_assert_eq(stage->ops->room(stage, &room, &count), SIEVE_OK);
            count = count < reads[index] ? count : reads[index];
            count = count < length - at ? count : length - at;
            memcpy(room, text + at, count);
            cr_assert_eq(stage->ops->commit(stage, count), SIEVE_OK);
            at += count;
        }
        cr_assert_eq(stage_finish(stage), SIEVE_OK);
        stage_free(stage);
        cr_assert_eq(lent.count, whole.count);
        cr_assert_arr_eq(lent.offsets, whole.offsets,
                         whole.count * sizeof whole.offsets[0]);
        cr_assert(lent.pieces_join);
    }
    window_free(window);
    free(text);
}

static sieve_status refuse_piece(const struct piece *piece, void *context)
{
    ++*(int *)context;
    return piece->from == 0 ? SIEVE_E_IO : SIEVE_OK;
}

/* A failure to tell of a piece comes back at once, however the bytes came. */
Test(window, a_failure_of_who_hears_it_comes_back)
{
    const size_t length = 1500000;
    unsigned char *text = make_text(length);
    int pieces = 0;
    const struct window_sink sink = {NULL, NULL, refuse_piece, &pieces};
    struct window *window = NULL;
    cr_assert_eq(window_new(scanner, &window), SIEVE_OK);
    window_start(window, &sink, 0, 0, UINT64_MAX, bytes_of(NULL, 0));
    cr_assert_eq(window_write(window, bytes_of(text, length)), SIEVE_E_IO);
    cr_assert_eq(pieces, 1);
    cr_assert_lt(window_end(window), length);
    window_start(window, &sink, 0, 0, UINT64_MAX, bytes_of(NULL, 0));
    cr_assert_eq(window_write(window, bytes_of_text("a line\n")), SIEVE_OK);
    cr_assert_eq(window_finish(window), SIEVE_E_IO);
    window_free(window);
    free(text);
}

/* Lines so long that no border is near: a piece ends behind a line. */
Test(window, far_borders)
{
    const size_t length = 1500000;
    unsigned char *text = malloc(length);
    static struct found whole;
    static struct found pieces;
    memset(text, '1', length); /* digits: never a border between them */
    for (size_t at = 9000; at + 100 < length; at += 10000)
        memcpy(text + at, "\ncard 4111111111111111\n", 23);
    whole = (struct found){.count = 0};
    cr_assert_eq(sieve_scan(scanner, text, length, note, &whole), SIEVE_OK);
    scan_in_pieces(text, length, 65536, &pieces);
    cr_assert_eq(pieces.count, whole.count);
    cr_assert_arr_eq(pieces.offsets, whole.offsets,
                     whole.count * sizeof whole.offsets[0]);
    free(text);
}
