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

/* ---- the names of codes ---------------------------------------------------------- */

/* How often a byte stands in ordinary text, roughly, as a logarithm: a probe is made of
 * the rarest three bytes in a row that a name has. */
static unsigned frequency(uint8_t byte)
{
    static const char by_frequency[] = "etaoinsrhldcumfpgwybvkxjqz";
    if (byte == 0 || byte == 0xE3)
        return 12;
    if (byte >= 0x80 && byte <= 0x83)
        return 11;
    if (byte >= 0x80)
        return 8;
    if (byte == ' ' || byte == '%' || byte == '\\')
        return 11;
    const char *letter = strchr(by_frequency, byte | 0x20);
    return letter ? 10 - (unsigned)(letter - by_frequency) / 4 : 7;
}

struct probe {
    uint8_t bytes[NAME_PROBE_LENGTH];
    uint8_t folds[NAME_PROBE_LENGTH];
};

/* One spelling of a name. */
struct spelling {
    const uint8_t *bytes;
    const uint8_t *folds;
    size_t length;
};

static struct spelling spelling_of(const struct pattern_set *patterns, size_t literal)
{
    uint32_t offset = patterns->literals[literal].offset;
    return (struct spelling){patterns->literal_bytes + offset,
                             patterns->literal_folds + offset,
                             patterns->literals[literal].length};
}

static bool has_probe(const struct probe *probes, size_t count,
                      const struct spelling *spelling)
{
    for (size_t i = 0; i < count; i++)
        for (size_t at = 0; at + NAME_PROBE_LENGTH <= spelling->length; at++)
            if (memcmp(probes[i].bytes, spelling->bytes + at, NAME_PROBE_LENGTH) == 0 &&
                memcmp(probes[i].folds, spelling->folds + at, NAME_PROBE_LENGTH) == 0)
                return true;
    return false;
}

static struct probe rarest_probe(const struct spelling *spelling)
{
    struct probe probe = {{0}, {0}};
    unsigned best = ~0u;
    for (size_t at = 0; at + NAME_PROBE_LENGTH <= spelling->length; at++) {
        unsigned sum = 0;
        for (size_t i = 0; i < NAME_PROBE_LENGTH; i++)
            sum += frequency(spelling->bytes[at + i]);
        if (sum < best) {
            best = sum;
            memcpy(probe.bytes, spelling->bytes + at, NAME_PROBE_LENGTH);
            memcpy(probe.folds, spelling->folds + at, NAME_PROBE_LENGTH);
        }
    }
    return probe;
}

/* The same first byte goes into one bucket: buckets stay selective. */
static unsigned bucket_of(const struct probe *probe)
{
    return (probe->bytes[0] ^ probe->bytes[0] >> 3) % BUCKETS;
}

static void plan_probe(struct sieve_plan *plan, const struct probe *probe)
{
    uint8_t bit = (uint8_t)(1u << bucket_of(probe));
    for (size_t i = 0; i < NAME_PROBE_LENGTH; i++) {
        uint8_t byte = probe->bytes[i];
        plan->probe_low[i][byte & 15] |= bit;
        plan->probe_high[i][byte >> 4] |= bit;
        if (probe->folds[i]) /* the other case differs in the high half alone */
            plan->probe_high[i][(byte ^ 0x20) >> 4] |= bit;
    }
}

static void plan_names(struct sieve_plan *plan, const struct pattern_set *patterns)
{
    struct probe probes[PROBES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < patterns->literal_count; i++) {
        struct spelling spelling = spelling_of(patterns, i);
        uint8_t effect = patterns->words[patterns->literals[i].word].effect;
        bool code = effect == WORD_CODE || effect == WORD_PIN;
        if (!code || has_probe(probes, count, &spelling))
            continue;
        if (count == PROBES_MAX || spelling.length < NAME_PROBE_LENGTH) {
            /* Too many names, or too short: every place is one. */
            memset(plan->probe_low, 0xFF, sizeof plan->probe_low);
            memset(plan->probe_high, 0xFF, sizeof plan->probe_high);
            return;
        }
        probes[count] = rarest_probe(&spelling);
        plan_probe(plan, &probes[count++]);
    }
}

/* ---- which one runs -----------------------------------------------------------------
 */

#if defined(__x86_64__)
static sieve_run_function choose(unsigned level)
{
    __builtin_cpu_init();
    bool avx512 =
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
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

void sieve_plan_init(struct sieve_plan *plan, const struct pattern_set *patterns,
                     unsigned simd_level, size_t digits_min)
{
    memset(plan, 0, sizeof *plan);
    plan->digits_min = digits_min < PAN_DIGITS_MIN ? PAN_DIGITS_MIN : digits_min;
    plan_names(plan, patterns);
    plan->run = choose(simd_level);
}
