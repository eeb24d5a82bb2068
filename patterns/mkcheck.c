/* mkcheck.c - what must hold between the tables.  A single bad row never comes here. */
#include "mkcheck.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int complain(const char *table, const char *row, const char *what)
{
    fprintf(stderr, "%s: %s: %s\n", table, row, what);
    return 0;
}

static int has_grouping(const struct brand_row *brand, unsigned length)
{
    for (size_t i = 0; i < brand->grouping_count; i++) {
        unsigned sum = 0;
        for (size_t group = 0; brand->groupings[i][group]; group++)
            sum += brand->groupings[i][group];
        if (sum == length)
            return 1;
    }
    return 0;
}

static int check_groupings(const struct pattern_set *set)
{
    for (size_t i = 0; i < set->range_count; i++) {
        const struct range_row *range = &set->ranges[i];
        const struct brand_row *brand = &set->brands[range->brand];
        for (unsigned length = PAN_DIGITS_MIN; length <= PAN_DIGITS_MAX; length++) {
            if ((range->length_mask & (1u << length)) && !has_grouping(brand, length))
                return complain("brands.tsv", brand->id.name,
                                "a length of its ranges has no grouping");
        }
    }
    return 1;
}

static int check_brands_used(const struct pattern_set *set)
{
    for (size_t brand = 0; brand < set->brand_count; brand++) {
        size_t i = 0;
        while (i < set->range_count && set->ranges[i].brand != brand)
            i++;
        if (i == set->range_count)
            return complain("brands.tsv", set->brands[brand].id.name,
                            "the brand has no range");
    }
    return 1;
}

static int same_bytes(const struct separator_bytes *a, const struct separator_bytes *b)
{
    return a->length > 0 && a->length == b->length &&
           memcmp(a->bytes, b->bytes, a->length) == 0;
}

static int check_separators(const struct pattern_set *set)
{
    for (size_t i = 0; i < set->separator_count; i++) {
        const struct separator_row *a = &set->separators[i];
        for (size_t k = 0; k < i; k++) {
            const struct separator_row *b = &set->separators[k];
            if (a->joint != b->joint &&
                (same_bytes(&a->cp932, &b->cp932) || same_bytes(&a->euc_jp, &b->euc_jp)))
                return complain("separators.tsv", a->name,
                                "it shares its bytes with one of another class");
        }
    }
    return 1;
}

/* A word whose every spelling is also another word's would never be seen. */
static int check_words(const struct pattern_set *set)
{
    const char *hidden = NULL;
    unsigned char *seen = calloc(set->word_count, 1);
    if (!seen)
        return complain("words.tsv", "mktables", "out of memory");
    for (size_t i = 0; i < set->literal_count; i++)
        seen[set->literals[i].word] = 1;
    for (size_t i = 0; i < set->word_count && !hidden; i++) {
        if (!seen[i])
            hidden = set->words[i].text;
    }
    free(seen);
    return !hidden || complain("words.tsv", hidden, "another row covers every spelling");
}

static int check_tags(const struct pattern_set *set)
{
    for (size_t i = 0; i < set->word_count; i++) {
        size_t k = 0;
        while (k < set->reason_count &&
               (strncmp(set->reasons[k].word, "tag:", 4) != 0 ||
                strcmp(set->reasons[k].word + 4, set->words[i].tag) != 0))
            k++;
        if (k == set->reason_count)
            return complain("words.tsv", set->words[i].text,
                            "reasons.tsv has no row for its tag");
    }
    return 1;
}

static int check_forms(const struct pattern_set *set)
{
    return set->form_count == SIEVE_FORM_COUNT ||
           complain("forms.tsv", "all", "not one row for each form of the header");
}

int check_tables(const struct pattern_set *set)
{
    return check_groupings(set) && check_brands_used(set) && check_separators(set) &&
           check_words(set) && check_tags(set) && check_forms(set);
}
