/* oracle_number.c - sections 2 (shapes), 4 and 6 of docs/detection.md. */
#include "support/oracle_number.h"

#include <string.h>

#include "patterns/patterns.h"

/* ---- ranges --------------------------------------------------------------------- */

int luhn_passes(const char *digits, size_t count)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned digit = (unsigned)(digits[count - 1 - i] - '0');
        if (i % 2 == 1)
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum % 10 == 0;
}

static uint64_t digits_value(const char *digits, size_t count)
{
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++)
        value = value * 10 + (uint64_t)(digits[i] - '0');
    return value;
}

static int in_range(const struct number *number, const struct range_row *row)
{
    if (!(row->length_mask & (1u << number->digit_count)) ||
        row->prefix_length > number->digit_count)
        return 0;
    uint64_t prefix = digits_value(number->digits, row->prefix_length);
    return prefix >= row->first && prefix <= row->last;
}

/* A row of tier A without a right check digit is worth a B. */
static int counted_tier(const struct range_row *row, int luhn)
{
    int weak = row->luhn == LUHN_NO || (row->luhn == LUHN_SOME && !luhn);
    return row->tier == TIER_A && weak ? TIER_B : row->tier;
}

static int is_better(const struct range_row *row, const struct range_row *best, int luhn)
{
    int tier = counted_tier(row, luhn);
    int best_tier = counted_tier(best, luhn);
    if (tier != best_tier)
        return tier < best_tier;
    if (row->tier != best->tier)
        return row->tier < best->tier;
    return row->prefix_length > best->prefix_length;
}

/* The best of the rows that fit; `any_luhn`: also of those the check digit rules out. */
static const struct range_row *best_range(const struct number *number, int any_luhn)
{
    int luhn = luhn_passes(number->digits, number->digit_count);
    const struct range_row *best = NULL;
    for (size_t i = 0; i < builtin_patterns.range_count; i++) {
        const struct range_row *row = &builtin_patterns.ranges[i];
        if (!in_range(number, row) || (row->luhn == LUHN_YES && !luhn && !any_luhn))
            continue;
        if (!best || is_better(row, best, luhn))
            best = row;
    }
    return best;
}

static const struct test_number *test_number_of(const struct number *number)
{
    uint64_t value = digits_value(number->digits, number->digit_count);
    for (size_t i = 0; i < builtin_patterns.test_number_count; i++) {
        const struct test_number *test = &builtin_patterns.test_numbers[i];
        if (test->value == value && test->digits == number->digit_count &&
            test->luhn_valid)
            return test;
    }
    return NULL;
}

struct standing standing_of(const struct number *number)
{
    struct standing out = {.tier = -1, .brand_index = BRAND_NONE};
    const struct range_row *row = best_range(number, 0);
    out.luhn_passes = luhn_passes(number->digits, number->digit_count);
    if (!row) {
        row = best_range(number, 1);
        out.is_near = row && row->tier == TIER_A;
        if (out.is_near)
            out.brand_index = row->brand;
    } else {
        out.test_number = test_number_of(number) != NULL;
        out.tier = out.test_number ? TIER_A : counted_tier(row, out.luhn_passes);
        out.brand_index = row->brand;
    }
    if (out.brand_index != BRAND_NONE)
        out.brand = builtin_patterns.brands[out.brand_index].id.name;
    return out;
}

/* ---- shapes --------------------------------------------------------------------- */

static int same_sizes(const struct number *number, const uint8_t *grouping)
{
    size_t i = 0;
    while (i < number->group_count && grouping[i] == number->groups[i])
        i++;
    return i == number->group_count && grouping[i] == 0;
}

/* Every joint stands where the grouping has one, some are missing. */
static int merged_sizes(const struct number *number, const uint8_t *grouping)
{
    unsigned total = 0;
    unsigned sum = 0;
    size_t group = 0;
    for (size_t i = 0; grouping[i]; i++) {
        total += grouping[i];
        sum += grouping[i];
        if (group < number->group_count && sum == number->groups[group]) {
            sum = 0;
            group++;
        }
    }
    return total == number->digit_count && group == number->group_count && sum == 0;
}

#define CHAINED_MAX 6

