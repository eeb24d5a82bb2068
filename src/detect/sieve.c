#include "detect/sieve.h"

#include <stdlib.h>
#include <string.h>

#define PLACES_FIRST 256u
#define PROBES_MAX   64u
#define BUCKETS      8u

void place_add(struct place_list *list, struct place place)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : PLACES_FIRST;
        struct place *items = realloc(list->items, capacity * sizeof *items);
        if (!items) {
            list->out_of_memory = true;
            return;
        }
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = place;
}

/* ---- which one runs -----------------------------------------------------------------
 */

#if defined(__x86_64__)
static sieve_run_function choose(unsigned level)
{
    __builtin_cpu_init();
    bool avx512 =
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi");
    bool avx2 = __builtin_cpu_supports("avx2") != 0;
    if ((level == SIEVE_SIMD_BEST || level == SIEVE_SIMD_AVX512) && avx512)
        return sieve_run_avx512;
    if ((level == SIEVE_SIMD_BEST || level >= SIEVE_SIMD_AVX2) && avx2)
        return sieve_run_avx2;
    return level == SIEVE_SIMD_SCALAR ? sieve_run_scalar : sieve_run_sse2;
}
#elif defined(__aarch64__)
static sieve_run_function choose(unsigned level)
{
    return level == SIEVE_SIMD_SCALAR ? sieve_run_scalar : sieve_run_neon;
}
#else
static sieve_run_function choose(unsigned level)
{
    (void)level;
    return sieve_run_scalar;
}
#endif

void sieve_plan_init(struct sieve_plan *plan, const struct probe_tables *names,
                     unsigned simd_level, size_t digits_min)
{
    memset(plan, 0, sizeof *plan);
    plan->digits_min = digits_min < PAN_DIGITS_MIN ? PAN_DIGITS_MIN : digits_min;
    plan->names = names;
    plan->run = choose(simd_level);
}
