/* Bad rows: each is told with its table, its line and a reason. */
#include <criterion/criterion.h>

#include "tables.h"

struct bad {
    const char *table;
    const char *text;
    unsigned line;
    const char *what; /* a part of it */
};

#define BRANDS "name\ttitle\tgroupings\n"
#define RANGES "brand\tfirst\tlast\tlengths\tluhn\ttier\n"
#define WORDS  "text\teffect\ttag\tmatch\tstrength\tplace\n"
#define LOOKS                                                                            \
    "name\tlengths\tprefixes\tcheck\tdate\tzeros\tbefore\thard\ttitle_en\ttitle_ja\n"

static const struct bad bad_rows[] = {
    {"nothing.tsv", "a\n", 0, "no table of this name"},
    {"separators.tsv", "name\n", 0, "cannot be changed"},
    {"forms.tsv", "name\n", 0, "cannot be changed"},

    {"brands.tsv", "# first\n\nname\tcolour\n", 3, "does not have"},
    {"brands.tsv", "name\tname\n", 1, "twice"},
    {"brands.tsv", "name\n", 1, "lacks a column"},
    {"brands.tsv", BRANDS "shop\tShop\t4-4-4-4\textra\n", 2, "more fields"},
    {"brands.tsv", BRANDS "shop\n", 2, "empty"},
    {"brands.tsv", BRANDS "shop\t\xFF\n", 2, "not UTF-8"},
    {"brands.tsv", BRANDS "shop\t\xE3\x81\n", 2, "not UTF-8"},
    {"brands.tsv", BRANDS "shop\t\x01\n", 2, "control"},
    {"brands.tsv", BRANDS "\n# ok\nSHOP\tShop\n", 4, "brand's name"},
    {"brands.tsv", BRANDS "shop\tShop\t4\n", 2, "grouping"},
    {"brands.tsv", BRANDS "shop\tShop\t4-0-12\n", 2, "grouping"},
    {"brands.tsv", BRANDS "shop\tShop\t4-4\n", 2, "grouping"},
    {"brands.tsv", BRANDS "shop\tShop\t8-8-8\n", 2, "grouping"},
    {"brands.tsv", BRANDS "shop\tShop\t2-2-2-2-2-2-2-2\n", 2, "grouping"},
    {"brands.tsv", BRANDS "shop\tShop\t4-7 4-8 4-9 4-10 4-11 4-12 4-13 4-14 4-15\n", 2,
     "too many"},
    {"brands.tsv", BRANDS "-shop\n", 2, "no such row"},

    {"ranges.tsv", RANGES "shop\t69\t69\t16\n", 2, "brands.tsv"},
    {"ranges.tsv", RANGES "visa\t6x\t69\t16\n", 2, "prefix"},
    {"ranges.tsv", RANGES "visa\t69\t6\t16\n", 2, "different length"},
    {"ranges.tsv", RANGES "visa\t69\t68\t16\n", 2, "above"},
    {"ranges.tsv", RANGES "visa\t69\t69\t10\n", 2, "lengths"},
    {"ranges.tsv", RANGES "visa\t69\t69\t20\n", 2, "lengths"},
    {"ranges.tsv", RANGES "visa\t69\t69\t16,17\n", 2, "lengths"},
    {"ranges.tsv", RANGES "visa\t69\t69\t17-16\n", 2, "lengths"},
    {"ranges.tsv", RANGES "visa\t123456789012\t123456789012\t11\n", 2, "longer"},
    {"ranges.tsv", RANGES "visa\t69\t69\t16\tmaybe\n", 2, "luhn"},
    {"ranges.tsv", RANGES "visa\t69\t69\t16\tyes\tD\n", 2, "tier"},
    {"ranges.tsv", RANGES "-visa\t4\t4\t12\n", 2, "no such row"},

    {"words.tsv", WORDS "shop no\tup\tcard\n", 2, "effect"},
    {"words.tsv", WORDS " shop\traise\tcard\n", 2, "space"},
    {"words.tsv", WORDS "shop  no\traise\tcard\n", 2, "two spaces"},
    {"words.tsv", WORDS "shop no\traise\tCard\n", 2, "tag"},
    {"words.tsv", WORDS "shop no\traise\tcard\twhole\n", 2, "match"},
    {"words.tsv", WORDS "shop no\traise\tcard\t\tweak\n", 2, "strength"},
    {"words.tsv", WORDS "shop no\tcode\tcode\t\t\tkey\n", 2, "place"},
    {"words.tsv", WORDS "-shop no\n", 2, "no such row"},

    {"lookalikes.tsv", LOOKS "shop\t9\t\t\t\t\t\t\tA shop\tA\n", 2, "lengths"},
    {"lookalikes.tsv", LOOKS "shop\t16\tx\t\t\t\t\t\tA shop\tA\n", 2, "prefixes"},
    {"lookalikes.tsv", LOOKS "shop\t16\t30-2\t\t\t\t\t\tA shop\tA\n", 2, "prefixes"},
    {"lookalikes.tsv", LOOKS "shop\t16\t\tsum\t\t\t\t\tA shop\tA\n", 2, "check"},
    {"lookalikes.tsv", LOOKS "shop\t16\t\t\tmdy\t\t\t\tA shop\tA\n", 2, "date"},
    {"lookalikes.tsv", LOOKS "shop\t16\t\t\t\t20\t\t\tA shop\tA\n", 2, "zeros"},
    {"lookalikes.tsv", LOOKS "shop\t16\t\t\t\t\tAB\t\tA shop\tA\n", 2, "before"},
    {"lookalikes.tsv", LOOKS "shop\t16\t\t\t\t\t\tso\tA shop\tA\n", 2, "hard"},

    {"test_numbers.tsv", "pan\tbrand\tluhn\n4111\n", 2, "11 to 19"},
    {"test_numbers.tsv", "pan\tbrand\tluhn\n4111111111111111\tshop\n", 2, "brands.tsv"},
    {"test_numbers.tsv", "pan\tbrand\tluhn\n4111111111111111\tvisa\tfails\n", 2, "luhn"},

    {"rules.tsv", "name\texpression\tconfidence\nshop\tx\tsure\n", 2, "confidence"},
    {"rules.tsv", "name\texpression\tconfidence\nSHOP\tx\n", 2, "name"},
    {"rules.tsv", "name\texpression\nshop\t\n", 2, "empty"},
};