/* Whether all joints but the wraps are of one class. */
static int one_class(const struct number *number)
{
    unsigned class = JOINT_NOTHING;
    for (size_t i = 0; i + 1 < number->group_count; i++) {
        if (number->joints[i] == JOINT_WRAP)
            continue;
        if (class != JOINT_NOTHING && class != number->joints[i])
            return 0;
        class = number->joints[i];
    }
    return 1;
}

static int has_wrap(const struct number *number)
{
    for (size_t i = 0; i + 1 < number->group_count; i++)
        if (number->joints[i] == JOINT_WRAP)
            return 1;
    return 0;
}

enum shape shape_of(const struct number *number, const struct standing *standing)
{
    int same = 0;
    int merged = 0;
    if (number->group_count == 1)
        return SHAPE_BARE;
    if (number->chained > CHAINED_MAX)
        return SHAPE_ODD; /* a table of numbers */
    if (standing->brand_index != BRAND_NONE) {
        const struct brand_row *brand = &builtin_patterns.brands[standing->brand_index];
        for (size_t i = 0; i < brand->grouping_count; i++) {
            same |= same_sizes(number, brand->groupings[i]);
            merged |= merged_sizes(number, brand->groupings[i]);
        }
    }
    int whole = one_class(number) && number->chained == 0;
    if (has_wrap(number) && same && whole)
        return SHAPE_WRAPPED_GROUPED;
    if (has_wrap(number))
        return number->group_count == 2 ? SHAPE_WRAPPED_BARE : SHAPE_ODD;
    if (same)
        return one_class(number) ? SHAPE_GROUPED : SHAPE_MIXED;
    return merged && whole ? SHAPE_MERGED : SHAPE_ODD;
}

/* ---- look-alikes ---------------------------------------------------------------- */

int is_pattern(const struct number *number)
{
    int equal = 1;
    int up = 1;
    int down = 1;
    for (size_t i = 1; i < number->digit_count; i++) {
        int step = (number->digits[i] - number->digits[i - 1] + 10) % 10;
        equal &= step == 0;
        up &= step == 1;
        down &= step == 9;
    }
    return equal || up || down;
}

static int weighted(const char *digits, size_t count, const int *weights, int modulus)
{
    int sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (digits[i] - '0') * weights[i];
    return sum % modulus;
}

static int check_passes(const struct number *number, int check)
{
    static const int ean[18] = {1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3};
    static const int corporate[12] = {2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1};
    static const int personal[11] = {6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
    const char *digits = number->digits;
    size_t count = number->digit_count;
    int last = digits[count - 1] - '0';
    int sum;
    switch (check) {
    case CHECK_LUHN:
        return luhn_passes(digits, count);
    case CHECK_EAN: /* weight 3 stands directly before the check digit */
        sum = weighted(digits, count - 1, ean + (count % 2 == 0), 10);
        return last == (10 - sum) % 10;
    case CHECK_CORPORATE:
        return count == 13 &&
               digits[0] - '0' == 9 - weighted(digits + 1, 12, corporate, 9);
    case CHECK_MOD7:
        return digits_value(digits, count - 1) % 7 == (uint64_t)last;
    case CHECK_MYNUMBER:
        sum = count == 12 ? weighted(digits, 11, personal, 11) : 0;
        return count == 12 && last == (sum <= 1 ? 0 : 11 - sum);
    default:
        return 1;
    }
}

static int month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month < 1 || month > 12 ? 0 : days[month - 1] + (month == 2 && leap);
}

static int date_passes(const struct number *number, int date)
{
    const char *digits = number->digits;
    if (date == DATE_NONE)
        return 1;
    if (number->digit_count < (date == DATE_YYMMDD ? 6 : 14))
        return 0;
    if (date == DATE_YYMMDD) {
        int month = (int)digits_value(digits + 2, 2);
        int day = (int)digits_value(digits + 4, 2);
        return month >= 1 && month <= 12 && day >= 1 && day <= 31;
    }
    int year = (int)digits_value(digits, 4);
    int day = (int)digits_value(digits + 6, 2);
    return year >= 1970 && year <= 2099 && day >= 1 &&
           day <= month_days(year, (int)digits_value(digits + 4, 2)) &&
           digits_value(digits + 8, 2) < 24 && digits_value(digits + 10, 2) < 60 &&
           digits_value(digits + 12, 2) < 60;
}

