#include "job/sketch.h"

#include <math.h>
#include <string.h>

#define ODD_FACTOR UINT64_C(0xD6E8FEB86659FD93)

static uint64_t stir(uint64_t hash)
{
    hash *= ODD_FACTOR;
    hash ^= hash >> 32;
    return hash * ODD_FACTOR;
}

/* Zeros at the begin of a word of so many bits, plus one. */
static unsigned rank_of(uint64_t rest, unsigned bits)
{
#if defined(__GNUC__)
    return rest ? (unsigned)__builtin_clzll(rest) + 1 : bits + 1;
#else
    unsigned rank = 1;
    for (; rank <= bits && !(rest >> 63); rank++)
        rest <<= 1;
    return rank;
#endif
}

void sketch_add(unsigned char *registers, unsigned bits, uint64_t hash)
{
    hash = stir(hash);
    const unsigned char rank = (unsigned char)rank_of(hash << bits, 64 - bits);
    unsigned char *at = &registers[hash >> (64 - bits)];
    if (rank > *at)
        *at = rank;
}

void sketch_merge(unsigned char *registers, const unsigned char *from, unsigned bits)
{
    for (size_t index = 0; index < (size_t)1 << bits; index++) {
        if (from[index] > registers[index])
            registers[index] = from[index];
    }
}

/* With the count of empty registers where that is the better witness. */
uint64_t sketch_count(const unsigned char *registers, unsigned bits)
{
    const size_t count = (size_t)1 << bits;
    const double size = (double)count;
    double sum = 0;
    size_t empty = 0;
    for (size_t index = 0; index < count; index++) {
        sum += ldexp(1.0, -registers[index]);
        empty += registers[index] == 0;
    }
    double raw = 0.7213 / (1 + 1.079 / size) * size * size / sum;
    if (raw <= 2.5 * size && empty > 0)
        raw = size * log(size / (double)empty);
    return (uint64_t)(raw + 0.5);
}

uint64_t sketch_hash(struct bytes value)
{
    uint64_t hash = value.length * ODD_FACTOR + 1;
    size_t at = 0;
    for (; at + sizeof hash <= value.length; at += sizeof hash) {
        uint64_t word;
        memcpy(&word, value.at + at, sizeof word);
        hash = (hash ^ word) * ODD_FACTOR;
        hash ^= hash >> 29;
    }
    for (; at < value.length; at++)
        hash = (hash ^ value.at[at]) * ODD_FACTOR;
    return hash ^ hash >> 31;
}
