#include "detect/lookalike.h"

#include "detect/number.h"

static unsigned number_of(const uint8_t *digits, size_t count)
{
    unsigned number = 0;
    for (size_t i = 0; i < count; i++)
        number = number * 10 + digits[i];
    return number;
}

/* GS1 General Specifications 7.9: weights 3 and 1 from the right. */
static bool ean_valid(const uint8_t *digits, size_t count)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += digits[count - 1 - i] * (i % 2 ? 3u : 1u);
    return sum % 10 == 0;
}

/* Japan's corporate number: 9 minus (sum of digits weighted 1 and 2 from the right,
 * modulo 9) stands first (National Tax Agency). */
static bool corporate_valid(const uint8_t *digits, size_t count)
{
    unsigned sum = 0;
    for (size_t i = 1; i < count; i++)
        sum += digits[count - i] * (i % 2 ? 1u : 2u);
    return digits[0] == 9 - sum % 9;
}

/* Slips of Yamato, Sagawa and Japan Post. */
static bool mod7_valid(const uint8_t *digits, size_t count)
{
    unsigned rest = 0;
    for (size_t i = 0; i + 1 < count; i++)
        rest = (rest * 10 + digits[i]) % 7;
    return digits[count - 1] == rest;
}

/* My Number: weights 2..7, 2..6 from the right, modulo 11. */
static bool mynumber_valid(const uint8_t *digits, size_t count)
{
    unsigned sum = 0;
    for (size_t i = 1; i < count; i++)
        sum += digits[count - 1 - i] * (unsigned)((i - 1) % 6 + 2);
    unsigned rest = sum % 11;
    return digits[count - 1] == (rest <= 1 ? 0 : 11 - rest);
}

static bool check_valid(uint8_t check, const uint8_t *digits, size_t count)
{
    switch ((enum lookalike_check)check) {
    case CHECK_NONE:
        return true;
    case CHECK_LUHN:
        return luhn_valid(digits, count);
    case CHECK_EAN:
        return ean_valid(digits, count);
    case CHECK_CORPORATE:
        return corporate_valid(digits, count);
    case CHECK_MOD7:
        return mod7_valid(digits, count);
    case CHECK_MYNUMBER:
        return mynumber_valid(digits, count);
    default:
        return false;
    }
}

static unsigned days_of(unsigned year, unsigned month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap ? 1u : 0u);
}

static bool date_valid(uint8_t date, const uint8_t *digits)
{
    switch ((enum lookalike_date)date) {
    case DATE_NONE:
        return true;
    case DATE_YYMMDD: {
        unsigned month = number_of(digits + 2, 2);
        unsigned day = number_of(digits + 4, 2);
        return month >= 1 && month <= 12 && day >= 1 && day <= 31;
    }
    case DATE_YYYYMMDDHHMMSS: {
        unsigned year = number_of(digits, 4);
        unsigned month = number_of(digits + 4, 2);
        unsigned day = number_of(digits + 6, 2);
        return year >= 1970 && year <= 2099 && month >= 1 && month <= 12 && day >= 1 &&
               day <= days_of(year, month) && number_of(digits + 8, 2) < 24 &&
               number_of(digits + 10, 2) < 60 && number_of(digits + 12, 2) < 61;
    }
    default:
        return false;
    }
}

static bool prefix_fits(const struct lookalike_row *row, const uint8_t *digits)
{
    for (size_t i = 0; i < row->prefix_count; i++) {
        const struct prefix *prefix = &row->prefixes[i];
        unsigned value = number_of(digits, prefix->length);
        if (value >= prefix->first && value <= prefix->last)
            return true;
    }
    return row->prefix_count == 0;
}

static bool zeros_fit(const struct lookalike_row *row, const uint8_t *digits,
                      size_t count)
{
    for (size_t i = 0; i < row->zeros && i < count; i++)
        if (digits[count - 1 - i] != 0)
            return false;
    return true;
}

static bool before_fits(const struct lookalike_row *row, int before)
{
    if (row->before == 0)
        return true;
    if (before < 0)
        return false;
    int wanted = (unsigned char)row->before;
    return before == wanted ||
           (byte_is_letter((uint8_t)wanted) && (before | 0x20) == (wanted | 0x20));
}

const struct lookalike_row *lookalike_find(const struct pattern_set *patterns,
                                           const uint8_t *digits, size_t count,
                                           int before)
{
    for (size_t i = 0; i < patterns->lookalike_count; i++) {
        const struct lookalike_row *row = &patterns->lookalikes[i];
        if (row->length_mask >> count & 1u && prefix_fits(row, digits) &&
            before_fits(row, before) && zeros_fit(row, digits, count) &&
            date_valid(row->date, digits) && check_valid(row->check, digits, count))
            return row;
    }
    return NULL;
}
