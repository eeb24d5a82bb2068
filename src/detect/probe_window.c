#include "detect/probe_window.h"

#include <string.h>

#define ROUNDS 3u

uint8_t window_frequency(uint8_t byte)
{
    static const char by_frequency[] = "etaoinsrhldcumfpgwybvkxjqz";
    if (byte == 0 || byte == 0xE3 || byte == ' ' || byte == '.' || byte == '/' ||
        byte == '"' || byte == '_')
        return 12;
    if (byte >= 0x80 && byte <= 0x83)
        return 11;
    if (byte >= 0x80)
        return 8;
    const char *letter = strchr(by_frequency, byte | 0x20);
    if (letter)
        return (uint8_t)(11 - (letter - by_frequency) / 5);
    if (byte < 0x20)
        return 4;
    return byte_is_digit(byte) ? 9 : 7;
}

bool window_parts(unsigned byte)
{
    return byte < 0x80 && byte != '%' && byte != '\\' && !byte_is_alnum((uint8_t)byte);
}

bool window_ends(unsigned byte)
{
    bool lower = byte >= 'a' && byte <= 'z';
    return !lower || byte == 'x'; /* a hidden digit ends a word */
}

bool window_may_hold(const struct window *window, size_t i, unsigned byte)
{
    switch ((enum place)window->places[i]) {
    case OWN:
        return byte == window->bytes[i];
    case FOLDS:
        return byte == window->bytes[i] || byte == (window->bytes[i] ^ 0x20u);
    case PARTS:
        return window_parts(byte);
    case ENDS:
        return window_ends(byte);
    case ANY:
    default:
        return true;
    }
}

/* ---- buckets -------------------------------------------------------------------- */

/* What may stand at each byte of a window, or of all in a bucket, a bit for each value.
 */
struct classes {
    uint64_t bits[PROBE_LENGTH][4];
};

static struct classes classes_of(const struct window *window)
{
    struct classes classes = {0};
    for (size_t i = 0; i < PROBE_LENGTH; i++) {
        bool few = window->places[i] <= FOLDS;
        unsigned step = few ? 0x20 : 1;
        unsigned last = few ? window->bytes[i] | 0x20u : 255;
        for (unsigned byte = few ? window->bytes[i] & ~0x20u : 0; byte <= last;
             byte += step)
            if (window_may_hold(window, i, byte))
                classes.bits[i][byte / 64] |= 1ull << (byte % 64);
    }
    return classes;
}

/* The windows on their way to their buckets. */
struct sorter {
    const struct window *all;
    size_t count;
    double weights[256]; /* how often a byte stands in ordinary text */
    struct classes windows[WINDOWS_MAX];
    uint8_t buckets[WINDOWS_MAX];
    struct classes open[PROBE_BUCKETS];
    double sums[PROBE_BUCKETS][PROBE_LENGTH]; /* the weights of what is open */
};

/* The weight of what `more` has and `open` has not, at byte i of a window. */
static double weight_of_more(const struct sorter *sorter, const struct classes *more,
                             const struct classes *open, size_t i)
{
    double sum = 0;
    for (unsigned part = 0; part < 4; part++)
        for (uint64_t bits = more->bits[i][part] & ~open->bits[i][part]; bits;
             bits &= bits - 1)
            sum += sorter->weights[part * 64 + (unsigned)__builtin_ctzll(bits)];
    return sum;
}

static void widen(struct sorter *sorter, unsigned bucket, const struct classes *more)
{
    struct classes *open = &sorter->open[bucket];
    for (size_t i = 0; i < PROBE_LENGTH; i++) {
        sorter->sums[bucket][i] += weight_of_more(sorter, more, open, i);
        for (unsigned part = 0; part < 4; part++)
            open->bits[i][part] |= more->bits[i][part];
    }
}

/* Takes a window out of its bucket, which is then opened by the others alone. */
static void take_out(struct sorter *sorter, size_t window)
{
    unsigned bucket = sorter->buckets[window];
    sorter->buckets[window] = PROBE_BUCKETS;
    if (bucket == PROBE_BUCKETS)
        return;
    memset(&sorter->open[bucket], 0, sizeof sorter->open[bucket]);
    memset(sorter->sums[bucket], 0, sizeof sorter->sums[bucket]);
    for (size_t i = 0; i < sorter->count; i++)
        if (sorter->buckets[i] == bucket)
            widen(sorter, bucket, &sorter->windows[i]);
}

/* How much more of ordinary text a bucket lets pass with a window than without. */
static double price(const struct sorter *sorter, unsigned bucket, size_t window)
{
    double with = 1;
    double without = 1;
    for (size_t i = 0; i < PROBE_LENGTH; i++) {
        double sum = sorter->sums[bucket][i];
        without *= sum;
        with *= sum + weight_of_more(sorter, &sorter->windows[window],
                                     &sorter->open[bucket], i);
    }
    return with - without;
}

static unsigned best_bucket(const struct sorter *sorter, size_t window)
{
    unsigned best = PROBE_BUCKETS;
    double least = 0;
    uint8_t second = sorter->all[window].bytes[1];
    for (unsigned bucket = 0; bucket < PROBE_BUCKETS; bucket++) {
        /* The sign of the second byte parts the buckets. */
        if ((PROBE_HIGH_BUCKETS >> bucket & 1u) != second >> 7)
            continue;
        double more = price(sorter, bucket, window);
        if (best < PROBE_BUCKETS && more >= least)
            continue;
        least = more;
        best = bucket;
    }
    return best;
}

/* Each window goes where it opens its bucket least; and once more when all have a place.
 */
void windows_sort(const struct window *windows, size_t count,
                  uint8_t buckets[WINDOWS_MAX])
{
    struct sorter sorter = {.all = windows, .count = count};
    memset(sorter.buckets, PROBE_BUCKETS, sizeof sorter.buckets);
    for (unsigned byte = 0; byte < 256; byte++)
        sorter.weights[byte] = 1u << window_frequency((uint8_t)byte);
    for (size_t i = 0; i < count; i++)
        sorter.windows[i] = classes_of(&windows[i]);
    for (size_t round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < count; i++) {
            if (window_is_escape(&windows[i]))
                continue;
            take_out(&sorter, i);
            unsigned bucket = best_bucket(&sorter, i);
            sorter.buckets[i] = (uint8_t)bucket;
            widen(&sorter, bucket, &sorter.windows[i]);
        }
    memcpy(buckets, sorter.buckets, sizeof sorter.buckets);
}

void window_fold(uint8_t folded[256])
{
    for (unsigned byte = 0; byte < 256; byte++) {
        bool parts =
            byte < 0x80 && byte != '%' && byte != '\\' && !byte_is_alnum((uint8_t)byte);
        folded[byte] = parts ? '_' : (uint8_t)(byte | 0x20u);
    }
}
