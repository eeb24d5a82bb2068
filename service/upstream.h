/* upstream.h - requests towards the servers behind a proxy.  libcurl stays behind it.
 *
 * A group is the addresses of one proxy and what is known of their health: all threads
 * share it.  A pool is one thread's connections to all of them, driven by the loop of
 * that thread: every call on a pool or on a request of it, and every event of a request,
 * comes from there, so neither needs a lock.
 *
 * A request goes to the first address of its group that is up; where the
 * connection cannot be made, and no byte of the request has gone out, to the next.
 */
#ifndef SIEVE_SERVICE_UPSTREAM_H
#define SIEVE_SERVICE_UPSTREAM_H

#include <stdint.h>
#include <sys/types.h>

#include "base/bytes.h"
#include "cardsieve.h"

struct upstream_group;
struct upstream_pool;
struct upstream_request;

/* ---- groups --------------------------------------------------------------------------
 */

struct upstream_plan {
    const char *name; /* groups of one name go on counting what the others counted */
    size_t count;
    const char *const *addresses; /* "http://HOST[:PORT]", "https://...", copied */
    const char *authorities;      /* PEM file; "": the system's */
    const char *certificate;      /* PEM file shown to the upstream; "": none */
    const char *key;              /* its private key */
    const char *health_path;      /* asked of each address now and then; "": never */
    uint64_t health_interval;     /* milliseconds */
    uint64_t connect_timeout;     /* milliseconds */
    uint64_t idle_timeout;        /* milliseconds without a byte either way */
    unsigned failures_max;        /* connections that fail in a row: then it is down */
    uint64_t down_time;           /* milliseconds until it is tried again */
    unsigned connections_max;     /* idle ones a thread keeps, of one group */
};

/* Why that is no address of an upstream, a constant; NULL: it is one. */
const char *upstream_objection(const char *address);

/* SIEVE_E_INVALID with a constant reason for what is no address. */
sieve_status upstream_group_new(const struct upstream_plan *plan,
                                struct upstream_group **out,
                                const char **reason_out) SIEVE_MUST_CHECK;
/* Once more in use; a pool holds those of its requests. */
struct upstream_group *upstream_group_hold(struct upstream_group *group);
void upstream_group_release(struct upstream_group *group); /* NULL is legal */

/* What /metrics tells of one address.  Any thread. */
struct upstream_state {
    const char *address; /* as configured, without user and password */
    int is_up;
    uint64_t requests;
    uint64_t failures;
    uint64_t connections; /* that were opened */
};
size_t upstream_group_count(const struct upstream_group *group);
void upstream_group_state(const struct upstream_group *group, size_t index,
                          struct upstream_state *out);

/* ---- pools ---------------------------------------------------------------------------
 */

sieve_status upstream_pool_new(struct upstream_pool **out) SIEVE_MUST_CHECK;
/* Readable when there is something to do. */
int upstream_pool_descriptor(const struct upstream_pool *pool);
/* Milliseconds until there is, -1: none. */
int upstream_pool_timeout(const struct upstream_pool *pool);
void upstream_pool_run(struct upstream_pool *pool);
void upstream_pool_free(struct upstream_pool *pool); /* breaks off what is left */

/* ---- requests ------------------------------------------------------------------------
 */

enum upstream_end {
    UPSTREAM_COMPLETE,    /* the response came to its end */
    UPSTREAM_UNREACHABLE, /* no address took the connection, or its TLS is not trusted */
    UPSTREAM_SLOW,        /* time was up */
    UPSTREAM_BROKEN,      /* it broke off, or what it says is no HTTP/1.1 */
    UPSTREAM_STOPPED,     /* read() or piece() failed */
    UPSTREAM_STARVED      /* there was no descriptor here: that is not its fault */
};

/* What piece() and read() say instead of a count. */
#define UPSTREAM_LATER  (-2) /* nothing now: upstream_go_on() will be called */
#define UPSTREAM_FAILED (-1) /* break off */

struct upstream_ops {
    /* A field of the final response, in its order; both NUL-ended, borrowed. */
    void (*field)(void *context, const char *name, const char *value);
    /* Its head is complete.  `length` of the body, UINT64_MAX if it is not told. */
    void (*head)(void *context, unsigned status, uint64_t length);
    /* Some of its body, as it came but for chunks.  0: taken, UPSTREAM_LATER: the same
     * piece comes again, UPSTREAM_FAILED. */
    int (*piece)(void *context, struct bytes piece);
    /* Gives up to `capacity` bytes of the request's body; 0 at its end. */
    ssize_t (*read)(void *context, void *to, size_t capacity);
    /* The last event, but after upstream_cancel() there is none. */
    void (*done)(void *context, enum upstream_end end);
};

enum upstream_body {
    UPSTREAM_BODY_NONE,
    UPSTREAM_BODY_WHOLE, /* in memory; borrowed until done */
    UPSTREAM_BODY_READ   /* from ops.read */
};

struct upstream_field {
    const char *name;
    const char *value;
};

struct upstream_call {
    const char *method;
    const char *target; /* path and query: goes out as it is */
    size_t field_count; /* end-to-end fields; Host among them; not the body's length */
    const struct upstream_field *fields;
    enum upstream_body body;
    struct bytes whole;
    uint64_t length; /* of UPSTREAM_BODY_READ; UINT64_MAX: chunked */
    const struct upstream_ops *ops;
    void *context;
};

/* Everything but `whole`, ops and context is copied.  No event comes from inside. */
sieve_status upstream_start(struct upstream_pool *pool, struct upstream_group *group,
                            const struct upstream_call *call,
                            struct upstream_request **out) SIEVE_MUST_CHECK;

/* read() or piece() may be called again.  No event comes from inside. */
void upstream_go_on(struct upstream_request *request);

/* Breaks it off, if it is not done; frees it either way.  NULL is legal. */
void upstream_cancel(struct upstream_request *request);

#endif /* SIEVE_SERVICE_UPSTREAM_H */
