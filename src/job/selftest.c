/* selftest.c - makes numbers of every range, dresses them, looks for them. */
#include "job/selftest.h"

#include <string.h>

#include "job/dress.h"
#include "job/luhn.h"
#include "patterns/patterns.h"

#define CARD_WORD "card number: "

/* One number to be found. */
struct sample {
    const struct range_row *range; /* that it was made from */
    const struct range_row *best;  /* that it is judged by: ranges overlap */
    unsigned tier;                 /* of `best`, as the rules count it for this number */
    const struct dressing *dressing;
    const uint8_t *grouping;               /* NULL: none */
    const struct separator_row *separator; /* NULL: none */
    unsigned length;
    char digits[PAN_DIGITS_MAX + 1];
};

/* What was found of it. */
struct outcome {
    const struct dressed *dressed;
    sieve_finding best; /* the finding that is the number; else a part of it; else any */
    int rank;           /* of `best`: 3, 2, 1; 0: nothing was found */
};

/* ---- numbers --------------------------------------------------------------------- */

/* splitmix64 */
static uint64_t next_random(uint64_t *state)
{
    uint64_t value = *state += UINT64_C(0x9E3779B97F4A7C15);
    value = (value ^ value >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    value = (value ^ value >> 27) * UINT64_C(0x94D049BB133111EB);
    return value ^ value >> 31;
}

static void write_prefix(char *digits, uint64_t prefix, unsigned length)
{
    while (length-- > 0) {
        digits[length] = (char)('0' + prefix % 10);
        prefix /= 10;
    }
}

/* Where a brand has no check digit, or may, the digits stay as they fall. */
static void make_number(struct sample *sample, uint64_t *random)
{
    const struct range_row *range = sample->range;
    uint64_t span = range->last - range->first + 1;
    unsigned length = sample->length;
    write_prefix(sample->digits, range->first + next_random(random) % span,
                 range->prefix_length);
    for (unsigned i = range->prefix_length; i < length; i++)
        sample->digits[i] = (char)('0' + next_random(random) % 10);
    sample->digits[length] = '\0';
    int needs_luhn =
        range->luhn == LUHN_YES || (range->luhn == LUHN_SOME && range->tier == TIER_A);
    if (needs_luhn && range->prefix_length < length)
        luhn_complete(sample->digits, length);
}

/* ---- how it will be judged ------------------------------------------------------- */

/* The tier that the rules count for these digits in this range; -1: they do not fit. */
static int tier_in(const struct range_row *range, const char *digits, unsigned length)
{
    uint64_t prefix = 0;
    if (!(range->length_mask & (1u << length)))
        return -1;
    for (unsigned i = 0; i < range->prefix_length; i++)
        prefix = prefix * 10 + (uint64_t)(digits[i] - '0');
    if (prefix < range->first || prefix > range->last)
        return -1;
    int has_luhn = luhn_rest(digits, length) == 0;
    if (range->luhn == LUHN_YES && !has_luhn)
        return -1;
    int is_weaker = range->luhn == LUHN_NO || !has_luhn;
    return range->tier == TIER_A && is_weaker ? TIER_B : range->tier;
}

/* Ranges overlap: the lowest tier judges, then the longest prefix, then the first row. */
static void choose_range(const struct pattern_set *patterns, struct sample *sample)
{
    sample->best = sample->range;
    sample->tier = TIER_C + 1;
    for (size_t i = 0; i < patterns->range_count; i++) {
        const struct range_row *range = &patterns->ranges[i];
        int tier = tier_in(range, sample->digits, sample->length);
        int is_longer = range->prefix_length > sample->best->prefix_length;
        if (tier < 0 || (unsigned)tier > sample->tier ||
            ((unsigned)tier == sample->tier && !is_longer))
            continue;
        sample->best = range;
        sample->tier = (unsigned)tier;
    }
}

/* ---- looking --------------------------------------------------------------------- */

static sieve_next take_finding(const sieve_finding *finding, void *context)
{
    struct outcome *outcome = context;
    uint64_t begin = outcome->dressed->number_offset;
    uint64_t end = begin + outcome->dressed->number_length;
    int is_inside = finding->offset >= begin && finding->offset + finding->length <= end;
    int is_whole = is_inside && finding->length == end - begin;
    int rank = is_whole ? 3 : is_inside ? 2 : 1;
    if (rank > outcome->rank) {
        outcome->best = *finding;
        outcome->rank = rank;
    }
    return SIEVE_CONTINUE;
}

/* One if a range of the brand has such numbers. */
static int may_be_of(const struct pattern_set *patterns, const sieve_brand *brand,
                     const struct sample *sample)
{
    for (size_t i = 0; i < patterns->range_count; i++) {
        const struct range_row *range = &patterns->ranges[i];
        if (tier_in(range, sample->digits, sample->length) >= 0 &&
            strcmp(patterns->brands[range->brand].id.name, brand->name) == 0)
            return 1;
    }
    return 0;
}

/* NULL if all is as it should be.  A part of a number (some of its groups, the digits of
 * spaced hex, UTF-16 read from the odd byte) may by chance be a number too and is then
 * what is reported: one in ten has the check digit.  What is masked is both. */
static const char *fault_of(const struct pattern_set *patterns,
                            const struct sample *sample, const struct outcome *outcome)
{
    const sieve_finding *finding = &outcome->best;
    if (outcome->rank == 0)
        return "not found";
    if (outcome->rank == 1)
        return "found at another place";
    if (finding->kind != SIEVE_KIND_PAN)
        return "found as another kind of data";
    if (outcome->rank == 2)
        return NULL;
    if (finding->form != sample->dressing->form)
        return "found in another form";
    if (finding->digit_count != sample->length)
        return "found with another number of digits";
    if (!finding->brand || !may_be_of(patterns, finding->brand, sample))
        return "found as another brand";
    return NULL;
}

static void tell_miss(const struct selftest *test, const struct sample *sample,
                      const char *what)
{
    struct selftest_miss miss = {
        .dressing = sample->dressing->name,
        .brand = test->patterns->brands[sample->range->brand].id.name,
        .separator = sample->separator ? sample->separator->name : "none",
        .what = what,
        .digits = sample->length,
    };
    memcpy(miss.prefix, sample->digits, 6);
    if (test->on_miss)
        test->on_miss(&miss, test->context);
}

/* The word is known in no EBCDIC.  Escapes part it from a JIS number: it is near but no
 * key, without which tier C and what looks like a JAN or a parcel slip is not found. */
static int can_expect(const struct sample *sample)
{
    sieve_form form = sample->dressing->form;
    if (form == SIEVE_FORM_EBCDIC)
        return sample->tier == TIER_A;
    if (form == SIEVE_FORM_ISO_2022_JP)
        return sample->tier != TIER_C && sample->length > 13;
    return 1;
}

static sieve_status try_sample(struct selftest *test, const struct sample *sample)
{
    static const char behind[] = " .";
    struct dressed dressed;
    uint32_t separator = sample->separator ? sample->separator->code_point : 0;
    const char *before = sample->tier == TIER_A ? "paid " : CARD_WORD;
    dressed_init(&dressed, sample->dressing);
    if (!can_expect(sample) || !dressed_text(&dressed, before) ||
        !dressed_number(&dressed, sample->digits, sample->grouping, separator) ||
        !dressed_text(&dressed, behind))
        return SIEVE_OK;

    struct outcome outcome = {.dressed = &dressed};
    sieve_status status =
        sieve_scan(test->scanner, dressed.bytes, dressed.length, take_finding, &outcome);
    if (status != SIEVE_OK)
        return status;
    struct selftest_count *count = &test->forms[sample->dressing->form];
    const char *fault = fault_of(test->patterns, sample, &outcome);
    count->expected++;
    if (fault)
        tell_miss(test, sample, fault);
    else
        count->found++;
    return SIEVE_OK;
}

/* ---- all of them ----------------------------------------------------------------- */

static const uint8_t *grouping_of(const struct brand_row *brand, unsigned length)
{
    for (size_t i = 0; i < brand->grouping_count; i++) {
        unsigned sum = 0;
        for (const uint8_t *size = brand->groupings[i]; *size; size++)
            sum += *size;
        if (sum == length)
            return brand->groupings[i];
    }
    return NULL;
}

/* Every number bare and with the usual separators; with every separator only the first
 * range of the table, because they do not depend on each other. */
static int is_usual(const struct separator_row *separator)
{
    return separator->code_point == ' ' || separator->code_point == '-' ||
           separator->code_point == 0x3000 || separator->code_point == 0x2212;
}

static sieve_status try_separators(struct selftest *test, struct sample *sample)
{
    const struct pattern_set *patterns = test->patterns;
    const struct brand_row *brand = &patterns->brands[sample->best->brand];
    sample->grouping = NULL;
    sample->separator = NULL;
    sieve_status status = try_sample(test, sample);
    sample->grouping = grouping_of(brand, sample->length);
    for (size_t i = 0; status == SIEVE_OK && i < patterns->separator_count; i++) {
        sample->separator = &patterns->separators[i];
        if (sample->grouping &&
            (is_usual(sample->separator) || sample->range == patterns->ranges))
            status = try_sample(test, sample);
    }
    return status;
}

static sieve_status try_length(struct selftest *test, struct sample *sample,
                               uint64_t *random)
{
    const struct dressing *dressing = NULL;
    for (size_t i = 0; (dressing = dressing_at(i)) != NULL; i++) {
        sample->dressing = dressing;
        make_number(sample, random);
        choose_range(test->patterns, sample);
        sieve_status status = try_separators(test, sample);
        if (status != SIEVE_OK)
            return status;
    }
    return SIEVE_OK;
}

sieve_status selftest_run(struct selftest *test)
{
    uint64_t random = test->seed;
    memset(test->forms, 0, sizeof test->forms);
    for (size_t i = 0; i < test->patterns->range_count; i++) {
        struct sample sample = {.range = &test->patterns->ranges[i]};
        for (unsigned length = PAN_DIGITS_MIN; length <= PAN_DIGITS_MAX; length++) {
            if (!(sample.range->length_mask & (1u << length)))
                continue;
            sample.length = length;
            sieve_status status = try_length(test, &sample, &random);
            if (status != SIEVE_OK)
                return status;
        }
    }
    return SIEVE_OK;
}