Test(rows, tells_where_a_bad_row_is_and_why)
{
    for (size_t i = 0; i < sizeof bad_rows / sizeof bad_rows[0]; i++) {
        const struct bad *bad = &bad_rows[i];
        struct pattern_set *set = NULL;
        sieve_error error = {.status = SIEVE_OK};
        sieve_status status =
            merge_one(&builtin_patterns, bad->table, bad->text, &set, &error);
        cr_expect_eq(status, SIEVE_E_PATTERN, "%s: %s", bad->table, bad->text);
        cr_expect_null(set);
        if (status != SIEVE_E_PATTERN)
            continue;
        cr_expect_eq(error.status, SIEVE_E_PATTERN);
        cr_expect_str_eq(error.table, bad->table);
        cr_expect_eq(error.offset, bad->line, "%s: line %u", error.what,
                     (unsigned)error.offset);
        cr_expect_not_null(strstr(error.what, bad->what), "'%s' is not about '%s'",
                           error.what, bad->what);
    }
}

Test(rows, takes_no_error_to_fill)
{
    struct pattern_set *set = NULL;
    cr_expect_eq(merge_one(&builtin_patterns, "x.tsv", "", &set, NULL), SIEVE_E_PATTERN);
}

Test(rows, reads_marks_and_line_ends_of_other_systems)
{
    struct pattern_set *set = NULL;
    cr_assert_eq(merge_one(&builtin_patterns, "dir/brands.tsv",
                           "\xEF\xBB\xBFtitle\tname\r\n# x\r\n\r\nA Shop\tshop\r\n"
                           "B\tb",
                           &set, NULL),
                 SIEVE_OK);
    cr_assert_eq(set->brand_count, builtin_patterns.brand_count + 2);
    const struct brand_row *row = &set->brands[set->brand_count - 2];
    cr_expect_str_eq(row->id.name, "shop");
    cr_expect_str_eq(row->id.title, "A Shop");
    cr_expect_eq(row->grouping_count, 0);
    patterns_free(set);
}

Test(rows, refuses_a_repeated_key_where_there_is_no_base)
{
    struct pattern_set *set = NULL;
    sieve_error error = {.status = SIEVE_OK};
    cr_expect_eq(merge_one(NULL, "brands.tsv", BRANDS "a\tA\nb\tB\na\tC\n", &set, &error),
                 SIEVE_E_PATTERN);
    cr_expect_eq(error.offset, 4);
}

Test(rows, refuses_a_line_without_end)
{
    static char text[8192];
    struct pattern_set *set = NULL;
    sieve_error error = {.status = SIEVE_OK};
    memset(text, 'x', sizeof text - 1);
    memcpy(text, BRANDS, strlen(BRANDS));
    cr_expect_eq(merge_one(&builtin_patterns, "brands.tsv", text, &set, &error),
                 SIEVE_E_PATTERN);
    cr_expect_eq(error.offset, 2);
}

Test(rows, takes_any_bytes_without_harm)
{
    static const char *const names[] = {"brands.tsv",     "ranges.tsv",       "words.tsv",
                                        "lookalikes.tsv", "test_numbers.tsv", "rules.tsv",
                                        "reasons.tsv"};
    static const char pieces[] = "\t\t\n\n-#|4 69x\xE3\x82\xAB\xFF\r";
    char text[256];
    unsigned random = 1;
    for (unsigned round = 0; round < 4000; round++) {
        const char *head[] = {
            BRANDS, RANGES, WORDS, LOOKS, "pan\tbrand\n", "name\texpression\n", ""};
        size_t table = round % 7;
        size_t length = strlen(head[table]);
        memcpy(text, head[table], length);
        while (length < sizeof text - 1) {
            random = random * 1103515245u + 12345u;
            text[length++] = pieces[(random >> 16) % (sizeof pieces - 1)];
        }
        text[length] = '\0';
        struct pattern_set *set = NULL;
        sieve_error error = {.status = SIEVE_OK};
        if (merge_one(&builtin_patterns, names[table], text, &set, &error) != SIEVE_OK)
            cr_assert_not_null(error.what);
        patterns_free(set);
    }
}
