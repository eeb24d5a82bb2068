/* row_numbers.c - the tables about numbers: brands, ranges, look-alikes, test numbers.
 *
 * One take_...() per table: check the fields, then add, replace or remove.  A refusal
 * says in a constant what is wrong; where it is, rows.c knows.
 */
#include "patterns/row_kinds.h"

/* ---- brands and ranges ----------------------------------------------------------- */

sieve_status take_brand(struct row *row, struct pattern_builder *builder)
{
    enum {
        NAME,
        TITLE,
        GROUPINGS
    };
    struct text name = row->fields[NAME];
    struct brand_row brand = {.id = {NULL, NULL}};
    size_t index = builder_find_brand(builder, name.at, name.length);
    if (!parse_name(name))
        return row_refuse(row, "a brand's name is of a-z, 0-9, - and _, at most 32");
    if (row->removes && index < builder->brands.count) {
        builder_remove_brand(builder, index);
        return SIEVE_OK;
    }
    struct text rest = row->fields[GROUPINGS];
    while (rest.length > 0) {
        if (brand.grouping_count == BRAND_GROUPINGS_MAX)
            return row_refuse(row, "a brand has too many groupings");
        if (!parse_grouping(text_cut(&rest, ' '),
                            brand.groupings[brand.grouping_count++]))
            return row_refuse(row, "a grouping is sizes like 4-6-5 that sum to 11 to 19");
    }
    brand.id.name = text_copy(builder, name);
    brand.id.title = text_copy(builder, row->fields[TITLE]);
    if (!brand.id.name || !brand.id.title)
        return SIEVE_E_MEMORY;
    return row_put(row, builder, &builder->brands, index, &brand);
}

static size_t find_range(const struct row_list *ranges, const struct range_row *range)
{
    size_t i = 0;
    for (; i < ranges->count; i++) {
        const struct range_row *other = list_at(ranges, i);
        if (other->brand == range->brand &&
            other->prefix_length == range->prefix_length &&
            other->first == range->first && other->last == range->last &&
            other->length_mask == range->length_mask)
            break;
    }
    return i;
}

static const char *range_fault(const struct range_row *range, struct text first,
                               struct text last)
{
    if (first.length != last.length)
        return "first and last prefix are of different length";
    if (range->first > range->last)
        return "first prefix is above last";
    for (unsigned length = PAN_DIGITS_MIN; length <= PAN_DIGITS_MAX; length++) {
        if ((range->length_mask & (1u << length)) && first.length > length)
            return "a prefix is longer than the number";
    }
    return NULL;
}

sieve_status take_range(struct row *row, struct pattern_builder *builder)
{
    enum {
        BRAND,
        FIRST,
        LAST,
        LENGTHS,
        LUHN,
        TIER,
        SOURCE
    };
    static const char *const luhn_rules[] = {"yes", "no", "some", NULL};
    static const char *const tiers[] = {"A", "B", "C", NULL};
    struct range_row range = {.prefix_length = (uint8_t)row->fields[FIRST].length};
    size_t brand =
        builder_find_brand(builder, row->fields[BRAND].at, row->fields[BRAND].length);
    int luhn = parse_choice(row->fields[LUHN], luhn_rules, LUHN_YES);
    int tier = parse_choice(row->fields[TIER], tiers, TIER_A);
    if (brand == builder->brands.count)
        return row_refuse(row, "the brand is not in brands.tsv");
    if (!parse_number(row->fields[FIRST], &range.first) ||
        !parse_number(row->fields[LAST], &range.last))
        return row_refuse(row, "a prefix is 1 to 19 digits");
    if (!parse_lengths(row->fields[LENGTHS], &range.length_mask))
        return row_refuse(row, "lengths are like 16 or 16|19 or 12-19, of 11 to 19");
    if (luhn < 0)
        return row_refuse(row, "luhn is yes, no or some");
    if (tier < 0)
        return row_refuse(row, "tier is A, B or C");
    const char *fault = range_fault(&range, row->fields[FIRST], row->fields[LAST]);
    if (fault)
        return row_refuse(row, fault);
    range.brand = (uint16_t)brand;
    range.luhn = (uint8_t)luhn;
    range.tier = (uint8_t)tier;
    range.source = text_copy(builder, row->fields[SOURCE]);
    if (!range.source)
        return SIEVE_E_MEMORY;
    return row_put(row, builder, &builder->ranges, find_range(&builder->ranges, &range),
                   &range);
}

/* ---- look-alikes ----------------------------------------------------------------- */

static const char *parse_prefixes(struct text text, struct lookalike_row *lookalike)
{
    struct text rest = text;
    while (rest.length > 0) {
        struct text last = text_cut(&rest, ' ');
        struct text first = text_cut(&last, '-');
        struct prefix prefix = {.length = (uint8_t)first.length};
        if (last.length == 0)
            last = first;
        if (lookalike->prefix_count == LOOKALIKE_PREFIXES_MAX)
            return "a look-alike has too many prefixes";
        if (!parse_number(first, &prefix.first) || !parse_number(last, &prefix.last) ||
            first.length != last.length || prefix.first > prefix.last)
            return "prefixes are like 45 or 300-305, parted by spaces";
        lookalike->prefixes[lookalike->prefix_count++] = prefix;
    }
    return NULL;
}

