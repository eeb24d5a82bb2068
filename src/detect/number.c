#include "detect/number.h"

#include <stdlib.h>
#include <string.h>

struct number_tables {
    const struct pattern_set *patterns;
    /* Rows by first two digits: rows[from[p]..from[p + 1]), tier A first, then the
     * longest prefix, then the order of the file. */
    const struct range_row **rows;
    size_t from[101];
    uint32_t length_mask[100]; /* of all rows that begin with these two digits */
    uint32_t waived_mask[100]; /* of those that do without Luhn */
    size_t digits_min;
};

static const uint64_t powers[] = {1ull,          10ull,          100ull,
                                  1000ull,       10000ull,       100000ull,
                                  1000000ull,    10000000ull,    100000000ull,
                                  1000000000ull, 10000000000ull, 100000000000ull};
#define PREFIX_LENGTH_MAX 11u

bool luhn_valid(const uint8_t *digits, size_t count)
{
    static const uint8_t doubled[10] = {0, 2, 4, 6, 8, 1, 3, 5, 7, 9};
    unsigned sum = 0;
    size_t i = count;
    for (; i >= 2; i -= 2)
        sum += digits[i - 1] + doubled[digits[i - 2]];
    if (i > 0)
        sum += digits[0];
    return sum % 10 == 0;
}

/* The first two digits a row may begin with: [low, high]. */
static void first_two_of(const struct range_row *row, unsigned *low, unsigned *high)
{
    if (row->prefix_length == 1) {
        *low = (unsigned)row->first * 10;
        *high = (unsigned)row->last * 10 + 9;
        return;
    }
    uint64_t scale = powers[row->prefix_length - 2];
    *low = (unsigned)(row->first / scale);
    *high = (unsigned)(row->last / scale);
}

static bool row_is_before(const struct range_row *left, const struct range_row *right)
{
    if (left->tier != right->tier)
        return left->tier < right->tier;
    if (left->prefix_length != right->prefix_length)
        return left->prefix_length > right->prefix_length;
    return left < right;
}

static void sort_rows(const struct range_row **rows, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct range_row *row = rows[i];
        size_t j = i;
        for (; j > 0 && row_is_before(row, rows[j - 1]); j--)
            rows[j] = rows[j - 1];
        rows[j] = row;
    }
}

static bool row_is_wanted(const struct range_row *row, const uint8_t *wanted)
{
    return !wanted || row->brand == BRAND_NONE || wanted[row->brand];
}

static void note_lengths(struct number_tables *tables, const struct range_row *row)
{
    for (size_t n = 1; n < 32 && n < tables->digits_min; n++)
        if (row->length_mask & 1u << n)
            tables->digits_min = n;
}

static size_t fill_rows(struct number_tables *tables, const uint8_t *wanted)
{
    const struct pattern_set *patterns = tables->patterns;
    size_t filled = 0;
    for (unsigned two = 0; two < 100; two++) {
        tables->from[two] = filled;
        for (size_t i = 0; i < patterns->range_count; i++) {
            const struct range_row *row = &patterns->ranges[i];
            unsigned low = 0;
            unsigned high = 0;
            first_two_of(row, &low, &high);
            if (two < low || two > high || !row_is_wanted(row, wanted))
                continue;
            if (tables->rows)
                tables->rows[filled] = row;
            tables->length_mask[two] |= row->length_mask;
            if (row->luhn != LUHN_YES)
                tables->waived_mask[two] |= row->length_mask;
            note_lengths(tables, row);
            filled++;
        }
        if (tables->rows)
            sort_rows(tables->rows + tables->from[two], filled - tables->from[two]);
    }
    tables->from[100] = filled;
    return filled;
}

struct number_tables *number_tables_new(const struct pattern_set *patterns,
                                        const uint8_t *wanted)
{
    struct number_tables *tables = calloc(1, sizeof *tables);
    if (!tables)
        return NULL;
    tables->patterns = patterns;
    tables->digits_min = PAN_DIGITS_MAX;
    size_t count = fill_rows(tables, wanted);
    tables->rows = calloc(count + 1, sizeof(struct range_row *));
    if (!tables->rows) {
        free(tables);
        return NULL;
    }
    fill_rows(tables, wanted);
    return tables;
}

void number_tables_free(struct number_tables *tables)
{
    if (!tables)
        return;
    free(tables->rows);
    free(tables);
}

size_t number_digits_min(const struct number_tables *tables)
{
    return tables->digits_min;
}

bool number_may_begin(const struct number_tables *tables, unsigned first_two,
                      size_t count)
{
    return tables->length_mask[first_two] >> count & 1u;
}

bool number_is_waived(const struct number_tables *tables, unsigned first_two,
                      size_t count)
{
    return tables->waived_mask[first_two] >> count & 1u;
}

