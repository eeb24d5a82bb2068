/* A user's own tables on top of the built-in ones. */
#include <criterion/criterion.h>

#include "tables.h"

static struct pattern_set *merged(const char *name, const char *text)
{
    struct pattern_set *set = NULL;
    sieve_error error = {.status = SIEVE_OK};
    sieve_status status = merge_one(&builtin_patterns, name, text, &set, &error);
    cr_assert_eq(status, SIEVE_OK, "%s:%u: %s", name, (unsigned)error.offset,
                 error.what ? error.what : "");
    return set;
}

static size_t brand_of(const struct pattern_set *set, const char *name)
{
    size_t i = 0;
    while (i < set->brand_count && strcmp(set->brands[i].id.name, name) != 0)
        i++;
    return i;
}

static const struct reason_row *reason_of(const struct pattern_set *set, const char *word)
{
    for (size_t i = 0; i < set->reason_count; i++) {
        if (strcmp(set->reasons[i].word, word) == 0)
            return &set->reasons[i];
    }
    return NULL;
}

Test(merge, without_tables_is_a_copy)
{
    struct pattern_set *set = NULL;
    cr_assert_eq(patterns_merge(&builtin_patterns, NULL, 0, &set, NULL), SIEVE_OK);
    cr_expect_eq(set->brand_count, builtin_patterns.brand_count);
    cr_expect_eq(set->range_count, builtin_patterns.range_count);
    cr_expect_eq(set->word_count, builtin_patterns.word_count);
    cr_expect_eq(set->reason_count, builtin_patterns.reason_count);
    cr_expect_eq(set->words_database, builtin_patterns.words_database);
    cr_expect_eq(set->literals, builtin_patterns.literals);
    patterns_free(set);
    patterns_free(NULL);
}

Test(merge, brands_are_read_before_ranges_whatever_the_order)
{
    const sieve_table tables[] = {
        table_of("ranges.tsv", "brand\tfirst\tlast\tlengths\tluhn\ttier\n"
                               "house\t6912\t6915\t11-13|16\tno\tB\n"),
        table_of("brands.tsv",
                 "name\ttitle\tgroupings\nhouse\tHouse card\t4-4-4-4 4-7\n"),
    };
    struct pattern_set *set = NULL;
    cr_assert_eq(patterns_merge(&builtin_patterns, tables, 2, &set, NULL), SIEVE_OK);
    const struct range_row *range = &set->ranges[set->range_count - 1];
    cr_expect_str_eq(set->brands[range->brand].id.name, "house");
    cr_expect_eq(range->first, 6912);
    cr_expect_eq(range->last, 6915);
    cr_expect_eq(range->prefix_length, 4);
    cr_expect_eq(range->length_mask, 7u << 11 | 1u << 16);
    cr_expect_eq(range->luhn, LUHN_NO);
    cr_expect_eq(range->tier, TIER_B);
    patterns_free(set);
}

Test(merge, a_row_of_the_same_key_replaces)
{
    struct pattern_set *set =
        merged("ranges.tsv", "brand\tfirst\tlast\tlengths\tluhn\ttier\n"
                             "maestro\t6\t6\t12|13|14|15|16|17|18|19\tyes\tA\n");
    cr_expect_eq(set->range_count, builtin_patterns.range_count);
    size_t changed = 0;
    for (size_t i = 0; i < set->range_count; i++)
        changed += set->ranges[i].tier != builtin_patterns.ranges[i].tier;
    cr_expect_eq(changed, 1);
    patterns_free(set);
}

Test(merge, a_minus_removes_a_range)
{
    struct pattern_set *set =
        merged("ranges.tsv", "brand\tfirst\tlast\tlengths\n-jcb\t3528\t3589\t16\n");
    cr_expect_eq(set->range_count, builtin_patterns.range_count - 1);
    patterns_free(set);
}

