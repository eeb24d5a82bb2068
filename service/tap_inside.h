/* tap_inside.h - what tap*.c share, and nobody else sees. */
#ifndef SIEVE_SERVICE_TAP_INSIDE_H
#define SIEVE_SERVICE_TAP_INSIDE_H

#include <stdatomic.h>
#include <stdint.h>

#include "service/ahead.h"
#include "service/bare.h"
#include "service/tap.h"
#include "service/wire.h"

enum phase {
    PHASE_GREETING, /* of TLS */
    PHASE_IDLE,
    PHASE_HEAD,
    PHASE_BODY,
    PHASE_REST /* of a head or a body that nobody reads */
};

/* One connection.  The sweep touches only the atomics, under the lock of its life. */
struct tap {
    struct tap_plan plan;
    struct stay stay;
    struct wire wire;
    struct ahead ahead;
    enum problem pending; /* what the next call refuses */
    int has_ended;        /* was refused */
    int is_doomed;        /* ... once the client has said something */
    enum problem told;    /* what was refused */
    int rest_phase;       /* what PHASE_REST interrupts */
    uint64_t rest_since;  /* nanoseconds */
    enum bare bare;       /* of the reply that goes out */
    unsigned requests;    /* of the wire, when the phase began */
    atomic_int phase;
    atomic_uint_fast64_t since; /* nanoseconds; when the last phase that is timed began */
    atomic_int is_late;
};

/* NULL: that descriptor is not followed. */
struct tap *tap_of(int descriptor);

/* The same, and it is not closed until it is let go of, by the same thread. */
struct tap *tap_hold(int descriptor);
void tap_let_go(void);

/* No descriptor above it was ever followed. */
int tap_highest(void);

#endif /* SIEVE_SERVICE_TAP_INSIDE_H */
