#include "detect/number.h"

#include <stdlib.h>
#include <string.h>

#define TEST_FILTER_WORDS 64u

/* A row and what the first digits of its numbers may be, as many as any prefix has. */
struct bounds {
    uint64_t first;
    uint64_t last;
    const struct range_row *row;
};

struct number_tables {
    const struct pattern_set *patterns;
    /* Rows by first two digits: rows[from[p]..from[p + 1]), tier A first, then the
     * longest prefix, then the order of the file. */
    struct bounds *rows;
    size_t from[101];
    uint32_t length_mask[100]; /* of all rows that begin with these two digits */
    uint32_t waived_mask[100]; /* of those that do without Luhn */
    size_t digits_min;
    uint64_t tests[TEST_FILTER_WORDS]; /* a bit for each test number's hash */
};

static const uint64_t powers[] = {1ull,          10ull,          100ull,
                                  1000ull,       10000ull,       100000ull,
                                  1000000ull,    10000000ull,    100000000ull,
                                  1000000000ull, 10000000000ull, 100000000000ull};
#define PREFIX_LENGTH_MAX 11u

/* Sixteen digits at once, eight in a word: those at even places count twice, and what is
 * then above nine less nine. */
static unsigned luhn_sum_of_sixteen(const uint8_t *digits)
{
    const uint64_t every_other = 0x00FF00FF00FF00FFu;
    uint64_t sum = 0;
    for (size_t half = 0; half < 2; half++) {
        uint64_t word = 0;
        memcpy(&word, digits + 8 * half, sizeof word);
        if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
            word = __builtin_bswap64(word);
        uint64_t twice = word & every_other;
        uint64_t above = (twice + 0x0003000300030003u) >> 3 & 0x0001000100010001u;
        sum += (word >> 8 & every_other) + 2 * twice - 9 * above;
    }
    return (unsigned)(sum * 0x0001000100010001u >> 48);
}

