/* server_inside.h - what server.c and exchange.c share, and nobody else sees.  The only
 * file that includes microhttpd.h.
 */
#ifndef SIEVE_SERVICE_SERVER_INSIDE_H
#define SIEVE_SERVICE_SERVER_INSIDE_H

#include <stdatomic.h>
#include <time.h>

#include <microhttpd.h>

#include "service/server.h"
#include "service/tap.h"

struct server {
    struct MHD_Daemon *daemon;
    struct server_events events;
    struct tap_plan tap;
    int listening;
    struct server_gauge *gauge;
    struct server_gauge own_gauge; /* where nobody asks */
    struct crowd *crowd;
    atomic_int is_quiet;
};

struct exchange {
    struct server *server;
    struct MHD_Connection *connection;
    const char *method;
    const char *version;
    const struct exchange_ops *ops;
    void *state;
    void *note;
    struct MHD_Response *response;
    unsigned status;
    unsigned problem;
    int has_begun;
    int has_ended;
    atomic_int is_suspended; /* resumed from any thread */
    int is_queued;
    int is_broken;
    uint64_t received;
    uint64_t dropped;
    uint64_t sent;
    struct timespec began;
    size_t target_length;
    char target[];
};

/* Alive as long as the connection; family AF_UNSPEC if it is not known. */
const struct sockaddr *connection_peer(struct MHD_Connection *connection);

#endif /* SIEVE_SERVICE_SERVER_INSIDE_H */