static int looks_like(const struct number *number, const struct lookalike_row *row)
{
    size_t count = number->digit_count;
    int prefix = row->prefix_count == 0;
    for (size_t i = 0; i < row->prefix_count; i++) {
        const struct prefix *range = &row->prefixes[i];
        if (range->length > count)
            continue;
        uint64_t value = digits_value(number->digits, range->length);
        prefix |= value >= range->first && value <= range->last;
    }
    for (size_t i = 0; i < row->zeros; i++)
        if (i >= count || number->digits[count - 1 - i] != '0')
            return 0;
    if (row->before && (number->before | 0x20) != (row->before | 0x20))
        return 0;
    return (row->length_mask & (1u << count)) && prefix &&
           check_passes(number, row->check) && date_passes(number, row->date);
}

static int is_lookalike(const struct number *number, const struct standing *standing)
{
    int strong =
        standing->test_number || (standing->tier == TIER_A && number->digit_count == 16);
    for (size_t i = 0; i < builtin_patterns.lookalike_count; i++) {
        const struct lookalike_row *row = &builtin_patterns.lookalikes[i];
        if ((row->hard || !strong) && looks_like(number, row))
            return 1;
    }
    return 0;
}

/* ---- confidence ----------------------------------------------------------------- */

/* Only card words before it count, so that a line can be handed on before the next is
 * seen. */
static int looks_back_only(const struct number *number, enum shape shape)
{
    return has_wrap(number) && (shape == SHAPE_WRAPPED_BARE || shape == SHAPE_ODD);
}

/* The table of section 6; rows: tier, then shape; columns: no word, word, key. */
static int table_confidence(int tier, enum shape shape, const struct context *context,
                            int luhn, int back_only)
{
    enum {
        NO = 0,
        LOW = SIEVE_LOW,
        MED = SIEVE_MEDIUM,
        HIGH = SIEVE_HIGH
    };
    static const int table[7][3] = {
        {HIGH, HIGH, HIGH}, /* A, bare or grouped */
        {MED, HIGH, HIGH},  /* A, mixed, merged, wrapped (grouped) */
        {NO, MED, MED},     /* A, odd, wrapped (bare) */
        {LOW, MED, HIGH},   /* B, bare or grouped */
        {NO, LOW, MED},     /* B, else */
        {LOW, LOW, MED},    /* C, bare or grouped */
        {NO, NO, LOW},      /* C, else */
    };
    int clean = shape == SHAPE_BARE || shape == SHAPE_GROUPED;
    int row = clean ? 0 : shape == SHAPE_ODD || shape == SHAPE_WRAPPED_BARE ? 2 : 1;
    if (tier == TIER_B)
        row = clean ? 3 : 4;
    else if (tier == TIER_C)
        row = clean ? 5 : 6;
    int near = back_only ? context->raise_before : context->raise_near;
    int column = context->raise_key ? 2 : near ? 1 : 0;
    int level = table[row][column];
    return row == 3 && column == 2 && !luhn ? MED : level;
}

static int lowered(int level, enum shape shape, int test_number)
{
    if (level == SIEVE_HIGH)
        level = shape == SHAPE_BARE ? SIEVE_LOW : SIEVE_MEDIUM;
    else if (level == SIEVE_MEDIUM)
        level = SIEVE_LOW;
    return test_number && level < SIEVE_MEDIUM ? SIEVE_MEDIUM : level;
}

/* A spreadsheet keeps 15 digits and writes 0 for the last. */
static int is_near_number(const struct number *number, const struct standing *standing,
                          const struct context *context)
{
    return standing->is_near && number->digit_count == 16 && number->group_count == 1 &&
           number->digits[15] == '0' && context->raise_key;
}

int number_confidence(const struct number *number, const struct context *context,
                      struct standing *out)
{
    struct standing standing = standing_of(number);
    *out = standing;
    if (is_pattern(number))
        return 0;
    if (standing.tier < 0)
        return is_near_number(number, &standing, context) ? SIEVE_LOW : 0;
    if (!context->raise_key && is_lookalike(number, &standing))
        return 0;
    enum shape shape = shape_of(number, &standing);
    int back_only = looks_back_only(number, shape);
    int level =
        table_confidence(standing.tier, shape, context, standing.luhn_passes, back_only);
    if (level && (back_only ? context->lower_before : context->lower)) {
        int low = lowered(level, shape, standing.test_number);
        level = low < level ? low : level;
    }
    return level;
}
