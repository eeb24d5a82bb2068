/* service.h - what all requests share.
 *
 * A state is one reading of the configuration with what was made of it.  It never
 * changes; a reload puts another in its place, and the old one goes when the last
 * request that began under it is over.
 */
#ifndef SIEVE_SERVICE_SERVICE_H
#define SIEVE_SERVICE_SERVICE_H

#include <pthread.h>
#include <stdatomic.h>

#include "service/body.h"
#include "service/config.h"
#include "service/engine.h"
#include "service/metrics.h"
#include "service/server.h"
#include "service/streams.h"

struct access_log;
struct proxy;
struct rates;
struct tls;
struct tokens;
struct workers;

struct state {
    atomic_uint users;
    struct settings settings;
    struct engines *engines;
    struct engine *engine; /* of the options that hold unless a request has its own */
    struct engine *veil;   /* hides everything, for the log */
    struct tokens *tokens; /* NULL: none are asked for */
    struct tls *tls;       /* NULL: in the clear */
    struct body_limits limits;
    struct proxy *proxies; /* as many as the settings have */
};

struct service {
    pthread_mutex_t lock;
    struct state *state; /* under the lock */
    struct metrics *metrics;
    struct access_log *log; /* NULL: there is none */
    struct rates *rates;
    struct workers *workers; /* NULL: all is done in the threads that serve */
    atomic_uint decoders;    /* at work */
    struct streams streams;
    atomic_int is_draining;
    uint64_t began; /* nanoseconds since 1970 */
    /* What is open, one for each listener; those before the count are in use. */
    struct server_gauge gauges[GAUGES_MAX];
    atomic_size_t gauge_count;
};

/* One request, from its begin to its end; the note of its exchange. */
struct visit {
    struct service *service;
    enum asked asked;
    struct state *state; /* in use by this visit */
    uint64_t findings;
    /* of a proxy's */
    const char *proxy;        /* its name, of the state; NULL: it is the service's */
    unsigned upstream_status; /* 0: none came */
    unsigned doubts;          /* passed on unexamined */
    enum policy policy;       /* for the request */
};

/* SIEVE_E_MEMORY, SIEVE_E_IO, SIEVE_E_INVALID with the problem. */
sieve_status state_new(struct service *service, const struct settings *settings,
                       struct state **out,
                       struct config_problem *problem) SIEVE_MUST_CHECK;
void state_release(struct state *state);       /* NULL is legal */
struct state *state_hold(struct state *state); /* once more in use; returns it */

sieve_status service_init(struct service *service, const struct settings *settings,
                          struct config_problem *problem) SIEVE_MUST_CHECK;
void service_done(struct service *service);

/* Opens the log anew, as the settings say; whether it could be, without doing so. */
sieve_status service_reopen_log(struct service *service, const struct settings *settings,
                                struct config_problem *problem) SIEVE_MUST_CHECK;
sieve_status service_check_log(const struct settings *settings,
                               struct config_problem *problem) SIEVE_MUST_CHECK;

/* Puts a new state in place of the old one. */
void service_change(struct service *service, struct state *state);

/* A gauge of its own for a listener of this name, which is cut where it is too long; it
 * lives as long as the service.  NULL: there is none left.  Before anything is served. */
struct server_gauge *service_gauge(struct service *service, const char *name);

/* What a server calls. */
struct server_events service_events(struct service *service);

/* The same of a listener with events of its own.  A visit is made first of all; NULL:
 * there is no memory. */
struct visit *visit_begin(struct service *service, struct exchange *exchange,
                          enum asked asked);
void visit_over(struct service *service, struct exchange *exchange,
                enum exchange_end end);
void service_refused(struct service *service, unsigned problem,
                     const struct sockaddr *peer);

static inline struct visit *visit_of(const struct exchange *exchange)
{
    return exchange_note(exchange);
}

#endif /* SIEVE_SERVICE_SERVICE_H */
