#include "job/columns.h"

#include <math.h>
#include <stdio.h>

/* How many numbers pass Luhn by chance. */
#define LUHN_CHANCE 0.1
/* Less likely than this is no chance. */
#define CHANCE_MIN 1e-4

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

enum column_verdict column_judge(const struct cell_counts *counts,
                                 enum name_effect effect, char reason[COLUMN_REASON_MAX])
{
    const int are_numbers = counts->numbers >= COLUMN_NUMBERS_MIN &&
                            counts->numbers >= counts->values / 10 * 9;
    const double chance = binomial_tail(counts->numbers, counts->luhn, LUHN_CHANCE);
    const int is_full = counts->findings >= counts->values / 2;
    enum column_verdict verdict = COLUMN_TEXT;
    if (counts->findings == 0)
        verdict = COLUMN_CLEAN;
    else if (are_numbers && effect != NAME_RAISES && chance > CHANCE_MIN)
        verdict = COLUMN_CHANCE;
    else if (is_full && (counts->numbers >= counts->values / 2 || effect == NAME_RAISES))
        verdict = COLUMN_CARDS;
    (void)snprintf(
        reason, COLUMN_REASON_MAX,
        "%llu values, %llu of them numbers of a card's length; %llu have a right "
        "check digit, chance gives %.1f (probability of so many: %.2g)%s",
        (unsigned long long)counts->values, (unsigned long long)counts->numbers,
        (unsigned long long)counts->luhn, (double)counts->numbers * LUHN_CHANCE, chance,
        effect == NAME_RAISES   ? "; its name says card data"
        : effect == NAME_LOWERS ? "; its name says something else"
                                : "");
    return verdict;
}

int column_outweighs_name(const struct cell_counts *counts, enum name_effect effect)
{
    return effect == NAME_LOWERS && counts->numbers >= COLUMN_NUMBERS_MIN &&
           counts->luhn >= counts->numbers / 10 * 9;
}