bool luhn_valid(const uint8_t *digits, size_t count)
{
    if (count == 16)
        return luhn_sum_of_sixteen(digits) % 10 == 0;
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

static void sort_rows(struct bounds *rows, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct bounds bounds = rows[i];
        size_t j = i;
        for (; j > 0 && row_is_before(bounds.row, rows[j - 1].row); j--)
            rows[j] = rows[j - 1];
        rows[j] = bounds;
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

static void note_row(struct number_tables *tables, const struct range_row *row,
                     unsigned two)
{
    tables->length_mask[two] |= row->length_mask;
    if (row->luhn != LUHN_YES)
        tables->waived_mask[two] |= row->length_mask;
}

static struct bounds bounds_of(const struct range_row *row)
{
    uint64_t scale = powers[PREFIX_LENGTH_MAX - row->prefix_length];
    return (struct bounds){row->first * scale, (row->last + 1) * scale - 1, row};
}

/* How many rows begin with each two digits; when there is room for them, the rows. */
static void fill_rows(struct number_tables *tables, const uint8_t *wanted)
{
    const struct pattern_set *patterns = tables->patterns;
    size_t counts[100] = {0};
    for (size_t i = 0; i < patterns->range_count; i++) {
        const struct range_row *row = &patterns->ranges[i];
        unsigned low = 0;
        unsigned high = 0;
        first_two_of(row, &low, &high);
        if (!row_is_wanted(row, wanted))
            continue;
        note_lengths(tables, row);
        for (unsigned two = low; two <= high; two++) {
            if (tables->rows)
                tables->rows[tables->from[two] + counts[two]] = bounds_of(row);
            counts[two]++;
            note_row(tables, row, two);
        }
    }
    for (unsigned two = 0; two < 100; two++) {
        tables->from[two + 1] = tables->from[two] + counts[two];
        if (tables->rows)
            sort_rows(tables->rows + tables->from[two], counts[two]);
    }
}

/* Of the first and the last eight digits. */
static unsigned test_hash(const uint8_t *digits, size_t count)
{
    uint64_t first = 0;
    uint64_t last = 0;
    memcpy(&first, digits, sizeof first);
    memcpy(&last, digits + count - sizeof last, sizeof last);
    return (unsigned)((first * 31 + last) * 0x9E3779B97F4A7C15u >> 52);
}

static void note_tests(struct number_tables *tables)
{
    for (size_t i = 0; i < tables->patterns->test_number_count; i++) {
        const struct test_number *number = &tables->patterns->test_numbers[i];
        uint8_t digits[PAN_DIGITS_MAX] = {0};
        uint64_t rest = number->value;
        for (size_t at = number->digits; at-- > 0; rest /= 10)
            digits[at] = (uint8_t)(rest % 10);
        unsigned hash = test_hash(digits, number->digits);
        tables->tests[hash / 64] |= 1ull << (hash % 64);
    }
}

struct number_tables *number_tables_new(const struct pattern_set *patterns,
                                        const uint8_t *wanted)
{
    struct number_tables *tables = calloc(1, sizeof *tables);
    if (!tables)
        return NULL;
    tables->patterns = patterns;
    tables->digits_min = PAN_DIGITS_MAX;
    fill_rows(tables, wanted);
    tables->rows = calloc(tables->from[100] + 1, sizeof *tables->rows);
    if (!tables->rows) {
        free(tables);
        return NULL;
    }
    fill_rows(tables, wanted);
    note_tests(tables);
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
    size_t known = count < PREFIX_LENGTH_MAX ? count : PREFIX_LENGTH_MAX;
    uint64_t value = 0;
    for (size_t i = 0; i < known; i++)
        value = value * 10 + digits[i];
    uint64_t scale = powers[PREFIX_LENGTH_MAX - known];
    for (size_t i = tables->from[two]; i < tables->from[two + 1]; i++) {
        const struct bounds *bounds = &tables->rows[i];
        if (bounds->row->length_mask >> (count + 1) != 0 &&
            (value + 1) * scale > bounds->first && value * scale <= bounds->last)
            return true;
    }
    return false;
}

/* The test number of these digits, or NULL. */
static const struct test_number *find_test_number(const struct number_tables *tables,
                                                  const uint8_t *digits, size_t count)
{
    const struct pattern_set *patterns = tables->patterns;
    unsigned hash = test_hash(digits, count);
    if (!(tables->tests[hash / 64] >> (hash % 64) & 1u))
        return NULL;
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

/* The first PREFIX_LENGTH_MAX digits as a number, eight of them at once. */
static uint64_t prefix_of(const uint8_t *digits)
{
    uint64_t eight = 0;
    memcpy(&eight, digits, sizeof eight);
    if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
        eight = __builtin_bswap64(eight);
    eight = eight * (1 + (10u << 8)) >> 8 & 0x00FF00FF00FF00FFu;
    eight = eight * (1 + (100u << 16)) >> 16 & 0x0000FFFF0000FFFFu;
    eight = eight * (1 + (10000ull << 32)) >> 32;
    return eight * 1000 + digits[8] * 100u + digits[9] * 10u + digits[10];
}

static bool row_fits(const struct bounds *bounds, uint64_t prefix, size_t count)
{
    return prefix >= bounds->first && prefix <= bounds->last &&
           (bounds->row->length_mask >> count & 1u);
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
    uint64_t prefix = prefix_of(digits);
    for (size_t i = tables->from[two]; i < tables->from[two + 1]; i++) {
        const struct range_row *row = tables->rows[i].row;
        if (row_fits(&tables->rows[i], prefix, count) &&
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
    uint64_t prefix = prefix_of(digits);
    verdict.luhn = luhn_valid(digits, count);
    const struct range_row *damaged = NULL;
    for (size_t i = tables->from[two]; i < tables->from[two + 1]; i++) {
        const struct range_row *row = tables->rows[i].row;
        if (!row_fits(&tables->rows[i], prefix, count))
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
    if (verdict.luhn && find_test_number(tables, digits, count)) {
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
