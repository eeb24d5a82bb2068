#include "job/columns.h"

#include <math.h>
#include <stdio.h>

/* Less likely than this is no chance. */
#define CHANCE_MIN 1e-4
/* ... and where other columns speak of cards. */
#define CHANCE_MIN_NEAR 1e-2

const char *column_verdict_name(enum column_verdict verdict)
{
    static const char *const names[] = {
        [COLUMN_CLEAN] = "clean",
        [COLUMN_CARDS] = "card column",
        [COLUMN_TEXT] = "text with cards",
        [COLUMN_CHANCE] = "id column, chance hits",
    };
    return names[verdict];
}

/* ln(value!), by Stirling's series where that is exact enough. */
static double log_factorial(uint64_t value)
{
    const double number = (double)value;
    double sum = 0;
    if (value < 16) {
        for (uint64_t factor = 2; factor <= value; factor++)
            sum += log((double)factor);
        return sum;
    }
    return number * log(number) - number + 0.5 * log(6.283185307179586 * number) +
           1 / (12 * number) - 1 / (360 * number * number * number);
}

double binomial_tail(uint64_t count, uint64_t least, double probability)
{
    if (least > count)
        return 0;
    /* Below the mean it is no less than a half, about; nobody asks closer. */
    if ((double)least <= (double)count * probability)
        return 1;
    double term = exp(log_factorial(count) - log_factorial(least) -
                      log_factorial(count - least) + (double)least * log(probability) +
                      (double)(count - least) * log1p(-probability));
    double sum = 0;
    /* Each term is smaller than the one before by more and more. */
    for (uint64_t times = least; times <= count && term > sum * 1e-12; times++) {
        sum += term;
        term *= (double)(count - times) / (double)(times + 1) * probability /
                (1 - probability);
    }
    return sum < 1 ? sum : 1;
}

struct column_trials column_trials_of(const struct cell_counts *counts)
{
    struct column_trials trials = {counts->numbers, counts->luhn, 1};
    /* An estimate that is a little off is no reason to doubt that all are distinct. */
    if (counts->distinct > 0 && counts->distinct < counts->numbers / 3 * 2) {
        const double share = (double)counts->distinct / (double)counts->numbers;
        trials.count = counts->distinct;
        trials.luhn = (uint64_t)((double)counts->luhn * share + 0.5);
    }
    trials.probability = binomial_tail(trials.count, trials.luhn, COLUMN_LUHN_CHANCE);
    return trials;
}

int column_explains(enum column_verdict verdict, const sieve_finding *finding,
                    int is_whole)
{
    return verdict == COLUMN_CHANCE && is_whole && finding->kind == SIEVE_KIND_PAN &&
           !finding->test_number;
}

static enum column_verdict verdict_of(const struct column_facts *facts,
                                      const struct column_trials *trials)
{
    const struct cell_counts *counts = &facts->counts;
    const int are_near = facts->neighbours[0] != '\0';
    const uint64_t least = are_near ? COLUMN_NUMBERS_MIN_NEAR : COLUMN_NUMBERS_MIN;
    const double chance = are_near ? CHANCE_MIN_NEAR : CHANCE_MIN;
    const int are_numbers =
        trials->count >= least && counts->numbers >= counts->values / 10 * 9;
    const int is_full = counts->findings >= counts->values / 2;
    if (counts->findings == 0)
        return COLUMN_CLEAN;
    if (are_numbers && facts->effect != NAME_RAISES && trials->probability > chance)
        return COLUMN_CHANCE;
    if (is_full && (counts->numbers >= counts->values / 2 ||
                    facts->effect == NAME_RAISES || are_near))
        return COLUMN_CARDS;
    return COLUMN_TEXT;
}

static void explain_counts(const struct column_facts *facts,
                           const struct column_trials *trials,
                           char reason[COLUMN_REASON_MAX])
{
    const struct cell_counts *counts = &facts->counts;
    char distinct[64] = "";
    char repeated[96] = "";
    if (counts->distinct > 0)
        (void)snprintf(distinct, sizeof distinct, " (%s %llu distinct)",
                       facts->distinct_least ? "at least" : "about",
                       (unsigned long long)counts->distinct);
    if (trials->count != counts->numbers)
        (void)snprintf(repeated, sizeof repeated,
                       "; they come again and again: taken as %llu of %llu",
                       (unsigned long long)trials->luhn,
                       (unsigned long long)trials->count);
    (void)snprintf(
        reason, COLUMN_REASON_MAX,
        "%llu values%s%s, %llu of them numbers of a card's length; %llu have a right "
        "check digit, %llu of these in a range of tier A; chance gives %.1f (probability "
        "of so many: %s%.2g)%s%s%s%s",
        (unsigned long long)counts->values,
        facts->is_inside ? " in documents that hold a number" : "", distinct,
        (unsigned long long)counts->numbers, (unsigned long long)counts->luhn,
        (unsigned long long)counts->tier_a, (double)counts->numbers * COLUMN_LUHN_CHANCE,
        trials->probability < COLUMN_LEAST_SHOWN ? "below " : "",
        trials->probability < COLUMN_LEAST_SHOWN ? COLUMN_LEAST_SHOWN
                                                 : trials->probability,
        repeated,
        facts->effect == NAME_RAISES   ? "; its name says card data"
        : facts->effect == NAME_LOWERS ? "; its name says something else"
                                       : "",
        facts->neighbours[0] ? "; near it: " : "", facts->neighbours);
}

enum column_verdict column_judge(const struct column_facts *facts,
                                 char reason[COLUMN_REASON_MAX])
{
    const struct column_trials trials = column_trials_of(&facts->counts);
    explain_counts(facts, &trials, reason);
    return verdict_of(facts, &trials);
}

int column_outweighs_name(const struct cell_counts *counts, enum name_effect effect)
{
    return effect == NAME_LOWERS && counts->numbers >= COLUMN_NUMBERS_MIN &&
           counts->luhn >= counts->numbers / 10 * 9;
}
