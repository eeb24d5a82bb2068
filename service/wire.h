/* wire.h - whether the bytes of a connection are HTTP/1.1 requests that everybody reads
 * in the same way.
 *
 * libmicrohttpd is generous: it takes bare line feeds, joins folded lines, stops at a
 * NUL.  Where two programs read one request in two ways, a second request can hide in
 * the first.  So the bytes are followed here before it sees them, and what RFC 9112 does
 * not allow is refused: bare CR and LF, folds, blanks before a colon, NUL and control
 * characters, lengths that contradict each other, chunk sizes that are none, a target
 * that is not a path.
 */
#ifndef SIEVE_SERVICE_WIRE_H
#define SIEVE_SERVICE_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "service/problem.h"

#define WIRE_WORD_MAX 24u /* bytes of a name or value that is looked at */

struct wire_word {
    size_t length; /* may be more than is kept */
    char text[WIRE_WORD_MAX];
};

/* Follows one direction of one connection; plain old data. */
struct wire {
    unsigned char state;
    unsigned char is_old;         /* HTTP/1.0 */
    unsigned char is_head_method; /* the reply has no body */
    unsigned char in_trailer;
    unsigned char hosts;
    unsigned char lengths;
    unsigned char transfers;
    unsigned char is_head_over; /* of the request at hand */
    unsigned char is_host;      /* the value at hand is that of Host */
    unsigned char authority;    /* as far as it was read */
    unsigned char is_cookie;    /* the value at hand is that of Cookie */
    unsigned char is_star;      /* the target is the asterisk */
    unsigned headers;
    unsigned requests;  /* that have begun */
    size_t head_length; /* so far */
    size_t head_max;
    size_t target_length;
    size_t pairs;         /* cookies, and arguments of the query */
    size_t cookie_length; /* of all */
    size_t kept;          /* of the head, while there are trailers */
    uint64_t left;        /* of the body or of the chunk */
    struct wire_word name;
    struct wire_word value;
};

void wire_start(struct wire *wire, size_t head_max);

/* Follows these bytes.  Returns how many of them may be passed on: all, or, when the
 * connection must end for *problem_out, those of requests that are complete before. */
size_t wire_follow(struct wire *wire, const unsigned char *bytes, size_t length,
                   enum problem *problem_out);

/* Bytes of the body, or of its chunk, that are to come next; 0 if others are. */
uint64_t wire_body_left(const struct wire *wire);

/* 1 between two requests. */
int wire_is_idle(const struct wire *wire);

#endif /* SIEVE_SERVICE_WIRE_H */
