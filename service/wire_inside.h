/* wire_inside.h - what wire.c and wire_head.c share. */
#ifndef SIEVE_SERVICE_WIRE_INSIDE_H
#define SIEVE_SERVICE_WIRE_INSIDE_H

#include "service/wire.h"

enum wire_state {
    WIRE_IDLE, /* nothing of a request so far */
    WIRE_METHOD,
    WIRE_TARGET,
    WIRE_VERSION,
    WIRE_LINE_END, /* the LF of any line of the head */
    WIRE_FIELD,    /* a field begins, or the empty line */
    WIRE_NAME,
    WIRE_VALUE,
    WIRE_HEAD_END, /* the LF of the empty line */
    WIRE_BODY,
    WIRE_SIZE, /* of a chunk */
    WIRE_EXTENSION,
    WIRE_SIZE_END,
    WIRE_CHUNK,
    WIRE_CHUNK_CR,
    WIRE_CHUNK_LF
};

static inline int wire_is_field_byte(unsigned char byte)
{
    return byte == '\t' || (byte >= ' ' && byte != 0x7F);
}

/* Follows a head from its state on: some bytes in a row, and the one that ends them if it
 * is here; returns how many that are. */
size_t wire_follow_head(struct wire *wire, const unsigned char *bytes, size_t length,
                        enum problem *problem_out);

/* 1 if libmicrohttpd could not keep all of the head, as far as it came, and this much
 * behind it: it would close without a word. */
int wire_has_no_room(const struct wire *wire, size_t more);

#endif /* SIEVE_SERVICE_WIRE_INSIDE_H */