bool number_may_continue(const struct number_tables *tables, const uint8_t *digits,
                         size_t count)
{
    if (count < 2)
        return true;
    unsigned two = digits[0] * 10u + digits[1];
    uint64_t value = 0;
    for (size_t i = 0; i < count && i < PREFIX_LENGTH_MAX; i++)
        value = value * 10 + digits[i];
    size_t known = count < PREFIX_LENGTH_MAX ? count : PREFIX_LENGTH_MAX;
    for (size_t i = tables->from[two]; i < tables->from[two + 1]; i++) {
        const struct range_row *row = tables->rows[i];
        if (row->length_mask >> (count + 1) == 0)
            continue;
        size_t length = row->prefix_length;
        if (length <= known) {
            uint64_t prefix = value / powers[known - length];
            if (prefix >= row->first && prefix <= row->last)
                return true;
        } else {
            uint64_t scale = powers[length - known];
            if (value >= row->first / scale && value <= row->last / scale)
                return true;
        }
    }
    return false;
}

/* The test number of these digits, or NULL. */
static const struct test_number *find_test_number(const struct pattern_set *patterns,
                                                  const uint8_t *digits, size_t count)
{
    uint64_t value = 0; /* 19 digits fit */
    for (size_t i = 0; i < count; i++)
        value = value * 10 + digits[i];
    size_t low = 0;
    size_t high = patterns->test_number_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct test_number *number = &patterns->test_numbers[middle];
        if (number->value < value || (number->value == value && number->digits < count))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == patterns->test_number_count)
        return NULL;
    const struct test_number *number = &patterns->test_numbers[low];
    return number->value == value && number->digits == count ? number : NULL;
}

/* What a number begins with: its first k digits, read as a number. */
struct prefixes {
    uint64_t of[PREFIX_LENGTH_MAX + 1];
};

static struct prefixes prefixes_of(const uint8_t *digits)
{
    struct prefixes prefixes;
    prefixes.of[0] = 0;
    for (size_t i = 0; i < PREFIX_LENGTH_MAX; i++)
        prefixes.of[i + 1] = prefixes.of[i] * 10 + digits[i];
    return prefixes;
}

static bool row_fits(const struct range_row *row, const struct prefixes *prefixes,
                     size_t count)
{
    uint64_t prefix = prefixes->of[row->prefix_length];
    return (row->length_mask >> count & 1u) && prefix >= row->first &&
           prefix <= row->last;
}

static uint8_t tier_after_luhn(const struct range_row *row, bool luhn)
{
    bool waived = row->luhn == LUHN_NO || (row->luhn == LUHN_SOME && !luhn);
    return waived && row->tier == TIER_A ? TIER_B : row->tier;
}

static bool may_be_damaged(const struct range_row *row, const uint8_t *digits,
                           size_t count)
{
    return count == 16 && row->tier == TIER_A && digits[15] == 0;
}

bool number_may_be(const struct number_tables *tables, const uint8_t *digits,
                   size_t count)
{
    unsigned two = digits[0] * 10u + digits[1];
    if (luhn_valid(digits, count))
        return true;
    /* Without a check digit: few rows, and numbers a spreadsheet damaged. */
    return number_is_waived(tables, two, count) || (count == 16 && digits[15] == 0);
}

bool number_is_in_range(const struct number_tables *tables, const uint8_t *digits,
                        size_t count, bool luhn)
{
    unsigned two = digits[0] * 10u + digits[1];
    struct prefixes prefixes = prefixes_of(digits);
    for (size_t i = tables->from[two]; i < tables->from[two + 1]; i++) {
        const struct range_row *row = tables->rows[i];
        if (row_fits(row, &prefixes, count) &&
            (luhn || row->luhn != LUHN_YES || may_be_damaged(row, digits, count)))
            return true;
    }
    return false;
}

struct number_verdict number_judge(const struct number_tables *tables,
                                   const uint8_t *digits, size_t count)
{
    struct number_verdict verdict = {.refusal = "range"};
    unsigned two = digits[0] * 10u + digits[1];
    if (!number_may_begin(tables, two, count))
        return verdict;
    struct prefixes prefixes = prefixes_of(digits);
    verdict.luhn = luhn_valid(digits, count);
    const struct range_row *damaged = NULL;
    for (size_t i = tables->from[two]; i < tables->from[two + 1]; i++) {
        const struct range_row *row = tables->rows[i];
        if (!row_fits(row, &prefixes, count))
            continue;
        verdict.refusal = "luhn";
        if (row->luhn == LUHN_YES && !verdict.luhn) {
            if (!damaged && may_be_damaged(row, digits, count))
                damaged = row;
            continue;
        }
        uint8_t tier = tier_after_luhn(row, verdict.luhn);
        if (!verdict.row || tier < verdict.tier) {
            verdict.row = row;
            verdict.tier = tier;
        }
    }
    if (!verdict.row && damaged) {
        verdict.row = damaged;
        verdict.near = true;
    }
    if (!verdict.row)
        return verdict;
    verdict.refusal = NULL;
    if (verdict.luhn && find_test_number(tables->patterns, digits, count)) {
        verdict.test = true;
        verdict.tier = TIER_A;
    }
    return verdict;
}

const char *number_is_trivial(const uint8_t *digits, size_t count)
{
    unsigned step = (digits[1] + 10u - digits[0]) % 10;
    if (step != 0 && step != 1 && step != 9)
        return NULL;
    for (size_t i = 2; i < count; i++)
        if ((digits[i] + 10u - digits[i - 1]) % 10 != step)
            return NULL;
    return step == 0 ? "repeated" : "sequential";
}
