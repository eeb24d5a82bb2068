/* The built-in tables hold what the code relies on. */
#include <criterion/criterion.h>
#include <iconv.h>

#include "tables.h"

static const struct pattern_set *const set = &builtin_patterns;

static unsigned sum_of(const uint8_t *grouping)
{
    unsigned sum = 0;
    while (*grouping)
        sum += *grouping++;
    return sum;
}

static int has_grouping(const struct brand_row *brand, unsigned length)
{
    for (size_t i = 0; i < brand->grouping_count; i++) {
        if (sum_of(brand->groupings[i]) == length)
            return 1;
    }
    return 0;
}

Test(tables, every_range_has_its_brand_its_digits_and_its_groupings)
{
    cr_assert_eq(set->range_count, 261);
    for (size_t i = 0; i < set->range_count; i++) {
        const struct range_row *range = &set->ranges[i];
        uint64_t ceiling = 1;
        for (unsigned k = 0; k < range->prefix_length; k++)
            ceiling *= 10;
        cr_assert_lt(range->brand, set->brand_count);
        cr_expect(range->first <= range->last && range->last < ceiling, "range %zu", i);
        cr_expect(range->prefix_length >= 1 && range->prefix_length <= 8);
        cr_expect_leq(range->luhn, LUHN_SOME);
        cr_expect_leq(range->tier, TIER_C);
        cr_expect_neq(*range->source, '\0');
        cr_expect_neq(range->length_mask, 0);
        for (unsigned length = 0; length < 32; length++) {
            if (!(range->length_mask & (1u << length)))
                continue;
            cr_expect(length >= PAN_DIGITS_MIN && length <= PAN_DIGITS_MAX);
            cr_expect(has_grouping(&set->brands[range->brand], length));
        }
    }
}

Test(tables, every_grouping_sums_to_a_length_of_its_brand)
{
    for (size_t brand = 0; brand < set->brand_count; brand++) {
        const struct brand_row *row = &set->brands[brand];
        uint32_t lengths = 0;
        for (size_t i = 0; i < set->range_count; i++) {
            if (set->ranges[i].brand == brand)
                lengths |= set->ranges[i].length_mask;
        }
        for (size_t i = 0; i < row->grouping_count; i++)
            cr_expect(lengths & (1u << sum_of(row->groupings[i])), "%s", row->id.name);
    }
}

Test(tables, names_of_brands_are_distinct)
{
    for (size_t i = 0; i < set->brand_count; i++) {
        for (size_t k = 0; k < i; k++)
            cr_expect_str_neq(set->brands[i].id.name, set->brands[k].id.name);
    }
}

/* One if some decoder of the list reads the bytes as the code point. */
static int decodes(const char *const *charsets, const struct separator_bytes *bytes,
                   uint32_t code_point)
{
    for (; *charsets; charsets++) {
        char from[SEPARATOR_BYTES_MAX];
        unsigned char utf16[8];
        char *in = from;
        char *out = (char *)utf16;
        size_t in_left = bytes->length;
        size_t out_left = sizeof utf16;
        memcpy(from, bytes->bytes, bytes->length);
        iconv_t converter = iconv_open("UTF-16BE", *charsets);
        if (converter == (iconv_t)-1)
            continue;
        size_t result = iconv(converter, &in, &in_left, &out, &out_left);
        iconv_close(converter);
        if (result != (size_t)-1 && in_left == 0 && out_left == sizeof utf16 - 2 &&
            (uint32_t)(utf16[0] << 8 | utf16[1]) == code_point)
            return 1;
    }
    return 0;
}

