#include "detect/sieve.h"

#include <string.h>

#include "base/grow.h"
#include "detect/lexicon.h"

#define PLACES_FIRST 256u

void place_add(struct place_list *list, struct place place)
{
    struct place *items =
        grown(list->items, list->count, &list->capacity, PLACES_FIRST, sizeof *items);
    if (!items) {
        list->out_of_memory = true;
        return;
    }
    list->items = items;
    list->items[list->count++] = place;
}

/* ---- which one runs -----------------------------------------------------------------
 */

#if defined(__x86_64__)
static sieve_run_function choose(unsigned level)
{
    __builtin_cpu_init();
    bool avx512 =
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi2");
    bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
    if ((level == SIEVE_SIMD_BEST || level == SIEVE_SIMD_AVX512) && avx512)
        return sieve_run_avx512;
    if ((level == SIEVE_SIMD_BEST || level >= SIEVE_SIMD_AVX2) && avx2)
        return sieve_run_avx2;
    return level == SIEVE_SIMD_SCALAR ? sieve_run_scalar : sieve_run_sse2;
}

static void prepare(struct sieve_plan *plan)
{
    if (plan->run == sieve_run_avx512)
        sieve_prepare_avx512(plan);
    else if (plan->run == sieve_run_avx2)
        sieve_prepare_avx2(plan);
}
#elif defined(__aarch64__)
static sieve_run_function choose(unsigned level)
{
    return level == SIEVE_SIMD_SCALAR ? sieve_run_scalar : sieve_run_neon;
}

static void prepare(struct sieve_plan *plan)
{
    (void)plan;
}
#else
static sieve_run_function choose(unsigned level)
{
    (void)level;
    return sieve_run_scalar;
}

static void prepare(struct sieve_plan *plan)
{
    (void)plan;
}
#endif

/* The lengths of numbers that begin with these two digits, bit 0 the usual least. */
static void note_lengths(struct sieve_plan *plan, const struct number_tables *numbers,
                         unsigned two)
{
    for (size_t count = SIEVE_DIGITS_USUAL; count <= PAN_DIGITS_MAX; count++) {
        unsigned bit = 1u << (count - SIEVE_DIGITS_USUAL);
        if (number_may_begin(numbers, two, count))
            plan->lengths[two] |= (uint8_t)bit;
        if (number_is_waived(numbers, two, count))
            plan->waived[two] |= (uint8_t)bit;
    }
}

/* Of a character of more bytes the ASCII ones are known by the byte before them. */
static void note_gaps(struct sieve_plan *plan, const struct lexicon *lexicon)
{
    plan->gaps['\n'] = plan->gaps['\r'] = 1;
    for (unsigned byte = 0; byte < 256; byte++)
        if (lexicon->single[byte] >= UNIT_SPACE && lexicon->single[byte] <= UNIT_PLUS)
            plan->gaps[byte] = 1;
    for (size_t i = 0; i < lexicon->entry_count; i++) {
        const struct lexicon_entry *entry = &lexicon->entries[i];
        for (size_t j = 0; j < entry->length && entry->kind != UNIT_MASK; j++)
            if (entry->bytes[j] >= 0x80)
                plan->gaps[entry->bytes[j]] = 1;
    }
}

void sieve_plan_init(struct sieve_plan *plan, const struct probe_tables *names,
                     const struct lexicon *lexicon, const struct number_tables *numbers,
                     unsigned simd_level)
{
    memset(plan, 0, sizeof *plan);
    size_t digits_min = number_digits_min(numbers);
    plan->digits_min = digits_min < PAN_DIGITS_MIN ? PAN_DIGITS_MIN : digits_min;
    plan->asks_numbers = plan->digits_min >= SIEVE_DIGITS_USUAL;
    plan->names = names;
    plan->numbers = numbers;
    note_gaps(plan, lexicon);
    for (unsigned two = 0; two < 100; two++)
        note_lengths(plan, numbers, two);
    plan->run = choose(simd_level);
    prepare(plan);
}
