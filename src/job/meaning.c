#include "job/meaning.h"

#include <stdint.h>
#include <string.h>

#define WIDTH 16u

/* Compiles to whatever vectors there are, on every processor. */
typedef uint8_t block __attribute__((vector_size(WIDTH)));

/* What was seen, each byte all ones or zeros. */
struct seen {
    block digit;
    block letter;
    block coded;
    block control;
    block other;
};

static inline void look(struct seen *seen, block bytes)
{
    const block digit = (block)(bytes - '0' < 10);
    seen->digit |= digit;
    seen->other |= ~digit;
    seen->letter |= (block)((bytes | 0x20) - 'a' < 26);
    seen->coded |= (block)(bytes >= 0x80) | (block)(bytes == '%') |
                   (block)(bytes == '\\') | (block)(bytes == 0x1B);
    seen->control |= (block)(bytes < 0x10);
}

static inline block load(const unsigned char *at)
{
    block bytes;
    memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

/* A value shorter than a block, some bytes twice. */
static block load_short(const unsigned char *at, size_t length)
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

static unsigned any(block bytes, unsigned meaning)
{
    uint64_t halves[2];
    memcpy(halves, &bytes, sizeof halves);
    return (halves[0] | halves[1]) ? meaning : 0;
}

unsigned meanings_of(struct bytes value)
{
    struct seen seen = {.digit = {0}};
    if (value.length == 0)
        return 0;
    if (value.length < WIDTH) {
        look(&seen, load_short(value.at, value.length));
    } else {
        for (size_t at = 0; at + WIDTH < value.length; at += WIDTH)
            look(&seen, load(value.at + at));
        look(&seen, load(value.at + value.length - WIDTH));
    }
    return any(seen.digit, MEANS_DIGIT) | any(seen.letter, MEANS_LETTER) |
           any(seen.coded, MEANS_CODED) | any(seen.control, MEANS_CONTROL) |
           any(seen.other, MEANS_OTHER);
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
