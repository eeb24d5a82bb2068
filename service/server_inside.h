/* server_inside.h - what server*.c and exchange.c share, and nobody else
 * sees.  The only file that includes microhttpd.h.
 */
#ifndef SIEVE_SERVICE_SERVER_INSIDE_H
#define SIEVE_SERVICE_SERVER_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include <microhttpd.h>

#include "service/crowd.h"
#include "service/server.h"
#include "service/tap.h"

/* A connection that one thread has taken for another. */
#define ARRIVALS_MAX 64
struct arrival {
    int descriptor;
    socklen_t length;
    struct sockaddr_storage peer;
};

/* What one thread runs: a daemon of libmicrohttpd, and its requests to upstreams. */
struct server_loop {
    struct server *server;
    struct MHD_Daemon *daemon;
    struct upstream_pool *pool;
    struct link *waiting; /* suspended */
    int has_gone;         /* one of them may wait for nobody */
    /* What MHD_get_timeout() does not count as work. */
    int has_resumed;
    int has_closed; /* a connection is about to be over */
    int reads_on;   /* a body is taken in parts that are larger than what is read */
    int is_dirty;   /* a connection without a request may be over */
    int has_opened; /* the arrival at hand has become a connection */
    int epoll;
    int wake; /* eventfd: one of the next two was set */
    atomic_int is_stopping;
    atomic_int is_quiesced;
    int is_deaf; /* what is_quiesced asks for was done */
    /* There was no descriptor for a connection; it listens again then, in milliseconds.
     */
    uint64_t full_until;
    atomic_uint load; /* connections that it has, or is about to have */
    pthread_mutex_t lock;
    size_t arrival_count; /* under the lock, as are ... */
    struct arrival arrivals[ARRIVALS_MAX];
    struct notice *notices;
    atomic_int has_notices; /* the same, to be asked without the lock */
    int is_running;
    pthread_t thread;
};

/* A connection. */
struct link {
    struct server_loop *loop;
    int descriptor;
    struct crowd_place place;
    int is_half;               /* no more will come from its client */
    int is_gone;               /* nor can anything be sent to it */
    struct exchange *exchange; /* that waits; NULL: none */
    struct exchange *seen;     /* the last that began, and is not over; NULL: none */
    struct link *previous;     /* in waiting */
    struct link *next;
};

struct server {
    struct server_events events;
    struct tap_plan tap;
    atomic_int listening;  /* -1: given up */
    atomic_uint listeners; /* threads that listen */
    struct server_gauge *gauge;
    struct server_gauge own_gauge; /* where nobody asks */
    struct crowd *crowd;
    atomic_int is_quiet;
    unsigned loop_count;
    struct server_loop loops[];
};

/* Most heads have no more fields than this; of those the first are kept. */
#define FIELDS_KEPT 24u

struct head_field {
    const char *name;
    const char *value;
    size_t name_length;
};

struct exchange {
    struct server *server;
    struct server_loop *loop;
    struct link *link;
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
    int is_suspended;
    int is_queued;
    int is_broken;
    int is_condemned; /* the tap tells why, at the next byte that is read */
    int is_last;      /* the client has asked for no more on its connection, or cannot */
    int is_bare;      /* the reply's head says nothing of a body */
    int is_cut;       /* broken off while it is still read */
    int is_abandoned;
    uint64_t received;
    uint64_t dropped;
    int drops_all;
    uint64_t sent;
    uint64_t began;     /* clock_now() */
    uint64_t took;      /* nanoseconds; 0: it is not over */
    size_t field_count; /* past FIELDS_KEPT: libmicrohttpd is asked */
    struct head_field fields[FIELDS_KEPT];
    size_t target_length;
    char target[];
};

/* Alive as long as the connection; family AF_UNSPEC if it is not known. */
const struct sockaddr *connection_peer(struct MHD_Connection *connection);

/* Its head is there: what exchange_header() and the like will find. */
void exchange_read_head(struct exchange *exchange);

/* ---- server_events.c: what libmicrohttpd calls, with a struct server_loop ------------
 */

void *server_see_target(void *context, const char *target,
                        struct MHD_Connection *connection);
/* It wants as many parameters. */
enum MHD_Result server_serve( // NOLINT(readability-function-size)
    void *context, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *upload, size_t *upload_length, void **kept);
void server_completed(void *context, struct MHD_Connection *connection, void **kept,
                      enum MHD_RequestTerminationCode code);
void server_connected(void *context, struct MHD_Connection *connection, void **kept,
                      enum MHD_ConnectionNotificationCode code);

/* ---- server_loop.c -------------------------------------------------------------------
 */

/* Makes what the loop needs beside its daemon.  SIEVE_E_MEMORY, SIEVE_E_IO. */
sieve_status loop_init(struct server_loop *loop) SIEVE_MUST_CHECK;
/* Starts its thread; its daemon is there. */
sieve_status loop_start(struct server_loop *loop) SIEVE_MUST_CHECK;
void loop_quiesce(struct server_loop *loop);
/* Ends its thread, if it has one. */
void loop_stop(struct server_loop *loop);
/* Then its daemon, if there is one, and all the rest. */
void loop_done(struct server_loop *loop);

void loop_wake(const struct server_loop *loop);

/* server_notice.c, from the loop's thread: 1 if some are left. */
int loop_see_notices(struct server_loop *loop);

/* ---- server_accept.c: from the loop's thread -----------------------------------------
 */

/* 0, or -1 with errno. */
int loop_listen(struct server_loop *loop);
/* The same after a pause for want of descriptors, once that is over; else how many
 * milliseconds are left of it, or `timeout` if that is less or there is none. */
int loop_listen_again(struct server_loop *loop, int timeout);
void loop_accept(struct server_loop *loop);
void loop_take_arrivals(struct server_loop *loop);
void loop_go_deaf(struct server_loop *loop);

/* From the loop's thread; NULL: there is no memory. */
struct link *link_new(struct server_loop *loop, int descriptor);
void link_free(struct link *link);

#endif /* SIEVE_SERVICE_SERVER_INSIDE_H */
