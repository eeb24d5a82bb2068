#include "job/meaning.h"

#include <stdint.h>
#include <string.h>

#define WIDTH 16u

/* Compiles to whatever vectors there are, on every processor. */
typedef uint8_t block __attribute__((vector_size(WIDTH)));

/* Of each byte what it may mean. */
static inline block look(block bytes)
{
    const block digit = (block)(bytes - '0' < 10);
    const block letter = (block)((bytes | 0x20) - 'a' < 26);
    const block coded = (block)(bytes >= 0x80) | (block)(bytes == '%') |
                        (block)(bytes == '\\') | (block)(bytes == 0x1B);
    const block control = (block)(bytes < 0x10);
    const block key = (block)(bytes == '=') | (block)(bytes == ':');
    return (digit & MEANS_DIGIT) | (~digit & MEANS_OTHER) | (letter & MEANS_LETTER) |
           (coded & MEANS_CODED) | (control & MEANS_CONTROL) | (key & MEANS_KEY);
}

static inline block load(const unsigned char *at)
{
    block bytes;
    memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

/* A value shorter than a block, some bytes twice. */
static inline block load_short(const unsigned char *at, size_t length)
{
    unsigned char bytes[WIDTH];
    if (length >= 8) {
        memcpy(bytes, at, 8);
        memcpy(bytes + 8, at + length - 8, 8);
        return load(bytes);
    }
    if (length >= 4) {
        memcpy(bytes, at, 4);
        memcpy(bytes + 4, at + length - 4, 4);
        memcpy(bytes + 8, bytes, 8);
        return load(bytes);
    }
    memset(bytes, at[0], sizeof bytes);
    bytes[1] = at[length / 2];
    bytes[2] = at[length - 1];
    return load(bytes);
}

static unsigned sum(block meanings)
{
    uint64_t halves[2];
    memcpy(halves, &meanings, sizeof halves);
    halves[0] |= halves[1];
    halves[0] |= halves[0] >> 32;
    halves[0] |= halves[0] >> 16;
    return (unsigned)((halves[0] | halves[0] >> 8) & 0xFF);
}

unsigned meanings_of(struct bytes value)
{
    if (value.length == 0)
        return 0;
    if (value.length < WIDTH)
        return sum(look(load_short(value.at, value.length)));
    block seen = look(load(value.at + value.length - WIDTH));
    for (size_t at = 0; at + WIDTH < value.length; at += WIDTH)
        seen |= look(load(value.at + at));
    return sum(seen);
}

int may_have_header(struct bytes value)
{
    const unsigned char *end =
        value.length > 0 ? memchr(value.at, '\n', value.length) : NULL;
    if (!end)
        return 0;
    const size_t length = (size_t)(end - value.at);
    return memchr(value.at, ',', length) || memchr(value.at, '\t', length) ||
           memchr(value.at, ';', length);
}