Test(merge, a_brand_goes_with_its_ranges)
{
    struct pattern_set *set = merged("brands.tsv", "name\ttitle\n-mastercard\n");
    size_t ranges_gone = 0;
    size_t mastercard = brand_of(&builtin_patterns, "mastercard");
    for (size_t i = 0; i < builtin_patterns.range_count; i++)
        ranges_gone += builtin_patterns.ranges[i].brand == mastercard;
    cr_assert_eq(brand_of(set, "mastercard"), set->brand_count);
    cr_expect_eq(set->range_count, builtin_patterns.range_count - ranges_gone);
    for (size_t i = 0; i < set->range_count; i++) {
        const struct range_row *range = &set->ranges[i];
        size_t k = 0;
        while (builtin_patterns.ranges[k].first != range->first ||
               builtin_patterns.ranges[k].prefix_length != range->prefix_length ||
               builtin_patterns.ranges[k].length_mask != range->length_mask)
            k++;
        cr_expect_str_eq(
            set->brands[set->ranges[i].brand].id.name,
            builtin_patterns.brands[builtin_patterns.ranges[k].brand].id.name);
    }
    for (size_t i = 0; i < set->test_number_count; i++)
        cr_expect(set->test_numbers[i].brand == BRAND_NONE ||
                  set->test_numbers[i].brand < set->brand_count);
    patterns_free(set);
}

Test(merge, words_get_reasons_and_sentences)
{
    struct pattern_set *set = merged("words.tsv", "text\teffect\ttag\n"
                                                  "shop card no\traise\tcard\n"
                                                  "basket id\tlower\tbasket\n");
    cr_expect_eq(set->word_count, builtin_patterns.word_count + 2);
    cr_expect_null(set->words_database, "the words must be compiled anew");
    const struct word_row *card = &set->words[set->word_count - 2];
    const struct word_row *basket = &set->words[set->word_count - 1];
    cr_expect_str_eq(card->reason, "word:card");
    cr_expect_str_eq(card->key_reason, "key:card");
    cr_expect_str_eq(card->column_reason, "column:card");
    cr_expect_str_eq(basket->key_reason, "lowered:basket");
    cr_assert_not_null(reason_of(set, "lowered:basket"));
    cr_expect_not_null(strstr(reason_of(set, "lowered:basket")->sentence_en, "basket"));
    cr_expect_not_null(strstr(reason_of(set, "word:card")->sentence_en, "card number"));
    patterns_free(set);
}

Test(merge, words_can_be_removed)
{
    struct pattern_set *set = merged("words.tsv", "text\teffect\ttag\n-pan\n");
    cr_expect_eq(set->word_count, builtin_patterns.word_count - 1);
    for (size_t i = 0; i < set->literal_count; i++)
        cr_expect_str_neq(set->words[set->literals[i].word].text, "pan");
    patterns_free(set);
}

Test(merge, a_lookalike_has_a_sentence)
{
    struct pattern_set *set =
        merged("lookalikes.tsv", "name\tlengths\tprefixes\tcheck\ttitle_en\ttitle_ja\n"
                                 "member\t16\t29 300-305\tluhn\ta member number\t会員\n");
    const struct lookalike_row *row = &set->lookalikes[set->lookalike_count - 1];
    cr_expect_eq(row->prefix_count, 2);
    cr_expect_eq(row->prefixes[0].first, 29);
    cr_expect_eq(row->prefixes[0].last, 29);
    cr_expect_eq(row->prefixes[1].length, 3);
    cr_expect_eq(row->prefixes[1].last, 305);
    cr_expect_eq(row->check, CHECK_LUHN);
    cr_assert_not_null(reason_of(set, "member"));
    cr_expect_str_eq(reason_of(set, "member")->sentence_en, "it is a member number");
    patterns_free(set);
}

Test(merge, test_numbers_stay_sorted)
{
    struct pattern_set *set = merged(
        "test_numbers.tsv", "pan\tbrand\tpublishers\n4980000000000006\tvisa\tmine\n"
                            "-4242424242424242\n");
    cr_expect_eq(set->test_number_count, builtin_patterns.test_number_count);
    for (size_t i = 1; i < set->test_number_count; i++)
        cr_expect_leq(set->test_numbers[i - 1].value, set->test_numbers[i].value);
    patterns_free(set);
}

Test(merge, rules_know_their_table_and_line)
{
    struct pattern_set *set = merged("mine/rules.tsv", "name\texpression\tconfidence\n"
                                                       "\n"
                                                       "house\tH[0-9]{8}\tlow\n");
    cr_assert_eq(set->rule_count, 1);
    cr_expect_str_eq(set->rules[0].table, "mine/rules.tsv");
    cr_expect_eq(set->rules[0].line, 3);
    cr_expect_eq(set->rules[0].confidence, SIEVE_LOW);
    cr_expect_str_eq(set->rules[0].title, "house");
    patterns_free(set);
}