Test(tables, bytes_of_separators_are_those_of_the_encodings)
{
    static const char *const utf8[] = {"UTF-8", NULL};
    static const char *const sjis[] = {"CP932", "SHIFT_JIS", "EUC-JP", NULL};
    static const char *const euc[] = {"EUC-JP", "EUC-JP-MS", "CP51932", NULL};
    for (size_t i = 0; i < set->separator_count; i++) {
        const struct separator_row *row = &set->separators[i];
        cr_expect(decodes(utf8, &row->utf8, row->code_point), "%s", row->name);
        /* Two readings of 81 5C and A1 BD: no decoder at hand has the one of JIS. */
        int is_known = row->code_point != 0x2014;
        if (row->cp932.length > 0 && is_known)
            cr_expect(decodes(sjis, &row->cp932, row->code_point), "%s", row->name);
        if (row->euc_jp.length > 0 && is_known)
            cr_expect(decodes(euc, &row->euc_jp, row->code_point), "%s", row->name);
        if (row->jis.length > 0) {
            cr_expect_eq(row->jis.bytes[0], row->euc_jp.bytes[0] & 0x7F, "%s", row->name);
            cr_expect_eq(row->jis.bytes[1], row->euc_jp.bytes[1] & 0x7F, "%s", row->name);
        }
    }
}

Test(tables, bytes_of_a_separator_belong_to_one_class)
{
    for (size_t i = 0; i < set->separator_count; i++) {
        for (size_t k = 0; k < i; k++) {
            const struct separator_row *a = &set->separators[i];
            const struct separator_row *b = &set->separators[k];
            int same = a->cp932.length > 0 && a->cp932.length == b->cp932.length &&
                       memcmp(a->cp932.bytes, b->cp932.bytes, a->cp932.length) == 0;
            cr_expect(!same || a->joint == b->joint);
            cr_expect_neq(a->code_point, b->code_point);
        }
    }
}

Test(tables, there_is_a_form_for_each_of_the_header)
{
    cr_assert_eq(set->form_count, SIEVE_FORM_COUNT);
    for (int form = 0; form < SIEVE_FORM_COUNT; form++)
        cr_expect_str_eq(set->forms[form].name, sieve_form_name((sieve_form)form));
}

Test(tables, test_numbers_are_sorted_and_checked)
{
    size_t failing = 0;
    cr_assert_eq(set->test_number_count, 257);
    for (size_t i = 0; i < set->test_number_count; i++) {
        const struct test_number *row = &set->test_numbers[i];
        failing += !row->luhn_valid;
        cr_expect(row->brand == BRAND_NONE || row->brand < set->brand_count);
        cr_expect(i == 0 || set->test_numbers[i - 1].value < row->value);
        cr_expect_neq(*row->publisher, '\0');
    }
    cr_expect_eq(failing, 4);
}

static int has_reason(const char *word)
{
    for (size_t i = 0; i < set->reason_count; i++) {
        const struct reason_row *row = &set->reasons[i];
        if (strcmp(row->word, word) == 0)
            return *row->sentence_en && *row->sentence_ja &&
                   !strstr(row->sentence_en, "{}") && !strstr(row->sentence_ja, "{}");
    }
    return 0;
}

Test(tables, every_word_and_lookalike_has_its_sentences)
{
    for (size_t i = 0; i < set->word_count; i++) {
        cr_expect(has_reason(set->words[i].reason), "%s", set->words[i].reason);
        cr_expect(has_reason(set->words[i].key_reason), "%s", set->words[i].key_reason);
        cr_expect(has_reason(set->words[i].column_reason));
    }
    for (size_t i = 0; i < set->lookalike_count; i++)
        cr_expect(has_reason(set->lookalikes[i].name), "%s", set->lookalikes[i].name);
    for (size_t i = 1; i < set->reason_count; i++)
        cr_expect_lt(strcmp(set->reasons[i - 1].word, set->reasons[i].word), 0);
}

Test(tables, every_reason_of_the_rules_has_a_sentence)
{
    static const char *const words[] = {
        "range",  "luhn",    "no-luhn",    "tier-b",        "tier-c",       "test-number",
        "bare",   "grouped", "mixed",      "merged",        "wrapped",      "odd",
        "near",   "track",   "emv",        "rule",          "masked",       "uuid",
        "hex",    "decimal", "hyphenated", "refused:range", "refused:luhn", "repeated",
        "shape",  "jan",     "houjin",     "t-number",      "slip",         "mynumber",
        "za-id",  "ticks",   "timestamp",  "sequential",    "word:card",    "key:code",
        "key:pin"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        cr_expect(has_reason(words[i]), "%s", words[i]);
}
