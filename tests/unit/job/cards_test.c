#include <criterion/criterion.h>

#include "base/limits.h"
#include "job/cards.h"

static uint64_t mix(uint64_t number)
{
    number = (number ^ number >> 30) * 0xBF58476D1CE4E5B9u;
    number = (number ^ number >> 27) * 0x94D049BB133111EBu;
    return number ^ number >> 31;
}

static uint64_t ordinal(struct cards *cards, uint64_t number)
{
    const uint64_t card[2] = {mix(number + 1), mix(number + UINT64_C(0x123456789ABCDEF))};
    uint64_t out = UINT64_MAX;
    cr_assert_eq(cards_ordinal(cards, card, &out), SIEVE_OK);
    return out;
}

Test(cards, ordinals_in_the_order_they_come)
{
    struct cards *cards = NULL;
    int estimated = -1;
    cr_assert_eq(cards_new(&cards), SIEVE_OK);
    cr_assert_eq(cards_count(cards, &estimated), 0);
    for (uint64_t number = 0; number < 100000; number++)
        cr_assert_eq(ordinal(cards, number), number + 1);
    for (uint64_t number = 0; number < 100000; number += 7)
        cr_assert_eq(ordinal(cards, number), number + 1);
    cr_assert_eq(cards_count(cards, &estimated), 100000);
    cr_assert_eq(estimated, 0);
    cards_free(cards);
    cards_free(NULL);
}

Test(cards, a_million_exactly_then_an_estimate)
{
    struct cards *cards = NULL;
    int estimated = -1;
    cr_assert_eq(cards_new(&cards), SIEVE_OK);
    for (uint64_t number = 0; number < CARDS_EXACT_MAX; number++)
        cr_assert_eq(ordinal(cards, number), number + 1);
    cr_assert_eq(cards_count(cards, &estimated), CARDS_EXACT_MAX);
    cr_assert_eq(estimated, 0);
    cr_assert_eq(ordinal(cards, 5), 6);
    cr_assert_eq(estimated, 0);
    for (uint64_t number = CARDS_EXACT_MAX; number < 3 * CARDS_EXACT_MAX; number++)
        cr_assert_eq(ordinal(cards, number), 0);
    cr_assert_eq(ordinal(cards, 5), 6);
    uint64_t count = cards_count(cards, &estimated);
    cr_assert_eq(estimated, 1);
    cr_assert_gt(count, 2900000);
    cr_assert_lt(count, 3100000);
    cards_free(cards);
}

Test(cards, only_numbers_have_ordinals)
{
    sieve_finding finding = {.kind = SIEVE_KIND_PAN, .card = {1, 2}};
    cr_assert(cards_has_number(&finding));
    finding.kind = SIEVE_KIND_TRACK2;
    cr_assert(cards_has_number(&finding));
    finding.kind = SIEVE_KIND_SECURITY_CODE;
    cr_assert_not(cards_has_number(&finding));
    finding.kind = SIEVE_KIND_EMV;
    finding.card[0] = finding.card[1] = 0;
    cr_assert_not(cards_has_number(&finding));
}