/* Fills all but the texts. */
static const char *parse_lookalike(const struct row *row, struct lookalike_row *lookalike)
{
    enum {
        NAME,
        LENGTHS,
        PREFIXES,
        CHECK,
        DATE,
        ZEROS,
        BEFORE,
        HARD
    };
    static const char *const checks[] = {"none", "luhn",     "ean", "corporate",
                                         "mod7", "mynumber", NULL};
    static const char *const dates[] = {"none", "yymmdd", "yyyymmddhhmmss", NULL};
    static const char *const answers[] = {"no", "yes", NULL};
    struct text before = row->fields[BEFORE];
    int check = parse_choice(row->fields[CHECK], checks, CHECK_NONE);
    int date = parse_choice(row->fields[DATE], dates, DATE_NONE);
    int hard = parse_choice(row->fields[HARD], answers, 0);
    uint64_t zeros = 0;
    if (!parse_name(row->fields[NAME]))
        return "a look-alike's name is of a-z, 0-9, - and _, at most 32";
    if (!parse_lengths(row->fields[LENGTHS], &lookalike->length_mask))
        return "lengths are like 16 or 16|19 or 12-19, of 11 to 19";
    if (check < 0)
        return "check is none, luhn, ean, corporate, mod7 or mynumber";
    if (date < 0)
        return "date is none, yymmdd or yyyymmddhhmmss";
    if (hard < 0)
        return "hard is yes or no";
    if (row->fields[ZEROS].length > 0 &&
        (!parse_number(row->fields[ZEROS], &zeros) || zeros > PAN_DIGITS_MAX))
        return "zeros is a count of digits";
    if (before.length > 1)
        return "before is one character";
    lookalike->check = (uint8_t)check;
    lookalike->date = (uint8_t)date;
    lookalike->hard = (uint8_t)hard;
    lookalike->zeros = (uint8_t)zeros;
    lookalike->before = before.length == 1 ? before.at[0] : '\0';
    return parse_prefixes(row->fields[PREFIXES], lookalike);
}

sieve_status take_lookalike(struct row *row, struct pattern_builder *builder)
{
    enum {
        NAME = 0,
        TITLE_EN = 8,
        TITLE_JA = 9
    };
    struct lookalike_row lookalike = {.name = NULL};
    size_t index = row_find_named(&builder->lookalikes, row->fields[NAME]);
    if (row->removes)
        return row_put(row, builder, &builder->lookalikes, index, NULL);
    const char *fault = parse_lookalike(row, &lookalike);
    if (fault)
        return row_refuse(row, fault);
    lookalike.name = text_copy(builder, row->fields[NAME]);
    lookalike.title_en = text_copy(builder, row->fields[TITLE_EN]);
    lookalike.title_ja = text_copy(builder, row->fields[TITLE_JA]);
    if (!lookalike.name || !lookalike.title_en || !lookalike.title_ja)
        return SIEVE_E_MEMORY;
    return row_put(row, builder, &builder->lookalikes, index, &lookalike);
}

/* ---- test numbers ---------------------------------------------------------------- */

static int luhn_is_valid(struct text digits)
{
    unsigned sum = 0;
    for (size_t i = 0; i < digits.length; i++) {
        unsigned digit = (unsigned)(digits.at[digits.length - 1 - i] - '0');
        unsigned doubled = 2 * digit > 9 ? 2 * digit - 9 : 2 * digit;
        sum += i % 2 ? doubled : digit;
    }
    return sum % 10 == 0;
}

static size_t find_test_number(const struct row_list *list,
                               const struct test_number *number)
{
    size_t i = 0;
    for (; i < list->count; i++) {
        const struct test_number *other = list_at(list, i);
        if (other->value == number->value && other->digits == number->digits)
            break;
    }
    return i;
}

sieve_status take_test_number(struct row *row, struct pattern_builder *builder)
{
    enum {
        PAN,
        BRAND,
        LUHN,
        PUBLISHERS
    };
    static const char *const answers[] = {"fails", "ok", NULL};
    struct text pan = row->fields[PAN];
    struct text name = row->fields[BRAND];
    struct test_number number = {.digits = (uint8_t)pan.length, .brand = BRAND_NONE};
    size_t brand = builder_find_brand(builder, name.at, name.length);
    if (pan.length < PAN_DIGITS_MIN || !parse_number(pan, &number.value))
        return row_refuse(row, "a test number is 11 to 19 digits");
    if (name.length > 0 && brand == builder->brands.count)
        return row_refuse(row, "the brand is not in brands.tsv");
    if (name.length > 0)
        number.brand = (uint16_t)brand;
    number.luhn_valid = (uint8_t)luhn_is_valid(pan);
    if (parse_choice(row->fields[LUHN], answers, number.luhn_valid) != number.luhn_valid)
        return row_refuse(row, "luhn is ok or fails, and must be right");
    number.publisher = text_copy(builder, row->fields[PUBLISHERS]);
    if (!number.publisher)
        return SIEVE_E_MEMORY;
    return row_put(row, builder, &builder->test_numbers,
                   find_test_number(&builder->test_numbers, &number), &number);
}
