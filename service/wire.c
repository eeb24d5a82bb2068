#include "service/wire_inside.h"

#include <string.h>

#include "base/number.h"
#include "service/limits.h"

#define SIZE_DIGITS   15u
#define EXTENSION_MAX 256u

void wire_start(struct wire *wire, size_t head_max)
{
    memset(wire, 0, sizeof *wire);
    wire->head_max = head_max;
}

int wire_is_idle(const struct wire *wire)
{
    return wire->state == WIRE_IDLE;
}

/* ---- bytes of a body -----------------------------------------------------------------
 */

static enum problem in_size(struct wire *wire, unsigned char byte)
{
    const int digit = number_hex_digit(byte);
    if (digit >= 0) {
        wire->left = wire->left * 16 + (uint64_t)digit;
        return ++wire->value.length <= SIZE_DIGITS ? PROBLEM_NONE : PROBLEM_FRAMING;
    }
    if (wire->value.length == 0 || (byte != '\r' && byte != ';'))
        return PROBLEM_FRAMING;
    wire->state = byte == '\r' ? WIRE_SIZE_END : WIRE_EXTENSION;
    wire->value.length = 0;
    return PROBLEM_NONE;
}

static enum problem in_extension(struct wire *wire, unsigned char byte)
{
    if (byte == '\r') {
        wire->state = WIRE_SIZE_END;
        return PROBLEM_NONE;
    }
    return wire_is_field_byte(byte) && ++wire->value.length <= EXTENSION_MAX
               ? PROBLEM_NONE
               : PROBLEM_FRAMING;
}

static enum problem end_size(struct wire *wire, unsigned char byte)
{
    if (byte != '\n')
        return PROBLEM_FRAMING;
    wire->state = WIRE_CHUNK;
    if (wire->left == 0) {
        wire->in_trailer = 1;
        wire->kept = wire->head_length + wire->headers * PAIR_MEMORY;
        wire->headers = 0;
        wire->head_length = 0;
        wire->state = WIRE_FIELD;
    }
    return PROBLEM_NONE;
}

static enum problem in_framing(struct wire *wire, unsigned char byte)
{
    switch (wire->state) {
    case WIRE_SIZE:
        return in_size(wire, byte);
    case WIRE_EXTENSION:
        return in_extension(wire, byte);
    case WIRE_SIZE_END:
        return end_size(wire, byte);
    case WIRE_CHUNK_CR:
        wire->state = WIRE_CHUNK_LF;
        return byte == '\r' ? PROBLEM_NONE : PROBLEM_FRAMING;
    default: /* CHUNK_LF */
        wire->state = WIRE_SIZE;
        wire->left = 0;
        wire->value.length = 0;
        return byte == '\n' ? PROBLEM_NONE : PROBLEM_FRAMING;
    }
}

/* As much of the body, or of the chunk, as is here. */
static size_t skip_body(struct wire *wire, size_t length)
{
    const size_t count = wire->left < length ? (size_t)wire->left : length;
    wire->left -= count;
    if (wire->left == 0)
        wire->state = wire->state == WIRE_BODY ? WIRE_IDLE : WIRE_CHUNK_CR;
    return count;
}

/* A head, or the trailers of a body; returns how many bytes of it were here. */
static size_t follow_head(struct wire *wire, const unsigned char *bytes, size_t length,
                          enum problem *problem_out)
{
    const int was_over = wire->is_head_over;
    const size_t count = wire_follow_head(wire, bytes, length, problem_out);
    if (*problem_out == PROBLEM_NONE && !was_over && wire->is_head_over &&
        wire_has_no_room(wire, length - count))
        *problem_out = PROBLEM_HEAD_TOO_LARGE;
    return count;
}

size_t wire_follow(struct wire *wire, const unsigned char *bytes, size_t length,
                   enum problem *problem_out)
{
    size_t at = 0;
    size_t whole = 0; /* behind the last request that is complete */
    *problem_out = PROBLEM_NONE;
    while (at < length && *problem_out == PROBLEM_NONE) {
        if (wire->state == WIRE_BODY || wire->state == WIRE_CHUNK) {
            at += skip_body(wire, length - at);
            whole = wire->state == WIRE_IDLE ? at : whole;
            continue;
        }
        if (wire->state < WIRE_BODY) {
            at += follow_head(wire, bytes + at, length - at, problem_out);
        } else {
            *problem_out = in_framing(wire, bytes[at]);
            at++;
        }
        if (wire->state == WIRE_IDLE && *problem_out == PROBLEM_NONE)
            whole = at;
    }
    return *problem_out == PROBLEM_NONE ? length : whole;
}
