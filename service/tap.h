/* tap.h - looks at what a connection receives before libmicrohttpd does, and at what it
 * sends after it.
 *
 * There is no hook in it for that, so the program has a recv() and a send() of its own,
 * which the dynamic linker finds before the C library's (and, in tls.c, those of GnuTLS).
 * On connections that were opened here it follows the bytes (wire.h).  What may not pass
 * is answered from here, with its problem, and libmicrohttpd then sees a connection that
 * was reset.  Deadlines work the same way: who is late is told so, and cut off.  What is
 * sent passes as it is, but for the end of some heads (bare.h).
 */
#ifndef SIEVE_SERVICE_TAP_H
#define SIEVE_SERVICE_TAP_H

#include <stdint.h>
#include <sys/types.h>

#include "service/problem.h"
#include "service/stay.h"

struct tap_plan {
    size_t head_max;
    void *session; /* gnutls_session_t its bytes come through; NULL: in the clear */
};

/* Once, before the first connection: room for as many descriptors as there may be. */
sieve_status tap_init(void) SIEVE_MUST_CHECK;

/* From the thread that serves it.  -1 if there is no memory: then it may not be served.
 */
int tap_open(int descriptor, const struct tap_plan *plan);
void tap_close(int descriptor);

/* Its TLS handshake is over: until then it has the time for a head.  From the thread that
 * serves it. */
void tap_greet(int descriptor);

/* The connection ends with this problem when more is read from it; from the thread that
 * serves it. */
void tap_condemn(int descriptor, enum problem problem);

/* The same for one that was just opened and has said nothing so far: it is told once it
 * says something, or at the end of its time for a head. */
void tap_doom(int descriptor, enum problem problem);

/* It was condemned, and what was read before is all there is: the answer to that is sent,
 * and is the last one. */
void tap_pardon(int descriptor);

/* Nobody reads from it meanwhile: the client's time for a head or a body stands still.
 * From the thread that serves it. */
void tap_rest(int descriptor);
void tap_go_on(int descriptor);

/* What the client was refused for since this was last asked; from the thread that serves
 * it. */
enum problem tap_told(int descriptor);

/* Cuts off who is late - milliseconds for a head, and for a body - and lets go of who has
 * left.  Now and then, from one thread. */
void tap_sweep(uint64_t head_timeout, uint64_t body_timeout);

/* 1 if plain (or, of that session, decrypted) bytes of this descriptor are followed. */
int tap_has(int descriptor, const void *session);

/* Of a connection that is open here; NULL: it is none. */
struct stay *tap_stay(int descriptor);

/* What recv() gave, or would give: bytes that may pass; -1 with ECONNRESET if none may.
 * `send` writes to the peer. */
ssize_t tap_filter(int descriptor, void *bytes, ssize_t count,
                   ssize_t (*send_bytes)(void *link, const void *bytes, size_t length),
                   void *link);

/* 1: the head that is sent next says nothing of a body; it is one of a body without
 * bytes.  From the thread that serves it. */
void tap_set_bare(int descriptor, int is_bare);

/* As send(), through `send_bytes`. */
ssize_t tap_send(int descriptor, const void *bytes, size_t length,
                 ssize_t (*send_bytes)(void *link, const void *bytes, size_t length),
                 void *link);

#endif /* SIEVE_SERVICE_TAP_H */
