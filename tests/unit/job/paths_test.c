#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "job/paths.h"
#include "job/sketch.h"

static void count(struct paths *paths, const char *text)
{
    const struct bytes value = bytes_of_text(text);
    cr_assert_eq(paths_count(paths, value, inside_kind_of(value), NULL), SIEVE_OK);
}

static struct cell_counts counts_of(struct paths *paths, const char *name)
{
    struct path *path = NULL;
    cr_assert_eq(paths_find(paths, name, &path), SIEVE_OK);
    return path->counts;
}

Test(paths, count_by_key)
{
    const sieve_options options = SIEVE_OPTIONS_DEFAULT;
    struct tier_table *tiers = NULL;
    struct paths *paths = NULL;
    cr_assert_eq(paths_new(&paths), SIEVE_OK);
    cr_assert_eq(tier_table_new(&options, &tiers), SIEVE_OK);
    count(paths, "{\"id\":453914880343646,\"card\":{\"no\":\"4539148803436467\"}}");
    count(paths, "{\"id\":\"x\",\"card\":{\"no\":\"4539148803436460\"}}");
    const struct bytes last = bytes_of_text("{\"card\":{\"no\":4539148803436467}}");
    cr_assert_eq(paths_count(paths, last, INSIDE_JSON, tiers), SIEVE_OK);
    struct cell_counts counts = counts_of(paths, "card.no");
    cr_expect_eq(counts.values, 3);
    cr_expect_eq(counts.numbers, 3);
    cr_expect_eq(counts.luhn, 2);
    cr_expect_eq(counts.tier_a, 1);
    cr_expect_eq(counts.bytes, 48);
    cr_expect_eq(counts.sketched, 3);
    struct path *path = NULL;
    cr_assert_eq(paths_find(paths, "card.no", &path), SIEVE_OK);
    cr_expect_eq(sketch_count(path->sketch, SKETCH_BITS_COLUMN), 2);
    counts = counts_of(paths, "id");
    cr_expect_eq(counts.values, 2);
    cr_expect_eq(counts.numbers, 1);
    paths_free(paths);
    paths_free(NULL);
    tier_table_free(tiers);
}

Test(paths, are_bounded)
{
    struct paths *paths = NULL;
    struct path *path = NULL;
    size_t number = 0;
    cr_assert_eq(paths_new(&paths), SIEVE_OK);
    for (int key = 0; key < 10000; key++) {
        char text[64];
        (void)snprintf(text, sizeof text, "{\"key%d\":1}", key);
        count(paths, text);
    }
    (void)paths_all(paths, &number);
    cr_expect_eq(number, PATHS_MAX);
    cr_expect_eq(counts_of(paths, INSIDE_ELSEWHERE).values, 10000 - (PATHS_MAX - 1));
    cr_expect_eq(counts_of(paths, "key0").values, 1);
    cr_assert_eq(paths_find(paths, "one more", &path), SIEVE_OK);
    cr_expect_str_eq(path->path, INSIDE_ELSEWHERE);
    paths_free(paths);
}
