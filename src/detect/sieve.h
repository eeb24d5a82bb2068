/* sieve.h - which places are worth a look, at memory speed.
 *
 * The sieve reads every byte once and tells where a number, an escape or a code's name
 * may begin.  It may tell too many places, never too few: with it and without it the
 * findings are the same (a property test says so).  It exists once per instruction set,
 * chosen at run time, made of one body of code (sieve_loop.h).
 */
#ifndef SIEVE_DETECT_SIEVE_H
#define SIEVE_DETECT_SIEVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "detect/number.h"
#include "detect/probe.h"

/* As in sieve_options.simd_level. */
enum sieve_simd {
    SIEVE_SIMD_BEST,
    SIEVE_SIMD_SCALAR,
    SIEVE_SIMD_128, /* SSE2, or NEON */
    SIEVE_SIMD_AVX2,
    SIEVE_SIMD_AVX512
};

enum place_kind {
    PLACE_RAW,    /* digits and joints, [from, to): raw starts in here */
    PLACE_START,  /* the first digit of a number whose digits fit */
    PLACE_LEAD,   /* the first digit behind an escape */
    PLACE_CHIP,   /* the first of many digits that touch a hex letter */
    PLACE_WIDE,   /* a UTF-16 digit of either endianness */
    PLACE_HEX,    /* four digits as pairs of hex digits */
    PLACE_ESCAPE, /* a percent, backslash, ampersand or equals sign beside digits */
    PLACE_JIS,    /* ESC $ */
    PLACE_NAME    /* some bytes of a code's name */
};

/* Indices into the bytes given. */
struct place {
    size_t from;
    size_t to; /* PLACE_RAW; else from + 1 */
    enum place_kind kind;
};

struct place_list {
    struct place *items;
    size_t count;
    size_t capacity;
    bool out_of_memory;
};

struct sieve_plan;
typedef void (*sieve_run_function)(const struct sieve_plan *plan, const uint8_t *bytes,
                                   size_t from, size_t to, size_t length,
                                   struct place_list *out);

#define SIEVE_TABLES (3u + PROBE_LENGTH)

struct sieve_plan {
    sieve_run_function run;
    size_t digits_min;
    const struct probe_tables *names;
    uint8_t gaps[256]; /* 1: the byte may stand between two digits, or in a wide one */
    /* Whether digits may be a number is asked here already, or everywhere later. */
    bool asks_numbers;
    /* By the first two digits: the lengths of numbers, bit 0 is SIEVE_DIGITS_USUAL; and
     * of those that do without a check digit. */
    uint8_t lengths[128];
    uint8_t waived[128];
    const struct number_tables *numbers;
    /* What the chosen one looks up, made once: a short text costs less than its tables.
     */
    uint8_t tables[SIEVE_TABLES][128];
};

/* A brand's numbers have so many digits; a house card's may have fewer. */
#define SIEVE_DIGITS_USUAL 12u

/* `simd_level` is lowered to what this machine has. */
void sieve_plan_init(struct sieve_plan *plan, const struct probe_tables *names,
                     const struct lexicon *lexicon, const struct number_tables *numbers,
                     unsigned simd_level);

/* Adds the places of [from, to), in order of `from` within a kind.  bytes[0..length) are
 * all readable; what is behind `to` decides whether a place is one. */
static inline void sieve_run(const struct sieve_plan *plan, const uint8_t *bytes,
                             size_t from, size_t to, size_t length,
                             struct place_list *out)
{
    plan->run(plan, bytes, from, to, length, out);
}

void place_add(struct place_list *list, struct place place);

void sieve_run_scalar(const struct sieve_plan *plan, const uint8_t *bytes, size_t from,
                      size_t to, size_t length, struct place_list *out);
void sieve_run_sse2(const struct sieve_plan *plan, const uint8_t *bytes, size_t from,
                    size_t to, size_t length, struct place_list *out);
void sieve_prepare_avx2(struct sieve_plan *plan);
void sieve_prepare_avx512(struct sieve_plan *plan);
void sieve_run_avx2(const struct sieve_plan *plan, const uint8_t *bytes, size_t from,
                    size_t to, size_t length, struct place_list *out);
void sieve_run_avx512(const struct sieve_plan *plan, const uint8_t *bytes, size_t from,
                      size_t to, size_t length, struct place_list *out);
void sieve_run_neon(const struct sieve_plan *plan, const uint8_t *bytes, size_t from,
                    size_t to, size_t length, struct place_list *out);

#endif /* SIEVE_DETECT_SIEVE_H */
